/** Records shaders/spread.wgsl: the curated distribution p∘H of every channel. */
import { shader } from '../../shaders/spread.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { ChannelRange, KernelContext, Sizes } from './context.ts';
import { groupsFor } from './context.ts';

export function createSpread(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader, { WORKGROUP: context.tuning.workgroup });
}

export interface SpreadSizes extends Sizes {
  readonly channels: number;
  readonly nodeStride: number;
}

export function recordSpread(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: SpreadSizes,
  range: ChannelRange,
): void {
  recorder.dispatch(kernel, data, { ...sizes, ...range }, [
    groupsFor(sizes.outcomes, kernel.overrides['WORKGROUP']),
    range.channelCount,
    sizes.replicates,
  ]);
}
