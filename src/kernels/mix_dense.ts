/** Records shaders/mix_dense.wgsl: training distributions as a matrix product, all models at once. */
import { shader } from '../../shaders/mix_dense.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';
import { groupsFor } from './context.ts';

export function createMixDense(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader);
}

export interface MixDenseSizes extends Sizes {
  readonly channels: number;
  readonly weightStride: number;
}

/** Models and outcomes per workgroup, as in the shader. */
const TILE = 32;

export function recordMixDense(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: MixDenseSizes,
): void {
  recorder.dispatch(kernel, data, { ...sizes }, [
    groupsFor(sizes.outcomes, TILE),
    groupsFor(sizes.models, TILE),
    sizes.replicates,
  ]);
}
