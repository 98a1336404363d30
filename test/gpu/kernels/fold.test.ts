import { it } from 'vitest';
import { createFold, recordFold } from '../../../src/kernels/fold.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { curatorRows, MAX_STENCIL, packSegments, segmentStarts } from './curators.ts';
import {
  expectFloats,
  nothingWritten,
  randomFloats,
  replicateRows,
  ROUNDOFF,
  untouched,
  useKernelLab,
} from './harness.ts';

const lab = useKernelLab();
const VARIANT_OF = [1, 0];
/** [variant][channel]: producer, curator. */
const CHANNELS = [
  [
    [0, 1],
    [0, 0],
    [0, 2],
  ],
  [
    [0, 2],
    [0, 1],
    [0, 1],
  ],
];
const STENCIL = [1, MAX_STENCIL, 1];

it.each([
  { name: 'one piece', lengths: [[1], [1], [1]], pass: 1, first: 0, count: 3 },
  { name: 'a full segment', lengths: [[32, 32], [32], [1, 2, 3]], pass: 1, first: 0, count: 3 },
  { name: 'empty segments', lengths: [[0, 5, 0], [0], [2, 0, 0, 4]], pass: 2, first: 1, count: 1 },
  {
    name: 'more segments than a workgroup',
    lengths: [new Array<number>(130).fill(7), new Array<number>(65).fill(32), [20, 1, 30]],
    pass: 2,
    first: 0,
    count: 3,
  },
])('$name', async ({ lengths, pass, first, count }) => {
  const random = createRandom(lengths[0].length);
  const starts = lengths.map(segmentStarts);
  const pieces = Math.max(...starts.map((list) => list[list.length - 1]));
  const most = Math.max(...lengths.map((list) => list.length));
  const partialStride = Math.max(pieces, most, 1) + 3;
  const cells = VARIANT_OF.length * CHANNELS[0].length * partialStride * MAX_STENCIL;
  // Masses behind a Lagrange stencil have both signs.
  const partial = randomFloats(random, cells, -0.2, 1);
  const expected = nothingWritten(cells);
  const tolerance = new Float64Array(cells);
  VARIANT_OF.forEach((variant, r) => {
    for (let channel = first; channel < first + count; channel++) {
      const curator = CHANNELS[variant][channel][1];
      const row = (r * CHANNELS[0].length + channel) * partialStride;
      for (let segment = 0; segment < lengths[curator].length; segment++) {
        for (let k = 0; k < STENCIL[curator]; k++) {
          let sum = 0;
          let size = 0;
          for (let piece = starts[curator][segment]; piece < starts[curator][segment + 1]; piece++) {
            sum += partial[(row + piece) * MAX_STENCIL + k];
            size += Math.abs(partial[(row + piece) * MAX_STENCIL + k]);
          }
          expected[(row + segment) * MAX_STENCIL + k] = sum;
          // n terms, each in at most n − 1 rounded sums.
          tolerance[(row + segment) * MAX_STENCIL + k] = lengths[curator][segment] * ROUNDOFF * size;
        }
      }
    }
  });
  // The other passes' segments differ, so that a wrong pass shows.
  const other = starts.map(() => [0, 1, 1]);
  const passes = [other, other, other];
  passes[pass] = starts;
  const kernel = await createFold(lab.context());
  const sizes = {
    outcomes: pieces,
    models: 1,
    replicates: VARIANT_OF.length,
    channels: CHANNELS[0].length,
    partialStride,
    curatorCount: STENCIL.length,
  };
  const written = await lab.run(
    kernel,
    {
      partial,
      channels: Uint32Array.from(CHANNELS.flat(2)),
      replicates: replicateRows(VARIANT_OF),
      curators: curatorRows(STENCIL.map((stencil) => ({ stencil }))),
      segments: packSegments(passes),
      next: untouched(cells),
    },
    (recorder, bound) =>
      recordFold(recorder, kernel, bound, sizes, { firstChannel: first, channelCount: count }, pass, most),
  );
  expectFloats(written.floats('next'), expected, (k) => tolerance[k]);
});
