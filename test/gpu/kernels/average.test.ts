import { expect, it } from 'vitest';
import { createAverage, recordAverage } from '../../../src/kernels/average.ts';
import { createRandom } from '../../support/ecosystems.ts';
import {
  expectFloats,
  expectWords,
  floatBits,
  nothingWritten,
  QUOTIENT_ROUNDOFF,
  randomFloats,
  ROUNDOFF,
  untouched,
  useKernelLab,
} from './harness.ts';

const lab = useKernelLab();
const REPLICATES = 2;
const MODELS = 4;
const [ALL, WINDOW] = [0, 1];
const W = 4;
/** Model, rule, rounds, first row. */
const AVERAGED = [
  [3, WINDOW, W, 0],
  [1, ALL, 0, W],
];
const PAST_ROWS = W + 2;

it.each([
  { outcomes: 1, round: 0, first: 0, count: 2 },
  { outcomes: 65, round: 1, first: 0, count: 2 },
  { outcomes: 64, round: 2, first: 0, count: 2 },
  { outcomes: 300, round: 3, first: 0, count: 1 },
  { outcomes: 90, round: 1001, first: 0, count: 2 },
  { outcomes: 31, round: 500, first: 1, count: 1 },
])('averages up to round $round + 1 over $outcomes outcomes', async ({ outcomes, round, first, count }) => {
  const random = createRandom(round + outcomes);
  const mixed = randomFloats(random, REPLICATES * MODELS * outcomes);
  mixed[0] = 1;
  const past = new Uint32Array(REPLICATES * PAST_ROWS * outcomes);
  const rowOf = (r: number, k: number): number => (r * PAST_ROWS + k) * outcomes;
  for (let r = 0; r < REPLICATES; r++) {
    for (let v = 0; v < outcomes; v++) {
      for (let k = 0; k < W; k++) past[rowOf(r, k) + v] = floatBits(random());
      const sum = BigInt(Math.floor(random() * (round + 1) * 2 ** 40));
      past[rowOf(r, W) + v] = Number(sum & 0xffffffffn);
      past[rowOf(r, W + 1) + v] = Number(sum >> 32n);
    }
  }
  const floats = new Float32Array(past.buffer);
  const expectedPast = past.slice();
  const expectedFloats = new Float32Array(expectedPast.buffer);
  const expected = nothingWritten(REPLICATES * MODELS * outcomes);
  const tolerance = new Float64Array(expected.length);
  for (let r = 0; r < REPLICATES; r++) {
    for (const [model, rule] of AVERAGED.slice(first, first + count)) {
      for (let v = 0; v < outcomes; v++) {
        const cell = (r * MODELS + model) * outcomes + v;
        if (rule === WINDOW) {
          const sets = Math.min(round + 2, W);
          let sum = 0;
          for (let k = 0; k < sets; k++) {
            sum += k === (round + 1) % W ? mixed[cell] : floats[rowOf(r, k) + v];
          }
          expectedFloats[rowOf(r, (round + 1) % W) + v] = mixed[cell];
          expected[cell] = sum / sets;
          tolerance[cell] = (sets * ROUNDOFF + QUOTIENT_ROUNDOFF) * expected[cell];
        } else {
          const low = rowOf(r, W) + v;
          const high = rowOf(r, W + 1) + v;
          // A float32 below 1 has no digits beyond 2^−40 unless it is below 2^−16: those are cut off.
          const law = BigInt(Math.floor(mixed[cell] * 2 ** 40));
          const sum = ((BigInt(past[high]) << 32n) | BigInt(past[low])) + law;
          expectedPast[low] = Number(sum & 0xffffffffn);
          expectedPast[high] = Number(sum >> 32n);
          expected[cell] = Number(sum) / 2 ** 40 / (round + 2);
          // Two conversions to float32 (2u each), a product, a sum, another product, a conversion and a quotient.
          tolerance[cell] = (8 * ROUNDOFF + QUOTIENT_ROUNDOFF) * expected[cell];
        }
      }
    }
  }
  const kernel = await createAverage(lab.context());
  const sizes = { outcomes, models: MODELS, replicates: REPLICATES, pastRows: PAST_ROWS };
  const written = await lab.run(
    kernel,
    { mixed, averaged: Uint32Array.from(AVERAGED.flat()), past, state: untouched(expected.length) },
    (recorder, bound) => recordAverage(recorder, kernel, bound, sizes, first, count, round),
  );
  expectWords(written.words('past'), expectedPast);
  expectFloats(written.floats('state'), expected, (k) => tolerance[k]);
});

it('a law repeated 500 times averages to itself, far below where float32 sums stop growing', async () => {
  const outcomes = 3;
  const law = Float32Array.of(0.3, 1e-6, 0.699999);
  const kernel = await createAverage(lab.context());
  const sizes = { outcomes, models: 1, replicates: 1, pastRows: 2 };
  let past: Uint32Array = new Uint32Array(2 * outcomes);
  law.forEach((p, v) => past.set([(p * 2 ** 40) % 2 ** 32], v));
  law.forEach((p, v) => past.set([Math.floor(p * 256)], outcomes + v));
  let state: Float32Array = new Float32Array(0);
  for (let round = 0; round < 500; round++) {
    const written = await lab.run(
      kernel,
      { mixed: law, averaged: Uint32Array.of(0, ALL, 0, 0), past, state: untouched(outcomes) },
      (recorder, bound) => recordAverage(recorder, kernel, bound, sizes, 0, 1, round),
    );
    past = Uint32Array.from(written.words('past'));
    state = written.floats('state');
  }
  law.forEach((p, v) => {
    // What is cut off is below 2^−40 a round.
    expect(Math.abs(state[v] - p)).toBeLessThanOrEqual(13 * ROUNDOFF * p + 2 ** -40);
  });
});
