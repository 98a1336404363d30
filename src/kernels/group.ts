/** Records shaders/group.wgsl: probability mass per piece of a reward cell. */
import { shader } from '../../shaders/group.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { ChannelRange, KernelContext, Sizes } from './context.ts';
import { groupsFor } from './context.ts';

export function createGroup(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader, { WORKGROUP: context.tuning.workgroup });
}

export interface GroupSizes extends Sizes {
  readonly channels: number;
  readonly partialStride: number;
}

/** `pieces`: the most pieces any curator has in the first pass. */
export function recordGroup(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: GroupSizes,
  range: ChannelRange,
  pieces: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, ...range }, [
    groupsFor(pieces, kernel.overrides['WORKGROUP']),
    range.channelCount,
    sizes.replicates,
  ]);
}
