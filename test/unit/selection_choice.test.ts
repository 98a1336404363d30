/**
 * The law of an integer choice among K candidates, computed exactly: every decision word counts, none is sampled.
 *
 * A candidate replaces the choice for the words below some threshold, so its probability of being the last to do so is a
 * product of thresholds over 2^32. The ideal law is weight/(sum of weights), and the distance allowed between the two
 * follows from the number of truncations: each of K steps drops less than one unit of its weight or of the total, while the
 * final total is at least T = 2^36 · Σ weights/largest weight units. The errors of a step and of all totals before it sum to
 * less than (3K + 10)/T in total variation; decision words add 2^-32 a step, the mantissa's rounding 2^-22.
 */
import { describe, expect, it } from 'vitest';
import { Choice, selectionCodes } from '../../src/random/selection.ts';
import { createRandom } from '../support/ecosystems.ts';

const WORDS = 2 ** 32;
const NEW = 1_000_000;

/** Codes of outcomes whose log weights are given; outcome 0 is the best there is, whether it is shown or not. */
function codesOf(logWeights: readonly number[]): Uint32Array {
  const reward = Float64Array.from([0, ...logWeights]);
  const curator = { name: 'c', reward, temperature: 1, candidates: 4, rule: 'plackett-luce' } as const;
  return selectionCodes(curator).subarray(1);
}

function replaced(before: Choice, code: number, word: number): boolean {
  const after = Object.assign(new Choice(), before);
  after.consider(NEW, code, word);
  return after.outcome === NEW;
}

/** Number of words for which the next candidate replaces the choice; they are the ones below it. */
function threshold(before: Choice, code: number): number {
  if (replaced(before, code, WORDS - 1)) return WORDS;
  let low = 0; // words below `low` replace
  let high = WORDS - 1; // words from `high` on do not
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (replaced(before, code, middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** P(candidate k is chosen) for each of the shown codes, exactly but for float64. */
function lawOf(codes: Uint32Array): Float64Array {
  const choice = new Choice();
  const share = new Float64Array(codes.length);
  codes.forEach((code, k) => {
    share[k] = threshold(choice, code) / WORDS;
    choice.consider(k, code, WORDS - 1);
  });
  const law = new Float64Array(codes.length);
  let survival = 1;
  for (let k = codes.length - 1; k >= 0; k--) {
    law[k] = share[k] * survival;
    survival *= 1 - share[k];
  }
  return law;
}

interface Verdict {
  readonly distance: number;
  readonly allowed: number;
  readonly law: Float64Array;
}

function judge(logWeights: readonly number[]): Verdict {
  const law = lawOf(codesOf(logWeights));
  const best = logWeights.reduce((largest, value) => Math.max(largest, value), -Infinity);
  const weights = logWeights.map((value) => Math.exp(value - best));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const distance = weights.reduce((sum, weight, k) => sum + Math.abs(law[k] - weight / total), 0) / 2;
  const steps = weights.length;
  return { distance, allowed: (3 * steps + 10) / (2 ** 36 * total) + steps * 2 ** -32 + 2 ** -22, law };
}

const repeat = (pattern: readonly number[], length: number): number[] =>
  Array.from({ length }, (_, k) => pattern[k % pattern.length]);
const THOUSANDTH = Math.log(1e-3);
const ascending = [-700, -350, -100, -30, -3, 0];

const SMALL: Record<string, readonly number[]> = {
  'one candidate': [-5],
  'two equal ones': [0, 0],
  'two equal ones, far below the best outcome': [-690, -690],
  'four equal ones': [-1, -1, -1, -1],
  'seven equal ones': repeat([-0.3], 7),
  'a thousandth first': [THOUSANDTH, 0],
  'a thousandth last': [0, THOUSANDTH],
  'thousandths around the best': [THOUSANDTH, THOUSANDTH, 0, THOUSANDTH, THOUSANDTH],
  'a range beyond 32 bits, ascending': ascending,
  'a range beyond 32 bits, descending': [...ascending].reverse(),
  'a range beyond 32 bits, mixed, with ties': [-100, -30, 0, -700, 0, -30, -1, -100],
  'neighbours in the last bit': [-1e-7, 0, -2e-7, -1e-7],
};

describe('a choice among few', () => {
  it.each(Object.entries(SMALL))('%s', (_, logWeights) => {
    const { distance, allowed, law } = judge(logWeights);
    expect(law.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    expect(distance).toBeLessThan(allowed);
  });

  it('is fair to 200 random lists of up to 64', () => {
    const random = createRandom(8);
    for (let k = 0; k < 200; k++) {
      const spread = 10 ** (3 * random() - 0.5); // up to 300 temperatures
      const list = Array.from({ length: 1 + Math.floor(64 * random()) }, () => -spread * random());
      const { distance, allowed } = judge(list);
      expect(distance, `list ${k}`).toBeLessThan(allowed);
    }
  });

  it('splits the words at one threshold', () => {
    const codes = codesOf([-0.4, -2, 0, -9]);
    const random = createRandom(9);
    const choice = new Choice();
    for (const code of codes) {
      const limit = threshold(choice, code);
      for (let k = 0; k < 1000; k++) {
        const word = Math.floor(random() * WORDS);
        expect(replaced(choice, code, word)).toBe(word < limit);
      }
      choice.consider(0, code, 0);
    }
  });

  it('always has a choice, and a fresh one after a reset', () => {
    const choice = new Choice();
    for (const code of codesOf([-700, -699])) {
      choice.reset();
      choice.consider(17, code, WORDS - 1);
      expect(choice.outcome).toBe(17);
    }
  });
});

const LARGE: Record<string, readonly number[]> = {
  '1,024 equal ones': repeat([0], 1024),
  '65,536 equal ones': repeat([0], 65_536),
  '65,536 just below the best: the largest mantissa': repeat([-1e-9 - 2e-7], 65_536),
  '65,536, every second a thousandth': repeat([0, THOUSANDTH], 65_536),
  '65,536, the thousandths first': [...repeat([THOUSANDTH], 32_768), ...repeat([0], 32_768)],
  '65,536, the thousandths last': [...repeat([0], 32_768), ...repeat([THOUSANDTH], 32_768)],
  '65,536 over 20 temperatures': repeat([0, -1, -3.3, -7, -12, -20], 65_536),
  'one best before 4,095 near the last bit of its mantissa': [0, ...repeat([-14.56], 4095)],
  'one best before 65,535 of them': [0, ...repeat([-14.56], 65_535)],
  'one best after 8,000 far below': [...repeat([-15], 8000), 0],
};

describe('a choice among many', () => {
  it.each(Object.entries(LARGE))('%s', (_, logWeights) => {
    const { distance, allowed, law } = judge(logWeights);
    expect(law.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
    expect(distance).toBeLessThan(allowed);
  });

  it('is exactly fair among 65,536 equal ones', () => {
    // Powers of two all the way: only the 32 bits of the decision words are left as an error, 2^-32 a step.
    for (const p of lawOf(codesOf(repeat([0], 65_536))))
      expect(Math.abs(p * 65_536 - 1)).toBeLessThan(65_536 / WORDS);
  });
});

describe('a choice by rank', () => {
  it('takes the best, and the first of equals', () => {
    const choice = new Choice();
    const pick = (ranks: readonly number[]): number => {
      choice.reset();
      ranks.forEach((rank, k) => {
        choice.considerRank(k, rank);
      });
      return choice.outcome;
    };
    expect(pick([1])).toBe(0);
    expect(pick([1, 3, 2, 3])).toBe(1);
    expect(pick([2, 2, 2])).toBe(0);
    expect(pick([1, 2, 3, 4])).toBe(3);
    expect(pick([4, 3, 2, 1])).toBe(0);
  });
});
