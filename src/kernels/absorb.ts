/** Records shaders/absorb.wgsl: counts become masses and probabilities. */
import { shader } from '../../shaders/absorb.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';
import { groupsFor } from './context.ts';

export function createAbsorb(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader, { WORKGROUP: context.tuning.workgroup });
}

export interface AbsorbSizes extends Sizes {
  readonly finiteModels: number;
}

/** `firstModel` and `modelCount` index the finite models. */
export function recordAbsorb(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: AbsorbSizes,
  firstModel: number,
  modelCount: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, firstModel }, [
    groupsFor(sizes.outcomes, kernel.overrides['WORKGROUP']),
    modelCount,
    sizes.replicates,
  ]);
}
