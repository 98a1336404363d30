/** Buffers that know their purpose, and reading them back. */
import { BackfireError } from '../errors.ts';
import type { Device } from './device.ts';

// GPUBufferUsage and GPUMapMode are not global in every runtime.
const COPY_SRC = 0x4;
const COPY_DST = 0x8;
const STORAGE = 0x80;
const MAP_READ = 0x1;
const MAP_MODE_READ = 0x1;

/** Storage buffers of one owner, all freed by one `destroy()`. */
export class BufferSet {
  private readonly buffers: GPUBuffer[] = [];

  constructor(private readonly device: Device) {}

  /** A zeroed storage buffer of at least 16 bytes. Throws `too-large` beyond what the adapter binds. */
  storage(label: string, bytes: number): GPUBuffer {
    const { limits, description } = this.device.adapter;
    const largest = Math.min(limits['maxStorageBufferBindingSize'], limits['maxBufferSize']);
    if (bytes > largest) {
      const mib = (value: number): string => `${(value / 2 ** 20).toFixed(0)} MiB`;
      throw new BackfireError(
        'too-large',
        `The buffer "${label}" needs ${mib(bytes)} — ${description} allows ${mib(largest)}. Use fewer models, outcomes or replicates, or the CPU backend.`,
      );
    }
    const buffer = this.device.handle.createBuffer({
      label,
      size: Math.max(Math.ceil(bytes / 16) * 16, 16),
      usage: STORAGE | COPY_SRC | COPY_DST,
    });
    this.buffers.push(buffer);
    return buffer;
  }

  /** A storage buffer holding `data`. */
  filled(label: string, data: Uint32Array | Float32Array): GPUBuffer {
    const buffer = this.storage(label, data.byteLength);
    write(this.device, buffer, data);
    return buffer;
  }

  destroy(): void {
    for (const buffer of this.buffers.splice(0)) buffer.destroy();
  }
}

export function write(device: Device, buffer: GPUBuffer, data: Uint32Array | Float32Array): void {
  if (data.byteLength > 0) {
    device.handle.queue.writeBuffer(buffer, 0, data.buffer, data.byteOffset, data.byteLength);
  }
}

/** A staging buffer that a recorder copies into and the host maps; reusable after `read`. */
export class Staging {
  readonly buffer: GPUBuffer;

  constructor(
    private readonly device: Device,
    label: string,
    readonly bytes: number,
  ) {
    this.buffer = device.handle.createBuffer({
      label,
      size: Math.max(Math.ceil(bytes / 16) * 16, 16),
      usage: MAP_READ | COPY_DST,
    });
  }

  /** Waits for the copies submitted so far; the copy returned is the caller's. Throws `device-lost`. */
  async read(bytes = this.bytes): Promise<ArrayBuffer> {
    try {
      await this.buffer.mapAsync(MAP_MODE_READ, 0, Math.ceil(bytes / 4) * 4);
    } catch (cause) {
      // The loss is reported a moment after the map fails.
      await Promise.race([this.device.lost, new Promise((resolve) => setTimeout(resolve, 100))]);
      this.device.check();
      throw cause;
    }
    const copy = this.buffer.getMappedRange(0, Math.ceil(bytes / 4) * 4).slice(0, bytes);
    this.buffer.unmap();
    return copy;
  }

  destroy(): void {
    this.buffer.destroy();
  }
}

/** Reads a whole buffer once. */
export async function readBuffer(device: Device, source: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
  const staging = new Staging(device, `read ${source.label}`, bytes);
  const encoder = device.handle.createCommandEncoder({ label: `read ${source.label}` });
  encoder.copyBufferToBuffer(source, 0, staging.buffer, 0, Math.ceil(bytes / 4) * 4);
  device.handle.queue.submit([encoder.finish()]);
  try {
    return await staging.read();
  } finally {
    staging.destroy();
  }
}
