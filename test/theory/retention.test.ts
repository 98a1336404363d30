/** The pace of models that keep old data, and what drift leaves of diversity: closed forms against plain iteration. */
import { describe, expect, it } from 'vitest';
import type { Retention } from '../../src/scenario/ecosystem.ts';
import {
  accumulatedHomozygosity,
  heterozygosityKept,
  subsampledHeterozygosity,
  windowedHeterozygosity,
} from '../../src/theory/oracles/retention.ts';
import { accumulatedDeviation, largestRoot, windowMultiplier } from '../../src/theory/retention.ts';
import { solve } from '../../src/theory/solve.ts';
import { randomEcosystem } from '../support/ecosystems.ts';

/** |d_t| of d_t = (μ/w) (d_{t−1} + … + d_{t−w}) for complex μ: its growth from round `from` on, per round. */
function growth(re: number, im: number, w: number, from: number, rounds: number): number {
  let past: [number, number][] = Array.from({ length: w }, (_, k) => [1, 0.3 * k]);
  let scale = 0;
  let early = 0;
  for (let t = 0; t < from + rounds; t++) {
    const [x, y] = past.reduce(([a, b], [c, d]) => [a + c, b + d]);
    past = [[(re * x - im * y) / w, (im * x + re * y) / w], ...past.slice(0, -1)];
    const size = Math.hypot(...past.flat());
    past = past.map(([a, b]) => [a / size, b / size]);
    scale += Math.log(size);
    if (t === from - 1) early = scale;
  }
  return Math.exp((scale - early) / rounds);
}

describe('a window', () => {
  it.each([
    [0.5, 1],
    [0.5, 2],
    [0.9, 7],
    [0.99, 40],
    [1, 5],
    [1.3, 6],
  ])('of multiplier %d over %d rounds decays as its recursion does', (mu, w) => {
    expect(windowMultiplier(mu, w)).toBeCloseTo(growth(mu, 0, w, 3000, 1000), 9);
    if (w === 1) expect(windowMultiplier(mu, w)).toBeCloseTo(mu, 14);
  });

  it.each([
    [-0.9, 0, 2],
    [-1, 0, 3],
    [0.3, 0.6, 4],
    [-0.2, 0.9, 5],
    [0.8, 0, 9],
  ])('of multiplier %d + %di over %d rounds has that largest root', (re, im, w) => {
    // Roots of equal modulus beat; over 40,000 rounds that is below 1e-4 of the growth.
    expect(Math.abs(largestRoot(re, im, w) - growth(re, im, w, 2000, 40_000))).toBeLessThan(1e-4);
  });

  it('is as long as it likes', () => {
    const z = windowMultiplier(0.5, 1_000_000);
    expect(z).toBeLessThan(1);
    expect(z).toBeGreaterThan(1 - 1e-5);
    expect(windowMultiplier(0, 3)).toBe(0);
  });
});

describe('all data kept', () => {
  it('a deviation falls like t^−(1−μ)/Γ(1+μ)', () => {
    expect(accumulatedDeviation(0, 99)).toBeCloseTo(0.01, 14); // 1/(t+1)
    expect(accumulatedDeviation(-1, 5)).toBe(0); // one round lands on the point
    expect(accumulatedDeviation(1, 50)).toBeCloseTo(1, 14);
    // Γ(1.5) = √π/2
    expect((accumulatedDeviation(0.5, 1e6) * 1e3 * Math.sqrt(Math.PI)) / 2).toBeCloseTo(1, 5);
  });
});

describe('solve', () => {
  const of = (retention: readonly Retention[], update: 'synchronous' | 'sequential' = 'synchronous') =>
    solve(randomEcosystem(3, { models: 3, outcomes: 5, retention, update }));
  const window: Retention = { kind: 'window', rounds: 4 };

  it('finds the same point, rate and influence whatever is kept, and says what the pace becomes', async () => {
    const plain = await of([{ kind: 'replace' }]);
    const windowed = await of([window]);
    const accumulated = await of([{ kind: 'accumulate' }, { kind: 'accumulate-subsample' }]);
    const mixed = await of([window, { kind: 'accumulate' }]);
    expect(plain.retained).toBeUndefined();
    for (const other of [windowed, accumulated, mixed]) {
      expect({ ...other, retained: undefined }).toEqual({ ...plain, retained: undefined });
    }
    // The leading multiplier of this network is real and positive.
    expect(windowed.retained).toEqual({ kind: 'geometric', rate: windowMultiplier(plain.rate, 4) });
    expect(accumulated.retained).toEqual({ kind: 'power', exponent: 1 - plain.rate });
    expect(mixed.retained).toEqual({ kind: 'mixed' });
    expect((await of([window], 'sequential')).retained).toEqual({ kind: 'mixed' });
  });
});

const START = Float64Array.of(0.5, 0.3, 0.2);
const H0 = 1 - 0.25 - 0.09 - 0.04;

describe('neutral drift', () => {
  it('keeps a fixed part of diversity where all data are kept', () => {
    const all = accumulatedHomozygosity(START, 1, 20, 200_000);
    let product = 1;
    for (let s = 2; s <= 200_001; s++) product *= 1 - 1 / (20 * s * s);
    expect(1 - all[200_000]).toBeCloseTo(H0 * product, 10); // 400,000 roundings
    expect(heterozygosityKept(20)).toBeCloseTo(product, 6); // the rest of the product is 1 − 1/(20·200,000)
    expect(heterozygosityKept(1)).toBe(0.5);
    expect(heterozygosityKept(1_000_000)).toBeCloseTo(1 - (Math.PI ** 2 / 6 - 1) / 1e6, 10);
  });

  it('with real data goes on until none is lost', () => {
    const all = accumulatedHomozygosity(START, 0.5, 10, 100_000);
    expect(all[0]).toBeCloseTo(1 - H0, 15);
    expect(all[1]).toBeGreaterThan(all[0]);
    expect(all[100_000] - all[0]).toBeLessThan(1e-3);
  });

  it('a window of one round is replace: 1 − 1/n a round; one longer than the run keeps all', () => {
    const replaced = windowedHeterozygosity(START, 1, 20, 30);
    const kept = windowedHeterozygosity(START, 99, 20, 30);
    const accumulated = accumulatedHomozygosity(START, 1, 20, 30);
    for (let t = 0; t <= 30; t++) {
      expect(replaced[t]).toBeCloseTo(H0 * 0.95 ** t, 14);
      expect(kept[t]).toBeCloseTo(1 - accumulated[t], 14);
    }
  });

  it('a subsample costs about as much again', () => {
    const { pool, model } = subsampledHeterozygosity(START, 20, 100);
    expect(pool[1]).toBeCloseTo(H0 * (1 - 1 / 80), 14);
    expect(model[7]).toBeCloseTo(0.95 * pool[7], 14);
    expect(1 - pool[100] / H0).toBeGreaterThan(
      1.5 * (1 - (1 - accumulatedHomozygosity(START, 1, 20, 100)[100]) / H0),
    );
  });
});
