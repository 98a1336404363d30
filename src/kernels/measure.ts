/** Records shaders/measure.wgsl: sums behind the metrics of every model. */
import { shader } from '../../shaders/measure.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';

export function createMeasure(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader);
}

export interface MeasureSizes extends Sizes {
  readonly tiles: number;
}

/** Outcomes per tile and sums per tile, as in the shader. */
export const MEASURE_TILE = 2048;
export const MEASURE_SUMS = 8;
/** No stable point known. */
export const NO_ROW = 0xffffffff;

/** `firstPartial`: index of this round's first tile in the output. */
export function recordMeasure(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: MeasureSizes,
  firstPartial: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, firstPartial }, [sizes.tiles, sizes.models, sizes.replicates]);
}
