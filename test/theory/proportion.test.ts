import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../src/theory/proportion.ts';

describe('the score interval of a proportion', () => {
  it('ends where the score test rejects at 5 %', () => {
    for (const [count, trials] of [
      [0, 10],
      [1, 10],
      [5, 10],
      [86, 10_000],
      [10, 10],
    ]) {
      const { low, high } = wilsonInterval(count, trials);
      const score = (p: number): number => (count / trials - p) / Math.sqrt((p * (1 - p)) / trials);
      if (count > 0) expect(score(low)).toBeCloseTo(1.959963984540054, 9);
      else expect(low).toBe(0);
      if (count < trials) expect(score(high)).toBeCloseTo(-1.959963984540054, 9);
      else expect(high).toBe(1);
    }
  });

  it('knows nothing from nothing', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });
});
