import { it } from 'vitest';
import { createSumTiles, recordSumTiles, SCAN_TILE } from '../../../src/kernels/sum_tiles.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { randomBits, read64, write64 } from './exact.ts';
import { expectWords, untouched, useKernelLab } from './harness.ts';

const lab = useKernelLab();
const REPLICATES = 2;
const TABLES = 3;

it.each([
  { outcomes: 1, first: 0, count: 3 },
  { outcomes: 63, first: 0, count: 3 },
  { outcomes: 1024, first: 0, count: 3 },
  { outcomes: 1025, first: 0, count: 3 },
  { outcomes: 3000, first: 1, count: 1 },
])('sums tiles of $outcomes outcomes in $count of three tables', async ({ outcomes, first, count }) => {
  const random = createRandom(outcomes);
  const tiles = Math.ceil(outcomes / 1024);
  const weighed = new Uint32Array(2 * REPLICATES * TABLES * outcomes);
  // Up to 51 bits each: even 3,000 of them carry into the high word and stay below 2^63.
  for (let k = 0; k < weighed.length / 2; k++) {
    write64(weighed, k, random() < 0.1 ? 0xffff_ffffn : randomBits(random, Math.floor(random() * 52)));
  }
  const expected = untouched(2 * REPLICATES * TABLES * (tiles + 1));
  for (let r = 0; r < REPLICATES; r++) {
    for (let t = first; t < first + count; t++) {
      const table = r * TABLES + t;
      for (let tile = 0; tile < tiles; tile++) {
        let sum = 0n;
        for (let v = tile * 1024; v < Math.min((tile + 1) * 1024, outcomes); v++) {
          sum += read64(weighed, table * outcomes + v);
        }
        write64(expected, table * (tiles + 1) + tile, sum);
      }
    }
  }
  const kernel = await createSumTiles(lab.context());
  const sizes = {
    outcomes,
    models: 1,
    replicates: REPLICATES,
    replicateTables: TABLES,
    realTables: 0,
    tiles: Math.ceil(outcomes / SCAN_TILE),
  };
  const written = await lab.run(
    kernel,
    { weighed, tile_sums: untouched(expected.length) },
    (recorder, bound) => recordSumTiles(recorder, kernel, bound, sizes, first, count),
  );
  expectWords(written.words('tile_sums'), expected);
});
