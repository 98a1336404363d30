import { it } from 'vitest';
import { createFavour, recordFavour } from '../../../src/kernels/favour.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { bitLength, randomBits, write64 } from './exact.ts';
import { expectWords, replicateRows, untouched, useKernelLab } from './harness.ts';

const lab = useKernelLab();
const VARIANT_OF = [0, 1];
const REPLICATE_TABLES = 3;
const ARGMAX = 1;
/** [variant][tilt]: the table it starts from, its row of codes, its rule. */
const TILTS = [
  [
    [0, 0, 0],
    [2, 1, ARGMAX],
    [1, 2, 0],
  ],
  [
    [1, 2, 0],
    [0, 1, ARGMAX],
    [2, 0, 0],
  ],
];

/** Masses of 1 to 63 bits, of which some have nothing in their low word; about half of the outcomes have none. */
function sparseMasses(random: () => number, outcomes: number): bigint[] {
  return Array.from({ length: outcomes }, () => {
    if (random() < 0.5) return 0n;
    const value = randomBits(random, 1 + Math.floor(random() * 63));
    return value >= 2n ** 32n && random() < 0.3 ? (value >> 32n) << 32n : value;
  });
}

/** Bits of the heaviest mass·2^(1023 − exponent); argmax: the highest rank; both among outcomes with mass, 0 for none. */
function bestCode(masses: readonly bigint[], codes: readonly number[], rule: number): number {
  const alive = codes.flatMap((code, v) => (masses[v] > 0n ? [{ code, mass: masses[v] }] : []));
  const merit = alive.map(({ code, mass }) =>
    rule === ARGMAX ? code : bitLength(mass << BigInt(1023 - (code % 1024))),
  );
  return Math.max(0, ...merit);
}

/** `widths`: outcomes per block of each tilt, all of them where it is left out. */
async function favoured(
  tables: readonly bigint[][],
  codes: readonly number[][],
  firstTilt: number,
  tiltCount: number,
  widths: readonly number[] = TILTS[0].map(() => codes[0].length),
) {
  const outcomes = codes[0].length;
  const blocks = Math.max(...widths.map((width) => outcomes / width));
  const kernel = await createFavour(lab.context());
  const sizes = {
    outcomes,
    models: 1,
    replicates: VARIANT_OF.length,
    replicateTables: REPLICATE_TABLES,
    tilts: TILTS[0].length,
    blocks,
  };
  const weighed = new Uint32Array(2 * tables.length * outcomes);
  tables.flat().forEach((mass, k) => write64(weighed, k, mass));
  const written = await lab.run(
    kernel,
    {
      weighed,
      codes: Uint32Array.from(codes.flat()),
      tilts: Uint32Array.from(TILTS.flatMap((list) => list.flatMap((tilt, t) => [...tilt, widths[t]]))),
      replicates: replicateRows(VARIANT_OF),
      best: untouched(VARIANT_OF.length * TILTS[0].length * blocks),
    },
    (recorder, bound) => recordFavour(recorder, kernel, bound, sizes, firstTilt, tiltCount),
  );
  const expected = untouched(VARIANT_OF.length * TILTS[0].length * blocks);
  VARIANT_OF.forEach((variant, r) => {
    for (let t = firstTilt; t < firstTilt + tiltCount; t++) {
      const [base, row, rule] = TILTS[variant][t];
      const table = tables[r * REPLICATE_TABLES + base];
      for (let b = 0; b < outcomes / widths[t]; b++) {
        const [from, to] = [b * widths[t], (b + 1) * widths[t]];
        const best = bestCode(table.slice(from, to), codes[row].slice(from, to), rule);
        expected[(r * TILTS[0].length + t) * blocks + b] = best;
      }
    }
  });
  expectWords(written.words('best'), expected);
}

function randomCodes(random: () => number, outcomes: number): number[][] {
  const weights = (): number[] =>
    Array.from(
      { length: outcomes },
      () => (0x200000 + Math.floor(random() * 0x200000)) * 1024 + 12 + Math.floor(random() * 1000),
    );
  const ranks = Array.from({ length: outcomes }, () => 1 + Math.floor(random() * outcomes));
  return [weights(), ranks, weights()];
}

it.each([
  [1, 0, 3],
  [63, 0, 3],
  [64, 1, 1],
  [65, 0, 3],
  [500, 1, 2],
])('%i outcomes, %i tilts skipped, %i served', async (outcomes, firstTilt, tiltCount) => {
  const random = createRandom(outcomes);
  const tables = Array.from({ length: VARIANT_OF.length * REPLICATE_TABLES }, () =>
    sparseMasses(random, outcomes),
  );
  await favoured(tables, randomCodes(random, outcomes), firstTilt, tiltCount);
});

it.each([[[4, 6, 12]], [[1, 12, 3]], [[130, 390, 65]]])(
  'finds the best of each block, blocks of %j outcomes',
  async (widths) => {
    const random = createRandom(widths[0]);
    const outcomes = Math.max(...widths) === 390 ? 390 : 12;
    const tables = Array.from({ length: VARIANT_OF.length * REPLICATE_TABLES }, () =>
      sparseMasses(random, outcomes),
    );
    await favoured(tables, randomCodes(random, outcomes), 0, 3, widths);
  },
);

it('ignores the outcomes a producer cannot draw, the best of all among them', async () => {
  const outcomes = 130;
  const codes = randomCodes(createRandom(5), outcomes);
  // The mass lies on outcome 70 alone: it is best, whatever its code.
  const table = Array.from({ length: outcomes }, (_, v) => (v === 70 ? 9n : 0n));
  const tables = Array.from({ length: VARIANT_OF.length * REPLICATE_TABLES }, () => table);
  await favoured(tables, codes, 0, 3);
});

it('answers 0 for a table without mass', async () => {
  const outcomes = 70;
  const tables = Array.from({ length: VARIANT_OF.length * REPLICATE_TABLES }, () =>
    new Array<bigint>(outcomes).fill(0n),
  );
  await favoured(tables, randomCodes(createRandom(6), outcomes), 0, 3);
});
