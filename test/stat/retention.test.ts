/**
 * Sampling drift of models that keep old data, through thousands of replicates of the engine, against exact moment recursions.
 * 31 comparisons; an honest engine under a fresh key fails one of them with probability below 2e-5.
 */
import { describe, expect, it } from 'vitest';
import type { Retention } from '../../src/scenario/ecosystem.ts';
import { dot } from './laws.ts';
import type { ModelShape, NetworkShape } from './networks.ts';
import { statesAfter } from './networks.ts';
import { expectMean } from './verdicts.ts';

const START = [0.5, 0.3, 0.2];
const H0 = 1 - dot(START, START);

interface Case {
  readonly retention: Retention;
  readonly population: number;
  /** Share of own output; the rest is real. */
  readonly raw: number;
  readonly seed: number;
}

/** Heterozygosity of one model after the given rounds, one array of replicates each. */
async function diversity(one: Case, times: readonly number[], replicates: number): Promise<Float64Array[]> {
  const model: ModelShape = {
    real: START,
    realWeight: 1 - one.raw,
    sources: [{ producer: 0, weight: one.raw }],
    population: one.population,
    retention: one.retention,
  };
  const shape: NetworkShape = { models: [model], replicates, seed: one.seed };
  const states = await statesAfter(shape, times);
  return states.map(({ distributions }) =>
    Float64Array.from({ length: replicates }, (_, r) => {
      const p = distributions.subarray(3 * r, 3 * r + 3);
      return 1 - dot(p, p);
    }),
  );
}

const REPLICATES = 6000;
const TIMES = [1, 2, 5, 12, 40];

/**
 * E Σ P² round by round from E⟨X_s, X_t⟩, the overlaps of the data sets of any two rounds: a new set has ⟨X, X_s⟩ = ⟨D, X_s⟩ and
 * |X|² = (1 − 1/n)|D|² + 1/n with D = (1−η)·R + η·P and P the mean of the sets that are kept.
 */
function homozygosity(kept: number, { population: n, raw }: Case, rounds: number): number[] {
  const fixed = dot(START, START);
  const overlap: number[][] = [[fixed]];
  const result: number[] = [];
  for (let t = 0; ; t++) {
    const inside = Array.from({ length: Math.min(t + 1, kept) }, (_, k) => t - k);
    const meanOf = (s: number): number =>
      inside.reduce((sum, u) => sum + overlap[Math.max(s, u)][Math.min(s, u)], 0) / inside.length;
    const own = inside.reduce((sum, s) => sum + meanOf(s), 0) / inside.length;
    result.push(own);
    if (t === rounds) return result;
    // The first state is the real data, so every set overlaps with it by R on average.
    const row = Array.from({ length: t + 1 }, (_, s) => (1 - raw) * fixed + raw * meanOf(s));
    const law = (1 - raw ** 2) * fixed + raw ** 2 * own;
    overlap.push([...row, (1 - 1 / n) * law + 1 / n]);
  }
}

describe('all data kept', () => {
  it.each<Case>([
    { retention: { kind: 'accumulate' }, population: 4, raw: 1, seed: 301 },
    { retention: { kind: 'accumulate' }, population: 10, raw: 0.7, seed: 302 },
  ])('n = $population, own share $raw: heterozygosity', async (one) => {
    const exact = homozygosity(Infinity, one, 40);
    const measured = await diversity(one, TIMES, REPLICATES);
    TIMES.forEach((t, k) => expectMean(measured[k], 1 - exact[t], `round ${t}`));
    // Π_{s≥2}(1 − 1/(n s²)) of it is left for ever, where a model that replaces its data has next to nothing.
    if (one.raw === 1) {
      const product = Array.from({ length: 40 }, (_, k) => 1 - 1 / (4 * (k + 2) ** 2)).reduce(
        (a, b) => a * b,
      );
      expect(1 - exact[40]).toBeCloseTo(H0 * product, 12);
      expect(H0 * 0.75 ** 40).toBeLessThan(1e-4);
    }
  });
});

describe('a window', () => {
  it.each<Case & { w: number }>([
    { retention: { kind: 'window', rounds: 3 }, w: 3, population: 6, raw: 1, seed: 303 },
    { retention: { kind: 'window', rounds: 8 }, w: 8, population: 3, raw: 0.8, seed: 304 },
  ])('of $w rounds, n = $population, own share $raw: heterozygosity', async ({ w, ...one }) => {
    const exact = homozygosity(w, one, 40);
    const measured = await diversity(one, TIMES, REPLICATES);
    TIMES.forEach((t, k) => expectMean(measured[k], 1 - exact[t], `round ${t}`));
  });
});

describe('a subsample of all data', () => {
  it('loses twice what keeping all loses, and the sampling of its own fit', async () => {
    const one: Case = { retention: { kind: 'accumulate-subsample' }, population: 5, raw: 1, seed: 305 };
    const n = one.population;
    // A round draws n from the model, which is itself n draws from the pool; the first model is the initial state.
    let pool = H0;
    const exact = [H0];
    for (let t = 1; t <= 40; t++) {
      const drawn = t === 1 ? (1 - 1 / n) * pool : (1 - 1 / n) ** 2 * pool;
      pool = ((t * t + 2 * t) * pool + drawn) / (t + 1) ** 2;
      exact.push((1 - 1 / n) * pool);
    }
    const measured = await diversity(one, TIMES, REPLICATES);
    TIMES.forEach((t, k) => expectMean(measured[k], exact[t], `round ${t}`));
  });
});

describe('a pair', () => {
  it('keeps its means: each is the mean of the laws it has seen', async () => {
    const shape: NetworkShape = {
      models: [
        {
          real: [0.7, 0.2, 0.1],
          initial: [0, 0.1, 0.9],
          realWeight: 0.3,
          sources: [{ producer: 1, weight: 0.7 }],
          population: 12,
          retention: { kind: 'accumulate' },
        },
        {
          real: [0.2, 0.2, 0.6],
          initial: [1, 0, 0],
          realWeight: 0.2,
          sources: [
            { producer: 0, weight: 0.5 },
            { producer: 1, weight: 0.3 },
          ],
          population: 5,
          retention: { kind: 'window', rounds: 4 },
        },
      ],
      replicates: 4000,
      seed: 306,
    };
    const times = [1, 3, 25];
    const laws = shape.models.map(({ initial = START }) => [initial]);
    const means = [shape.models.map(({ initial = START }) => [...initial])];
    for (let t = 1; t <= 25; t++) {
      const old = means[t - 1];
      shape.models.forEach(({ real, realWeight, sources }, i) => {
        laws[i].push(
          real.map(
            (r, v) => realWeight * r + sources.reduce((sum, s) => sum + s.weight * old[s.producer][v], 0),
          ),
        );
      });
      means.push(
        laws.map((list, i) => {
          const kept = list.slice(i === 0 ? 0 : -4);
          return kept[0].map((_, v) => kept.reduce((sum, law) => sum + law[v], 0) / kept.length);
        }),
      );
    }
    const states = await statesAfter(shape, times);
    times.forEach((t, k) => {
      for (const i of [0, 1]) {
        const measured = Float64Array.from(
          { length: 4000 },
          (_, r) => states[k].distributions[(2 * r + i) * 3],
        );
        expectMean(measured, means[t][i][0], `round ${t}: E P_${i}(0)`);
      }
    });
  });
});
