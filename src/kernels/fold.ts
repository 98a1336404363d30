/** Records shaders/fold.wgsl: one level of the summation tree over pieces. */
import { shader } from '../../shaders/fold.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { ChannelRange, KernelContext, Sizes } from './context.ts';
import { groupsFor } from './context.ts';

export function createFold(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader, { WORKGROUP: context.tuning.workgroup });
}

export interface FoldSizes extends Sizes {
  readonly channels: number;
  readonly partialStride: number;
  readonly curatorCount: number;
}

/** `segments`: the most segments any curator has in this pass. */
export function recordFold(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: FoldSizes,
  range: ChannelRange,
  passIndex: number,
  segments: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, ...range, passIndex }, [
    groupsFor(segments, kernel.overrides['WORKGROUP']),
    range.channelCount,
    sizes.replicates,
  ]);
}
