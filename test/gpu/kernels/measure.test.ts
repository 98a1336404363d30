import { it } from 'vitest';
import { createMeasure, MEASURE_SUMS, NO_ROW, recordMeasure } from '../../../src/kernels/measure.ts';
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
const MODELS = 2;
const TILE = 2048;
/** [variant][model]: rows of real data, reward and stable point. */
const ROWS = [
  [
    [0, 2, 4],
    [1, 3, 5],
  ],
  [
    [1, 3, NO_ROW],
    [0, 2, 4],
  ],
];
/** Every sum goes over 32 outcomes a lane and 64 lanes. */
const ADDITIONS = 32 + 64;
/** Absolute error that WGSL allows log on [1/2, 2]; elsewhere it is relative, three units in the last place. */
const LOG_NEAR_ONE = 2 ** -21;
const LOG_RELATIVE = 6 * ROUNDOFF;

/** Rows of what own tasks give, per [variant][model], where models are conditional. */
const TASK_ROWS = [
  [6, 7],
  [7, NO_ROW],
];

interface Term {
  readonly value: number;
  /** Error of the term itself. */
  readonly error: number;
}

function terms(
  p: number,
  own: Term,
  previous: number,
  before: number,
  real: number,
  reward: number,
  stable: number | null,
): Term[] {
  const distance = (other: number): Term => ({
    value: Math.abs(p - other),
    error: ROUNDOFF * Math.abs(p - other),
  });
  const { value: q, error } = own;
  const log = q > 0 ? Math.log(q) : 0;
  const logError = q >= 0.5 ? LOG_NEAR_ONE : LOG_RELATIVE * Math.abs(log);
  return [
    { value: q * reward, error: ROUNDOFF * Math.abs(q * reward) + error * Math.abs(reward) },
    { value: -q * log, error: q * (logError + ROUNDOFF * Math.abs(log)) + error * (1 + Math.abs(log)) },
    { value: Math.abs(q - real), error: ROUNDOFF * Math.abs(q - real) + error },
    distance(previous),
    distance(before),
    stable === null ? { value: 0, error: 0 } : distance(stable),
    { value: p, error: 0 },
    { value: 0, error: 0 },
  ];
}

it.each([
  { outcomes: 1, firstPartial: 0, scale: 1, tasks: false },
  { outcomes: 63, firstPartial: 3, scale: 2 / 63, tasks: false },
  { outcomes: 2048, firstPartial: 0, scale: 1e-3, tasks: false },
  { outcomes: 2049, firstPartial: 12, scale: 1e-3, tasks: false },
  { outcomes: 5000, firstPartial: 1, scale: 1, tasks: false },
  { outcomes: 60, firstPartial: 2, scale: 2 / 60, tasks: true },
  { outcomes: 4200, firstPartial: 0, scale: 1e-2, tasks: true },
])(
  'sums of each tile, $outcomes outcomes, own tasks: $tasks',
  async ({ outcomes, firstPartial, scale, tasks }) => {
    const random = createRandom(outcomes);
    const tiles = Math.ceil(outcomes / TILE);
    const cells = VARIANT_OF.length * MODELS * outcomes;
    const [current, previous, before] = [0, 1, 2].map(() => randomFloats(random, cells, 0, scale));
    for (let k = 0; k < cells; k += 3) current[k] = 0; // 0·ln 0 counts as 0
    const kept = randomFloats(random, cells, 0, scale);
    const references = randomFloats(random, 8 * outcomes, 0, scale);
    for (let k = 2 * outcomes; k < 4 * outcomes; k++) references[k] = 4 * random() - 2; // rewards
    const length = (firstPartial + VARIANT_OF.length * MODELS * tiles + 1) * MEASURE_SUMS;
    const expected = nothingWritten(length);
    const tolerance = new Float64Array(length);
    VARIANT_OF.forEach((variant, r) => {
      for (let model = 0; model < MODELS; model++) {
        const [real, reward, stable] = ROWS[variant][model];
        for (let tile = 0; tile < tiles; tile++) {
          const at = (firstPartial + (r * MODELS + model) * tiles + tile) * MEASURE_SUMS;
          expected.fill(0, at, at + MEASURE_SUMS);
          const size = new Float64Array(MEASURE_SUMS);
          for (let v = tile * TILE; v < Math.min((tile + 1) * TILE, outcomes); v++) {
            const index = (r * MODELS + model) * outcomes + v;
            const task = tasks ? TASK_ROWS[variant][model] : NO_ROW;
            const share = task === NO_ROW ? 1 : references[task * outcomes + v];
            const own = share * (task === NO_ROW ? current[index] : kept[index]);
            terms(
              current[index],
              { value: own, error: task === NO_ROW ? 0 : ROUNDOFF * own },
              previous[index],
              before[index],
              references[real * outcomes + v],
              references[reward * outcomes + v],
              stable === NO_ROW ? null : references[stable * outcomes + v],
            ).forEach(({ value, error }, k) => {
              expected[at + k] += value;
              tolerance[at + k] += error;
              size[k] += Math.abs(value);
            });
          }
          size.forEach((sum, k) => (tolerance[at + k] += ADDITIONS * ROUNDOFF * sum));
        }
      }
    });
    const kernel = await createMeasure(lab.context());
    const sizes = { outcomes, models: MODELS, replicates: VARIANT_OF.length, tiles };
    const written = await lab.run(
      kernel,
      {
        current,
        previous,
        before,
        references,
        models: Uint32Array.from(
          ROWS.flatMap((list, variant) =>
            list.flatMap((rows, model) => [...rows, tasks ? TASK_ROWS[variant][model] : NO_ROW]),
          ),
        ),
        replicates: replicateRows(VARIANT_OF),
        kept,
        sums: untouched(length),
      },
      (recorder, bound) => recordMeasure(recorder, kernel, bound, sizes, firstPartial),
    );
    expectFloats(written.floats('sums'), expected, (k) => tolerance[k]);
  },
);
