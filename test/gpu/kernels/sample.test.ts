import { describe, expect, it } from 'vitest';
import type { Tuning } from '../../../src/kernels/context.ts';
import { createSample, recordSample, sampleGroups } from '../../../src/kernels/sample.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { mulHigh, philox } from './exact.ts';
import { expectWords, replicateRows, useKernelLab } from './harness.ts';

const lab = useKernelLab();
const KIND = { real: 0, raw: 1, curated: 2, curatedArgmax: 3, tilted: 4 };
const FIRST_STREAM = 40;
const OLD_COUNT = 7; // the kernel adds to what is there

interface Source {
  readonly kind: number;
  readonly table: number;
  readonly codes?: number;
  readonly candidates?: number;
  /** Of 2^31; the shares of a model's sources sum to it. */
  readonly share: number;
  /** Places of the table that share what is given; all of them where it is left out. */
  readonly width?: number;
  /** Whether place b·width + k is outcome k·(outcomes/width) + b. */
  readonly swapped?: boolean;
}

/** Everything a round of samples reads. Finite model f has sources[variant][f]. */
interface Round {
  readonly outcomes: number;
  readonly realTables: readonly (readonly number[])[];
  /** [replicate][table], cumulative like the real ones. */
  readonly tables: readonly (readonly (readonly number[])[])[];
  readonly codes: readonly (readonly number[])[];
  /** Place of each finite model among all models. */
  readonly models: readonly number[];
  readonly sources: readonly (readonly (readonly Source[])[])[];
  /** [variant][finite model]. */
  readonly populations: readonly (readonly number[])[];
  readonly variantOf: readonly number[];
  readonly round: number;
  readonly seed: number;
}

function firstAbove(cumulative: readonly number[], draw: number): number {
  return cumulative.findIndex((value) => value > draw);
}

/** What sample number `sample` comes to, from the addresses of its random words alone. */
function drawSample(given: Round, replicate: number, f: number, sample: number): number {
  const { round, seed, models, variantOf } = given;
  const block = (k: number) => philox([sample, round, models[f], k], [seed, FIRST_STREAM + replicate]);
  const [sourceWord, firstWord] = block(0);
  const sources = given.sources[variantOf[replicate]][f];
  let share = 0;
  const cumulativeShares = sources.map((one) => (share += one.share));
  const source = sources[firstAbove(cumulativeShares, Math.floor(sourceWord / 2))];
  const table =
    source.kind === KIND.real ? given.realTables[source.table] : given.tables[replicate][source.table];
  const lookUp = (word: number) => firstAbove(table, mulHigh(word, table[table.length - 1]));
  let chosen = lookUp(firstWord);
  const width = source.width ?? given.outcomes;
  const start = chosen - (chosen % width);
  const outcomeOf = (place: number): number =>
    source.swapped === true ? (place % width) * (given.outcomes / width) + Math.floor(place / width) : place;
  if (source.kind < KIND.curated) return outcomeOf(chosen);
  if (source.kind === KIND.tilted) {
    const own = given.tables[replicate][source.codes ?? 0].slice(start, start + width);
    return outcomeOf(start + firstAbove(own, mulHigh(block(0)[2], own[width - 1])));
  }
  const below = start === 0 ? 0 : table[start - 1];
  const within = (word: number) => firstAbove(table, below + mulHigh(word, table[start + width - 1] - below));

  // Candidate c ≥ 1 takes half a block: words 2 and 3 for odd c, 0 and 1 for even c.
  const codes = given.codes[source.codes ?? 0];
  const weightOf = (outcome: number): bigint =>
    BigInt(Math.floor(codes[outcome] / 1024)) << BigInt(1023 - (codes[outcome] % 1024));
  let total = weightOf(chosen);
  let words = block(0);
  for (let c = 1; c < (source.candidates ?? 1); c++) {
    if (c % 2 === 0) words = block(c / 2);
    const outcome = within(words[c % 2 === 1 ? 2 : 0]);
    if (source.kind === KIND.curatedArgmax) {
      if (codes[outcome] > codes[chosen]) chosen = outcome;
      continue;
    }
    // Replaces the choice with probability weight/total, in exact rationals. The kernel drops low bits of light weights,
    // which changes one decision in about 2^36.
    total += weightOf(outcome);
    if (BigInt(words[c % 2 === 1 ? 3 : 1]) * total < weightOf(outcome) << 32n) chosen = outcome;
  }
  return outcomeOf(chosen);
}

function expectedCounts(given: Round, first: number, count: number): Uint32Array {
  const finiteModels = given.models.length;
  const counts = new Uint32Array(given.variantOf.length * finiteModels * given.outcomes).fill(OLD_COUNT);
  given.variantOf.forEach((variant, r) => {
    for (let f = first; f < first + count; f++) {
      for (let sample = 0; sample < given.populations[variant][f]; sample++) {
        counts[(r * finiteModels + f) * given.outcomes + drawSample(given, r, f, sample)] += 1;
      }
    }
  });
  return counts;
}

async function sampledCounts(
  given: Round,
  tuning: Partial<Tuning> = {},
  first = 0,
  count = given.models.length,
): Promise<Uint32Array> {
  const { outcomes, populations, models, variantOf, round, seed } = given;
  const context = lab.context(tuning);
  const kernel = await createSample(context, outcomes);
  const sourceCounts = given.sources[0].map((list) => list.length);
  const sourceStart = [0];
  for (const length of sourceCounts) sourceStart.push(sourceStart[sourceStart.length - 1] + length);
  const starts = populations.map((row) => {
    const start = [0];
    for (const population of row) start.push(start[start.length - 1] + sampleGroups(context, population));
    return start;
  });
  const thresholds = given.sources.flatMap((variant) =>
    variant.flatMap((list) => {
      let share = 0;
      return list.map((source) => (share += source.share));
    }),
  );
  const groups = Math.max(...starts.map((start) => start[first + count] - start[first]));
  const sizes = {
    outcomes,
    models: Math.max(...models) + 1,
    replicates: variantOf.length,
    replicateTables: given.tables[0].length,
    realTables: given.realTables.length,
    finiteModels: models.length,
    thresholdsStride: sourceStart[models.length],
    seed,
  };
  const written = await lab.run(
    kernel,
    {
      tables: Uint32Array.from([...given.realTables.flat(), ...given.tables.flat(2)]),
      codes: Uint32Array.from(given.codes.flat()),
      models: Uint32Array.from(models.flatMap((model, f) => [model, sourceStart[f], sourceStart[f + 1], 0])),
      sources: Uint32Array.from(
        given.sources
          .flat(2)
          .flatMap((source) => [
            source.kind,
            source.table,
            source.codes ?? 0,
            source.candidates ?? 1,
            source.width ?? outcomes,
            Number(source.swapped ?? false),
          ]),
      ),
      thresholds: Uint32Array.from(thresholds),
      schedule: Uint32Array.from(
        populations.flatMap((row, k) => row.flatMap((population, f) => [population, starts[k][f]])),
      ),
      replicates: replicateRows(variantOf, FIRST_STREAM),
      counts: new Uint32Array(variantOf.length * models.length * outcomes).fill(OLD_COUNT),
    },
    (recorder, bound) => recordSample(recorder, kernel, bound, sizes, first, count, groups, round),
  );
  return written.words('counts');
}

/** Cumulative masses; about a third of the outcomes have none. */
function randomTable(random: () => number, outcomes: number, total: number): number[] {
  const raw = Array.from({ length: outcomes }, () => (random() < 0.3 ? 0 : random()));
  raw[Math.floor(random() * outcomes)] += 0.01;
  const scale = total / raw.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  return raw.map((value) => (sum += Math.floor(value * scale)));
}

function weightCode(random: () => number, spread: number): number {
  return (0x200000 + Math.floor(random() * 0x200000)) * 1024 + 12 + Math.floor(random() * spread);
}

const HALF = 2 ** 30;

function randomRound(
  outcomes: number,
  populations: readonly (readonly number[])[],
  candidates: number,
): Round {
  const random = createRandom(outcomes + candidates);
  const variantOf = [1, 0, 1];
  const sources = (codes: number): Source[][] => [
    [
      { kind: KIND.real, table: 1, share: HALF / 2 },
      { kind: KIND.curated, table: 0, codes, candidates, share: HALF / 2 },
      { kind: KIND.raw, table: 1, share: 0 }, // must never be picked
      { kind: KIND.curatedArgmax, table: 1, codes: 2, candidates: candidates + 1, share: HALF },
    ],
    [
      { kind: KIND.real, table: 0, share: 0 },
      { kind: KIND.raw, table: 2, share: HALF },
      { kind: KIND.curated, table: 2, codes: 1 - codes, candidates: 2, share: HALF },
    ],
  ];
  return {
    outcomes,
    realTables: [randomTable(random, outcomes, 2 ** 31), randomTable(random, outcomes, 2 ** 31 - 5)],
    tables: variantOf.map(() => [
      randomTable(random, outcomes, 1000),
      randomTable(random, outcomes, 2 ** 31 - 1),
      randomTable(random, outcomes, 2 ** 31 - 1),
    ]),
    codes: [
      Array.from({ length: outcomes }, () => weightCode(random, 8)),
      Array.from({ length: outcomes }, () => weightCode(random, 900)),
      Array.from({ length: outcomes }, () => 1 + Math.floor(random() * 3)),
    ],
    models: [1, 4],
    sources: [sources(0), sources(1)],
    populations,
    variantOf,
    round: 3,
    seed: 0xfedcba98,
  };
}

describe('draws exactly what the addressed random words say', () => {
  it.each([
    {
      outcomes: 1,
      populations: [
        [5, 1],
        [3, 70],
      ],
      candidates: 4,
    },
    {
      outcomes: 7,
      populations: [
        [300, 1],
        [513, 256],
      ],
      candidates: 1,
    },
    {
      outcomes: 64,
      populations: [
        [100, 257],
        [255, 3],
      ],
      candidates: 2,
    },
    {
      outcomes: 201,
      populations: [
        [150, 80],
        [40, 200],
      ],
      candidates: 9,
    },
    {
      outcomes: 12,
      populations: [
        [2, 1],
        [3, 2],
      ],
      candidates: 3000,
    },
  ])('$outcomes outcomes, $candidates candidates', async ({ outcomes, populations, candidates }) => {
    const given = randomRound(outcomes, populations, candidates);
    expectWords(await sampledCounts(given), expectedCounts(given, 0, 2));
  });

  it('of one model among others', async () => {
    const given = randomRound(
      20,
      [
        [200, 90],
        [30, 300],
      ],
      3,
    );
    expectWords(await sampledCounts(given, {}, 1, 1), expectedCounts(given, 1, 1));
    expectWords(await sampledCounts(given, {}, 0, 1), expectedCounts(given, 0, 1));
  });

  it('of a table with all its mass on one outcome', async () => {
    const given = randomRound(
      9,
      [
        [40, 10],
        [64, 65],
      ],
      3,
    );
    const all = Array.from({ length: 9 }, (_, v) => (v < 5 ? 0 : 1));
    const single = {
      ...given,
      realTables: [all, all],
      tables: given.tables.map((list) => list.map(() => all)),
    };
    const counts = await sampledCounts(single);
    expect(Array.from(counts.subarray(0, 9))).toEqual([7, 7, 7, 7, 7, 7 + 64, 7, 7, 7]);
    expectWords(counts, expectedCounts(single, 0, 2));
  });

  it('with other words for another round, seed, stream or model', async () => {
    const given = randomRound(
      50,
      [
        [200, 200],
        [200, 200],
      ],
      2,
    );
    const base = await sampledCounts(given);
    for (const change of [{ round: 4 }, { seed: 1 }, { models: [2, 4] }]) {
      const changed = { ...given, ...change };
      const counts = await sampledCounts(changed);
      expect(counts.subarray(0, 50)).not.toEqual(base.subarray(0, 50));
      expectWords(counts, expectedCounts(changed, 0, 2));
    }
  });
});

describe('draws candidates that share what is given', () => {
  /** Cumulative within each of the blocks, all of which have mass. */
  const withinBlocks = (random: () => number, outcomes: number, width: number): number[] =>
    Array.from({ length: outcomes / width }, () => randomTable(random, width, 2 ** 31 - 1)).flat();

  it.each([
    { blocks: 1, width: 6, candidates: 4 },
    { blocks: 5, width: 1, candidates: 3 },
    { blocks: 4, width: 3, candidates: 2 },
    { blocks: 7, width: 30, candidates: 9 },
  ])('$blocks blocks of $width, $candidates candidates', async ({ blocks, width, candidates }) => {
    const outcomes = blocks * width;
    const populations = [
      [200, 90],
      [130, 300],
    ];
    const given = randomRound(outcomes, populations, candidates);
    const random = createRandom(outcomes);
    const sources = (swapped: boolean): Source[][] => [
      [
        { kind: KIND.curated, table: 0, codes: 0, candidates, width, swapped, share: HALF },
        { kind: KIND.tilted, table: 1, codes: 3, candidates: 2, width, swapped, share: HALF / 2 },
        { kind: KIND.raw, table: 1, width, swapped, share: HALF / 2 },
      ],
      [
        { kind: KIND.real, table: 0, share: HALF / 2 },
        { kind: KIND.curatedArgmax, table: 1, codes: 2, candidates, width, swapped, share: HALF },
        { kind: KIND.tilted, table: 0, codes: 4, candidates: 2, width, swapped, share: HALF / 2 },
      ],
    ];
    const conditional = {
      ...given,
      tables: given.tables.map((list) => [
        ...list,
        withinBlocks(random, outcomes, width),
        withinBlocks(random, outcomes, width),
      ]),
      sources: [sources(false), sources(true)],
    };
    expectWords(await sampledCounts(conditional), expectedCounts(conditional, 0, 2));
  });
});

describe('no tuning changes a count', () => {
  const given = randomRound(
    37,
    [
      [1500, 1],
      [999, 2048],
    ],
    3,
  );
  let usual: Promise<Uint32Array> | null = null;
  const tunings = [32, 64, 256].flatMap((workgroup) =>
    [1, 4, 7].flatMap((samplesPerThread) =>
      [0, 2048].map((localOutcomes) => ({ workgroup, samplesPerThread, localOutcomes })),
    ),
  );
  it.each(tunings)(
    'workgroup $workgroup, $samplesPerThread samples a thread, local counts up to $localOutcomes',
    async (tuning) => {
      usual ??= sampledCounts(given);
      const counts = await sampledCounts(given, tuning);
      given.variantOf.forEach((variant, r) => {
        given.populations[variant].forEach((population, f) => {
          const row = counts.subarray((r * 2 + f) * 37, (r * 2 + f + 1) * 37);
          expect(row.reduce((sum, count) => sum + count, 0)).toBe(population + 37 * OLD_COUNT);
        });
      });
      expectWords(counts, await usual);
    },
  );

  it('nor does a grid of more than 65,535 workgroups, which is folded', async () => {
    const table = [500, 500, 1000];
    const simple: Round = {
      ...randomRound(3, [[40_001, 35_000]], 1),
      realTables: [table, table],
      sources: [
        [[{ kind: KIND.real, table: 0, share: 2 * HALF }], [{ kind: KIND.real, table: 1, share: 2 * HALF }]],
      ],
      variantOf: [0],
    };
    const folded = sampledCounts(simple, { workgroup: 1, samplesPerThread: 1, localOutcomes: 0 });
    await expect(folded).resolves.toHaveLength(6);
    const counts = await folded;
    expect(counts[0] + counts[1] + counts[2]).toBe(40_001 + 3 * OLD_COUNT);
    expect(counts[3] + counts[4] + counts[5]).toBe(35_000 + 3 * OLD_COUNT);
    expectWords(counts, await sampledCounts(simple));
  });
});
