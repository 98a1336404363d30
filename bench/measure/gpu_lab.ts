/** A device of the measurement's own, with timestamps where the adapter has them, and the clock of its submits. */
import { BackfireError } from '../../src/errors.ts';
import { openGpuOf } from './open_gpu.ts';
import { BufferSet, Staging } from '../../src/gpu/buffers.ts';
import { Device } from '../../src/gpu/device.ts';
import { KernelCache } from '../../src/gpu/kernel.ts';
import { Recorder, UniformArena } from '../../src/gpu/recorder.ts';
import { testAdapter } from '../../src/gpu/self_test.ts';
import type { Platform } from '../../src/engine/platform.ts';

/** Dispatches of one submit. */
export const MOST_DISPATCHES = 1024;
const QUERY_RESOLVE = 0x200;
const COPY_SRC = 0x4;
const TIMESTAMP_BYTES = 16;

export interface SubmitTime {
  readonly wallMs: number;
  /** Between the timestamps at both ends of the pass, in ns; null without timestamps. */
  readonly passNs: bigint | null;
}

interface Timestamps {
  readonly querySet: GPUQuerySet;
  readonly resolved: GPUBuffer;
  readonly staging: Staging;
}

export class GpuLab {
  readonly cache: KernelCache;
  readonly buffers: BufferSet;
  private readonly arena: UniformArena;
  private readonly timestamps: Timestamps | null;

  private constructor(readonly device: Device) {
    this.cache = new KernelCache(device);
    this.buffers = new BufferSet(device);
    this.arena = new UniformArena(device, MOST_DISPATCHES);
    this.timestamps = device.handle.features.has('timestamp-query') ? createTimestamps(device) : null;
  }

  /** Throws `no-adapter` or `bad-adapter`. */
  static async open(platform: Platform): Promise<GpuLab> {
    const device = await Device.open(await openGpuOf(platform), ['timestamp-query']);
    try {
      await testAdapter(device);
      return new GpuLab(device);
    } catch (error) {
      device.destroy();
      throw error;
    }
  }

  get hasTimestamps(): boolean {
    return this.timestamps !== null;
  }

  /** Submits what `record` encodes and waits for it. Throws `device-lost`. */
  async time(label: string, record: (recorder: Recorder) => void): Promise<SubmitTime> {
    const { handle } = this.device;
    const stamps = this.timestamps;
    const recorder = new Recorder(
      this.device,
      this.arena,
      label,
      stamps && { querySet: stamps.querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    );
    record(recorder);
    const start = performance.now();
    recorder.submit();
    await this.finished();
    const wallMs = performance.now() - start;
    if (stamps === null) return { wallMs, passNs: null };
    const encoder = handle.createCommandEncoder({ label: 'timestamps' });
    encoder.resolveQuerySet(stamps.querySet, 0, 2, stamps.resolved, 0);
    encoder.copyBufferToBuffer(stamps.resolved, 0, stamps.staging.buffer, 0, TIMESTAMP_BYTES);
    handle.queue.submit([encoder.finish()]);
    const [begin, end] = new BigUint64Array(await stamps.staging.read());
    return { wallMs, passNs: end - begin };
  }

  /** Encodes without timestamps, for those who time submits themselves. */
  record(label: string): Recorder {
    return new Recorder(this.device, this.arena, label);
  }

  /** Waits for all submits. Throws `device-lost`, or the first error that nobody awaited. */
  async finished(): Promise<void> {
    await Promise.race([this.device.handle.queue.onSubmittedWorkDone().catch(() => null), this.device.lost]);
    this.device.check();
  }

  destroy(): void {
    this.buffers.destroy();
    this.arena.destroy();
    this.timestamps?.staging.destroy();
    this.timestamps?.resolved.destroy();
    this.timestamps?.querySet.destroy();
    this.device.destroy();
  }
}

function createTimestamps(device: Device): Timestamps {
  return {
    querySet: device.handle.createQuerySet({ label: 'timestamps', type: 'timestamp', count: 2 }),
    resolved: device.handle.createBuffer({
      label: 'timestamps',
      size: TIMESTAMP_BYTES,
      usage: QUERY_RESOLVE | COPY_SRC,
    }),
    staging: new Staging(device, 'timestamps', TIMESTAMP_BYTES),
  };
}

/** Throws `bad-adapter` where what a measured kernel computed is not what the host expects. */
export function expectWord(lab: GpuLab, what: string, place: string, got: number, expected: number): void {
  if (got === expected) return;
  throw new BackfireError(
    'bad-adapter',
    `${what}: the adapter "${lab.device.adapter.description}" computed ${got} at ${place}, expected ${expected} — its times would mean nothing. Update its driver, or measure the CPU backend.`,
  );
}
