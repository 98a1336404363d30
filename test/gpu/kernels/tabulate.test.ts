import { expect, it } from 'vitest';
import { createTabulate, recordTabulate } from '../../../src/kernels/tabulate.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { bitLength, randomBits, read64, write64 } from './exact.ts';
import { expectWords, untouched, useKernelLab } from './harness.ts';

const lab = useKernelLab();
const REPLICATES = 2;
const TABLES = 2;
const REAL_TABLES = 3;

interface Case {
  readonly outcomes: number;
  /** Bits of the total mass. */
  readonly bits: number;
  readonly first?: number;
  readonly count?: number;
}

/** Masses of random sizes, the last filled up so that the total has just so many bits. */
function masses(random: () => number, outcomes: number, bits: number): bigint[] {
  const total = randomBits(random, bits);
  let left = total;
  const list = Array.from({ length: outcomes }, (_, v) => {
    if (v === outcomes - 1) return left;
    let own = random() < 0.3 ? 0n : randomBits(random, Math.floor(random() * Math.max(bits - 8, 0)));
    if (own > left) own = 0n;
    left -= own;
    return own;
  });
  const largest = list.indexOf(list.reduce((a, b) => (a > b ? a : b)));
  // The heavy one goes to the middle, so that entries on both sides of it have to be right.
  const middle = outcomes >> 1;
  [list[middle], list[largest]] = [list[largest], list[middle]];
  return list;
}

it.each<Case>([
  { outcomes: 1, bits: 40 },
  { outcomes: 5, bits: 0 },
  { outcomes: 15, bits: 30 },
  { outcomes: 16, bits: 31 },
  { outcomes: 17, bits: 32 },
  { outcomes: 1023, bits: 33 },
  { outcomes: 1024, bits: 62 },
  { outcomes: 1025, bits: 63 },
  { outcomes: 3000, bits: 45 },
  { outcomes: 2100, bits: 52, first: 1, count: 1 },
])('$outcomes outcomes, a total of $bits bits', async ({ outcomes, bits, first = 0, count = TABLES }) => {
  const random = createRandom(1000 * bits + outcomes);
  const tiles = Math.ceil(outcomes / 1024);
  const weighed = new Uint32Array(2 * REPLICATES * TABLES * outcomes);
  const tileSums = new Uint32Array(2 * REPLICATES * TABLES * (tiles + 1));
  const expected = untouched((REAL_TABLES + REPLICATES * TABLES) * outcomes);
  const totals: number[] = [];
  for (let table = 0; table < REPLICATES * TABLES; table++) {
    masses(random, outcomes, bits).forEach((value, v) => write64(weighed, table * outcomes + v, value));
    let running = 0n;
    for (let v = 0; v <= outcomes; v++) {
      if (v % 1024 === 0 || v === outcomes) {
        write64(tileSums, table * (tiles + 1) + Math.ceil(v / 1024), running);
      }
      if (v < outcomes) running += read64(weighed, table * outcomes + v);
    }
    expect(bitLength(running)).toBe(bits);
    if (table % TABLES < first || table % TABLES >= first + count) continue;
    const shift = BigInt(Math.max(bits - 31, 0));
    running = 0n;
    for (let v = 0; v < outcomes; v++) {
      running += read64(weighed, table * outcomes + v);
      expected[(REAL_TABLES + table) * outcomes + v] = Number(running >> shift);
    }
    totals.push(Number(running >> shift));
  }
  const kernel = await createTabulate(lab.context());
  const sizes = {
    outcomes,
    models: 1,
    replicates: REPLICATES,
    replicateTables: TABLES,
    realTables: REAL_TABLES,
    tiles,
  };
  const written = await lab.run(
    kernel,
    { weighed, tile_sums: tileSums, tables: untouched(expected.length) },
    (recorder, bound) => recordTabulate(recorder, kernel, bound, sizes, first, count),
  );
  expectWords(written.words('tables'), expected);
  for (const total of totals) expect(total).toBeLessThan(2 ** 31);
});
