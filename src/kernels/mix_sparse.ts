/** Records shaders/mix_sparse.wgsl: training distributions over edges. */
import { shader } from '../../shaders/mix_sparse.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';
import { groupsFor } from './context.ts';

export function createMixSparse(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader, { WORKGROUP: context.tuning.workgroup });
}

export interface MixSizes extends Sizes {
  readonly channels: number;
  readonly weightStride: number;
}

export function recordMixSparse(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: MixSizes,
  firstModel: number,
  modelCount: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, firstModel }, [
    groupsFor(sizes.outcomes, kernel.overrides['WORKGROUP']),
    modelCount,
    sizes.replicates,
  ]);
}
