import { it } from 'vitest';
import { createWeigh, recordWeigh } from '../../../src/kernels/weigh.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { randomBits, write64 } from './exact.ts';
import { expectWords, randomFloats, replicateRows, untouched, useKernelLab } from './harness.ts';

const lab = useKernelLab();
const KIND = { finite: 0, limit: 1, tilt: 2, tiltArgmax: 3 };
const VARIANT_OF = [1, 0];
const MODELS = 3;
const FINITE_MODELS = 2;
const REAL_TABLES = 1;
/** [variant][table]: kind, index, base, codes. Tables 0 and 1 are what the tilts start from. */
const TABLES = [
  [
    [KIND.finite, 1, 0, 0],
    [KIND.limit, 2, 0, 0],
    [KIND.tilt, 0, 0, 0],
    [KIND.tiltArgmax, 1, 1, 2],
    [KIND.tilt, 2, 1, 1],
  ],
  [
    [KIND.finite, 0, 0, 0],
    [KIND.limit, 1, 0, 0],
    [KIND.tilt, 0, 1, 1],
    [KIND.tiltArgmax, 1, 0, 2],
    [KIND.tilt, 2, 0, 0],
  ],
];
const TILTS = 3;
const TABLE_COUNT = TABLES[0].length;

/** Mass of an outcome times its weight, mantissa >> (exponent − smallest exponent that has mass). */
function tilted(own: number, code: number, smallest: number): bigint {
  const behind = (code % 1024) - smallest;
  if (behind < 0) return 0n;
  return (BigInt(own) * BigInt(Math.floor(code / 1024)) * 1024n) >> BigInt(behind);
}

it.each([
  { outcomes: 1, first: 0, count: 5 },
  { outcomes: 65, first: 0, count: 5 },
  { outcomes: 300, first: 0, count: 5 },
  { outcomes: 200, first: 2, count: 2 },
])(
  'weighs $count of five tables of every kind over $outcomes outcomes',
  async ({ outcomes, first, count }) => {
    const random = createRandom(outcomes + first);
    const replicates = VARIANT_OF.length;
    const mass = new Uint32Array(2 * replicates * FINITE_MODELS * outcomes);
    const masses = Array.from({ length: replicates * FINITE_MODELS * outcomes }, (_, k) => {
      const value = randomBits(random, Math.floor(random() * 64));
      write64(mass, k, value);
      return value;
    });
    const state = randomFloats(random, replicates * MODELS * outcomes);
    // Rounding may leave a probability just outside [0, 1].
    state[MODELS * outcomes - 1] = 1.0000001;
    state[2 * outcomes - 1] = -1e-9;
    const codes = [0, 1].map(() =>
      Array.from(
        { length: outcomes },
        () => (0x200000 + Math.floor(random() * 0x200000)) * 1024 + 12 + Math.floor(random() * 45),
      ),
    );
    codes.push(Array.from({ length: outcomes }, () => 1 + Math.floor(random() * 4)));
    // Outcomes without mass, and a total just below 2^32.
    const own = Array.from({ length: REAL_TABLES + replicates * TABLE_COUNT }, () => {
      const raw = Array.from({ length: outcomes }, () => (random() < 0.4 ? 0 : random()));
      raw[outcomes - 1] += 1e-3;
      const total = raw.reduce((sum, value) => sum + value, 0);
      return raw.map((value) => Math.floor((value / total) * (2 ** 32 - 1)));
    });
    const tables = own.map((row) => {
      let sum = 0;
      return row.map((value) => (sum += value));
    });

    const best = new Uint32Array(replicates * TILTS);
    const expected = untouched(2 * replicates * TABLE_COUNT * outcomes);
    VARIANT_OF.forEach((variant, r) => {
      for (let t = first; t < first + count; t++) {
        const [kind, index, base, row] = TABLES[variant][t];
        const drawn = own[REAL_TABLES + r * TABLE_COUNT + base];
        const alive = codes[row].filter((_, v) => drawn[v] > 0);
        const smallest = Math.min(...alive.map((code) => code % 1024));
        const highest = Math.max(...alive);
        if (kind === KIND.tilt) best[r * TILTS + index] = 1024 - smallest;
        if (kind === KIND.tiltArgmax) best[r * TILTS + index] = highest;
        for (let v = 0; v < outcomes; v++) {
          let value = 0n;
          if (kind === KIND.finite) {
            value = masses[(r * FINITE_MODELS + index) * outcomes + v];
          } else if (kind === KIND.limit) {
            const p = Math.min(Math.max(state[(r * MODELS + index) * outcomes + v], 0), 1);
            value = BigInt(Math.floor(p * 2 ** 30)); // the product is exact in float32 as well
          } else if (kind === KIND.tilt) {
            value = tilted(drawn[v], codes[row][v], smallest);
          } else if (codes[row][v] === highest) {
            value = BigInt(drawn[v]);
          }
          write64(expected, (r * TABLE_COUNT + t) * outcomes + v, value);
        }
      }
    });

    const kernel = await createWeigh(lab.context());
    const sizes = {
      outcomes,
      models: MODELS,
      replicates,
      finiteModels: FINITE_MODELS,
      replicateTables: TABLE_COUNT,
      realTables: REAL_TABLES,
      tilts: TILTS,
    };
    const written = await lab.run(
      kernel,
      {
        table_info: Uint32Array.from(TABLES.flat(2)),
        replicates: replicateRows(VARIANT_OF),
        mass,
        state,
        tables: Uint32Array.from(tables.flat()),
        codes: Uint32Array.from(codes.flat()),
        best,
        weighed: untouched(expected.length),
      },
      (recorder, bound) => recordWeigh(recorder, kernel, bound, sizes, first, count),
    );
    expectWords(written.words('weighed'), expected);
  },
);
