/** The GPU that GPU tests run on. No adapter is a failure here, never a skip. */
import { create } from 'webgpu';
import type { GpuBackend } from '../../src/engine/gpu/backend.ts';
import { createGpuBackend } from '../../src/engine/gpu/backend.ts';
import type { Tuning } from '../../src/kernels/context.ts';

const gpu = create([]); // kept for the life of the process: Dawn crashes when it is collected

export async function openTestBackend(tuning: Partial<Tuning> = {}): Promise<GpuBackend> {
  return createGpuBackend(gpu, tuning);
}
