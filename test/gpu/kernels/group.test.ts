import { it } from 'vitest';
import { createGroup, recordGroup } from '../../../src/kernels/group.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { curatorRows, lagrange, MAX_STENCIL, packSegments, segmentStarts } from './curators.ts';
import {
  expectFloats,
  floatBits,
  nothingWritten,
  randomFloats,
  replicateRows,
  ROUNDOFF,
  untouched,
  useKernelLab,
} from './harness.ts';

const lab = useKernelLab();
const VARIANT_OF = [0, 1, 1];
const MODELS = 3;
/** [variant][channel]: producer, curator. Curator 1 lies on a reward grid, the others on distinct rewards. */
const CHANNELS = [
  [
    [0, 0],
    [1, 1],
    [2, 2],
  ],
  [
    [2, 1],
    [0, 2],
    [1, 0],
  ],
];
const STENCIL = [1, MAX_STENCIL, 1];

/** Cuts `items` into pieces of at most 32, some of them empty. */
function pieces(random: () => number, items: number): number[] {
  const lengths: number[] = [];
  for (let left = items; left > 0;) {
    const length = random() < 0.15 ? 0 : Math.min(left, 1 + Math.floor(random() * 32));
    lengths.push(length);
    left -= length;
  }
  return lengths;
}

it.each([
  { outcomes: 1, first: 0, count: 3, gap: 0 },
  { outcomes: 32, first: 0, count: 3, gap: 2 },
  { outcomes: 257, first: 1, count: 2, gap: 0 },
  { outcomes: 3000, first: 0, count: 3, gap: 5 },
])(
  'masses of pieces, $outcomes outcomes, $count of three channels',
  async ({ outcomes, first, count, gap }) => {
    const random = createRandom(outcomes);
    const state = randomFloats(random, VARIANT_OF.length * MODELS * outcomes, 0, 2 / outcomes);
    for (let k = 0; k < state.length; k += 3) state[k] = 0;
    // Every curator has an order and a partition of its own.
    const order = STENCIL.map(() =>
      Array.from({ length: outcomes }, (_, v) => ({ v, key: random() }))
        .sort((a, b) => a.key - b.key)
        .map(({ v }) => v),
    );
    // Positions of all of a stencil, its ends included.
    const position = order.map((list) => list.map((_, k) => (k === 0 ? 0 : Math.fround(5 * random()))));
    const items = order.flatMap((list, c) => list.flatMap((v, k) => [v, floatBits(position[c][k])]));
    const cut = STENCIL.map((_, c) => segmentStarts(c === 2 ? [outcomes] : pieces(random, outcomes)));
    const most = Math.max(...cut.map((starts) => starts.length - 1));
    const partialStride = most + gap;
    const cells = VARIANT_OF.length * CHANNELS[0].length * partialStride * MAX_STENCIL;
    const expected = nothingWritten(cells);
    const tolerance = new Float64Array(cells);
    VARIANT_OF.forEach((variant, r) => {
      for (let channel = first; channel < first + count; channel++) {
        const [producer, curator] = CHANNELS[variant][channel];
        for (let piece = 0; piece + 1 < cut[curator].length; piece++) {
          for (let k = 0; k < STENCIL[curator]; k++) {
            let sum = 0;
            let size = 0;
            for (let item = cut[curator][piece]; item < cut[curator][piece + 1]; item++) {
              const p = state[(r * MODELS + producer) * outcomes + order[curator][item]];
              const term = STENCIL[curator] === 1 ? p : p * lagrange(position[curator][item], k);
              sum += term;
              size += Math.abs(term);
            }
            const at = ((r * CHANNELS[0].length + channel) * partialStride + piece) * MAX_STENCIL + k;
            expected[at] = sum;
            // A Lagrange weight is five differences (1u), quotients (5u) and products (1u), then one product with p;
            // n terms add n − 1 roundings.
            const each = STENCIL[curator] === 1 ? 0 : 36;
            tolerance[at] = (each + cut[curator][piece + 1] - cut[curator][piece]) * ROUNDOFF * size;
          }
        }
      }
    });
    const kernel = await createGroup(lab.context());
    const sizes = {
      outcomes,
      models: MODELS,
      replicates: VARIANT_OF.length,
      channels: CHANNELS[0].length,
      partialStride,
    };
    const written = await lab.run(
      kernel,
      {
        state,
        channels: Uint32Array.from(CHANNELS.flat(2)),
        replicates: replicateRows(VARIANT_OF),
        curators: curatorRows(STENCIL.map((stencil) => ({ stencil }))),
        items: Uint32Array.from(items),
        segments: packSegments([cut, cut.map(() => [0, 1])]),
        partial: untouched(cells),
      },
      (recorder, bound) =>
        recordGroup(recorder, kernel, bound, sizes, { firstChannel: first, channelCount: count }, most),
    );
    expectFloats(written.floats('partial'), expected, (k) => tolerance[k]);
  },
);
