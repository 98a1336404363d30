import { describe, expect, it } from 'vitest';
import { createLinearGpuBackend } from '../../../src/engine/moments/linear_gaussian_gpu.ts';
import type { EvolveLinearTuning } from '../../../src/kernels/evolve_linear.ts';
import {
  createEvolveLinear,
  evolveLinearData,
  evolveLinearSizes,
  EVOLVE_MEASURES,
  recordEvolveLinear,
  STATE_PLANES,
} from '../../../src/kernels/evolve_linear.ts';
import { planLinear } from '../../../src/plan/linear_plan.ts';
import type { LinearGaussianEnsemble } from '../../../src/scenario/linear_gaussian.ts';
import type { LinearShape } from '../../support/linear_gaussian.ts';
import { randomLinearEnsemble, referenceRun } from '../../support/linear_gaussian.ts';
import { expectFloats, expectWords, nothingWritten, untouched, useKernelLab } from './harness.ts';

const lab = useKernelLab();

interface Shape extends LinearShape {
  readonly rounds: number;
  readonly replicates: number;
}

const SHAPES: Record<string, Shape> = {
  'one model, one dimension, population limit': { models: 1, dimension: 1, replicates: 1, rounds: 5 },
  'the population limit, sequential': {
    models: 3,
    dimension: 5,
    update: 'sequential',
    replicates: 3,
    rounds: 7,
    variants: 3,
  },
  'finite models, synchronous, many variants': {
    models: 4,
    dimension: 6,
    population: [12, 64, 1, 33, 200],
    replicates: 37,
    rounds: 6,
    variants: 5,
  },
  'finite and infinite models, sequential': {
    models: 3,
    dimension: 4,
    update: 'sequential',
    population: [7, 0, 32],
    replicates: 70,
    rounds: 5,
    variants: 4,
  },
  'fixed counts, every coordinate in a block of its own': {
    models: 2,
    dimension: 1,
    population: [10, 3],
    sourceCounts: 'fixed',
    replicates: 5,
    rounds: 4,
    variants: 2,
  },
  'dense maps of 30 dimensions': {
    models: 2,
    dimension: 30,
    population: [1000],
    density: 1,
    replicates: 2,
    rounds: 3,
  },
};

const TUNINGS: readonly EvolveLinearTuning[] = [
  { workgroup: 64, lanes: 1 },
  { workgroup: 64, lanes: 8 },
];

const stableOf = ({ ecosystem }: LinearGaussianEnsemble): Float64Array[] =>
  ecosystem.rewards.map(({ linear }) => linear.map((x) => Math.fround(x / 3)));

/** What the kernel leaves behind after `rounds` rounds from the start. */
async function run(ensemble: LinearGaussianEnsemble, rounds: number, tuning: EvolveLinearTuning) {
  const plan = planLinear(ensemble);
  const replicates = ensemble.stream.length;
  const state = untouched(STATE_PLANES * replicates * plan.coordinates);
  const initial = Float32Array.from(ensemble.ecosystem.initial);
  for (let r = 0; r < replicates; r++) state.set(new Uint32Array(initial.buffer), r * plan.coordinates);
  const kernel = await createEvolveLinear(lab.context().cache, tuning);
  const sizes = evolveLinearSizes(plan, ensemble, stableOf(ensemble));
  const written = await lab.run(
    kernel,
    {
      ...evolveLinearData(plan, ensemble, stableOf(ensemble)),
      state,
      measures: untouched(rounds * replicates * plan.models * EVOLVE_MEASURES),
    },
    (recorder, bound) => recordEvolveLinear(recorder, kernel, bound, sizes, 0, rounds),
  );
  const plane = replicates * plan.coordinates;
  const from = (rounds % STATE_PLANES) * plane;
  return {
    means: written.floats('state').slice(from, from + plane),
    measures: written.floats('measures'),
    words: written.words('measures'),
  };
}

describe.each(TUNINGS)('$lanes threads a replicate', (tuning) => {
  it.each(Object.entries(SHAPES))('%s', async (_, shape) => {
    const ensemble = randomLinearEnsemble(shape.models + shape.dimension, shape);
    const { models, dimension } = shape;
    const { means, measures } = await run(ensemble, shape.rounds, tuning);
    const perReplicate = models * EVOLVE_MEASURES;
    const expectedMeans = { value: nothingWritten(means.length), error: nothingWritten(means.length) };
    const expected = { value: nothingWritten(measures.length), error: nothingWritten(measures.length) };
    for (let r = 0; r < shape.replicates; r++) {
      const rounds = referenceRun(ensemble, r, shape.rounds, stableOf(ensemble));
      const last = rounds[rounds.length - 1].means;
      expectedMeans.value.set(last.value, r * models * dimension);
      expectedMeans.error.set(last.error, r * models * dimension);
      rounds.forEach((round, k) => {
        const at = (k * shape.replicates + r) * perReplicate;
        expected.value.set(round.measures.value, at);
        expected.error.set(round.measures.error, at);
      });
    }
    expectFloats(means, expectedMeans.value, (k) => expectedMeans.error[k]);
    expectFloats(measures, expected.value, (k) => expected.error[k]);
  });
});

describe('the same bits', () => {
  const shape = { models: 5, dimension: 7, population: [9, 0, 40], replicates: 19, variants: 3 };

  it.each(['synchronous', 'sequential'] as const)('whatever the workgroup, %s', async (update) => {
    const ensemble = randomLinearEnsemble(11, { ...shape, update });
    const first = await run(ensemble, 6, { workgroup: 64, lanes: 1 });
    for (const [workgroup, lanes] of [
      [8, 1],
      [64, 2],
      [32, 32],
      [128, 4],
    ]) {
      const other = await run(ensemble, 6, { workgroup, lanes });
      expectWords(other.words, first.words);
      expect(other.means).toEqual(first.means);
    }
  });

  it('whatever the chunks', async () => {
    const ensemble = randomLinearEnsemble(12, { ...shape, update: 'sequential' });
    const backend = createLinearGpuBackend(ensemble, planLinear(ensemble), stableOf(ensemble), lab.device);
    const whole = await backend.createSimulation();
    const parts = await backend.createSimulation();
    const all = await whole.advance(11);
    const pieces: number[] = [];
    for (const rounds of [1, 4, 1, 5]) pieces.push(...(await parts.advance(rounds)));
    expect(Float64Array.from(pieces)).toEqual(all);
    const state = await whole.state();
    expect(state.round).toBe(11);
    expect(await parts.state()).toEqual(state);
    const ahead = await whole.advance(3);
    await parts.restore(state);
    expect(await parts.advance(3)).toEqual(ahead);
    whole.destroy();
    parts.destroy();
  });
});

describe('the number of curated samples', () => {
  it.each([1, 31, 32, 33, 64, 100, 1000, 4097])('of %s is exact', async (n) => {
    // x' = k/n of one coordinate without noise: the mean itself tells k.
    const base = randomLinearEnsemble(1, { models: 1, dimension: 1, replicates: 50, population: [n] });
    const parameters = {
      maps: base.ecosystem.edges.producer.length === 2 ? [Float64Array.of(0), Float64Array.of(0)] : [],
      curation: Float64Array.of(0.3125), // 0.0101 in binary: samples are still undecided at its last one
      shift: Float64Array.of(1),
      constant: Float64Array.of(0),
      noise: Float64Array.of(0),
      population: Uint32Array.of(n),
    };
    const ensemble = { ...base, variants: [parameters], ecosystem: { ...base.ecosystem, parameters } };
    const { means } = await run(ensemble, 2, { workgroup: 64, lanes: 1 });
    const expected = Array.from({ length: 50 }, (_, r) => referenceRun(ensemble, r, 2)[1].counts[0]);
    expect(Array.from(means, (x) => Math.round(x * n))).toEqual(expected);
    expect(new Set(expected).size).toBeGreaterThan(1);
  });
});
