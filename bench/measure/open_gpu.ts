import { BackfireError } from '../../src/errors.ts';
import type { Platform } from '../../src/engine/platform.ts';
import { isGpu } from '../../src/engine/platform.ts';

/** The platform's WebGPU. Throws `no-adapter` with the platform's reason. */
export async function openGpuOf(platform: Platform): Promise<GPU> {
  const gpu = await platform.openGpu();
  if (isGpu(gpu)) return gpu;
  throw new BackfireError('no-adapter', `WebGPU is not available — ${gpu.missing}. Measure the CPU backend.`);
}
