/** Records shaders/retain.wgsl: finite populations that train on the data of several rounds. */
import { shader } from '../../shaders/retain.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';
import { groupsFor } from './context.ts';

export function createRetain(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader, { WORKGROUP: context.tuning.workgroup });
}

export interface RetainSizes extends Sizes {
  readonly finiteModels: number;
  readonly replicateTables: number;
  readonly pastRows: number;
}

/** `firstRetained` and `count` index the retained finite models; `round` counts the rounds done. */
export function recordRetain(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: RetainSizes,
  firstRetained: number,
  count: number,
  round: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, firstRetained, round }, [
    groupsFor(sizes.outcomes, kernel.overrides['WORKGROUP']),
    count,
    sizes.replicates,
  ]);
}
