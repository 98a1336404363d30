/** Records shaders/remember.wgsl: tables of conditional models, and their training laws taken over in part. */
import { shader } from '../../shaders/remember.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';

export function createRemember(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader);
}

export interface RememberSizes extends Sizes {
  /** X of the X·Y pairs. */
  readonly inputs: number;
}

/** `blocks`: the most that any model has. */
export function recordRemember(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: RememberSizes,
  firstModel: number,
  modelCount: number,
  blocks: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, firstModel }, [blocks, modelCount, sizes.replicates]);
}
