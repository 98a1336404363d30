/**
 * The integers of src/cpu/finite.ts against BigInt. A wrong bit in a table seldom changes a draw, so comparing the counts of
 * both backends does not show it.
 */
import { describe, expect, it } from 'vitest';
import { absorb, rebuildTable } from '../../src/cpu/finite.ts';
import type { FinitePlan, ReplicateTable } from '../../src/plan/finite_plan.ts';
import { TABLE_KIND } from '../../src/plan/finite_plan.ts';
import { randomBits, randomWord, read64, write64 } from '../gpu/kernels/exact.ts';
import { createRandom } from '../support/ecosystems.ts';

const OUTCOMES = 50;

/** Cumulative masses, shifted so that 31 bits of the total are left. */
function tableOf(masses: readonly bigint[]): number[] {
  const bits = masses.reduce((sum, mass) => sum + mass, 0n).toString(2).length;
  let running = 0n;
  return masses.map((mass) => {
    running += mass;
    return Number(running >> BigInt(Math.max(bits - 31, 0)));
  });
}

const random = createRandom(31);
const ROW = 3; // outcomes before this replicate's, everywhere
const codes = [
  Array.from(
    { length: OUTCOMES },
    () => (2 ** 21 + Math.floor(random() * 2 ** 21)) * 1024 + 12 + Math.floor(random() * 40),
  ),
  Array.from({ length: OUTCOMES }, () => 1 + Math.floor(random() * 6)),
];
const plan: FinitePlan = {
  models: Uint32Array.of(0, 1),
  sourceStart: new Uint32Array(3),
  variants: [],
  realTables: [],
  tables: [
    { kind: TABLE_KIND.finite, index: 1, base: 0, codes: new Uint32Array(2) },
    { kind: TABLE_KIND.limit, index: 2, base: 0, codes: new Uint32Array(2) },
    { kind: TABLE_KIND.tilt, index: 0, base: 0, codes: Uint32Array.of(1, 0) },
    { kind: TABLE_KIND.tiltArgmax, index: 1, base: 1, codes: Uint32Array.of(0, 1) },
  ] satisfies ReplicateTable[],
  ownTableCount: 2,
  ownTable: Int32Array.of(-1, 0, 1),
  tiltsOf: [[], [2], [3]],
  codes: codes.map((row) => Uint32Array.from(row)),
};

function rebuilt(massBits: number) {
  const mass = new Uint32Array(2 * (ROW + 2 * OUTCOMES));
  const masses = Array.from({ length: OUTCOMES }, (_, v) => {
    const value = random() < 0.4 ? 0n : randomBits(random, Math.floor(random() * massBits));
    write64(mass, ROW + OUTCOMES + v, value);
    return value;
  });
  const state = new Float64Array(ROW + 3 * OUTCOMES).map(() => (random() < 0.4 ? 0 : random()));
  const tables = new Uint32Array(ROW + 4 * OUTCOMES);
  const weighed = new Uint32Array(2 * OUTCOMES);
  for (let table = 0; table < 4; table++) {
    rebuildTable(
      plan,
      table,
      1,
      { massRow: ROW, stateRow: ROW, tableRow: ROW },
      { mass, state, tables },
      OUTCOMES,
      weighed,
    );
  }
  const table = (index: number) =>
    Array.from(tables.subarray(ROW + index * OUTCOMES, ROW + (index + 1) * OUTCOMES));
  return { masses, state, table };
}

function stepsOf(table: readonly number[]): bigint[] {
  return table.map((value, v) => BigInt(value - (v > 0 ? table[v - 1] : 0)));
}

describe('tables', () => {
  it.each([20, 33, 45, 57])('of a finite model whose masses have up to %d bits', (bits) => {
    const { masses, table } = rebuilt(bits);
    expect(table(0)).toEqual(tableOf(masses));
  });

  it('of a limit model in units of 2^−30', () => {
    const { state, table } = rebuilt(40);
    const own = Array.from(state.subarray(ROW + 2 * OUTCOMES));
    expect(table(1)).toEqual(tableOf(own.map((p) => BigInt(Math.floor(Math.fround(p) * 2 ** 30)))));
  });

  it('tilted by weights relative to the best outcome that has mass', () => {
    const { table } = rebuilt(50);
    const own = stepsOf(table(0));
    const exponent = codes[0].map((code) => code % 1024);
    const smallest = Math.min(...exponent.filter((_, v) => own[v] > 0n));
    expect(table(2)).toEqual(
      tableOf(
        own.map((mass, v) => {
          const behind = exponent[v] - smallest;
          if (mass === 0n) return 0n;
          return (mass * BigInt(Math.floor(codes[0][v] / 1024)) * 1024n) >> BigInt(behind);
        }),
      ),
    );
  });

  it('of the best rank that has mass', () => {
    const { table } = rebuilt(50);
    const own = stepsOf(table(1));
    const best = Math.max(...codes[1].filter((_, v) => own[v] > 0n));
    expect(table(3)).toEqual(tableOf(own.map((mass, v) => (codes[1][v] === best ? mass : 0n))));
  });
});

describe('absorb', () => {
  it.each([0, 1, 0x40000000, 0xffffffff])('keeps masses exactly at a rate of %d/2^32', (rate) => {
    const population = 1000;
    const counts = Uint32Array.from({ length: ROW + OUTCOMES }, () => Math.floor(random() * population));
    const mass = new Uint32Array(2 * (ROW + OUTCOMES));
    const state = new Float64Array(5 + OUTCOMES);
    const expected = Array.from({ length: OUTCOMES }, (_, v) => {
      const old = (BigInt(Math.floor(random() * population)) << 32n) | BigInt(randomWord(random));
      write64(mass, ROW + v, old);
      const count = BigInt(counts[ROW + v]);
      if (rate === 0) return count << 32n;
      return old - ((old * BigInt(rate)) >> 32n) + count * BigInt(rate);
    });
    absorb(counts, mass, state, 5, ROW, OUTCOMES, population, rate);
    expect(expected.map((_, v) => read64(mass, ROW + v))).toEqual(expected);
    // Exact in float64 up to its own rounding.
    expected.forEach((value, v) => {
      expect(state[5 + v]).toBeCloseTo(Number(value) / 2 ** 32 / population, 14);
    });
    expect(state.subarray(0, 5)).toEqual(new Float64Array(5));
  });
});
