/** Records shaders/average.wgsl: models in the population limit that train on the data of several rounds. */
import { shader } from '../../shaders/average.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';
import { groupsFor } from './context.ts';

export function createAverage(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader, { WORKGROUP: context.tuning.workgroup });
}

export interface AverageSizes extends Sizes {
  readonly pastRows: number;
}

/** `firstAveraged` and `count` index the averaged models; `round` counts the rounds done. */
export function recordAverage(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: AverageSizes,
  firstAveraged: number,
  count: number,
  round: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, firstAveraged, round }, [
    groupsFor(sizes.outcomes, kernel.overrides['WORKGROUP']),
    count,
    sizes.replicates,
  ]);
}
