import { it } from 'vitest';
import { createMixDense, recordMixDense } from '../../../src/kernels/mix_dense.ts';
import { createRandom } from '../../support/ecosystems.ts';
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
const VARIANTS = 2;

it.each([
  { models: 1, channels: 0, outcomes: 1 },
  { models: 16, channels: 16, outcomes: 32 }, // whole steps and tiles
  { models: 17, channels: 0, outcomes: 33 },
  { models: 33, channels: 30, outcomes: 70 },
  { models: 70, channels: 5, outcomes: 31 },
])('$models models, $channels channels, $outcomes outcomes', async ({ models, channels, outcomes }) => {
  const random = createRandom(models * 100 + outcomes);
  const replicates = VARIANT_OF.length;
  const sources = models + channels;
  const state = randomFloats(random, replicates * models * outcomes);
  const curated = randomFloats(random, Math.max(replicates * channels * outcomes, 1));
  const references = randomFloats(random, 3 * outcomes);
  const matrix = randomFloats(random, VARIANTS * models * sources);
  for (let k = 0; k < matrix.length; k += 7) matrix[k] = 0;
  const weightStride = 2 * models + 11;
  const weights = randomFloats(random, VARIANTS * weightStride);
  const realRow = Array.from({ length: models }, () => Math.floor(random() * 3));
  const sampled = Array.from({ length: models }, (_, i) => (i % 6 === 4 ? 1 : 0));
  const expected = nothingWritten(replicates * models * outcomes);
  VARIANT_OF.forEach((variant, r) => {
    for (let i = 0; i < models; i++) {
      if (sampled[i] === 1) continue;
      for (let v = 0; v < outcomes; v++) {
        let sum = weights[variant * weightStride + i] * references[realRow[i] * outcomes + v];
        for (let j = 0; j < sources; j++) {
          const share =
            j < models
              ? state[(r * models + j) * outcomes + v]
              : curated[(r * channels + j - models) * outcomes + v];
          sum += matrix[(variant * models + i) * sources + j] * share;
        }
        expected[(r * models + i) * outcomes + v] = sum;
      }
    }
  });
  const kernel = await createMixDense(lab.context());
  const sizes = { outcomes, models, replicates, channels, weightStride };
  const written = await lab.run(
    kernel,
    {
      state,
      curated,
      references,
      consumers: Uint32Array.from(realRow.flatMap((row, i) => [0, 0, row, sampled[i]])),
      matrix,
      weights,
      replicates: replicateRows(VARIANT_OF),
      mixed: untouched(expected.length),
    },
    (recorder, bound) => recordMixDense(recorder, kernel, bound, sizes),
  );
  // All terms are positive; each is one product and then in at most `sources` sums.
  expectFloats(written.floats('mixed'), expected, (k) => (sources + 1) * ROUNDOFF * expected[k]);
});
