/** How fast memory is: copied in order, read at random places, added to at random places. */
import { shader as atomicAddShader } from '../../shaders/bench/atomic_add.wgsl';
import { shader as copyShader } from '../../shaders/bench/copy_words.wgsl';
import { shader as gatherShader } from '../../shaders/bench/gather.wgsl';
import type { BufferSet } from '../../src/gpu/buffers.ts';
import { bindData } from '../../src/gpu/kernel.ts';
import type { GpuLab } from './gpu_lab.ts';
import { scatterNext, scatterPlace, scatterStart } from './scatter.ts';
import type { Ceiling, Workload } from './workload.ts';
import {
  bytesText,
  bytesWithin,
  expectAll,
  fillWithPattern,
  largestThatFits,
  patternWords,
  readWords,
  threadsOf,
  WORKGROUP,
} from './workload.ts';

/** Beyond the caches of today's adapters, as far as their memory allows. */
const COPY_BYTES = { software: 2 ** 26, hardware: 2 ** 28, least: 2 ** 22 };
const VECTOR_BYTES = 16;
/** Vectors of a thread, of which software adapters like several: 4 to 8 copy 2 to 3 times as fast as 1 or 32. */
const VECTORS_EACH = 8;
/** Places of a table that caches hold: about as many as a large vocabulary has words. */
const CACHED_WORDS = 2 ** 15;
const FAR_BYTES = 2 ** 26;
const LEAST_FAR_BYTES = 2 ** 22;
/** Reads, or adds, of a thread at effort 1. */
const EACH = 16;
const MOST_EFFORT = 2 ** 12;
const CHECKED = 4;

async function createCopy(lab: GpuLab, buffers: BufferSet, bytes: number): Promise<Workload> {
  const pattern = patternWords();
  const kernel = await lab.cache.get(copyShader, { WORKGROUP, EACH: VECTORS_EACH });
  const [source, copied] = await lab.device.guarded('the memory to copy', () => [
    buffers.storage('copy source', bytes),
    buffers.storage('copied', bytes),
  ]);
  fillWithPattern(lab, source, pattern, bytes);
  const data = bindData(lab.device, kernel, { source, copied });
  const vectors = bytes / VECTOR_BYTES;
  const groups = Math.ceil(vectors / WORKGROUP / VECTORS_EACH);
  let salt = 0;
  return {
    size: `2 × ${bytesText(bytes)}`,
    items: bytes,
    mostEffort: 1,
    record(recorder) {
      salt += 1;
      recorder.dispatch(kernel, data, { vectors, salt }, [groups]);
    },
    async check() {
      const words = bytes / 4;
      for (const first of [0, words / 2, words - CHECKED]) {
        const expected = Array.from({ length: CHECKED }, (_, k) => {
          return (pattern[(first + k) % pattern.length] ^ salt) >>> 0;
        });
        expectAll(lab, 'copy speed', await readWords(lab, copied, first, CHECKED), expected);
      }
    },
  };
}

async function createGather(lab: GpuLab, buffers: BufferSet, bytes: number): Promise<Workload> {
  const pattern = patternWords();
  const threads = threadsOf(lab);
  const kernel = await lab.cache.get(gatherShader, { WORKGROUP });
  const [table, sums] = await lab.device.guarded('the table to read', () => [
    buffers.storage('gather table', bytes),
    buffers.storage('gather sums', 4 * threads),
  ]);
  fillWithPattern(lab, table, pattern, bytes);
  const data = bindData(lab.device, kernel, { table, sums });
  const mask = bytes / 4 - 1;
  let reads = 0;
  return {
    size: bytesText(bytes),
    items: threads * EACH,
    mostEffort: MOST_EFFORT,
    record(recorder, effort) {
      reads = EACH * effort;
      recorder.dispatch(kernel, data, { reads, mask }, [threads / WORKGROUP]);
    },
    async check() {
      const expected = Array.from({ length: CHECKED }, (_, thread) => {
        let state = scatterStart(thread);
        let sum = 0;
        for (let k = 0; k < reads; k++) {
          state = scatterNext(state);
          sum = (sum + pattern[scatterPlace(state, mask) % pattern.length]) >>> 0;
        }
        return sum;
      });
      expectAll(lab, 'random reads', await readWords(lab, sums, 0, CHECKED), expected);
    },
  };
}

async function createAtomicAdd(lab: GpuLab, buffers: BufferSet, words: number): Promise<Workload> {
  const threads = threadsOf(lab);
  const kernel = await lab.cache.get(atomicAddShader, { WORKGROUP });
  const counts = await lab.device.guarded('the counts', () => buffers.storage('counts', 4 * words));
  const data = bindData(lab.device, kernel, { counts });
  let added = 0;
  return {
    size: words === 1 ? 'one word' : bytesText(4 * words),
    items: threads * EACH,
    mostEffort: MOST_EFFORT,
    record(recorder, effort) {
      added += threads * EACH * effort;
      recorder.dispatch(kernel, data, { adds: EACH * effort, mask: words - 1 }, [threads / WORKGROUP]);
    },
    async check() {
      const got = await readWords(lab, counts, 0, Math.max(4, words));
      const total = got.reduce((sum, count) => (sum + count) >>> 0, 0);
      expectAll(lab, 'atomic adds', [total], [added % 2 ** 32]);
    },
  };
}

export const COPY: Ceiling = {
  name: 'copy',
  title: 'Copy',
  unit: 'GB/s',
  unitsPerItem: 2e-9, // a byte of the buffer is read and written
  bytesPerItem: null,
  note: 'bytes read and bytes written',
  create: (lab, buffers) =>
    largestThatFits(
      bytesWithin(lab, lab.device.adapter.software ? COPY_BYTES.software : COPY_BYTES.hardware),
      COPY_BYTES.least,
      (bytes) => createCopy(lab, buffers, bytes),
    ),
};

export const MEMORY_CEILINGS: readonly Ceiling[] = [
  {
    name: 'gather-cached',
    title: 'Reads at random places of a small table',
    unit: 'G/s',
    unitsPerItem: 1e-9,
    bytesPerItem: 4,
    note: '4 bytes a read, from caches: the ratio may exceed 1',
    create: (lab, buffers) => createGather(lab, buffers, 4 * CACHED_WORDS),
  },
  {
    name: 'gather-memory',
    title: 'Reads at random places of a large table',
    unit: 'G/s',
    unitsPerItem: 1e-9,
    bytesPerItem: 4,
    note: '4 bytes a read, though memory moves whole lines',
    create: (lab, buffers) =>
      largestThatFits(bytesWithin(lab, FAR_BYTES), LEAST_FAR_BYTES, (bytes) =>
        createGather(lab, buffers, bytes),
      ),
  },
  {
    name: 'atomic-spread',
    title: 'Atomic adds at random places',
    unit: 'G/s',
    unitsPerItem: 1e-9,
    bytesPerItem: 8,
    note: '8 bytes an add, in caches: the ratio may exceed 1',
    create: (lab, buffers) => createAtomicAdd(lab, buffers, CACHED_WORDS),
  },
  {
    name: 'atomic-same',
    title: 'Atomic adds to one word',
    unit: 'G/s',
    unitsPerItem: 1e-9,
    bytesPerItem: null,
    note: 'adapters that join the adds of neighbouring threads do more of them',
    create: (lab, buffers) => createAtomicAdd(lab, buffers, 1),
  },
];
