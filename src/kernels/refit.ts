/** Records shaders/refit.wgsl: partial training in the population limit, in place. */
import { shader } from '../../shaders/refit.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';
import { groupsFor } from './context.ts';

export function createRefit(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader, { WORKGROUP: context.tuning.workgroup });
}

export interface RefitSizes extends Sizes {
  readonly weightStride: number;
}

export function recordRefit(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: RefitSizes,
  firstModel: number,
  modelCount: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, firstModel }, [
    groupsFor(sizes.outcomes, kernel.overrides['WORKGROUP']),
    modelCount,
    sizes.replicates,
  ]);
}
