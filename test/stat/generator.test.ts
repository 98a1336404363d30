/**
 * The random words themselves: Philox as the GPU's compiler leaves it, and whether words look uniform and independent along
 * every axis by which the engine addresses them. 14 comparisons; honest words fail one of them with probability 7e-6.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkShader } from '../../scripts/vite_plugin_wgsl.ts';
import type { GpuBackend } from '../../src/engine/gpu/backend.ts';
import { BufferSet, readBuffer } from '../../src/gpu/buffers.ts';
import { bindData, KernelCache } from '../../src/gpu/kernel.ts';
import { Recorder, UniformArena } from '../../src/gpu/recorder.ts';
import { mulHigh, philox4x32, philoxInto } from '../../src/random/philox.ts';
import { createRandom } from '../support/ecosystems.ts';
import { openTestBackend } from '../support/gpu.ts';
import { expectChiSquare } from './verdicts.ts';

const WORD = 2 ** 32 - 1;

/** createRandom has 31 bits; a word takes two draws. */
function wordFrom(random: () => number): number {
  return Math.floor(random() * 2 ** 16) * 2 ** 16 + Math.floor(random() * 2 ** 16);
}

describe('Philox on the GPU', () => {
  let gpu: GpuBackend;
  beforeAll(async () => {
    gpu = await openTestBackend();
  });
  afterAll(() => {
    gpu.destroy();
  });

  /** Rows of eight words: counter, key, two factors. Answers of eight words: four random ones, the high product. */
  async function answersOf(inputs: Uint32Array): Promise<Uint32Array> {
    const { device } = gpu;
    const text = await readFile(join(import.meta.dirname, 'philox_words.wgsl'), 'utf8');
    // Linked as though it lay among the shaders, so that its imports are found.
    const shader = await linkShader(join(import.meta.dirname, '../../shaders/philox_words_test.wgsl'), text);
    const buffers = new BufferSet(device);
    const arena = new UniformArena(device, 1);
    try {
      const kernel = await new KernelCache(device).get(shader);
      const given = buffers.filled('inputs', inputs);
      const outputs = buffers.storage('outputs', inputs.byteLength);
      const recorder = new Recorder(device, arena, 'philox words');
      const data = bindData(device, kernel, { inputs: given, outputs });
      recorder.dispatch(kernel, data, {}, [Math.ceil(inputs.length / 8 / 64)]);
      recorder.submit();
      return new Uint32Array(await readBuffer(device, outputs, inputs.byteLength));
    } finally {
      arena.destroy();
      buffers.destroy();
    }
  }

  it('gives the published answers', async () => {
    const inputs = Uint32Array.of(
      ...[0, 0, 0, 0, 0, 0, 0, 0],
      ...[WORD, WORD, WORD, WORD, WORD, WORD, WORD, WORD],
      ...[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0x10000, 0x10000],
    );
    expect(Array.from(await answersOf(inputs))).toEqual([
      ...[0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8, 0, 0, 0, 0],
      ...[0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd, WORD - 1, 0, 0, 0],
      ...[0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1, 1, 0, 0, 0],
    ]);
  });

  it('gives the CPU’s words and products at 10,000 counters and keys', async () => {
    const random = createRandom(31);
    const corners = [0, 1, 0xffff, 0x10000, 2 ** 31 - 1, 2 ** 31, WORD];
    const inputs = Uint32Array.from({ length: 80_000 }, () =>
      random() < 0.1 ? corners[Math.floor(random() * corners.length)] : wordFrom(random),
    );
    const expected = new Uint32Array(inputs.length);
    for (let row = 0; row < inputs.length; row += 8) {
      const [c0, c1, c2, c3, k0, k1, a, b] = inputs.subarray(row, row + 8);
      expected.set(philox4x32([c0, c1, c2, c3], [k0, k1]), row);
      expected[row + 4] = mulHigh(a, b);
    }
    const answers = await answersOf(inputs);
    const wrong = expected.findIndex((word, k) => word !== answers[k]);
    const place = `word ${wrong % 8} of row ${Math.floor(wrong / 8)}, ${inputs.subarray(wrong & ~7, (wrong | 7) + 1).join(' ')}`;
    expect(wrong, `${place}: ${answers[wrong]} is not ${expected[wrong]}`).toBe(-1);
  });
});

/** Counter and key words by what the engine puts there. */
const AXES = ['sample', 'round', 'model', 'block', 'seed', 'stream'] as const;
type Address = [number, number, number, number, number, number];

/** The four words at `count` neighbouring places along one axis. */
function wordsAlong(axis: number, count: number): Uint32Array {
  const address: Address = [5, 3, 2, 1, 1234, 7];
  const words = new Uint32Array(4 * count);
  for (let k = 0; k < count; k++) {
    philoxInto(words.subarray(4 * k, 4 * k + 4), ...address);
    address[axis] += 1;
  }
  return words;
}

/** Pearson's statistic of equally likely cells. */
function evenness(counts: Uint32Array, trials: number): number {
  const expected = trials / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('random words', () => {
  const BLOCKS = 2 ** 17;

  it.each(AXES)('have even bytes along the %s', (axis) => {
    const words = wordsAlong(AXES.indexOf(axis), BLOCKS);
    let statistic = 0;
    for (let place = 0; place < 16; place++) {
      const counts = new Uint32Array(256);
      for (let k = 0; k < BLOCKS; k++) counts[(words[4 * k + (place >> 2)] >>> (8 * (place & 3))) & 255] += 1;
      statistic += evenness(counts, BLOCKS);
    }
    expectChiSquare(statistic, 16 * 255, `bytes along the ${axis}`);
  });

  it.each(AXES)('are independent of their neighbours along the %s', (axis) => {
    const words = wordsAlong(AXES.indexOf(axis), BLOCKS);
    let statistic = 0;
    for (let w = 0; w < 4; w++) {
      const counts = new Uint32Array(1024); // the top five bits of both
      for (let k = 0; k + 1 < BLOCKS; k += 2)
        counts[((words[4 * k + w] >>> 27) << 5) | (words[4 * k + 4 + w] >>> 27)] += 1;
      statistic += evenness(counts, BLOCKS / 2);
    }
    expectChiSquare(statistic, 4 * 1023, `neighbours along the ${axis}`);
  });

  it('are independent within a block: an outcome and the decision on it', () => {
    const words = wordsAlong(0, BLOCKS);
    let statistic = 0;
    for (const w of [0, 2]) {
      const counts = new Uint32Array(1024);
      for (let k = 0; k < BLOCKS; k++)
        counts[((words[4 * k + w] >>> 27) << 5) | (words[4 * k + w + 1] >>> 27)] += 1;
      statistic += evenness(counts, BLOCKS);
    }
    expectChiSquare(statistic, 2 * 1023, 'words of a block');
  });

  it('flip each bit half of the time when one bit of counter or key flips', () => {
    const BASES = 512;
    const random = createRandom(77);
    let statistic = 0;
    for (let input = 0; input < 192; input++) {
      const flips = new Uint32Array(128);
      for (let k = 0; k < BASES; k++) {
        const address = Array.from({ length: 6 }, () => wordFrom(random)) as Address;
        const before = new Uint32Array(4);
        const after = new Uint32Array(4);
        philoxInto(before, ...address);
        address[input >> 5] = (address[input >> 5] ^ (1 << (input & 31))) >>> 0;
        philoxInto(after, ...address);
        for (let bit = 0; bit < 128; bit++)
          flips[bit] += ((before[bit >> 5] ^ after[bit >> 5]) >>> (bit & 31)) & 1;
      }
      for (const count of flips) statistic += (count - BASES / 2) ** 2 / (BASES / 4);
    }
    expectChiSquare(statistic, 192 * 128, 'flipped bits');
  });
});
