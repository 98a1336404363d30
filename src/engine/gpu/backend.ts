/** The WebGPU backend: one device, opened, tested with known answers, its kernels compiled once. */
import { Device } from '../../gpu/device.ts';
import { KernelCache } from '../../gpu/kernel.ts';
import { testAdapter } from '../../gpu/self_test.ts';
import type { Tuning } from '../../kernels/context.ts';
import { DEFAULT_TUNING } from '../../kernels/context.ts';
import type { Backend } from '../simulation.ts';
import { refuseAdapting } from '../adapting.ts';
import { checkMemory, workgroupFor } from './memory.ts';
import { createGpuSimulation } from './simulation.ts';

export interface GpuBackend extends Backend {
  readonly kind: 'webgpu';
  readonly device: Device;
}

/** Throws `no-adapter` or `bad-adapter`. */
export async function createGpuBackend(gpu: GPU, tuning: Partial<Tuning> = {}): Promise<GpuBackend> {
  const device = await Device.open(gpu);
  try {
    await testAdapter(device);
  } catch (error) {
    device.destroy();
    throw error;
  }
  const cache = new KernelCache(device);
  return {
    kind: 'webgpu',
    description: device.adapter.description,
    device,
    checkSize(ensemble) {
      refuseAdapting(ensemble);
      checkMemory(ensemble, device.adapter);
    },
    async createSimulation(ensemble, options) {
      refuseAdapting(ensemble);
      checkMemory(ensemble, device.adapter);
      const workgroup = workgroupFor(ensemble.ecosystem.outcomeCount, device.adapter);
      return createGpuSimulation(
        { device, cache, tuning: { ...DEFAULT_TUNING, workgroup, ...tuning } },
        ensemble,
        options,
      );
    },
    destroy() {
      device.destroy();
    },
  };
}
