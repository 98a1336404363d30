import { it } from 'vitest';
import { createRemember, recordRemember } from '../../../src/kernels/remember.ts';
import { createRandom } from '../../support/ecosystems.ts';
import {
  expectFloats,
  QUOTIENT_ROUNDOFF,
  randomFloats,
  replicateRows,
  ROUNDOFF,
  useKernelLab,
} from './harness.ts';

const lab = useKernelLab();
const VARIANT_OF = [1, 0, 1];
const MODELS = 4;
/** [variant][model]; 1 replaces the old table. */
const RATES = [
  [1, 0.25, 0.5, 1],
  [0.125, 1, 1, 0.75],
];
/** Which models generate inputs, so that their blocks are columns. */
const COLUMNS = [false, true, false, true];

it.each([
  { inputs: 3, outputs: 4, first: 0, count: 4 },
  { inputs: 1, outputs: 130, first: 0, count: 4 },
  { inputs: 130, outputs: 1, first: 0, count: 4 },
  { inputs: 5, outputs: 65, first: 1, count: 2 },
  { inputs: 200, outputs: 3, first: 3, count: 1 },
])(
  'tables from training laws of $inputs inputs and $outputs outputs, $count of four models',
  async ({ inputs, outputs, first, count }) => {
    const outcomes = inputs * outputs;
    const random = createRandom(outcomes);
    const cells = VARIANT_OF.length * MODELS * outcomes;
    const state = randomFloats(random, cells, 0, 2 / outcomes);
    const kept = randomFloats(random, cells);
    const blocksOf = (model: number): number[][] =>
      COLUMNS[model]
        ? Array.from({ length: outputs }, (_, y) => Array.from({ length: inputs }, (_, x) => x * outputs + y))
        : Array.from({ length: inputs }, (_, x) =>
            Array.from({ length: outputs }, (_, y) => x * outputs + y),
          );
    // Nothing is given of every third block, and little of every fourth.
    for (let row = 0; row < VARIANT_OF.length * MODELS; row++) {
      blocksOf(row % MODELS).forEach((block, b) => {
        for (const v of block) {
          if (b % 3 === 1) state[row * outcomes + v] = 0;
          else if (b % 4 === 3) state[row * outcomes + v] *= 1e-20;
        }
      });
    }
    const expected = { state: Float64Array.from(state), kept: Float64Array.from(kept) };
    const tolerance = { state: new Float64Array(cells), kept: new Float64Array(cells) };
    VARIANT_OF.forEach((variant, r) => {
      for (let model = first; model < first + count; model++) {
        const row = (r * MODELS + model) * outcomes;
        const rate = RATES[variant][model];
        for (const block of blocksOf(model)) {
          const mass = block.reduce((sum, v) => sum + state[row + v], 0);
          if (mass === 0) continue;
          // A sum over the block, a quotient; then two products and a sum; then the product with the mass.
          const sum = (block.length + 64) * ROUNDOFF;
          for (const v of block) {
            const fresh = state[row + v] / mass;
            const table = rate === 1 ? fresh : (1 - rate) * kept[row + v] + rate * fresh;
            expected.kept[row + v] = table;
            tolerance.kept[row + v] =
              (sum + QUOTIENT_ROUNDOFF) * fresh + (rate === 1 ? 0 : 3 * ROUNDOFF * table);
            if (rate === 1) continue;
            expected.state[row + v] = mass * table;
            tolerance.state[row + v] = mass * (tolerance.kept[row + v] + (sum + ROUNDOFF) * table);
          }
        }
      }
    });
    const kernel = await createRemember(lab.context());
    const sizes = { outcomes, models: MODELS, replicates: VARIANT_OF.length, inputs };
    const written = await lab.run(
      kernel,
      {
        state,
        kept,
        given_outputs: Uint32Array.from(COLUMNS, Number),
        rates: Float32Array.from(RATES.flat()),
        replicates: replicateRows(VARIANT_OF),
      },
      (recorder, bound) =>
        recordRemember(recorder, kernel, bound, sizes, first, count, Math.max(inputs, outputs)),
    );
    expectFloats(written.floats('kept'), expected.kept, (k) => tolerance.kept[k]);
    expectFloats(written.floats('state'), expected.state, (k) => tolerance.state[k]);
  },
);
