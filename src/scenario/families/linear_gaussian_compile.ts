/** From a checked linear-gaussian scenario to numbers. */
import { BackfireError } from '../../errors.ts';
import type { LinearGaussianEcosystem } from '../linear_gaussian.ts';
import { linearGaussianHash } from '../linear_gaussian_hash.ts';
import type { ScenarioDocument } from '../schema.ts';
import type { CheckedParts } from './linear_gaussian_check.ts';
import type { LinearModelSpec } from './linear_gaussian_schema.ts';

/** The ecosystem of a document whose parts are free of problems. */
export function compileLinearGaussian(
  document: ScenarioDocument,
  { dimension, models, network }: CheckedParts,
): LinearGaussianEcosystem {
  if (document.family !== 'linear-gaussian') {
    throw new BackfireError('internal', `a ${document.family} scenario was compiled as linear-gaussian`);
  }
  const specs = [...models.values()];
  const stacked = (read: (spec: LinearModelSpec) => readonly number[] | undefined): Float64Array => {
    const all = new Float64Array(specs.length * dimension);
    specs.forEach((spec, i) =>
      all.set(
        (read(spec) ?? []).map((value) => value + 0),
        i * dimension,
      ),
    );
    return all;
  };
  const ecosystem = {
    name: document.name,
    description: document.description,
    family: document.family,
    models: [...models.keys()],
    dimension,
    edges: network.edges,
    rewards: specs.map(({ reward }) => ({
      linear: Float64Array.from(reward.linear, (value) => value + 0),
      quadratic: reward.quadratic + 0,
    })),
    initial: stacked(({ initial }) => initial),
    sourceCounts: document.sourceCounts,
    parameters: {
      maps: network.maps,
      curation: Float64Array.from(specs, ({ curation }) => curation + 0),
      shift: stacked(({ shift }) => shift),
      constant: stacked(({ constant }) => constant),
      noise: Float64Array.from(specs, ({ noise }) => noise + 0),
      population: Uint32Array.from(specs, ({ population }) => population ?? 0),
    },
    update: document.update,
    rounds: document.rounds,
    tolerance: document.tolerance,
    seed: document.seed,
    replicates: document.replicates,
  };
  return { ...ecosystem, scenarioHash: linearGaussianHash(ecosystem) };
}
