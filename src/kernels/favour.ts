/** Records shaders/favour.wgsl: the heaviest outcome that a curator can find. */
import { shader } from '../../shaders/favour.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';

export function createFavour(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader);
}

export interface FavourSizes extends Sizes {
  readonly replicateTables: number;
  readonly tilts: number;
  /** Most blocks of any table. */
  readonly blocks: number;
}

export function recordFavour(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: FavourSizes,
  firstTilt: number,
  tiltCount: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, firstTilt }, [tiltCount, sizes.replicates, sizes.blocks]);
}
