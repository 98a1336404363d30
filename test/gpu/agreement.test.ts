/** Whole rounds on the GPU against the CPU backend: limit models within float32's error, finite ones bit for bit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCpuBackend } from '../../src/engine/cpu/simulation.ts';
import type { GpuBackend } from '../../src/engine/gpu/backend.ts';
import type { Ensemble } from '../../src/scenario/ecosystem.ts';
import type { RandomShape } from '../support/ecosystems.ts';
import { randomEnsemble } from '../support/ecosystems.ts';
import { openTestBackend } from '../support/gpu.ts';

const ROUNDS = 12;
const cpu = createCpuBackend({ spawn: null, threads: 1, memoryLimit: 2 ** 33 });
let gpu: GpuBackend;
beforeAll(async () => {
  gpu = await openTestBackend();
});
afterAll(() => {
  gpu.destroy();
});

async function bothAfter(ensemble: Ensemble, rounds: number) {
  const results = [];
  for (const backend of [cpu, gpu]) {
    const simulation = await backend.createSimulation(ensemble, { stable: null });
    const measures = await simulation.advance(rounds);
    results.push({
      measures,
      distributions: await simulation.distributions(),
      counts: await simulation.counts(),
    });
    simulation.destroy();
  }
  return { cpu: results[0], gpu: results[1] };
}

/**
 * Relative error of a probability after one round, bounded by the operations on its way: a summation tree of fan-in 32,
 * sums over reward and quadrature nodes, the rounding of exponents up to the reward range, one product per edge.
 * A round's error shrinks with the loop's rate; real shares of at least 0.2 keep the sum over rounds below 5 times it.
 */
function derivedTolerance(ensemble: Ensemble): number {
  const { outcomeCount, edges, models } = ensemble.ecosystem;
  const depth = 32 * Math.max(1, Math.ceil(Math.log(outcomeCount) / Math.log(32)));
  const work = ensemble.variants[0].curators.map((curator) => {
    const [low, high] = [Math.min(...curator.reward), Math.max(...curator.reward)];
    const range = (high - low) / curator.temperature;
    const nodes = Math.min(outcomeCount, 16 * range + 6);
    const quadrature = (range + 8) / 0.45;
    return nodes + quadrature + range;
  });
  const perConsumer = edges.producer.length / models.length;
  return 5 * (depth + Math.max(...work) + perConsumer) * 2 ** -24;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let k = 0; k < a.length; k++) {
    if (Number.isNaN(a[k]) && Number.isNaN(b[k])) continue;
    largest = Math.max(largest, Math.abs(a[k] - b[k]));
  }
  return largest;
}

const LIMIT_SHAPES: Record<string, RandomShape> = {
  'six models, K from 1 to infinity': { models: 6, outcomes: 8, candidates: [1, 2, 4, 6, Infinity, 40] },
  'argmax, finite and infinite': {
    models: 4,
    outcomes: 9,
    rules: ['argmax', 'plackett-luce'],
    candidates: [3, 4, Infinity],
  },
  'argmax with ties': { models: 3, outcomes: 300, rules: ['argmax'], candidates: [5], rewardStep: 1 },
  'without replacement': { models: 4, outcomes: 9, rules: ['without-replacement'], candidates: [1.3, 2, 10] },
  'without replacement on a grid': {
    models: 2,
    outcomes: 5000,
    rules: ['without-replacement'],
    candidates: [2, 50],
  },
  'sequential, partial training': { models: 5, outcomes: 7, update: 'sequential', trainingRate: [1, 0.3] },
  'many tied rewards': { models: 2, outcomes: 5000, rewardStep: 1 },
  'many distinct rewards (grid)': { models: 2, outcomes: 5000, candidates: [4, Infinity] },
  'reward range of 60 temperatures': { models: 3, outcomes: 40, rewardSpread: 60, candidates: [4, 1000] },
  'dense mixing': { models: 40, outcomes: 70, density: 1 },
  replicates: { models: 3, outcomes: 20, replicates: 5 },
  'one outcome': { models: 2, outcomes: 1 },
};

describe('population limit', () => {
  it.each(Object.entries(LIMIT_SHAPES))('%s', async (_, shape) => {
    const ensemble = randomEnsemble(7, shape);
    const { cpu: exact, gpu: single } = await bothAfter(ensemble, ROUNDS);
    const tolerance = derivedTolerance(ensemble);
    expect(tolerance).toBeLessThan(1e-3);
    exact.distributions.forEach((p, k) => {
      expect(Math.abs(single.distributions[k] - p)).toBeLessThanOrEqual(tolerance * p + 1e-9);
    });
    // Rewards are at most 60 and entropies at most ln V: the same relative error on sums of that size.
    expect(largestDifference(exact.measures.models, single.measures.models)).toBeLessThan(60 * tolerance);
    expect(largestDifference(exact.measures.homogenisation, single.measures.homogenisation)).toBeLessThan(
      tolerance,
    );
  });
});

it('stays finite where the favourite outcome is extinct', async () => {
  const base = randomEnsemble(1, { models: 1, outcomes: 3, density: 0 });
  const [parameters] = base.variants;
  const rewards = Float64Array.of(2, 1, 0);
  const ensemble: Ensemble = {
    ...base,
    ecosystem: { ...base.ecosystem, distributions: [Float64Array.of(0, 1e-5, 0.99999)] },
    variants: [
      {
        ...parameters,
        curators: [{ ...parameters.curators[0], reward: rewards, temperature: 0.01, candidates: Infinity }],
      },
    ],
  };
  const { cpu: exact, gpu: single } = await bothAfter(ensemble, 5);
  exact.distributions.forEach((p, k) => {
    expect(Math.abs(single.distributions[k] - p)).toBeLessThan(1e-5);
  });
});

const FINITE_SHAPES: Record<string, RandomShape> = {
  'six models, K from 1 to infinity': {
    models: 6,
    outcomes: 8,
    candidates: [1, 2, 4, 6, Infinity, 40],
    population: [1000, 70],
  },
  argmax: {
    models: 4,
    outcomes: 9,
    rules: ['argmax', 'plackett-luce'],
    candidates: [3, 4, Infinity],
    population: [500],
  },
  'partial training': {
    models: 3,
    outcomes: 30,
    trainingRate: [0.1, 0.7, 1],
    population: [2000, 1 << 17, 333],
  },
  sequential: {
    models: 4,
    outcomes: 12,
    update: 'sequential',
    candidates: [4, Infinity],
    population: [800],
    trainingRate: [1, 0.5],
  },
  'many outcomes': { models: 2, outcomes: 5000, population: [20_000] },
  'reward range of 400 temperatures': {
    models: 2,
    outcomes: 50,
    rewardSpread: 200,
    candidates: [4, Infinity],
    population: [5000],
  },
  replicates: { models: 3, outcomes: 20, replicates: 5, population: [100] },
  'large K': { models: 1, outcomes: 20, candidates: [3000], population: [200] },
};

describe('finite populations', () => {
  it.each(Object.entries(FINITE_SHAPES))('%s', async (_, shape) => {
    const { cpu: exact, gpu: single } = await bothAfter(randomEnsemble(11, shape), ROUNDS);
    expect(single.counts).toEqual(exact.counts);
    const total = exact.counts?.reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(0);
    expect(largestDifference(exact.distributions, single.distributions)).toBeLessThan(1e-7);
  });
});
