/** Integer selection weights against exp in float64: their error, order, range and independence of Math.exp. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  EXPONENT_BITS,
  EXPONENT_MASK,
  LARGEST_REWARD_RANGE,
  selectionCodes,
} from '../../src/random/selection.ts';
import type { Curator } from '../../src/scenario/ecosystem.ts';
import { createRandom } from '../support/ecosystems.ts';

function codesOf(reward: readonly number[], temperature = 1, rule: Curator['rule'] = 'plackett-luce') {
  const curator = { name: 'c', reward: Float64Array.from(reward), temperature, candidates: 4, rule };
  return selectionCodes(curator);
}

/** Weight relative to the best outcome: mantissa·2^(−exponent), where the best has mantissa 2^21 and exponent 12. */
function weightOf(code: number): number {
  return ((code >>> EXPONENT_BITS) / 2 ** 21) * 2 ** -(code & EXPONENT_MASK);
}

/** What x = (r − max)/τ and Math.exp may add to half a unit of the mantissa: a few ulps of float64. */
const FLOAT64 = 2 ** -50;

/** Every weight is exp, rounded to 22 bits; returns the largest relative error. */
function expectRounded(reward: readonly number[], temperature: number): number {
  const best = Math.max(...reward);
  let worst = 0;
  codesOf(reward, temperature).forEach((code, v) => {
    const exact = Math.exp((reward[v] - best) / temperature);
    const error = Math.abs(weightOf(code) / exact - 1);
    const half = 0.5 / (code >>> EXPONENT_BITS); // at most 2^-22
    expect(error, `reward ${reward[v]} at temperature ${temperature}`).toBeLessThanOrEqual(
      half * (1 + 2 ** -20) + FLOAT64,
    );
    worst = Math.max(worst, error);
  });
  return worst;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('Plackett–Luce codes', () => {
  it.each([0.01, 1, 21, 32, 100, LARGEST_REWARD_RANGE])(
    'are exp((r − max)/τ) to 2^-22 over %d τ',
    (range) => {
      const random = createRandom(range * 100);
      const temperature = 0.3 + random();
      const reward = Array.from({ length: 5000 }, () => 7 - random() * range * temperature);
      reward.push(7, 7 - range * temperature);
      expect(expectRounded(reward, temperature)).toBeLessThanOrEqual(2 ** -22 + FLOAT64);
    },
  );

  it('are exact where the weight is a power of two, and just below one', () => {
    const reward = Array.from({ length: 1010 }, (_, k) => -k * Math.LN2);
    expectRounded(
      reward.map((r) => (Math.abs(r) < 700 ? r : -700)),
      1,
    );
    expectRounded([0, -1e-9, -1e-7, -(2 ** -22), -(2 ** -21), -1e-300], 1);
    expect(weightOf(codesOf([0, -1e-9])[1])).toBe(1);
  });

  it('stay within their bits', () => {
    for (const code of codesOf(Array.from({ length: 7001 }, (_, k) => -k / 10))) {
      expect(code >>> EXPONENT_BITS).toBeGreaterThanOrEqual(2 ** 21);
      expect(code & EXPONENT_MASK).toBeLessThanOrEqual(1010);
    }
  });

  it('never order two outcomes against their rewards', () => {
    const random = createRandom(4);
    const reward = Array.from({ length: 20_000 }, () => -Math.floor(random() * 700e6) / 1e6);
    for (let k = 0; k < 2000; k++) reward.push(-k * 1e-8, -k * Math.LN2 * 0.5 + 1e-12);
    reward.sort((a, b) => a - b);
    const weights = Array.from(codesOf(reward), weightOf);
    for (let v = 1; v < weights.length; v++) expect(weights[v]).toBeGreaterThanOrEqual(weights[v - 1]);
  });

  it('do not depend on the level of the rewards', () => {
    const reward = [3, 1.5, -2, 0.25];
    expect(codesOf(reward.map((r) => r + 1024))).toEqual(codesOf(reward));
  });

  it('need no elementary function of the JavaScript engine', () => {
    const reward = Array.from({ length: 500 }, (_, k) => -1.37 * k);
    const before = codesOf(reward);
    for (const name of ['exp', 'expm1', 'pow', 'log', 'log2', 'sinh', 'cosh'] as const) {
      vi.spyOn(Math, name).mockImplementation(() => {
        throw new Error(`Math.${name} differs between engines`);
      });
    }
    expect(codesOf(reward)).toEqual(before);
  });

  it('are these very bits', () => {
    // 2^21·m rounded and 12 + k where e^x = m·2^(−k), from 400-digit decimals.
    const mantissa = (code: number) => code >>> EXPONENT_BITS;
    const codes = codesOf([0, -1, -2, -10, -700]);
    expect(Array.from(codes, mantissa)).toEqual([2_097_152, 3_085_996, 2_270_549, 3_119_859, 2_268_758]);
    expect(Array.from(codes, (code) => code & EXPONENT_MASK)).toEqual([0, 2, 3, 15, 1010]);
  });
});

describe('argmax codes', () => {
  it('are ranks of the distinct rewards, from 1', () => {
    expect(Array.from(codesOf([2, -1, 2, 0.5, -1e9], 1, 'argmax'))).toEqual([4, 2, 4, 3, 1]);
  });
});
