import { it } from 'vitest';
import { createSpread, recordSpread } from '../../../src/kernels/spread.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { curatorRows, lagrange, MAX_STENCIL } from './curators.ts';
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
const VARIANT_OF = [1, 0, 1];
const MODELS = 2;
const NODES = 19;
const NODE_STRIDE = 23;
/** [variant][channel]: producer, curator; curator 1 lies on a reward grid. */
const CHANNELS = [
  [
    [0, 0],
    [1, 1],
    [1, 0],
  ],
  [
    [1, 1],
    [0, 0],
    [0, 1],
  ],
];
const STENCIL = [1, MAX_STENCIL];

it.each([
  { outcomes: 1, first: 0, count: 3 },
  { outcomes: 64, first: 1, count: 2 },
  { outcomes: 65, first: 0, count: 1 },
  { outcomes: 1000, first: 0, count: 3 },
])('p∘H for $outcomes outcomes, $count of three channels', async ({ outcomes, first, count }) => {
  const random = createRandom(outcomes);
  const channelCount = CHANNELS[0].length;
  const state = randomFloats(random, VARIANT_OF.length * MODELS * outcomes);
  for (let k = 0; k < state.length; k += 4) state[k] = 0;
  const ratio = randomFloats(random, VARIANT_OF.length * channelCount * NODE_STRIDE, 0, 3);
  // Steep enough for some interpolations to fall below zero, which must not come through.
  for (let k = 0; k < ratio.length; k++) if (k % 5 < 2) ratio[k] = 0;
  const stencils = STENCIL.flatMap((stencil) =>
    Array.from({ length: outcomes }, () => ({
      node: Math.floor(random() * (NODES - stencil + 1)),
      position: Math.fround(5 * random()),
    })),
  );
  const expected = nothingWritten(VARIANT_OF.length * channelCount * outcomes);
  const tolerance = new Float64Array(expected.length);
  VARIANT_OF.forEach((variant, r) => {
    for (let channel = first; channel < first + count; channel++) {
      const [producer, curator] = CHANNELS[variant][channel];
      for (let v = 0; v < outcomes; v++) {
        const p = state[(r * MODELS + producer) * outcomes + v];
        const { node, position } = stencils[curator * outcomes + v];
        const at = (r * channelCount + channel) * NODE_STRIDE + node;
        let h = 0;
        let size = 0;
        for (let k = 0; k < STENCIL[curator]; k++) {
          const term = STENCIL[curator] === 1 ? ratio[at] : ratio[at + k] * lagrange(position, k);
          h += term;
          size += Math.abs(term);
        }
        expected[(r * channelCount + channel) * outcomes + v] = p * Math.max(h, 0);
        // 35u for a Lagrange weight (see group.test.ts), a product and six sums, and the product with p.
        tolerance[(r * channelCount + channel) * outcomes + v] =
          (STENCIL[curator] === 1 ? 1 : 43) * ROUNDOFF * p * size;
      }
    }
  });
  const kernel = await createSpread(lab.context());
  const sizes = {
    outcomes,
    models: MODELS,
    replicates: VARIANT_OF.length,
    channels: channelCount,
    nodeStride: NODE_STRIDE,
  };
  const written = await lab.run(
    kernel,
    {
      state,
      channels: Uint32Array.from(CHANNELS.flat(2)),
      replicates: replicateRows(VARIANT_OF),
      curators: curatorRows(STENCIL.map((stencil) => ({ stencil }))),
      stencils: Uint32Array.from(stencils.flatMap(({ node, position }) => [node, floatBits(position)])),
      ratio,
      curated: untouched(expected.length),
    },
    (recorder, bound) =>
      recordSpread(recorder, kernel, bound, sizes, { firstChannel: first, channelCount: count }),
  );
  expectFloats(written.floats('curated'), expected, (k) => tolerance[k]);
});
