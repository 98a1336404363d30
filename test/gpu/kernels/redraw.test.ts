import { it } from 'vitest';
import type { Tuning } from '../../../src/kernels/context.ts';
import { createRedraw, recordRedraw } from '../../../src/kernels/redraw.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { mulHigh, philox } from './exact.ts';
import { expectWords, replicateRows, useKernelLab } from './harness.ts';

const lab = useKernelLab();
const VARIANT_OF = [1, 0, 1];
const FIRST_STREAM = 40;
const FINITE_MODELS = 3;
const REAL_TABLES = 2;
const TABLES = 4;
/** Finite model, model, table of the pool. */
const POOLS = [
  [0, 5, 3],
  [2, 1, 1],
];
const POPULATIONS = [
  [70, 1000, 3],
  [1, 50, 6000],
];
const ROUND = 77;
const SEED = 0xfedcba98;
const REDRAW = 4 * 2 ** 24;
const OLD_COUNT = 7;

it.each<{ outcomes: number; first: number; count: number; tuning?: Partial<Tuning> }>([
  { outcomes: 1, first: 0, count: 2 },
  { outcomes: 40, first: 0, count: 2 },
  { outcomes: 40, first: 0, count: 2, tuning: { workgroup: 32, localOutcomes: 1 } },
  { outcomes: 33, first: 1, count: 1 },
  { outcomes: 700, first: 0, count: 1, tuning: { localOutcomes: 100 } },
])('draws from $count pools over $outcomes outcomes', async ({ outcomes, first, count, tuning }) => {
  const random = createRandom(outcomes + first);
  const rows = REAL_TABLES + VARIANT_OF.length * TABLES;
  const tables = new Uint32Array(rows * outcomes);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let v = 0; v < outcomes; v++) {
      sum += random() < 0.3 ? 0 : Math.floor((random() * 2 ** 31) / outcomes); // some outcomes have no mass
      tables[row * outcomes + v] = sum;
    }
    if (sum === 0) tables[row * outcomes + outcomes - 1] = 1;
  }
  const expected = new Uint32Array(VARIANT_OF.length * FINITE_MODELS * outcomes).fill(OLD_COUNT);
  VARIANT_OF.forEach((variant, r) => {
    for (const [f, model, table] of POOLS.slice(first, first + count)) {
      const row = (REAL_TABLES + r * TABLES + table) * outcomes;
      const cumulative = Array.from(tables.subarray(row, row + outcomes));
      for (let sample = 0; sample < POPULATIONS[variant][f]; sample++) {
        const [word] = philox([sample, ROUND, model, REDRAW], [SEED, FIRST_STREAM + r]);
        const draw = mulHigh(word, cumulative[outcomes - 1]);
        expected[(r * FINITE_MODELS + f) * outcomes + cumulative.findIndex((value) => value > draw)] += 1;
      }
    }
  });
  const kernel = await createRedraw(lab.context(tuning), outcomes);
  const sizes = {
    outcomes,
    models: 6,
    replicates: VARIANT_OF.length,
    finiteModels: FINITE_MODELS,
    replicateTables: TABLES,
    realTables: REAL_TABLES,
    seed: SEED,
  };
  const largest = Math.max(...POPULATIONS.flat());
  const written = await lab.run(
    kernel,
    {
      tables,
      pools: Uint32Array.from(POOLS.flat()),
      finite: Uint32Array.from(
        POPULATIONS.flatMap((row) => row.flatMap((population) => [9, population, 9, 9])),
      ),
      replicates: replicateRows(VARIANT_OF, FIRST_STREAM),
      counts: new Uint32Array(expected.length).fill(OLD_COUNT),
    },
    (recorder, bound) => recordRedraw(recorder, kernel, bound, sizes, first, count, largest, ROUND),
  );
  expectWords(written.words('counts'), expected);
});
