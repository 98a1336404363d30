/** src/gpu/device.ts and buffers.ts: what goes wrong with a device becomes a BackfireError, and nothing is lost on the way. */
import { describe, expect, it } from 'vitest';
import { BufferSet, readBuffer, Staging, write } from '../../../src/gpu/buffers.ts';
import { Device } from '../../../src/gpu/device.ts';
import { gpu, useKernelLab } from './harness.ts';

const lab = useKernelLab();

function badBuffer(device: Device): GPUBuffer {
  return device.handle.createBuffer({ label: 'bad', size: 16, usage: 0 });
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

describe('device', () => {
  it('says what its adapter is and can', () => {
    const { description, limits, software } = lab.device.adapter;
    expect(description).not.toBe('');
    expect(software).toBe(/llvmpipe|swiftshader/i.test(description));
    expect(limits['maxStorageBuffersPerShaderStage']).toBeGreaterThanOrEqual(8);
    expect(lab.device.handle.limits.maxStorageBufferBindingSize).toBe(limits['maxStorageBufferBindingSize']);
  });

  it('guarded: hands the result on, and turns a refused command into an error that names the work', async () => {
    await expect(lab.device.guarded('adding', () => 1 + 1)).resolves.toBe(2);
    const refused = lab.device.guarded('a bad buffer', () => badBuffer(lab.device));
    await expect(refused).rejects.toMatchObject({ code: 'internal' });
    await expect(refused).rejects.toThrow(/^WebGPU refused a bad buffer — ./);
    await expect(
      lab.device.guarded('throwing', () => {
        throw new RangeError('of my own');
      }),
    ).rejects.toThrow(RangeError);
    await expect(lab.device.guarded('adding again', () => 1 + 1)).resolves.toBe(2);
  });

  it('check: reports a refused command that nobody awaited, once', async () => {
    badBuffer(lab.device);
    await lab.device.handle.queue.onSubmittedWorkDone();
    await nextTask();
    expect(() => lab.device.check()).toThrow(/WebGPU refused a command/);
    lab.device.check();
  });

  it('a destroyed device is lost, and says so from then on', async () => {
    const device = await Device.open(gpu);
    const buffers = new BufferSet(device);
    const buffer = buffers.filled('some', Uint32Array.of(1));
    expect(device.isLost).toBe(false);
    device.destroy();
    device.destroy();
    await expect(device.lost).resolves.not.toBe('');
    expect(device.isLost).toBe(true);
    expect(() => device.check()).toThrow(expect.objectContaining({ code: 'device-lost' }));
    await expect(readBuffer(device, buffer, 4)).rejects.toMatchObject({ code: 'device-lost' });
    await expect(device.guarded('anything', () => 1)).rejects.toMatchObject({ code: 'device-lost' });
  });

  it('without an adapter there is no device, and the message says what to install', async () => {
    const none = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
    await expect(Device.open(none)).rejects.toMatchObject({ code: 'no-adapter' });
    await expect(Device.open(none)).rejects.toThrow('use the CPU backend');
  });
});

describe('buffers', () => {
  it('come zeroed or filled, in whole 16-byte units, and read back to the byte', async () => {
    const buffers = new BufferSet(lab.device);
    const empty = buffers.storage('empty', 0);
    const filled = buffers.filled('filled', Uint32Array.of(1, 2, 3, 4, 5));
    expect(empty.size).toBe(16);
    expect(filled.size).toBe(32);
    expect(new Uint32Array(await readBuffer(lab.device, empty, 16))).toEqual(new Uint32Array(4));
    expect(new Uint32Array(await readBuffer(lab.device, filled, 32))).toEqual(
      Uint32Array.of(1, 2, 3, 4, 5, 0, 0, 0),
    );
    expect((await readBuffer(lab.device, filled, 6)).byteLength).toBe(6);
    // A view into the middle of an array is written as itself.
    write(lab.device, filled, Float32Array.of(9, 8, 7).subarray(1, 2));
    expect(new Float32Array(await readBuffer(lab.device, filled, 4))).toEqual(Float32Array.of(8));
    write(lab.device, filled, new Uint32Array(0));
    buffers.destroy();
    buffers.destroy();
  });

  it('a staging buffer serves again after it was read', async () => {
    const buffers = new BufferSet(lab.device);
    const staging = new Staging(lab.device, 'staging', 12);
    for (const value of [3, 4]) {
      const source = buffers.filled('source', Uint32Array.of(value, value, value));
      const encoder = lab.device.handle.createCommandEncoder();
      encoder.copyBufferToBuffer(source, 0, staging.buffer, 0, 12);
      lab.device.handle.queue.submit([encoder.finish()]);
      expect(new Uint32Array(await staging.read())).toEqual(Uint32Array.of(value, value, value));
      expect(new Uint32Array(await staging.read(4))).toEqual(Uint32Array.of(value));
    }
    staging.destroy();
    buffers.destroy();
  });
});
