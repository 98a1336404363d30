/** The functions in shaders/shared, each called from a small shader of the tests' own in probes/. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { linkShader } from '../../../scripts/vite_plugin_wgsl.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { lagrange, MAX_STENCIL } from './curators.ts';
import { bitLength, philox, randomBits, randomWord, words64, write64 } from './exact.ts';
import type { Data, Written } from './harness.ts';
import { expectFloats, expectWords, ROUNDOFF, untouched, useKernelLab } from './harness.ts';

const lab = useKernelLab();
const WORKGROUP = 64;

async function probe(name: string, items: number, data: Readonly<Record<string, Data>>): Promise<Written> {
  const text = readFileSync(new URL(`probes/${name}.wgsl`, import.meta.url), 'utf8');
  const place = new URL(`../../../shaders/probe_${name}.wgsl`, import.meta.url).pathname;
  const kernel = await lab.context().cache.get(await linkShader(place, text));
  return lab.run(kernel, data, (recorder, bound) =>
    recorder.dispatch(kernel, bound, {}, [Math.ceil(items / WORKGROUP)]),
  );
}

describe('elementary', () => {
  /** Relative errors of e^x, 1 − e^(−x) and ln(1 − x); the second series stops before x^7/8!, 2.5e-7 of it at x = 1/2. */
  const STATED = [2 ** -22, 2 ** -22, 2 ** -22, 0];

  async function evaluate(points: readonly (readonly [x: number, y: number])[]) {
    const given = Float32Array.from(points.flat());
    const written = await probe('elementary', points.length, {
      points: given,
      results: untouched(4 * points.length),
    });
    const expected = new Float64Array(4 * points.length);
    const tolerance = new Float64Array(expected.length);
    points.forEach((_, i) => {
      const x = given[2 * i];
      const values = [
        Math.exp(Math.min(Math.max(x, -87), 80)),
        -Math.expm1(-Math.min(Math.abs(x), 87)),
        Math.log1p(-given[2 * i + 1]),
        0,
      ];
      expected.set(values, 4 * i);
      tolerance.set(
        values.map((value, k) => STATED[k] * Math.abs(value)),
        4 * i,
      );
    });
    expectFloats(written.floats('results'), expected, (k) => tolerance[k]);
  }

  it('keeps its stated error over the whole domain', async () => {
    const random = createRandom(1);
    await evaluate(
      Array.from({ length: 5000 }, (_, k) => [
        k % 2 === 0 ? -87 + 167 * random() : (2 * random() - 1) * 10 ** (-6 * random()),
        k % 2 === 0 ? random() / 2 : 10 ** (-9 * random() - 0.31),
      ]),
    );
  });

  it('at the ends: clamped, exact at zero, and around the switch of series', async () => {
    await evaluate([
      [0, 0],
      [-0, 0.5],
      [-87, 0.25],
      [80, 2 ** -24],
      [-1000, 0],
      [1e30, 0],
      [-3e38, 0],
      [0.5, 0],
      [0.49999997, 0],
      [0.5000001, 0],
      [1e-30, 0],
      [Math.LN2 / 2, 0],
      [-1.5 * Math.LN2, 0],
    ]);
  });
});

describe('wide', () => {
  /** By nothing, by and around whole words, and beyond the last bit. */
  const SHIFTS = [0, 1, 31, 32, 33, 63, 64, 65, 96, 1100];

  it('adds, multiplies, shifts, measures and compares 64-bit integers', async () => {
    const random = createRandom(2);
    const edges = [0n, 1n, 0xffffffffn, 0x100000000n, 0x80000000n, 0x7fffffffffffffffn, 0xffffffffffffffffn];
    const pairs = edges.flatMap((a) => edges.map((b): [bigint, bigint] => [a, b]));
    for (let k = 0; k < 500; k++) {
      pairs.push([randomBits(random, k % 65), randomBits(random, Math.floor(65 * random()))]);
    }
    const operands = new Uint32Array(6 * pairs.length);
    const expected = new Uint32Array(12 * pairs.length);
    pairs.forEach(([a, b], i) => {
      const shift = i % 3 === 0 ? SHIFTS[(i / 3) % SHIFTS.length] : Math.floor(random() * 70);
      write64(operands, 3 * i, a);
      write64(operands, 3 * i + 1, b);
      operands[6 * i + 4] = shift;
      expected.set(
        [
          ...words64(BigInt.asUintN(64, a + b)),
          ...words64((a & 0xffffffffn) * (b & 0xffffffffn)),
          ...words64(a >> BigInt(shift)),
          ...words64(BigInt.asUintN(64, a << BigInt(shift))),
          bitLength(a),
          a < b ? 1 : 0,
          0,
          0,
        ],
        12 * i,
      );
    });
    const written = await probe('wide', pairs.length, { operands, results: untouched(expected.length) });
    expectWords(written.words('results'), expected);
  });
});

describe('philox', () => {
  it('gives the words of a reference in 64-bit integers', async () => {
    const random = createRandom(3);
    const count = 200;
    const addresses = Uint32Array.from({ length: 8 * count }, () => {
      const kind = random();
      return kind < 0.1 ? 0 : kind < 0.2 ? 0xffffffff : randomWord(random);
    });
    const expected = new Uint32Array(4 * count);
    for (let k = 0; k < count; k++) {
      const own = Array.from(addresses.subarray(8 * k, 8 * k + 6));
      expected.set(philox(own.slice(0, 4), own.slice(4)), 4 * k);
    }
    const written = await probe('philox', count, { addresses, words: untouched(4 * count) });
    expectWords(written.words('words'), expected);
  });
});

describe('selection', () => {
  const LENGTH = 600; // as in the probe

  interface Candidate {
    readonly outcome: number;
    readonly code: number;
    readonly word: number;
    readonly rank: number;
  }

  const shifted = (value: bigint, by: number): bigint => value >> BigInt(by);

  /** Reservoir sampling of size one on weights mantissa·2^−exponent, kept with 15 more bits than their mantissas. */
  function choicesOf(stream: readonly Candidate[]): number[] {
    let chosen = 0;
    let total = 0n;
    let exponent = 0;
    let best = 0;
    let bestRank = 0;
    return stream.flatMap(({ outcome, code, word, rank }) => {
      let weight = BigInt(Math.floor(code / 1024)) << 15n;
      const own = code % 1024;
      if (total === 0n) {
        exponent = own;
      } else if (own < exponent) {
        total = shifted(total, exponent - own);
        exponent = own;
      } else {
        weight = shifted(weight, own - exponent);
      }
      total += weight;
      if ((BigInt(word) * total) >> 32n < weight) chosen = outcome;
      if (rank > bestRank) {
        best = outcome;
        bestRank = rank;
      }
      return [chosen + best * 65_536, exponent, ...words64(total)];
    });
  }

  async function follow(streams: readonly (readonly Candidate[])[]) {
    const candidates = streams.flat().flatMap(({ outcome, code, word, rank }) => [outcome, code, word, rank]);
    const written = await probe('selection', streams.length, {
      candidates: Uint32Array.from(candidates),
      choices: untouched(candidates.length),
    });
    expectWords(written.words('choices'), Uint32Array.from(streams.flatMap(choicesOf)));
  }

  function randomStream(random: () => number, spread: number): Candidate[] {
    return Array.from({ length: LENGTH }, (_, step) => ({
      outcome: step + 1,
      code: (0x200000 + Math.floor(random() * 0x200000)) * 1024 + Math.floor(random() * spread),
      word: step === 0 ? 0 : randomWord(random),
      rank: 1 + Math.floor(random() * 5),
    }));
  }

  it.each([1, 4, 30, 40, 1000])('follows streams of candidates, exponents within %d', async (spread) => {
    const random = createRandom(100 + spread);
    await follow(Array.from({ length: 10 }, () => randomStream(random, spread)));
  });

  it('decides on the boundary', async () => {
    const stream = Array.from({ length: LENGTH }, (_, step) => ({
      outcome: step,
      code: 0x3fffff * 1024,
      // On the verge of replacing the choice, from both sides.
      word: step % 2 === 0 ? Math.floor((2 ** 32 - 1) / (step + 1)) : Math.ceil(2 ** 32 / (step + 1)),
      rank: 1,
    }));
    await follow([stream, stream.map((one) => ({ ...one, word: 0xffffffff }))]);
  });
});

describe('curators', () => {
  it('Lagrange weights of six points', async () => {
    const random = createRandom(6);
    const positions = Float32Array.from({ length: 300 }, (_, k) => (k < 6 ? k : 5 * random()));
    const expected = new Float64Array(MAX_STENCIL * positions.length);
    positions.forEach((position, i) => {
      for (let k = 0; k < MAX_STENCIL; k++) expected[MAX_STENCIL * i + k] = lagrange(position, k);
    });
    for (let k = 0; k < 36; k++) expect(Math.abs(expected[k])).toBe(k % 7 === 0 ? 1 : 0);
    const written = await probe('curators', positions.length, {
      positions,
      weights: untouched(expected.length),
    });
    // Five factors, each a difference (1u), a quotient (5u) and a product (1u).
    expectFloats(written.floats('weights'), expected, (k) => 35 * ROUNDOFF * Math.abs(expected[k]));
  });
});

describe('normals', () => {
  /** Relative error of ln x away from 1 and of −ln((a + ½)/2^32); absolute errors of ln x near 1, of cosine and sine, of a unit normal. */
  const STATED = { logarithm: 2 ** -20, nearOne: 2 ** -21, turn: 2 ** -21, normal: 2 ** -19 };

  async function evaluate(points: readonly number[], words: readonly (readonly [a: number, b: number])[]) {
    const x = Float32Array.from(points);
    const written = await probe('normals', words.length, {
      points: x,
      words: Uint32Array.from(words.flat()),
      results: untouched(6 * words.length),
    });
    const expected = new Float64Array(6 * words.length);
    const tolerance = new Float64Array(expected.length);
    words.forEach(([a, b], i) => {
      const log = Math.log(x[i]);
      const surprise = -Math.log((a + 0.5) / 2 ** 32);
      const angle = (2 * Math.PI * b) / 2 ** 32;
      const radius = Math.sqrt(2 * surprise);
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      expected.set([log, surprise, cosine, sine, radius * cosine, radius * sine], 6 * i);
      const near = x[i] > 0.5 && x[i] < 2;
      tolerance.set(
        [
          near ? STATED.nearOne : STATED.logarithm * Math.abs(log),
          STATED.logarithm * surprise,
          STATED.turn,
          STATED.turn,
          STATED.normal * radius,
          STATED.normal * radius,
        ],
        6 * i,
      );
    });
    expectFloats(written.floats('results'), expected, (k) => tolerance[k]);
  }

  it('keep their stated errors over all words', async () => {
    const random = createRandom(5);
    const points: number[] = [];
    const words: [number, number][] = [];
    for (let k = 0; k < 6000; k++) {
      points.push(k % 2 === 0 ? 2 ** (252 * random() - 126) : 2 ** (4 * random() - 2));
      // Uniform words, and words of every size near both ends, where ln u vanishes or grows.
      const near = Math.floor(2 ** (32 * random()));
      words.push([[randomWord(random), near, 2 ** 32 - 1 - near][k % 3], randomWord(random)]);
    }
    await evaluate(points, words);
  });

  it('at the ends: the first and last words, quarter and eighth turns', async () => {
    const ends = [0, 1, 2, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 2, 2 ** 32 - 1];
    const turns = ends.flatMap((_, k) => [-1, 0, 1].map((by) => (k * 2 ** 29 + by + 2 ** 32) % 2 ** 32));
    const words = ends.flatMap((a) => turns.map((b): [number, number] => [a, b]));
    const points = [1, 2 ** -126, 0.5, Math.SQRT1_2, Math.SQRT2, 2, 3e38, 0.99999994, 1.0000001];
    await evaluate(
      words.map((_, k) => points[k % points.length]),
      words,
    );
  });
});
