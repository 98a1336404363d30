import { expect, it } from 'vitest';
import { createAbsorb, recordAbsorb } from '../../../src/kernels/absorb.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { randomWord, read64, write64 } from './exact.ts';
import {
  expectFloats,
  expectWords,
  nothingWritten,
  replicateRows,
  ROUNDOFF,
  untouched,
  useKernelLab,
} from './harness.ts';

const lab = useKernelLab();
const MODELS = 4;
const MODEL_OF = [2, 0, 3]; // of each finite model
const VARIANT_OF = [1, 0, 1];
/** [variant][finite model]; 0 stands for a rate of 1, so the last is 1 − 2^−32. */
const RATES = [
  [0, 0x40000000, 1],
  [0xffffffff, 0, 0x9d89d89e],
];
const POPULATIONS = [
  [1000, 1, 2 ** 31 - 1],
  [77, 65_536, 12_345_678],
];

/** mass' = ⌊mass·(1 − s)⌋ + count·s in units of 2^−32 samples, s = rate/2^32. */
function refitted(mass: bigint, count: number, rate: number): bigint {
  if (rate === 0) return BigInt(count) << 32n;
  return (mass * (2n ** 32n - BigInt(rate))) / 2n ** 32n + BigInt(count) * BigInt(rate);
}

it.each([
  { outcomes: 1, first: 0, count: 3 },
  { outcomes: 65, first: 1, count: 1 },
  { outcomes: 200, first: 0, count: 3 },
  { outcomes: 130, first: 1, count: 2 },
])('refits $count of three models over $outcomes outcomes exactly', async ({ outcomes, first, count }) => {
  const random = createRandom(outcomes);
  const finiteModels = MODEL_OF.length;
  const cells = VARIANT_OF.length * finiteModels * outcomes;
  const counts = new Uint32Array(cells);
  const mass = new Uint32Array(2 * cells);
  const expectedMass = mass.slice();
  const expectedState = nothingWritten(VARIANT_OF.length * MODELS * outcomes);
  for (let r = 0; r < VARIANT_OF.length; r++) {
    for (let f = 0; f < finiteModels; f++) {
      const population = POPULATIONS[VARIANT_OF[r]][f];
      for (let v = 0; v < outcomes; v++) {
        const index = (r * finiteModels + f) * outcomes + v;
        counts[index] = random() < 0.2 ? 0 : Math.floor(random() * (population + 1));
        const whole = random() < 0.2 ? 0 : Math.floor(random() * population);
        const old = (BigInt(whole) << 32n) | BigInt(random() < 0.2 ? 0xffffffff : randomWord(random));
        write64(mass, index, old);
        const trained = f >= first && f < first + count;
        const next = trained ? refitted(old, counts[index], RATES[VARIANT_OF[r]][f]) : old;
        write64(expectedMass, index, next);
        if (trained) {
          expectedState[(r * MODELS + MODEL_OF[f]) * outcomes + v] = Number(next) / 2 ** 32 / population;
        }
      }
    }
  }
  const kernel = await createAbsorb(lab.context());
  const sizes = { outcomes, models: MODELS, finiteModels, replicates: VARIANT_OF.length };
  const finite = RATES.flatMap((row, k) =>
    row.flatMap((rate, f) => [MODEL_OF[f], POPULATIONS[k][f], rate, 0]),
  );
  const written = await lab.run(
    kernel,
    {
      counts,
      finite: Uint32Array.from(finite),
      replicates: replicateRows(VARIANT_OF),
      mass,
      state: untouched(expectedState.length),
    },
    (recorder, bound) => recordAbsorb(recorder, kernel, bound, sizes, first, count),
  );
  expectWords(written.words('mass'), expectedMass);
  // Three conversions to float32 (WGSL lets each be off by a whole unit: 2u), one product, one sum, one quotient (5u).
  expectFloats(written.floats('state'), expectedState, (k) => 13 * ROUNDOFF * expectedState[k]);
});

it('never gains mass: from a total of n·2^32, less than one unit an outcome is lost', async () => {
  const outcomes = 100;
  const population = 5000;
  const random = createRandom(3);
  const counts = new Uint32Array(outcomes);
  for (let k = 0; k < population; k++) counts[Math.floor(random() * outcomes)] += 1;
  const mass = new Uint32Array(2 * outcomes);
  for (let v = 0; v < outcomes; v++) write64(mass, v, (BigInt(population) << 32n) / BigInt(outcomes));
  const kernel = await createAbsorb(lab.context());
  const written = await lab.run(
    kernel,
    {
      counts,
      finite: Uint32Array.of(0, population, 0x3333_3333, 0),
      replicates: replicateRows([0]),
      mass,
      state: untouched(outcomes),
    },
    (recorder, bound) =>
      recordAbsorb(recorder, kernel, bound, { outcomes, models: 1, finiteModels: 1, replicates: 1 }, 0, 1),
  );
  const after = written.words('mass');
  let total = 0n;
  for (let v = 0; v < outcomes; v++) total += read64(after, v);
  const lost = (BigInt(population) << 32n) - total;
  expect(lost >= 0n && lost < BigInt(outcomes)).toBe(true);
});

it('masses that get no samples fall in every round, down to nothing', async () => {
  const masses = [1n, 2n, 3n, 1000n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 33n + 1n, 0n];
  const outcomes = masses.length;
  const mass = new Uint32Array(2 * outcomes);
  masses.forEach((value, v) => write64(mass, v, value));
  const kernel = await createAbsorb(lab.context());
  const written = await lab.run(
    kernel,
    {
      counts: new Uint32Array(outcomes),
      finite: Uint32Array.of(0, 4, 1, 0), // s = 2^−32: ⌊mass·s⌋ would be 0 for all masses below one sample
      replicates: replicateRows([0]),
      mass,
      state: untouched(outcomes),
    },
    (recorder, bound) =>
      recordAbsorb(recorder, kernel, bound, { outcomes, models: 1, finiteModels: 1, replicates: 1 }, 0, 1),
  );
  const after = written.words('mass');
  expect(masses.map((_, v) => read64(after, v))).toEqual(
    masses.map((old) => (old === 0n ? 0n : old - 1n - (old - 1n) / 2n ** 32n)),
  );
});

it('leaves models alone whose data retention keeps', async () => {
  const outcomes = 70;
  const random = createRandom(5);
  const mass = Uint32Array.from({ length: 4 * outcomes }, () => randomWord(random));
  const kernel = await createAbsorb(lab.context());
  const sizes = { outcomes, models: 2, finiteModels: 2, replicates: 1 };
  const written = await lab.run(
    kernel,
    {
      counts: new Uint32Array(2 * outcomes).fill(3),
      finite: Uint32Array.of(0, 100, 0, 1, 1, 210, 0, 0),
      replicates: replicateRows([0]),
      mass,
      state: untouched(2 * outcomes),
    },
    (recorder, bound) => recordAbsorb(recorder, kernel, bound, sizes, 0, 2),
  );
  const expected = mass.slice();
  for (let v = 0; v < outcomes; v++) write64(expected, outcomes + v, 3n << 32n);
  expectWords(written.words('mass'), expected);
  const state = Float64Array.from({ length: 2 * outcomes }, (_, k) => (k < outcomes ? NaN : 3 / 210));
  expectFloats(written.floats('state'), state, (k) => 13 * ROUNDOFF * state[k]);
});
