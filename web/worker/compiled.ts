/** From a scenario document to numbers, and to what the page needs to know of them. */
import { BackfireError, InputError } from '../../src/errors.ts';
import { hasOutcomes } from '../../src/scenario/any_ecosystem.ts';
import type { AnyEcosystem } from '../../src/scenario/any_ecosystem.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { parseCsv } from '../../src/scenario/csv.ts';
import { loadDataset } from '../../src/scenario/datasets/datasets.ts';
import { curationOf } from '../../src/scenario/ecosystem.ts';
import type { Curator, Ecosystem, Pairs } from '../../src/scenario/ecosystem.ts';
import type { GaussianCurator, GaussianEcosystem } from '../../src/scenario/gaussian.ts';
import type { LinearGaussianEcosystem } from '../../src/scenario/linear_gaussian.ts';
import type { TableSource } from '../../src/scenario/table.ts';
import { MOST_LAW_NUMBERS, MOST_MODELS } from './protocol.ts';
import type { CuratorBrief, EcosystemBrief, ScenarioSource } from './protocol.ts';

export function tablesOf({ files }: Pick<ScenarioSource, 'files'>): TableSource {
  return {
    dataset: loadDataset,
    csv: (path) =>
      Object.hasOwn(files, path)
        ? Promise.resolve(parseCsv(files[path], path))
        : Promise.reject(
            new InputError(
              'outcomes.csv',
              `the scenario reads the file "${path}", which this page does not have — open that file too (Open…, or drop it here)`,
            ),
          ),
  };
}

/** Throws InputError with all problems, or `too-large` above MOST_MODELS models. */
export async function compiled(source: ScenarioSource): Promise<AnyEcosystem> {
  const ecosystem = await compileScenario(source.document, tablesOf(source));
  const count = ecosystem.models.length;
  if (count > MOST_MODELS) {
    throw new BackfireError(
      'too-large',
      `The scenario has ${count.toLocaleString('en-US')} models — this page shows up to ${MOST_MODELS.toLocaleString('en-US')}. Use fewer, or run it with \`backfire run\`.`,
    );
  }
  return ecosystem;
}

export function briefOf(ecosystem: AnyEcosystem): EcosystemBrief {
  const { family, name, description, models, update, rounds, tolerance, seed, replicates } = ecosystem;
  const outcomes = hasOutcomes(ecosystem) ? ecosystem : null;
  const width = hasOutcomes(ecosystem) ? ecosystem.outcomeCount : ecosystem.dimension;
  return {
    family,
    name,
    description,
    models,
    ...(ecosystem.family === 'linear-gaussian' ? mapsOf(ecosystem) : sharesOf(ecosystem)),
    population: Float64Array.from(ecosystem.parameters.population),
    width,
    labels: outcomes !== null && width <= MOST_LAW_NUMBERS ? outcomes.labels : null,
    pairs: outcomes === null || outcomes.pairs === null ? null : pairsOf(outcomes.pairs),
    real: outcomes !== null && models.length * width <= MOST_LAW_NUMBERS ? realOf(outcomes) : null,
    update,
    rounds,
    tolerance,
    seed,
    replicates,
    scenarioHash: ecosystem.scenarioHash,
  };
}

type Network = Pick<EcosystemBrief, 'curators' | 'curatorOf' | 'edges' | 'realWeight' | 'curation'>;

function sharesOf(ecosystem: Ecosystem | GaussianEcosystem): Network {
  const { models, curatorOf, edges, parameters } = ecosystem;
  const { start, producer, curator } = edges;
  return {
    curators: parameters.curators.map((each) => curatorOfBrief(each)),
    curatorOf,
    edges: { start, producer, curator, weight: parameters.edgeWeight, meaning: 'share' },
    realWeight: parameters.realWeight,
    curation: curationOf({ edges, models, parameters }),
  };
}

function curatorOfBrief({
  name,
  temperature,
  candidates,
  rule,
  reward,
}: Curator | GaussianCurator): CuratorBrief {
  const perOutcome = reward instanceof Float64Array && reward.length <= MOST_LAW_NUMBERS;
  return { name, temperature, candidates, rule, reward: perOutcome ? reward : null };
}

/** Linear-Gaussian models judge themselves: each has a reward of its own and no curator to share. */
function mapsOf({ models, edges, dimension, parameters }: LinearGaussianEcosystem): Network {
  const { start, producer } = edges;
  const strength = parameters.maps.map((map) =>
    Math.sqrt(map.reduce((sum, entry) => sum + entry * entry, 0) / dimension),
  );
  return {
    curators: models.map((name) => ({
      name,
      temperature: NaN,
      candidates: NaN,
      rule: 'linear',
      reward: null,
    })),
    curatorOf: Uint32Array.from(models, (_, i) => i),
    edges: {
      start,
      producer,
      curator: new Int32Array(producer.length).fill(-1),
      weight: Float64Array.from(strength),
      meaning: 'map',
    },
    realWeight: new Float64Array(models.length).fill(NaN),
    curation: parameters.curation,
  };
}

function pairsOf({ inputs, outputs, inputLabels, outputLabels, generates }: Pairs): EcosystemBrief['pairs'] {
  return { inputs, outputs, inputLabels, outputLabels, generates };
}

function realOf({ models, outcomeCount, distributions, realOf: real }: Ecosystem): Float32Array {
  const rows = new Float32Array(models.length * outcomeCount);
  models.forEach((_, i) => {
    rows.set(distributions[real[i]], i * outcomeCount);
  });
  return rows;
}
