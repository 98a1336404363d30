import { expect, it } from 'vitest';
import { createRetain, recordRetain } from '../../../src/kernels/retain.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { randomWord, read64, write64 } from './exact.ts';
import {
  expectFloats,
  expectWords,
  nothingWritten,
  replicateRows,
  ROUNDOFF,
  useKernelLab,
} from './harness.ts';

const lab = useKernelLab();
const MODELS = 5;
const FINITE_MODELS = 4;
const TABLES = 3;
const VARIANT_OF = [1, 0];
const [ACCUMULATE, WINDOW, SUBSAMPLE] = [0, 1, 2];
const W = 3;
/** Finite model, model, rule, rounds, first row, table of the pool. */
const RETAINED = [
  [0, 2, ACCUMULATE, 0, 0, 0],
  [1, 0, WINDOW, W, 0, 0],
  [3, 4, SUBSAMPLE, 0, W, 2],
];
const PAST_ROWS = W + 2;
const POPULATIONS = [
  [100, 57, 9, 800],
  [20_000, 1, 3, 40],
];

interface Round {
  readonly outcomes: number;
  /** Rounds done. */
  readonly round: number;
  readonly first: number;
  readonly count: number;
}

it.each<Round>([
  { outcomes: 1, round: 0, first: 0, count: 3 },
  { outcomes: 65, round: W - 2, first: 0, count: 3 },
  { outcomes: 64, round: W - 1, first: 0, count: 3 }, // the initial state leaves the window
  { outcomes: 200, round: W, first: 0, count: 3 },
  { outcomes: 130, round: 100, first: 1, count: 2 },
  { outcomes: 20, round: 101, first: 1, count: 1 },
])('takes up round $round + 1 over $outcomes outcomes', async ({ outcomes, round, first, count }) => {
  const random = createRandom(round * 1000 + outcomes);
  const words = (length: number, below: number): Uint32Array =>
    Uint32Array.from({ length }, () => Math.floor(random() * below));
  const cells = VARIANT_OF.length * FINITE_MODELS * outcomes;
  const counts = words(cells, 1000);
  const past = words(VARIANT_OF.length * PAST_ROWS * outcomes, 1000);
  const mass = new Uint32Array(2 * cells);
  for (let k = 0; k < cells; k++) {
    write64(mass, k, (BigInt(5000 + Math.floor(random() * 1000)) << 32n) | BigInt(randomWord(random)));
  }
  const weighed = words(2 * VARIANT_OF.length * TABLES * outcomes, 2 ** 31);
  const expected = {
    counts: counts.slice(),
    past: past.slice(),
    mass: mass.slice(),
    weighed: weighed.slice(),
  };
  const state = nothingWritten(VARIANT_OF.length * MODELS * outcomes);
  const t = round + 1;
  VARIANT_OF.forEach((variant, r) => {
    for (const [f, model, rule, , firstRow, table] of RETAINED.slice(first, first + count)) {
      for (let v = 0; v < outcomes; v++) {
        const cell = (r * FINITE_MODELS + f) * outcomes + v;
        const row = (k: number): number => (r * PAST_ROWS + firstRow + k) * outcomes + v;
        const old = read64(mass, cell);
        const newest = BigInt(counts[cell]) << 32n;
        let next = old + newest;
        let sets = t + 1;
        if (rule === SUBSAMPLE) {
          const high = past[row(1)] + counts[cell];
          expected.past[row(1)] = high;
          expected.counts[cell] = 0;
          const pool = (BigInt(high) << 32n) | BigInt(past[row(0)]);
          write64(expected.weighed, (r * TABLES + table) * outcomes + v, pool);
          continue;
        }
        if (rule === WINDOW) {
          // Round s lies in row s mod w: the one that is overwritten is w rounds old.
          const leaving = past[row(t % W)];
          expected.past[row(t % W)] = counts[cell];
          if (t > W) next -= BigInt(leaving) << 32n;
          if (t === W) {
            const kept = [0, 1, 2].map((k) => expected.past[row(k)]);
            next = BigInt(kept[0] + kept[1] + kept[2]) << 32n;
          }
          sets = Math.min(t + 1, W);
        }
        write64(expected.mass, cell, next);
        const samples = POPULATIONS[variant][f] * sets;
        state[(r * MODELS + model) * outcomes + v] = Number(next) / 2 ** 32 / samples;
      }
    }
  });
  const kernel = await createRetain(lab.context());
  const sizes = {
    outcomes,
    models: MODELS,
    replicates: VARIANT_OF.length,
    finiteModels: FINITE_MODELS,
    replicateTables: TABLES,
    pastRows: PAST_ROWS,
  };
  const finite = POPULATIONS.flatMap((row) => row.flatMap((population, f) => [90 + f, population, 0, 1]));
  const written = await lab.run(
    kernel,
    {
      counts,
      finite: Uint32Array.from(finite),
      retained: Uint32Array.from(RETAINED.flat()),
      replicates: replicateRows(VARIANT_OF),
      mass,
      past,
      state: new Uint32Array(state.length).fill(0xdeadbeef),
      weighed,
    },
    (recorder, bound) => recordRetain(recorder, kernel, bound, sizes, first, count, round),
  );
  for (const name of ['counts', 'past', 'mass', 'weighed'] as const) {
    expectWords(written.words(name), expected[name]);
  }
  // Three conversions to float32 (2u each), one product, one sum, one quotient (5u).
  expectFloats(written.floats('state'), state, (k) => 13 * ROUNDOFF * state[k]);
  expect(written.words('mass').length).toBe(2 * cells);
});

it('a window that has gone round holds the last w rounds and nothing of the first state', async () => {
  const outcomes = 7;
  const random = createRandom(4);
  const kernel = await createRetain(lab.context());
  const sizes = { outcomes, models: 1, replicates: 1, finiteModels: 1, replicateTables: 1, pastRows: W };
  let mass = new Uint32Array(2 * outcomes);
  for (let v = 0; v < outcomes; v++) write64(mass, v, (10n << 32n) / 7n);
  let past = new Uint32Array(W * outcomes);
  const history: Uint32Array[] = [];
  for (let round = 0; round < 3 * W + 1; round++) {
    const counts = Uint32Array.from({ length: outcomes }, () => Math.floor(random() * 20));
    history.push(counts);
    const written = await lab.run(
      kernel,
      {
        counts: counts.slice(),
        finite: Uint32Array.of(0, 10, 0, 1),
        retained: Uint32Array.of(0, 0, WINDOW, W, 0, 0),
        replicates: replicateRows([0]),
        mass,
        past,
        state: new Uint32Array(outcomes),
        weighed: new Uint32Array(2 * outcomes),
      },
      (recorder, bound) => recordRetain(recorder, kernel, bound, sizes, 0, 1, round),
    );
    mass = Uint32Array.from(written.words('mass'));
    past = Uint32Array.from(written.words('past'));
    for (let v = 0; v < outcomes; v++) {
      const inside = history.slice(-W).reduce((sum, one) => sum + one[v], 0);
      const first = round + 1 < W ? (10n << 32n) / 7n : 0n;
      expect(read64(mass, v)).toBe((BigInt(inside) << 32n) + first);
    }
  }
});
