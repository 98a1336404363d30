import { it } from 'vitest';
import { createMixSparse, recordMixSparse } from '../../../src/kernels/mix_sparse.ts';
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
const CURATED_BIT = 2 ** 31;

interface Case {
  readonly outcomes: number;
  readonly models: number;
  readonly channels: number;
  /** Edges of each consumer, in turn. */
  readonly degree: readonly number[];
  readonly first?: number;
  readonly count?: number;
}

it.each<Case>([
  { outcomes: 1, models: 1, channels: 0, degree: [1] },
  { outcomes: 65, models: 3, channels: 2, degree: [4, 0, 7] },
  { outcomes: 64, models: 6, channels: 9, degree: [3, 5], first: 2, count: 3 },
  { outcomes: 500, models: 70, channels: 40, degree: [1, 30, 0, 2] },
])('$models models, $channels channels, $outcomes outcomes', async (shape) => {
  const { outcomes, models, channels, degree, first = 0, count = models } = shape;
  const random = createRandom(outcomes + models);
  const replicates = VARIANT_OF.length;
  const start = [0];
  for (let i = 0; i < models; i++) start.push(start[i] + degree[i % degree.length]);
  const edgeCount = start[models];
  const edges = Array.from({ length: edgeCount }, () => {
    const curated = channels > 0 && random() < 0.5;
    return { curated, source: Math.floor(random() * (curated ? channels : models)) };
  });
  const realRow = Array.from({ length: models }, () => Math.floor(random() * 3));
  const sampled = Array.from({ length: models }, (_, i) => (i % 5 === 3 ? 1 : 0));
  const state = randomFloats(random, replicates * models * outcomes);
  const curated = randomFloats(random, Math.max(replicates * channels * outcomes, 1));
  const references = randomFloats(random, 3 * outcomes);
  const weightStride = 2 * models + edgeCount;
  const weights = randomFloats(random, VARIANTS * weightStride);
  const expected = nothingWritten(replicates * models * outcomes);
  VARIANT_OF.forEach((variant, r) => {
    const row = variant * weightStride;
    for (let i = first; i < first + count; i++) {
      if (sampled[i] === 1) continue;
      for (let v = 0; v < outcomes; v++) {
        let sum = weights[row + i] * references[realRow[i] * outcomes + v];
        for (let e = start[i]; e < start[i + 1]; e++) {
          const { source } = edges[e];
          const share = edges[e].curated
            ? curated[(r * channels + source) * outcomes + v]
            : state[(r * models + source) * outcomes + v];
          sum += weights[row + 2 * models + e] * share;
        }
        expected[(r * models + i) * outcomes + v] = sum;
      }
    }
  });
  const kernel = await createMixSparse(lab.context());
  const sizes = { outcomes, models, replicates, channels, weightStride };
  const written = await lab.run(
    kernel,
    {
      state,
      curated,
      references,
      consumers: Uint32Array.from(realRow.flatMap((row, i) => [start[i], start[i + 1], row, sampled[i]])),
      edges: Uint32Array.from(edges, (edge) => edge.source + (edge.curated ? CURATED_BIT : 0)),
      weights,
      replicates: replicateRows(VARIANT_OF),
      mixed: untouched(expected.length),
    },
    (recorder, bound) => recordMixSparse(recorder, kernel, bound, sizes, first, count),
  );
  // All terms are positive; each is one product and then in at most `degree` sums.
  const terms = Math.max(...degree) + 1;
  expectFloats(written.floats('mixed'), expected, (k) => terms * ROUNDOFF * expected[k]);
});
