/** Records shaders/reweigh.wgsl: the density ratio H at every reward node. */
import { shader } from '../../shaders/reweigh.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { ChannelRange, KernelContext, Sizes } from './context.ts';

export function createReweigh(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader);
}

export interface ReweighSizes extends Sizes {
  readonly channels: number;
  readonly partialStride: number;
  readonly nodeStride: number;
  readonly quadratureStride: number;
  /** Most blocks any curator has. */
  readonly blocks: number;
}

export function recordReweigh(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: ReweighSizes,
  range: ChannelRange,
): void {
  recorder.dispatch(kernel, data, { ...sizes, ...range }, [
    range.channelCount,
    sizes.replicates,
    sizes.blocks,
  ]);
}
