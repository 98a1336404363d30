/** Philox4x32-10 against published answers, and the 64-bit product it rests on against exact integers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulHigh, philox4x32, philoxInto, PURPOSE } from '../../src/random/philox.ts';

const WORD = 2 ** 32 - 1;
const word = fc.oneof(
  fc.integer({ min: 0, max: WORD }),
  fc.constantFrom(0, 1, 0xffff, 0x10000, 2 ** 31, WORD),
);
const KEY = 20_260_611; // fast-check's seed, so that every run tries the same numbers

function exactHigh(a: number, b: number): number {
  return Number((BigInt(a) * BigInt(b)) >> 32n);
}

/** Philox4x32-10 once more, from its definition, in exact integers. */
function exactPhilox(counter: readonly number[], key: readonly number[]): number[] {
  const mask = 0xffffffffn;
  let [c0, c1, c2, c3] = counter.map(BigInt);
  let [k0, k1] = key.map(BigInt);
  for (let round = 0; round < 10; round++) {
    const left = 0xd2511f53n * c0;
    const right = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(right >> 32n) ^ c1 ^ k0, right & mask, (left >> 32n) ^ c3 ^ k1, left & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return [c0, c1, c2, c3].map(Number);
}

describe('Philox4x32-10', () => {
  // kat_vectors of Random123 (Salmon, Moraes, Dror and Shaw, SC 2011).
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [WORD, WORD, WORD, WORD],
      [WORD, WORD],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('counter %j, key %j', (counter, key, expected) => {
    expect(Array.from(philox4x32(counter, key))).toEqual(expected);
    expect(exactPhilox(counter, key)).toEqual(expected);
  });

  it('agrees with its definition in exact integers', () => {
    const block = fc.tuple(word, word, word, word);
    const property = fc.property(block, fc.tuple(word, word), (counter, key) => {
      expect(Array.from(philox4x32(counter, key))).toEqual(exactPhilox(counter, key));
    });
    fc.assert(property, { seed: KEY, numRuns: 1000 });
  });

  it('writes into an array of the caller', () => {
    const out = new Uint32Array(4);
    philoxInto(out, 1, 2, 3, 4, 5, 6);
    expect(out).toEqual(philox4x32([1, 2, 3, 4], [5, 6]));
  });
});

describe('mulHigh', () => {
  it('is the high word of the exact product', () => {
    const property = fc.property(word, word, (a, b) => {
      expect(mulHigh(a, b)).toBe(exactHigh(a, b));
    });
    fc.assert(property, { seed: KEY, numRuns: 5000 });
  });

  it('is exact at all pairs of corners', () => {
    const corners = [0, 1, 2, 0x7fff, 0xffff, 0x10000, 0x10001, 2 ** 31 - 1, 2 ** 31, WORD - 1, WORD];
    for (const a of corners) for (const b of corners) expect(mulHigh(a, b)).toBe(exactHigh(a, b));
  });
});

describe('purposes of random words', () => {
  it('differ in the top byte of the last counter word alone, which block numbers never reach', () => {
    const purposes = Object.values(PURPOSE);
    expect(new Set(purposes.map((purpose) => purpose >>> 24)).size).toBe(purposes.length);
    const largestBlock = 65_536 >>> 1; // two candidates a block
    for (const purpose of purposes) expect((purpose | largestBlock) >>> 24).toBe(purpose >>> 24);
  });
});
