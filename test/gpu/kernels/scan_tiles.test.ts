import { it } from 'vitest';
import { createScanTiles, recordScanTiles } from '../../../src/kernels/scan_tiles.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { randomBits, read64, write64 } from './exact.ts';
import { expectWords, useKernelLab } from './harness.ts';

const lab = useKernelLab();

it.each([
  { tiles: 1, replicates: 1, tables: 1, first: 0, count: 1 },
  { tiles: 2, replicates: 3, tables: 5, first: 1, count: 3 },
  { tiles: 37, replicates: 2, tables: 130, first: 0, count: 130 },
  { tiles: 300, replicates: 2, tables: 70, first: 3, count: 66 },
])(
  'scans $tiles tiles of $count among $tables tables, $replicates replicates',
  async ({ tiles, replicates, tables, first, count }) => {
    const random = createRandom(tiles);
    const before = new Uint32Array(2 * replicates * tables * (tiles + 1));
    // Up to 54 bits: the sum of 300 stays below 2^63, most sums carry.
    for (let k = 0; k < before.length / 2; k++)
      write64(before, k, randomBits(random, Math.floor(random() * 55)));
    const expected = before.slice();
    for (let r = 0; r < replicates; r++) {
      for (let t = first; t < first + count; t++) {
        const row = (r * tables + t) * (tiles + 1);
        let running = 0n;
        for (let tile = 0; tile <= tiles; tile++) {
          write64(expected, row + tile, running);
          running += read64(before, row + tile);
        }
      }
    }
    const kernel = await createScanTiles(lab.context());
    const sizes = { outcomes: 1024 * tiles, models: 1, replicates, replicateTables: tables, tiles };
    const written = await lab.run(kernel, { tile_sums: before }, (recorder, bound) =>
      recordScanTiles(recorder, kernel, bound, sizes, first, count),
    );
    expectWords(written.words('tile_sums'), expected);
  },
);
