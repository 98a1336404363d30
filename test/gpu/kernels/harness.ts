/**
 * Runs one kernel on hand-made buffers. Each test compares what comes back with a computation of its own, in float64 or
 * BigInt, from the formula at the head of the shader: neither src/cpu nor the kernel under test takes part in it.
 */
import { create } from 'webgpu';
import { afterAll, beforeAll, expect } from 'vitest';
import { BufferSet, readBuffer } from '../../../src/gpu/buffers.ts';
import { Device } from '../../../src/gpu/device.ts';
import type { Kernel } from '../../../src/gpu/kernel.ts';
import { bindData, KernelCache } from '../../../src/gpu/kernel.ts';
import { Recorder, UniformArena } from '../../../src/gpu/recorder.ts';
import type { KernelContext, Tuning } from '../../../src/kernels/context.ts';
import { DEFAULT_TUNING } from '../../../src/kernels/context.ts';

export const gpu = create([]); // kept for the life of the process: Dawn crashes when it is collected

export type Data = Uint32Array | Float32Array;

/** Half a unit in the last place of 1: the relative error of one float32 addition or product. */
export const ROUNDOFF = 2 ** -24;
/** The same for a quotient, which WGSL allows 2.5 units in the last place. */
export const QUOTIENT_ROUNDOFF = 5 * ROUNDOFF;

/** What outputs hold before the kernel runs: as a float32 about −6e18. */
const POISON = 0xdeadbeef;

/** An output of `length` words that no kernel result can be mistaken for. */
export function untouched(length: number): Uint32Array {
  return new Uint32Array(length).fill(POISON);
}

/** Expected floats of which none is set yet: what stays NaN must come back untouched. */
export function nothingWritten(length: number): Float64Array {
  return new Float64Array(length).fill(NaN);
}

/** Everything a kernel may write, as it left it. */
export interface Written {
  words(binding: string): Uint32Array;
  floats(binding: string): Float32Array;
}

export interface KernelLab {
  readonly device: Device;
  context(tuning?: Partial<Tuning>): KernelContext;
  /** Binds `data` by name, submits what `record` encodes and reads every writable binding back. Any WebGPU error rejects. */
  run(
    kernel: Kernel,
    data: Readonly<Record<string, Data>>,
    record: (recorder: Recorder, bound: GPUBindGroup) => void,
  ): Promise<Written>;
}

/** A device of this test file's own, opened before its tests and closed after them. */
export function useKernelLab(): KernelLab {
  let opened: { device: Device; cache: KernelCache } | null = null;
  const current = (): { device: Device; cache: KernelCache } => {
    if (opened === null) throw new Error('the device is open inside tests only');
    return opened;
  };
  beforeAll(async () => {
    const device = await Device.open(gpu);
    opened = { device, cache: new KernelCache(device) };
  });
  afterAll(() => {
    opened?.device.destroy();
  });
  return {
    get device() {
      return current().device;
    },
    context: (tuning = {}) => ({ ...current(), tuning: { ...DEFAULT_TUNING, ...tuning } }),
    run: (kernel, data, record) => runKernel(current().device, kernel, data, record),
  };
}

async function runKernel(
  device: Device,
  kernel: Kernel,
  data: Readonly<Record<string, Data>>,
  record: (recorder: Recorder, bound: GPUBindGroup) => void,
): Promise<Written> {
  const buffers = new BufferSet(device);
  const arena = new UniformArena(device, 16);
  try {
    const written = await device.guarded(`the test of ${kernel.shader.name}`, async () => {
      const bound: Record<string, GPUBuffer> = {};
      for (const [name, values] of Object.entries(data)) bound[name] = buffers.filled(name, values);
      const recorder = new Recorder(device, arena, kernel.shader.name);
      record(recorder, bindData(device, kernel, bound));
      recorder.submit();
      const results = new Map<string, ArrayBuffer>();
      for (const { name, kind } of kernel.shader.bindings) {
        if (kind === 'storage')
          results.set(name, await readBuffer(device, bound[name], data[name].byteLength));
      }
      return results;
    });
    const bytes = (binding: string): ArrayBuffer => {
      const found = written.get(binding);
      if (found === undefined) throw new Error(`${kernel.shader.name} does not write ${binding}`);
      return found;
    };
    return {
      words: (binding) => new Uint32Array(bytes(binding)),
      floats: (binding) => new Float32Array(bytes(binding)),
    };
  } finally {
    buffers.destroy();
    arena.destroy();
  }
}

const SHOWN = 6;

/** Fails unless all words are equal, showing the first that are not. */
export function expectWords(got: Uint32Array, expected: Uint32Array): void {
  expect(got.length).toBe(expected.length);
  const wrong: string[] = [];
  for (let k = 0; k < expected.length && wrong.length < SHOWN; k++) {
    if (got[k] !== expected[k]) wrong.push(`[${k}]: got ${got[k]}, expected ${expected[k]}`);
  }
  expect(wrong).toEqual([]);
}

/**
 * Fails unless |got − expected| ≤ tolerance everywhere, showing the first that are not. NaN in `expected`
 * stands for a word that the kernel must leave as it was.
 */
export function expectFloats(
  got: Float32Array,
  expected: Float64Array,
  tolerance: (index: number) => number,
): void {
  expect(got.length).toBe(expected.length);
  const bits = new Uint32Array(got.buffer, got.byteOffset, got.length);
  const wrong: string[] = [];
  for (let k = 0; k < expected.length && wrong.length < SHOWN; k++) {
    if (Number.isNaN(expected[k])) {
      if (bits[k] !== POISON) wrong.push(`[${k}]: got ${got[k]}, expected it untouched`);
    } else if (!(Math.abs(got[k] - expected[k]) <= tolerance(k))) {
      wrong.push(`[${k}]: got ${got[k]}, expected ${expected[k]} give or take ${tolerance(k)}`);
    }
  }
  expect(wrong).toEqual([]);
}

/** [replicate]: variant, stream. */
export function replicateRows(variantOf: readonly number[], firstStream = 40): Uint32Array {
  return Uint32Array.from(variantOf.flatMap((variant, r) => [variant, firstStream + r]));
}

export function randomFloats(random: () => number, length: number, low = 0, high = 1): Float32Array {
  return Float32Array.from({ length }, () => low + (high - low) * random());
}

/** Bits of float32 numbers, for words that carry floats among integers. */
export function floatBits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}
