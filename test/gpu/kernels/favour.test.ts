import { it } from 'vitest';
import { createFavour, recordFavour } from '../../../src/kernels/favour.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { expectWords, replicateRows, untouched, useKernelLab } from './harness.ts';

const lab = useKernelLab();
const VARIANT_OF = [0, 1];
const REPLICATE_TABLES = 3;
const REAL_TABLES = 2;
const ARGMAX = 1;
/** [variant][tilt]: the table it starts from, its row of codes, its rule. */
const TILTS = [
  [
    [0, 0, 0],
    [2, 1, ARGMAX],
    [1, 2, 0],
  ],
  [
    [1, 2, 0],
    [0, 1, ARGMAX],
    [2, 0, 0],
  ],
];

/** A cumulative table in which about half of the outcomes have no mass. */
function sparseTable(random: () => number, outcomes: number): number[] {
  let sum = 0;
  return Array.from(
    { length: outcomes },
    () => (sum += random() < 0.5 ? 0 : 1 + Math.floor(random() * 1000)),
  );
}

/** Smallest exponent among the outcomes that have mass, as 1024 − exponent; argmax: the highest rank; 0 for none. */
function bestCode(table: readonly number[], codes: readonly number[], rule: number): number {
  const alive = codes.filter((_, v) => table[v] > (v > 0 ? table[v - 1] : 0));
  if (alive.length === 0) return 0;
  if (rule === ARGMAX) return Math.max(...alive);
  return 1024 - Math.min(...alive.map((code) => code % 1024));
}

async function favoured(
  tables: readonly number[][],
  codes: readonly number[][],
  firstTilt: number,
  tiltCount: number,
) {
  const outcomes = codes[0].length;
  const kernel = await createFavour(lab.context());
  const sizes = {
    outcomes,
    models: 1,
    replicates: VARIANT_OF.length,
    replicateTables: REPLICATE_TABLES,
    realTables: REAL_TABLES,
    tilts: TILTS[0].length,
  };
  const written = await lab.run(
    kernel,
    {
      tables: Uint32Array.from(tables.flat()),
      codes: Uint32Array.from(codes.flat()),
      tilts: Uint32Array.from(TILTS.flat(1).flatMap((tilt) => [...tilt, 0])),
      replicates: replicateRows(VARIANT_OF),
      best: untouched(VARIANT_OF.length * TILTS[0].length),
    },
    (recorder, bound) => recordFavour(recorder, kernel, bound, sizes, firstTilt, tiltCount),
  );
  const expected = untouched(VARIANT_OF.length * TILTS[0].length);
  VARIANT_OF.forEach((variant, r) => {
    for (let t = firstTilt; t < firstTilt + tiltCount; t++) {
      const [base, row, rule] = TILTS[variant][t];
      const table = tables[REAL_TABLES + r * REPLICATE_TABLES + base];
      expected[r * TILTS[0].length + t] = bestCode(table, codes[row], rule);
    }
  });
  expectWords(written.words('best'), expected);
}

function randomCodes(random: () => number, outcomes: number): number[][] {
  const weights = (): number[] =>
    Array.from(
      { length: outcomes },
      () => (0x200000 + Math.floor(random() * 0x200000)) * 1024 + 12 + Math.floor(random() * 1000),
    );
  const ranks = Array.from({ length: outcomes }, () => 1 + Math.floor(random() * outcomes));
  return [weights(), ranks, weights()];
}

it.each([
  [1, 0, 3],
  [63, 0, 3],
  [64, 1, 1],
  [65, 0, 3],
  [500, 1, 2],
])('%i outcomes, %i tilts skipped, %i served', async (outcomes, firstTilt, tiltCount) => {
  const random = createRandom(outcomes);
  const tables = Array.from({ length: REAL_TABLES + VARIANT_OF.length * REPLICATE_TABLES }, () =>
    sparseTable(random, outcomes),
  );
  await favoured(tables, randomCodes(random, outcomes), firstTilt, tiltCount);
});

it('ignores the outcomes a producer cannot draw, the best of all among them', async () => {
  const outcomes = 130;
  const codes = randomCodes(createRandom(5), outcomes);
  // The mass lies on outcome 70 alone: it is best, whatever its code.
  const table = Array.from({ length: outcomes }, (_, v) => (v < 70 ? 0 : 9));
  const tables = Array.from({ length: REAL_TABLES + VARIANT_OF.length * REPLICATE_TABLES }, () => table);
  await favoured(tables, codes, 0, 3);
});

it('answers 0 for a table without mass', async () => {
  const outcomes = 70;
  const tables = Array.from({ length: REAL_TABLES + VARIANT_OF.length * REPLICATE_TABLES }, () =>
    new Array<number>(outcomes).fill(0),
  );
  await favoured(tables, randomCodes(createRandom(6), outcomes), 0, 3);
});
