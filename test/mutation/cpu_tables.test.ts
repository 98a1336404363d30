/**
 * The integers of src/cpu/finite.ts against BigInt. A wrong bit in a table seldom changes a draw, so comparing the counts of
 * both backends does not show it.
 */
import { describe, expect, it } from 'vitest';
import { absorb, rebuildTable } from '../../src/cpu/finite.ts';
import type { FinitePlan, ReplicateTable } from '../../src/plan/finite_plan.ts';
import { TABLE_KIND } from '../../src/plan/finite_plan.ts';
import {
  bestRanked,
  bitLength,
  mass62,
  randomBits,
  randomWord,
  read64,
  tilted,
  write64,
} from '../gpu/kernels/exact.ts';
import { createRandom } from '../support/ecosystems.ts';

const OUTCOMES = 50;
const ORDER = { width: OUTCOMES, swapped: false };

/** Cumulative masses, shifted so that 31 bits of the total are left. */
function tableOf(masses: readonly bigint[]): number[] {
  const bits = bitLength(masses.reduce((sum, mass) => sum + mass, 0n));
  let running = 0n;
  return masses.map((mass) => {
    running += mass;
    return Number(running >> BigInt(Math.max(bits - 31, 0)));
  });
}

const random = createRandom(31);
const ROW = 3; // outcomes before this replicate's, everywhere
const weights = (spread: number): number[] =>
  Array.from(
    { length: OUTCOMES },
    () => (2 ** 21 + Math.floor(random() * 2 ** 21)) * 1024 + Math.floor(random() * spread),
  );
const codes = [
  weights(40),
  Array.from({ length: OUTCOMES }, () => 1 + Math.floor(random() * 6)),
  weights(1011),
];
const whole: FinitePlan = {
  models: Uint32Array.of(0, 1),
  sourceStart: new Uint32Array(3),
  variants: [],
  realTables: [],
  tables: [
    { kind: TABLE_KIND.finite, index: 1, base: 0, codes: new Uint32Array(2), order: ORDER },
    { kind: TABLE_KIND.limit, index: 2, base: 0, codes: new Uint32Array(2), order: ORDER },
    { kind: TABLE_KIND.tilt, index: 0, base: 0, codes: Uint32Array.of(1, 0), order: ORDER },
    { kind: TABLE_KIND.tiltArgmax, index: 1, base: 1, codes: Uint32Array.of(0, 1), order: ORDER },
    { kind: TABLE_KIND.tilt, index: 2, base: 1, codes: Uint32Array.of(1, 0), order: ORDER },
    { kind: TABLE_KIND.tilt, index: 3, base: 0, codes: Uint32Array.of(0, 2), order: ORDER },
    { kind: TABLE_KIND.tiltArgmax, index: 4, base: 0, codes: Uint32Array.of(0, 1), order: ORDER },
  ] satisfies ReplicateTable[],
  codeCurators: [],
  ownTableCount: 2,
  tiltCount: 5,
  absorbs: [true, true],
  poolTable: Int32Array.of(-1, -1),
  ownTable: Int32Array.of(-1, 0, 1),
  tiltsOf: [[], [2, 5, 6], [3, 4]],
  codes: codes.map((row) => Uint32Array.from(row)),
};

function rebuilt(massBits: number, plan: FinitePlan = whole) {
  const mass = new Uint32Array(2 * (ROW + 2 * OUTCOMES));
  const masses = Array.from({ length: OUTCOMES }, (_, v) => {
    const bits = v === OUTCOMES / 2 ? massBits : Math.floor(random() * massBits);
    const value = random() < 0.4 && v !== OUTCOMES / 2 ? 0n : randomBits(random, bits);
    write64(mass, ROW + OUTCOMES + v, value);
    return value;
  });
  const state = new Float64Array(ROW + 3 * OUTCOMES).map(() =>
    random() < 0.3 ? 0 : (random() / OUTCOMES) * 2 ** -Math.floor(random() * 60),
  );
  state[ROW + 2 * OUTCOMES + 7] = -1e-9; // rounding may leave a probability just outside [0, 1]
  const tables = new Uint32Array(ROW + plan.tables.length * OUTCOMES);
  const weighed = new Uint32Array(2 * OUTCOMES);
  for (let table = 0; table < plan.tables.length; table++) {
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
  const probabilities = Array.from(state.subarray(ROW + 2 * OUTCOMES));
  return { masses, limitMasses: probabilities.map(mass62), table };
}

describe('tables', () => {
  it.each([20, 33, 45, 57])('of a finite model whose masses have up to %d bits', (bits) => {
    const { masses, table } = rebuilt(bits);
    expect(table(0)).toEqual(tableOf(masses));
  });

  it('of a limit model in units of 2^−62', () => {
    const { limitMasses, table } = rebuilt(40);
    expect(table(1)).toEqual(tableOf(limitMasses));
  });

  it('of a limit model on one outcome', () => {
    const state = new Float64Array(ROW + 3 * OUTCOMES);
    state[ROW + 2 * OUTCOMES + 4] = 1 + 1e-6;
    const tables = new Uint32Array(ROW + whole.tables.length * OUTCOMES);
    const places = { massRow: ROW, stateRow: ROW, tableRow: ROW };
    const arrays = { mass: new Uint32Array(2 * (ROW + 2 * OUTCOMES)), state, tables };
    rebuildTable(whole, 1, 1, places, arrays, OUTCOMES, new Uint32Array(2 * OUTCOMES));
    expect(Array.from(tables.subarray(ROW + OUTCOMES, ROW + 2 * OUTCOMES))).toEqual(
      tableOf(Array.from({ length: OUTCOMES }, (_, v) => (v === 4 ? 2n ** 62n : 0n))),
    );
  });

  it.each([1, 20, 33, 50, 63])('tilted, from masses of up to %d bits', (bits) => {
    const { masses, table } = rebuilt(bits);
    expect(table(2)).toEqual(tableOf(tilted(masses, codes[0])));
    expect(table(5)).toEqual(tableOf(tilted(masses, codes[2])));
  });

  it('tilted, from a limit model', () => {
    const { limitMasses, table } = rebuilt(50);
    expect(table(4)).toEqual(tableOf(tilted(limitMasses, codes[0])));
  });

  it('of the best rank that has mass', () => {
    const { masses, limitMasses, table } = rebuilt(50);
    expect(table(3)).toEqual(tableOf(bestRanked(limitMasses, codes[1])));
    expect(table(6)).toEqual(tableOf(bestRanked(masses, codes[1])));
  });

  it('of the best rank, where its mass is whole samples', () => {
    const mass = new Uint32Array(2 * (ROW + 2 * OUTCOMES));
    const masses = codes[1].map((_, v) => BigInt(v % 3) << 32n);
    masses.forEach((value, v) => write64(mass, ROW + OUTCOMES + v, value));
    const tables = new Uint32Array(ROW + whole.tables.length * OUTCOMES);
    const places = { massRow: ROW, stateRow: ROW, tableRow: ROW };
    const arrays = { mass, state: new Float64Array(ROW + 3 * OUTCOMES), tables };
    rebuildTable(whole, 6, 1, places, arrays, OUTCOMES, new Uint32Array(2 * OUTCOMES));
    expect(Array.from(tables.subarray(ROW + 6 * OUTCOMES, ROW + 7 * OUTCOMES))).toEqual(
      tableOf(bestRanked(masses, codes[1])),
    );
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
      return (old * (2n ** 32n - BigInt(rate))) / 2n ** 32n + count * BigInt(rate);
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

describe('tables of conditional models', () => {
  const WIDTH = 10; // outcomes per block, of which there are 5
  const orders = [
    { width: WIDTH, swapped: false },
    { width: OUTCOMES / WIDTH, swapped: true },
  ];
  // Tables that start from table 0 go by rows, those of table 1 by columns.
  const conditional: FinitePlan = {
    ...whole,
    tables: whole.tables.map((one, index) => ({
      ...one,
      order: orders[one.kind === TABLE_KIND.limit || (index > 1 && one.base === 1) ? 1 : 0],
    })),
  };
  const byColumns = <T>(values: readonly T[]): T[] =>
    values.map((_, place) => values[(place % 5) * WIDTH + Math.floor(place / 5)]);
  const inBlocks = (width: number, make: (from: number, to: number) => number[]): number[] =>
    Array.from({ length: OUTCOMES / width }, (_, b) => make(b * width, (b + 1) * width)).flat();

  it.each([20, 45, 57])(
    'lie block by block, tilts on a scale of their own in each, masses of up to %d bits',
    (bits) => {
      const { masses, limitMasses, table } = rebuilt(bits, conditional);
      expect(table(0)).toEqual(tableOf(masses));
      const columns = byColumns(limitMasses);
      expect(table(1)).toEqual(tableOf(columns));
      const alive = (part: readonly bigint[]): boolean => part.some((mass) => mass > 0n);
      const tiltedWithin = (all: readonly bigint[], row: number) => (from: number, to: number) => {
        const part = all.slice(from, to);
        return tableOf(alive(part) ? tilted(part, codes[row].slice(from, to)) : part);
      };
      const bestWithin = (all: readonly bigint[]) => (from: number, to: number) => {
        const part = all.slice(from, to);
        return tableOf(alive(part) ? bestRanked(part, codes[1].slice(from, to)) : part);
      };
      expect(table(2)).toEqual(inBlocks(WIDTH, tiltedWithin(masses, 0)));
      expect(table(5)).toEqual(inBlocks(WIDTH, tiltedWithin(masses, 2)));
      expect(table(4)).toEqual(inBlocks(5, tiltedWithin(columns, 0)));
      expect(table(3)).toEqual(inBlocks(5, bestWithin(columns)));
      expect(table(6)).toEqual(inBlocks(WIDTH, bestWithin(masses)));
    },
  );

  it('of a finite model go by columns too', () => {
    const swapped = { ...whole, tables: whole.tables.map((one) => ({ ...one, order: orders[1] })) };
    const { masses, table } = rebuilt(33, swapped);
    expect(table(0)).toEqual(tableOf(byColumns(masses)));
  });
});
