/** Records shaders/compare.wgsl: pairwise distances between models. */
import { shader } from '../../shaders/compare.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';

export function createCompare(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader);
}

/** Workgroups, and so partial sums, per replicate; as in the shader. */
export const COMPARE_GROUPS = 64;

export function recordCompare(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: Sizes,
  firstPartial: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, firstPartial }, [COMPARE_GROUPS, sizes.replicates]);
}
