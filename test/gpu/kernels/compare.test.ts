import { expect, it } from 'vitest';
import { COMPARE_GROUPS, createCompare, recordCompare } from '../../../src/kernels/compare.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { expectFloats, nothingWritten, randomFloats, ROUNDOFF, untouched, useKernelLab } from './harness.ts';

const lab = useKernelLab();
const LANES = 64;

it.each([
  { models: 1, outcomes: 5, replicates: 2, firstPartial: 0 }, // no pair at all
  { models: 2, outcomes: 1, replicates: 1, firstPartial: 0 },
  { models: 3, outcomes: 63, replicates: 3, firstPartial: 128 },
  { models: 7, outcomes: 1300, replicates: 2, firstPartial: 64 }, // more items than 64 × 64 threads
  { models: 90, outcomes: 10, replicates: 1, firstPartial: 0 },
])(
  'distances between $models models over $outcomes outcomes',
  async ({ models, outcomes, replicates, firstPartial }) => {
    const random = createRandom(models * outcomes);
    const current = randomFloats(random, replicates * models * outcomes);
    const kernel = await createCompare(lab.context());
    const length = firstPartial + (replicates + 1) * COMPARE_GROUPS;
    const written = await lab.run(kernel, { current, sums: untouched(length) }, (recorder, bound) =>
      recordCompare(recorder, kernel, bound, { outcomes, models, replicates }, firstPartial),
    );
    const sums = written.floats('sums');
    const expected = nothingWritten(length);
    for (let r = 0; r < replicates; r++) {
      let total = 0;
      for (let i = 0; i < models; i++) {
        for (let j = i + 1; j < models; j++) {
          for (let v = 0; v < outcomes; v++) {
            total += Math.abs(
              current[(r * models + i) * outcomes + v] - current[(r * models + j) * outcomes + v],
            );
          }
        }
      }
      const from = firstPartial + r * COMPARE_GROUPS;
      let got = 0;
      for (let group = 0; group < COMPARE_GROUPS; group++) got += sums[from + group];
      // One difference, a sum over models, one over a lane's items, one over the lanes.
      const additions = 1 + models + Math.ceil((models * outcomes) / (LANES * COMPARE_GROUPS)) + LANES;
      expect(Math.abs(got - total)).toBeLessThanOrEqual(additions * ROUNDOFF * total);
      for (let group = 0; group < COMPARE_GROUPS; group++) expected[from + group] = sums[from + group];
    }
    expectFloats(sums, expected, () => 0); // and nothing outside
  },
);
