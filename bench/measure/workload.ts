/** What a ceiling is: a kernel whose work can be made larger, its unit, and a check of what it computed. */
import { BackfireError } from '../../src/errors.ts';
import type { BufferSet } from '../../src/gpu/buffers.ts';
import { Staging } from '../../src/gpu/buffers.ts';
import type { Recorder } from '../../src/gpu/recorder.ts';
import { philoxInto } from '../../src/random/philox.ts';
import { expectWord } from './gpu_lab.ts';
import type { GpuLab } from './gpu_lab.ts';

export interface Workload {
  /** For example "2 × 64 MiB". */
  readonly size: string;
  /** Items of one dispatch of effort 1; a dispatch does `effort` times as many. */
  readonly items: number;
  readonly mostEffort: number;
  record(recorder: Recorder, effort: number): void;
  /** Compares what the dispatches so far left behind with the host's own computation. Throws `bad-adapter`. */
  check(): Promise<void>;
}

export interface Ceiling {
  readonly name: string;
  readonly title: string;
  readonly unit: 'GB/s' | 'G/s';
  /** Items to a unit: 1e9 items a second, or bytes of an item over 1e9. */
  readonly unitsPerItem: number;
  /** Bytes an item must move, for the ratio to the copy speed; null where it moves none. */
  readonly bytesPerItem: number | null;
  readonly note?: string;
  /** `copyGBs`: the copy speed, where it is known; work of a fixed size takes as much of it as a moment copies. */
  create(lab: GpuLab, buffers: BufferSet, copyGBs: number | null): Promise<Workload>;
}

export const WORKGROUP = 256;

/** Threads that fill the machine: software adapters have few lanes, and their dispatches must stay short. */
export function threadsOf(lab: GpuLab): number {
  return lab.device.adapter.software ? 2 ** 14 : 2 ** 20;
}

/** The largest power of two of bytes, at most `bytes`, that one buffer of this adapter may have. */
export function bytesWithin(lab: GpuLab, bytes: number): number {
  const { limits } = lab.device.adapter;
  const largest = Math.min(limits['maxStorageBufferBindingSize'], limits['maxBufferSize'], bytes);
  return 2 ** Math.floor(Math.log2(largest));
}

/** Tries powers of two from `bytes` down to `least` until the adapter has room. Throws `too-large` when it has none. */
export async function largestThatFits<T>(
  bytes: number,
  least: number,
  create: (bytes: number) => Promise<T>,
): Promise<T> {
  for (let size = bytes; ; size /= 2) {
    try {
      return await create(size);
    } catch (error) {
      if (!(error instanceof BackfireError) || error.code !== 'too-large' || size / 2 < least) throw error;
    }
  }
}

const PATTERN_KEY = [0x70617474, 0] as const;
const PATTERN_WORDS = 2 ** 16;

/** Words without a pattern, so that no memory compresses them; repeated beyond 256 KiB. */
export function patternWords(): Uint32Array {
  const words = new Uint32Array(PATTERN_WORDS);
  for (let block = 0; block < PATTERN_WORDS / 4; block++) {
    philoxInto(words.subarray(4 * block, 4 * block + 4), block, 0, 0, 0, ...PATTERN_KEY);
  }
  return words;
}

/** Fills a buffer with a pattern over and over: word i is pattern[i mod its length]. */
export function fillWithPattern(
  lab: GpuLab,
  buffer: GPUBuffer,
  pattern: Uint32Array | Float32Array,
  bytes: number,
): void {
  for (let at = 0; at < bytes; at += pattern.byteLength) {
    const size = Math.min(pattern.byteLength, bytes - at);
    lab.device.handle.queue.writeBuffer(buffer, at, pattern.buffer, pattern.byteOffset, size);
  }
}

/** `count` words of a buffer from word `first` on; `first` and `count` are multiples of 4. */
export async function readWords(
  lab: GpuLab,
  buffer: GPUBuffer,
  first: number,
  count: number,
): Promise<Uint32Array> {
  const staging = new Staging(lab.device, `read ${buffer.label}`, 4 * count);
  const recorder = lab.record(`read ${buffer.label}`);
  recorder.copy(buffer, staging.buffer, 4 * count, 4 * first);
  recorder.submit();
  try {
    return new Uint32Array(await staging.read());
  } finally {
    staging.destroy();
  }
}

/** Compares words that were read back with the host's. Throws `bad-adapter` at the first that differs. */
export function expectAll(
  lab: GpuLab,
  what: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
): void {
  for (let k = 0; k < expected.length; k++) expectWord(lab, what, `word ${k}`, got[k], expected[k]);
}

/** Bytes as a power of two of KiB or MiB. */
export function bytesText(bytes: number): string {
  return bytes >= 2 ** 20 ? `${bytes / 2 ** 20} MiB` : `${bytes / 2 ** 10} KiB`;
}
