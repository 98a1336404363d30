/** How fast an adapter computes: float32 multiply-adds, and random words. */
import { shader as multiplyAddShader } from '../../shaders/bench/multiply_add.wgsl';
import { shader as randomWordsShader } from '../../shaders/bench/random_words.wgsl';
import type { BufferSet } from '../../src/gpu/buffers.ts';
import { bindData } from '../../src/gpu/kernel.ts';
import { philox4x32 } from '../../src/random/philox.ts';
import type { GpuLab } from './gpu_lab.ts';
import type { Ceiling, Workload } from './workload.ts';
import { expectAll, readWords, threadsOf, WORKGROUP } from './workload.ts';

const CHAINS = 16;
const UNROLLED = 4; // multiply-adds of a chain in a step, as in the shader
/** Sums of four chains stay below 2^24, where float32 counts exactly: 4 · (4 · steps + 31) < 2^24. */
const MOST_STEPS = 2 ** 19;
const MOST_BLOCKS = 2 ** 14;
const SEED = 0x73706565;
const CHECKED_THREADS = 20; // more than a period of the starts

/** Steps at effort 1: enough that a thread's start and end do not count. */
const STEPS = 8;

/** Chain j of thread t starts at t mod 16 + j; with factor 1 and addend 1 every step adds four. */
export function multiplyAddSums(thread: number, steps: number): number[] {
  const start = (thread % 16) + UNROLLED * steps;
  return [0, 1, 2, 3].map((lane) => 4 * (start + lane) + 0 + 4 + 8 + 12);
}

export async function createMultiplyAdd(lab: GpuLab, buffers: BufferSet): Promise<Workload> {
  const threads = threadsOf(lab);
  const kernel = await lab.cache.get(multiplyAddShader, { WORKGROUP });
  const sums = await lab.device.guarded('the sums', () => buffers.storage('multiply-add sums', 16 * threads));
  const data = bindData(lab.device, kernel, { sums });
  let steps = 0;
  return {
    size: `${threads} threads × ${CHAINS} chains`,
    items: threads * CHAINS * UNROLLED * STEPS,
    mostEffort: MOST_STEPS / STEPS,
    record(recorder, effort) {
      steps = STEPS * effort;
      recorder.dispatch(kernel, data, { steps, factor: 1, addend: 1 }, [threads / WORKGROUP]);
    },
    async check() {
      const words = await readWords(lab, sums, 0, 4 * CHECKED_THREADS);
      const expected = Array.from({ length: CHECKED_THREADS }, (_, t) => multiplyAddSums(t, steps));
      expectAll(lab, 'multiply-adds', new Float32Array(words.buffer), expected.flat());
    },
  };
}

/** The exclusive or of `blocks` blocks of thread `thread`. */
export function exclusiveOrOfBlocks(thread: number, blocks: number): Uint32Array {
  const all = new Uint32Array(4);
  for (let k = 0; k < blocks; k++) {
    philox4x32([thread, 0, 0, k], [SEED, 0]).forEach((word, lane) => {
      all[lane] ^= word;
    });
  }
  return all;
}

export async function createRandomWords(lab: GpuLab, buffers: BufferSet): Promise<Workload> {
  const threads = threadsOf(lab);
  const kernel = await lab.cache.get(randomWordsShader, { WORKGROUP });
  const words = await lab.device.guarded('the words', () => buffers.storage('random words', 16 * threads));
  const data = bindData(lab.device, kernel, { words });
  let blocks = 0;
  return {
    size: `${threads} threads`,
    items: 4 * threads,
    mostEffort: MOST_BLOCKS,
    record(recorder, effort) {
      blocks = effort;
      recorder.dispatch(kernel, data, { blocks, seed: SEED }, [threads / WORKGROUP]);
    },
    async check() {
      const expected = [0, 1].flatMap((thread) => [...exclusiveOrOfBlocks(thread, blocks)]);
      expectAll(lab, 'random words', await readWords(lab, words, 0, 8), expected);
    },
  };
}

export const ARITHMETIC_CEILINGS: readonly Ceiling[] = [
  {
    name: 'multiply-add',
    title: 'Multiply-adds in float32',
    unit: 'G/s',
    unitsPerItem: 1e-9,
    bytesPerItem: null,
    note: 'one multiplication and one addition each',
    create: createMultiplyAdd,
  },
  {
    name: 'random-words',
    title: 'Random words of 32 bits (Philox4x32-10)',
    unit: 'G/s',
    unitsPerItem: 1e-9,
    bytesPerItem: null,
    create: createRandomWords,
  },
];
