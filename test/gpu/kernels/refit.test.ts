import { it } from 'vitest';
import { createRefit, recordRefit } from '../../../src/kernels/refit.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { expectFloats, randomFloats, replicateRows, ROUNDOFF, useKernelLab } from './harness.ts';

const lab = useKernelLab();
const VARIANT_OF = [1, 0, 1];
const MODELS = 5;
const SAMPLED = [0, 0, 1, 0, 0];
const RATES = [
  [1, 0.25, 0.5, 1e-6, 0.999],
  [0.1, 1, 0.5, 0.7, 1],
];
const WEIGHT_STRIDE = 2 * MODELS + 3; // real shares, rates, three edges

it.each([
  { outcomes: 1, first: 0, count: 5 },
  { outcomes: 63, first: 2, count: 1 },
  { outcomes: 64, first: 1, count: 3 },
  { outcomes: 333, first: 0, count: 5 },
])('refits $count of five models over $outcomes outcomes in place', async ({ outcomes, first, count }) => {
  const random = createRandom(outcomes);
  const cells = VARIANT_OF.length * MODELS * outcomes;
  const state = randomFloats(random, cells);
  const mixed = randomFloats(random, cells);
  const weights = randomFloats(random, 2 * WEIGHT_STRIDE);
  RATES.forEach((rates, variant) => weights.set(rates, variant * WEIGHT_STRIDE + MODELS));
  const expected = Float64Array.from(state);
  const tolerance = new Float64Array(cells);
  VARIANT_OF.forEach((variant, r) => {
    for (let model = first; model < first + count; model++) {
      if (SAMPLED[model] === 1) continue;
      const rate = weights[variant * WEIGHT_STRIDE + MODELS + model];
      for (let v = 0; v < outcomes; v++) {
        const k = (r * MODELS + model) * outcomes + v;
        expected[k] = (1 - rate) * state[k] + rate * mixed[k];
        // Difference, product and sum on one side, product and sum on the other; a rate of 1 copies.
        tolerance[k] = rate === 1 ? 0 : 3 * ROUNDOFF * expected[k];
      }
    }
  });
  const kernel = await createRefit(lab.context());
  const sizes = { outcomes, models: MODELS, replicates: VARIANT_OF.length, weightStride: WEIGHT_STRIDE };
  const written = await lab.run(
    kernel,
    {
      state,
      mixed,
      consumers: Uint32Array.from(SAMPLED.flatMap((sampled) => [0, 0, 0, sampled])),
      weights,
      replicates: replicateRows(VARIANT_OF),
    },
    (recorder, bound) => recordRefit(recorder, kernel, bound, sizes, first, count),
  );
  expectFloats(written.floats('state'), expected, (k) => tolerance[k]);
});
