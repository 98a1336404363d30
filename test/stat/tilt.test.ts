/** Infinitely many candidates where the best outcome is rare: its mass makes up for the others' much smaller weights. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuBackend } from '../../src/engine/gpu/backend.ts';
import { openTestBackend } from '../support/gpu.ts';
import { trainingLaw } from './laws.ts';
import type { NetworkShape } from './networks.ts';
import { statesAfter } from './networks.ts';
import { expectLaw } from './verdicts.ts';

let gpu: GpuBackend;
beforeAll(async () => {
  gpu = await openTestBackend();
});
afterAll(() => {
  gpu.destroy();
});

describe('infinitely many candidates with a rare best outcome', () => {
  it.each([10, 12, 14, 16])('%d temperatures above the rest', async (gap) => {
    const real = [1e-6, 0.5, 0.499999];
    const shape: NetworkShape = {
      seed: 108,
      curators: [{ reward: [gap, 0, 0], candidates: Infinity }],
      models: [
        { real, realWeight: 0, sources: [{ producer: 0, weight: 1, curator: 0 }], population: 1_000_000 },
      ],
    };
    const [state] = await statesAfter(shape, [1]);
    const [onGpu] = await statesAfter(shape, [1], gpu);
    expect(onGpu.counts).toEqual(state.counts);
    expectLaw(state.counts, trainingLaw(shape, 0, [real]), `gap ${gap}`);
  });

  // The best outcome is below a 31-bit table's resolution, and yet 3 %, half or nearly all of what is selected.
  it.each([20, 23, 30])('of a producer in the population limit, probability 1e-10, gap %d', async (gap) => {
    const real = [1e-10, 0.5, 0.5 - 1e-10];
    const shape: NetworkShape = {
      seed: 109,
      curators: [{ reward: [gap, 0, 0], candidates: Infinity }],
      models: [
        { real, realWeight: 1, sources: [], population: 0 },
        { real, realWeight: 0, sources: [{ producer: 0, weight: 1, curator: 0 }], population: 1_000_000 },
      ],
    };
    const law = trainingLaw(shape, 1, [real, real]);
    const odds = 1e-10 * Math.exp(gap);
    expect(law[0]).toBeCloseTo(odds / (1 + odds), 9);
    const [state] = await statesAfter(shape, [1]);
    const [onGpu] = await statesAfter(shape, [1], gpu);
    expect(onGpu.counts).toEqual(state.counts);
    expectLaw(state.counts.subarray(real.length), law, `gap ${gap}`);
  });
});
