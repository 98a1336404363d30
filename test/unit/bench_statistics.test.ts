import { describe, expect, it } from 'vitest';
import {
  bootstrapExponent,
  fitExponent,
  interquartileRange,
  median,
  quantile,
} from '../../bench/measure/statistics.ts';
import { createRandom } from '../support/ecosystems.ts';

describe('medians and quartiles', () => {
  it('interpolate between order statistics', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([10, 0], 0.25)).toBe(2.5);
    expect(interquartileRange([5, 1, 4, 2, 3])).toBe(2);
    expect(interquartileRange([7])).toBe(0);
    expect(median([])).toBeNaN();
  });

  it('leave the samples as they were', () => {
    const samples = [3, 1, 2];
    median(samples);
    expect(samples).toEqual([3, 1, 2]);
  });
});

describe('the exponent', () => {
  const sizes = [16, 64, 256, 1024];

  it.each([0, 0.5, 1, 2.3])('of time = 7·size^%d is found', (exponent) => {
    const times = sizes.map((size) => 7 * size ** exponent);
    expect(fitExponent(sizes, times)).toBeCloseTo(exponent, 12);
  });

  it('of points off the line is the least-squares slope', () => {
    // ln size 0, 1, 2 and ln time 0, 0, 3: slope Σ(x−1)(y−1)/Σ(x−1)² = (1 + 0 + 2)/2.
    expect(fitExponent([1, Math.E, Math.E ** 2], [1, 1, Math.E ** 3])).toBeCloseTo(1.5, 12);
  });

  it('of a single size is not a number', () => {
    expect(fitExponent([5], [1])).toBeNaN();
  });
});

describe('the bootstrap interval', () => {
  const sizes = [1, 4, 16, 64, 256, 1024];
  const series = (random: () => number, count: number): number[][] =>
    sizes.map((size) =>
      Array.from({ length: count }, () => {
        const gauss = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
        return 3 * size * Math.exp(0.2 * gauss);
      }),
    );

  it('is the same for the same samples, and holds the fitted exponent', () => {
    const samples = series(createRandom(1), 9);
    const first = bootstrapExponent(sizes, samples, 200);
    expect(bootstrapExponent(sizes, samples, 200)).toEqual(first);
    expect(first.interval[0]).toBeLessThan(first.exponent);
    expect(first.interval[1]).toBeGreaterThan(first.exponent);
    expect(first.exponent).toBe(fitExponent(sizes, samples.map(median)));
  });

  it('has no width without scatter', () => {
    const { exponent, interval } = bootstrapExponent(
      sizes,
      sizes.map((size) => [size, size, size]),
      50,
    );
    expect([...interval, exponent]).toEqual([exponent, exponent, exponent]);
    expect(exponent).toBeCloseTo(1, 12);
  });

  it.each([5, 9])('holds the true exponent as often as stated, with %d samples a size', (count) => {
    const random = createRandom(count);
    const trials = 400;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { interval } = bootstrapExponent(sizes, series(random, count), 200);
      if (interval[0] <= 1 && interval[1] >= 1) held += 1;
    }
    // Stated: 94 % to 98.5 %; three standard deviations of a share at either end.
    expect(held / trials).toBeGreaterThan(0.94 - 3 * Math.sqrt((0.94 * 0.06) / trials));
    expect(held / trials).toBeLessThan(0.985 + 3 * Math.sqrt((0.985 * 0.015) / trials));
  });
});
