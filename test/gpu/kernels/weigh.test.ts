import { expect, it } from 'vitest';
import { createWeigh, recordWeigh } from '../../../src/kernels/weigh.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { bestRanked, bitLength, mass62, randomBits, tilted, write64 } from './exact.ts';
import { expectWords, randomFloats, replicateRows, untouched, useKernelLab } from './harness.ts';

const lab = useKernelLab();
const KIND = { finite: 0, limit: 1, tilt: 2, tiltArgmax: 3 };
const VARIANT_OF = [1, 0];
const REPLICATES = VARIANT_OF.length;
const MODELS = 3;
const FINITE_MODELS = 2;
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
const OWN_TABLES = 2;
const TILTS = 3;
const TABLE_COUNT = TABLES[0].length;

interface Inputs {
  readonly mass: Uint32Array;
  readonly state: Float32Array;
  readonly codes: readonly (readonly number[])[];
  readonly best: Uint32Array;
  readonly weighed: Uint32Array;
}

interface Order {
  readonly width: number;
  readonly swapped: boolean;
}

/** `orders`: of each table, one block of all outcomes where it is left out. */
async function weighedBy(
  inputs: Inputs,
  outcomes: number,
  first: number,
  count: number,
  orders: readonly Order[] = TABLES[0].map(() => ({ width: outcomes, swapped: false })),
) {
  const kernel = await createWeigh(lab.context());
  const sizes = {
    outcomes,
    models: MODELS,
    replicates: REPLICATES,
    finiteModels: FINITE_MODELS,
    replicateTables: TABLE_COUNT,
    tilts: TILTS,
    blocks: Math.max(...orders.map(({ width }) => outcomes / width)),
  };
  const written = await lab.run(
    kernel,
    {
      table_info: Uint32Array.from(
        TABLES.flatMap((list) =>
          list.flatMap((table, t) => [...table, orders[t].width, Number(orders[t].swapped)]),
        ),
      ),
      replicates: replicateRows(VARIANT_OF),
      ...inputs,
      codes: Uint32Array.from(inputs.codes.flat()),
    },
    (recorder, bound) => recordWeigh(recorder, kernel, bound, sizes, first, count),
  );
  return written.words('weighed');
}

it.each([
  { outcomes: 1, first: 0, count: 2 },
  { outcomes: 65, first: 0, count: 2 },
  { outcomes: 300, first: 0, count: 2 },
  { outcomes: 200, first: 1, count: 1 },
])(
  'weighs $count of a finite and a limit model, $outcomes outcomes each',
  async ({ outcomes, first, count }) => {
    const random = createRandom(outcomes + first);
    const mass = new Uint32Array(2 * REPLICATES * FINITE_MODELS * outcomes);
    const masses = Array.from({ length: REPLICATES * FINITE_MODELS * outcomes }, (_, k) => {
      const value = randomBits(random, Math.floor(random() * 64));
      write64(mass, k, value);
      return value;
    });
    // From probabilities around 2^−62, the unit of mass, up to 1.
    const state = randomFloats(random, REPLICATES * MODELS * outcomes).map((p) =>
      random() < 0.5 ? p : p * 2 ** -Math.floor(random() * 65),
    );
    // Rounding may leave a probability just outside [0, 1].
    state[2 * outcomes - 1] = -1e-9;
    state[MODELS * outcomes + outcomes] = 1;
    state[MODELS * outcomes + 3 * outcomes - 1] = 1.0000001;
    const expected = untouched(2 * REPLICATES * TABLE_COUNT * outcomes);
    VARIANT_OF.forEach((variant, r) => {
      for (let t = first; t < first + count; t++) {
        const [kind, index] = TABLES[variant][t];
        for (let v = 0; v < outcomes; v++) {
          write64(
            expected,
            (r * TABLE_COUNT + t) * outcomes + v,
            kind === KIND.finite
              ? masses[(r * FINITE_MODELS + index) * outcomes + v]
              : mass62(state[(r * MODELS + index) * outcomes + v]),
          );
        }
      }
    });
    const inputs = {
      mass,
      state,
      codes: [new Array<number>(outcomes).fill(1)],
      best: new Uint32Array(REPLICATES * TILTS),
      weighed: untouched(expected.length),
    };
    expectWords(await weighedBy(inputs, outcomes, first, count), expected);
  },
);

interface Tilted {
  readonly outcomes: number;
  readonly first?: number;
  readonly count?: number;
  /** Bits of the largest masses. */
  readonly massBits: number;
  /** Exponents of weights lie within this of each other. */
  readonly spread: number;
}

it.each<Tilted>([
  { outcomes: 1, massBits: 63, spread: 1 },
  { outcomes: 1, massBits: 1, spread: 1 },
  { outcomes: 2, massBits: 63, spread: 20 },
  { outcomes: 63, massBits: 10, spread: 30 },
  { outcomes: 64, massBits: 31, spread: 3 },
  { outcomes: 65, massBits: 32, spread: 60 },
  { outcomes: 300, massBits: 63, spread: 45 },
  { outcomes: 300, massBits: 63, spread: 1000 },
  { outcomes: 200, massBits: 50, spread: 45, first: 3, count: 1 },
  { outcomes: 4100, massBits: 40, spread: 45, first: 2, count: 2 },
])(
  'tilts masses of up to $massBits bits of $outcomes outcomes, weights within 2^$spread',
  async ({ outcomes, massBits, spread, first = OWN_TABLES, count = TILTS }) => {
    const random = createRandom(1000 * massBits + outcomes + spread);
    const weights = (): number[] =>
      Array.from(
        { length: outcomes },
        () =>
          (0x200000 + Math.floor(random() * 0x200000)) * 1024 + Math.floor(random() * Math.min(spread, 1012)),
      );
    const codes = [
      weights(),
      weights(),
      Array.from({ length: outcomes }, () => 1 + Math.floor(random() * 4)),
    ];
    const weighed = untouched(2 * REPLICATES * TABLE_COUNT * outcomes);
    const own = Array.from({ length: REPLICATES }, (_, r) =>
      Array.from({ length: OWN_TABLES }, (_, t) =>
        Array.from({ length: outcomes }, (_, v) => {
          const bits = v === outcomes >> 1 ? massBits : Math.floor(random() * (massBits + 1));
          const value = random() < 0.3 && v !== outcomes >> 1 ? 0n : randomBits(random, bits);
          write64(weighed, (r * TABLE_COUNT + t) * outcomes + v, value);
          return value;
        }),
      ),
    );
    const best = new Uint32Array(REPLICATES * TILTS);
    const expected = weighed.slice();
    VARIANT_OF.forEach((variant, r) => {
      for (let t = first; t < first + count; t++) {
        const [kind, index, base, row] = TABLES[variant][t];
        const masses = own[r][base];
        const alive = codes[row].flatMap((code, v) => (masses[v] > 0n ? [{ code, mass: masses[v] }] : []));
        const byRank = kind === KIND.tiltArgmax;
        best[r * TILTS + index] = Math.max(
          ...alive.map(({ code, mass }) => (byRank ? code : bitLength(mass) + 1023 - (code % 1024))),
        );
        const result = byRank ? bestRanked(masses, codes[row]) : tilted(masses, codes[row]);
        result.forEach((value, v) => write64(expected, (r * TABLE_COUNT + t) * outcomes + v, value));
        if (byRank) continue;
        // Nothing overflows, and the heaviest lacks two bits of its room at most.
        expect(result.reduce((sum, value) => sum + value) < 2n ** 62n).toBe(true);
        const heaviest = result.reduce((a, b) => (a > b ? a : b));
        expect(bitLength(heaviest)).toBeGreaterThanOrEqual(60 - bitLength(BigInt(outcomes)) - 1);
      }
    });
    const inputs = {
      mass: new Uint32Array(2 * REPLICATES * FINITE_MODELS * outcomes),
      state: new Float32Array(REPLICATES * MODELS * outcomes),
      codes,
      best,
      weighed,
    };
    expectWords(await weighedBy(inputs, outcomes, first, count), expected);
  },
);

it.each([
  { blocks: 3, width: 5, massBits: 63, spread: 40 },
  { blocks: 70, width: 2, massBits: 31, spread: 900 },
  { blocks: 2, width: 130, massBits: 50, spread: 20 },
])(
  'goes through $blocks blocks of $width, each tilted on a scale of its own',
  async ({ blocks, width, massBits, spread }) => {
    const outcomes = blocks * width;
    const random = createRandom(outcomes);
    // Tables 0 and 3 go by rows, the others by columns: place b·width + k is outcome k·blocks + b, blocks and width exchanged.
    const byRows = { width, swapped: false };
    const byColumns = { width: blocks, swapped: true };
    const orders = [byRows, byColumns, byRows, byColumns, byColumns];
    const codes = [0, 1, 2].map((row) =>
      Array.from({ length: outcomes }, () =>
        row === 2
          ? 1 + Math.floor(random() * 4)
          : (0x200000 + Math.floor(random() * 0x200000)) * 1024 +
            Math.floor(random() * Math.min(spread, 1012)),
      ),
    );
    const masses = Array.from({ length: REPLICATES * FINITE_MODELS * outcomes }, () =>
      random() < 0.3 ? 0n : randomBits(random, Math.ceil(random() * massBits)),
    );
    const mass = new Uint32Array(2 * masses.length);
    masses.forEach((value, k) => write64(mass, k, value));
    const state = randomFloats(random, REPLICATES * MODELS * outcomes);
    const blank = { mass, state, codes, best: new Uint32Array(REPLICATES * TILTS * Math.max(blocks, width)) };

    const own = untouched(2 * REPLICATES * TABLE_COUNT * outcomes);
    const ownMass = VARIANT_OF.map((variant, r) =>
      [0, 1].map((t) => {
        const [kind, index] = TABLES[variant][t];
        return Array.from({ length: outcomes }, (_, place) => {
          const v = t === 0 ? place : (place % blocks) * width + Math.floor(place / blocks);
          const value =
            kind === KIND.finite
              ? masses[(r * FINITE_MODELS + index) * outcomes + v]
              : mass62(state[(r * MODELS + index) * outcomes + v]);
          write64(own, (r * TABLE_COUNT + t) * outcomes + place, value);
          return value;
        });
      }),
    );
    const untouchedYet = { ...blank, weighed: untouched(own.length) };
    expectWords(await weighedBy(untouchedYet, outcomes, 0, 2, orders), own);

    // Each tilt has the order of the table it starts from, which differs between the variants.
    for (const [r, variant] of VARIANT_OF.entries()) {
      const expected = own.slice();
      const best = blank.best.slice();
      const ordered = TABLES[variant].map(([kind, , base], t) => orders[kind < KIND.tilt ? t : base]);
      for (let t = OWN_TABLES; t < TABLE_COUNT; t++) {
        const [kind, index, base, row] = TABLES[variant][t];
        const byRank = kind === KIND.tiltArgmax;
        const size = ordered[t].width;
        for (let b = 0; b < outcomes / size; b++) {
          const [from, to] = [b * size, (b + 1) * size];
          const part = ownMass[r][base].slice(from, to);
          const code = codes[row].slice(from, to);
          const merits = code.flatMap((one, k) => {
            if (part[k] === 0n) return [];
            return [byRank ? one : bitLength(part[k]) + 1023 - (one % 1024)];
          });
          best[(r * TILTS + index) * Math.max(blocks, width) + b] = Math.max(0, ...merits);
          const choose = byRank ? bestRanked : tilted;
          const result = merits.length === 0 ? part : choose(part, code);
          result.forEach((value, k) => write64(expected, (r * TABLE_COUNT + t) * outcomes + from + k, value));
        }
      }
      const inputs = { ...blank, best, weighed: own.slice() };
      const written = await weighedBy(inputs, outcomes, OWN_TABLES, TILTS, ordered);
      const words = 2 * TABLE_COUNT * outcomes;
      expectWords(
        written.subarray(r * words, (r + 1) * words),
        expected.subarray(r * words, (r + 1) * words),
      );
    }
  },
);
