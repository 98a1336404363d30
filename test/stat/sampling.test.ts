/**
 * One round of training samples against the exact law of its sources, by chi-square, for every kind of source. The GPU must
 * give the CPU's counts to the last one, so that one verdict covers both. 27 comparisons; an honest engine under a fresh
 * key fails one of them with probability 1.4e-5.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuBackend } from '../../src/engine/gpu/backend.ts';
import { createRandom, randomDistribution } from '../support/ecosystems.ts';
import { openTestBackend } from '../support/gpu.ts';
import { pickedHigh, trainingLaw } from './laws.ts';
import type { CuratorShape, ModelShape, NetworkShape } from './networks.ts';
import { statesAfter } from './networks.ts';
import { expectLaw, expectMean } from './verdicts.ts';

const MILLION = 1_000_000;
const P = [0.1, 0.2, 0.3, 0.4];
const TASTE = { reward: [0.5, -1, 0.25, 0], temperature: 0.5 };

let gpu: GpuBackend;
beforeAll(async () => {
  gpu = await openTestBackend();
});
afterAll(() => {
  gpu.destroy();
});

/** Rows of one replicate's states: one per model. */
function rowsOf<T extends Float64Array | Uint32Array>(flat: T, models: number): T[] {
  const outcomes = flat.length / models;
  return Array.from({ length: models }, (_, i) => flat.slice(i * outcomes, (i + 1) * outcomes) as T);
}

/** Counts of every model in round 1, which both backends must agree on. */
async function firstRound(shape: NetworkShape): Promise<Uint32Array[]> {
  const [onCpu] = await statesAfter(shape, [1]);
  const [onGpu] = await statesAfter(shape, [1], gpu);
  expect(onGpu.counts).toEqual(onCpu.counts);
  return rowsOf(onCpu.counts, shape.models.length);
}

function expectTotals(shape: NetworkShape, counts: readonly Uint32Array[]): void {
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  expect(totals).toEqual(shape.models.map((model) => model.population));
}

/** A model fed with its own output alone, picked by a curator. */
function selfFed(curator: CuratorShape, p: readonly number[] = P): Omit<NetworkShape, 'seed'> {
  const sources = [{ producer: 0, weight: 1, curator: 0 }];
  return { curators: [curator], models: [{ real: p, realWeight: 0, sources, population: MILLION }] };
}

const random = createRandom(2026);
const MANY = Array.from(randomDistribution(random, 300));
const FORTY = Array.from(randomDistribution(random, 40));
const FORTY_REWARDS = FORTY.map(() => 4 * random());

const SINGLE: Record<string, Omit<NetworkShape, 'seed'>> = {
  'real data': {
    models: [{ real: P, initial: [1, 0, 0, 0], realWeight: 1, sources: [], population: MILLION }],
  },
  'raw output': {
    models: [
      {
        real: [1, 0, 0, 0],
        initial: P,
        realWeight: 0,
        sources: [{ producer: 0, weight: 1 }],
        population: MILLION,
      },
    ],
  },
  'raw output, 300 outcomes': {
    models: [{ real: MANY, realWeight: 0, sources: [{ producer: 0, weight: 1 }], population: MILLION }],
  },
  'one candidate': selfFed({ ...TASTE, candidates: 1 }),
  'two candidates': selfFed({ ...TASTE, candidates: 2 }),
  'four candidates': selfFed({ ...TASTE, candidates: 4 }),
  'seven candidates': selfFed({ ...TASTE, candidates: 7 }),
  'three candidates, 40 outcomes': selfFed({ reward: FORTY_REWARDS, candidates: 3 }, FORTY),
  'rewards beyond 32 bits': selfFed({ reward: [0, -25, -60, 300], candidates: 3 }, [0.3, 0.4, 0.29, 0.01]),
  'the best of three, with ties': selfFed({ reward: [1, 2, 1, 2], candidates: 3, rule: 'argmax' }),
  'the best of seven': selfFed({ reward: [4, 3, 2, 1], candidates: 7, rule: 'argmax' }),
  'infinitely many candidates': selfFed({ ...TASTE, candidates: Infinity }),
  'infinitely many candidates, the best never drawn': selfFed(
    { reward: [30, 1, 0.5, 0], candidates: Infinity },
    [0, 0.2, 0.3, 0.5],
  ),
  'the best of infinitely many, with ties': selfFed({
    reward: [1, 2, 1, 2],
    candidates: Infinity,
    rule: 'argmax',
  }),
  'the best of infinitely many, some never drawn': selfFed(
    { reward: [1, 3, 1, 2], candidates: Infinity, rule: 'argmax' },
    [0.25, 0, 0.75, 0],
  ),
};

describe('a round of a million samples', () => {
  it.each(Object.entries(SINGLE))('%s', async (name, rest) => {
    const shape = { ...rest, seed: 101 };
    const counts = await firstRound(shape);
    expectTotals(shape, counts);
    const initial = shape.models[0].initial ?? shape.models[0].real;
    expectLaw(counts[0], trainingLaw(shape, 0, [initial]), name);
  });

  it('candidates by the thousand, past the halving of totals', async () => {
    const candidates = 1500;
    const gap = Math.log(40);
    const high = 0.02;
    const model = {
      ...selfFed({ reward: [gap, 0], candidates }, [high, 1 - high]).models[0],
      population: 20_000,
    };
    const shape = { models: [model], curators: [{ reward: [gap, 0], candidates }], seed: 102 };
    const [counts] = await firstRound(shape);
    const law = pickedHigh(high, gap, candidates);
    expectLaw(counts, [law, 1 - law], 'two rewards, 1,500 candidates');
  });
});

/** Three finite models and one in the limit, fed by real data, raw, picked and tilted output of one another. */
const MIXED: NetworkShape = {
  seed: 103,
  curators: [
    { ...TASTE, candidates: 4 },
    { reward: [0, 1, 0, 2], candidates: Infinity },
    { reward: [1, 2, 1, 2], candidates: 3, rule: 'argmax' },
  ],
  models: [
    {
      real: P,
      realWeight: 0.2,
      sources: [
        { producer: 0, weight: 0.1 },
        { producer: 1, weight: 0.15 },
        { producer: 1, weight: 0.25, curator: 0 },
        { producer: 2, weight: 0.1, curator: 1 },
        { producer: 3, weight: 0.2, curator: 2 },
      ],
      population: MILLION,
    },
    {
      real: [0.7, 0.1, 0.1, 0.1],
      initial: [0.05, 0.05, 0.2, 0.7],
      realWeight: 0,
      sources: [
        { producer: 1, weight: 0, curator: 0 },
        { producer: 2, weight: 0.999, curator: 2 },
        { producer: 0, weight: 0.001, curator: 0 },
      ],
      population: 500_000,
    },
    {
      real: [0.4, 0.3, 0.2, 0.1],
      realWeight: 0.5,
      sources: [
        { producer: 2, weight: 0.25, curator: 0 },
        { producer: 3, weight: 0.25, curator: 1 },
      ],
      population: 700_000,
    },
    {
      real: [0.25, 0.25, 0.3, 0.2],
      realWeight: 0.5,
      sources: [{ producer: 3, weight: 0.5, curator: 0 }],
      population: 0,
    },
  ],
};

describe('many sources', () => {
  it('have their shares, seen by an outcome of its own for each', async () => {
    const shares = [0.2, 0.05, 0.3, 0.001, 0.149, 0.3];
    const pure = (outcome: number): number[] => shares.map((_, v) => Number(v === outcome));
    const consumer: ModelShape = {
      real: pure(0),
      realWeight: shares[0],
      sources: shares.slice(1).map((weight, k) => ({ producer: k + 1, weight })),
      population: MILLION,
    };
    const producers = shares.slice(1).map((_, k): ModelShape => ({
      real: pure(k + 1),
      realWeight: 1,
      sources: [],
      population: 3 * (k % 2),
    }));
    const [counts] = await firstRound({ models: [consumer, ...producers], seed: 107 });
    expectLaw(counts, shares, 'shares');
  });

  it('mix in their shares', async () => {
    const counts = await firstRound(MIXED);
    expectTotals(MIXED, counts);
    const initial = MIXED.models.map((model) => model.initial ?? model.real);
    for (const i of [0, 1, 2]) expectLaw(counts[i], trainingLaw(MIXED, i, initial), `model ${i}`);
  });

  it('are drawn anew from what the round before has left, partly trained', async () => {
    const models = MIXED.models.map((model): ModelShape => ({ ...model, trainingRate: 0.37 }));
    const shape = { ...MIXED, models, seed: 104 };
    const [first, second] = await statesAfter(shape, [1, 2]);
    const state = rowsOf(first.distributions, models.length);
    const counts = rowsOf(second.counts, models.length);
    for (const i of [0, 1, 2]) expectLaw(counts[i], trainingLaw(shape, i, state), `model ${i}, round 2`);
    const after = rowsOf(second.distributions, models.length);
    for (const i of [0, 1, 2]) {
      state[i].forEach((p, v) => {
        const expected = 0.63 * p + (0.37 * counts[i][v]) / models[i].population;
        // The rate is a multiple of 2^-32, and masses are rounded to 2^-32 samples.
        expect(Math.abs(after[i][v] - expected)).toBeLessThan(2 ** -31);
      });
    }
  });
});

describe('samples of different', () => {
  const REPLICATES = 4000;
  const POPULATION = 50;
  // Twins in all but their place, so that shared random words would give them the same counts.
  const twin: ModelShape = { real: [0.5, 0.5], realWeight: 1, sources: [], population: POPULATION };
  const shape: NetworkShape = { models: [twin, twin], replicates: REPLICATES, seed: 105 };
  const firstCount = (counts: Uint32Array, r: number, model: number): number => counts[(r * 2 + model) * 2];

  /** Products of two standardised counts; independent ones average zero. */
  function products(pairs: number, one: (k: number) => number, other: (k: number) => number): Float64Array {
    const scale = POPULATION / 4;
    const centre = POPULATION / 2;
    return Float64Array.from({ length: pairs }, (_, k) => ((one(k) - centre) * (other(k) - centre)) / scale);
  }

  it('models, replicates, rounds and seeds are uncorrelated', async () => {
    const [first, second] = await statesAfter(shape, [1, 2]);
    const [reseeded] = await statesAfter({ ...shape, seed: 106 }, [1]);
    const at = (counts: Uint32Array, model: number) => (r: number) => firstCount(counts, r, model);
    const own = at(first.counts, 0);
    expectMean(products(REPLICATES, own, at(first.counts, 1)), 0, 'models');
    expectMean(products(REPLICATES, own, at(second.counts, 0)), 0, 'rounds');
    expectMean(products(REPLICATES, own, at(reseeded.counts, 0)), 0, 'seeds');
    // Disjoint pairs, so that the products are independent of each other.
    const even = (r: number): number => own(2 * r);
    const odd = (r: number): number => own(2 * r + 1);
    expectMean(products(REPLICATES / 2, even, odd), 0, 'replicates');
  });
});
