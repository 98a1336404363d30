/** Records shaders/sum_tiles.wgsl: mass per tile, first step of the prefix sum. */
import { shader } from '../../shaders/sum_tiles.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';

export function createSumTiles(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader);
}

export interface SumTilesSizes extends Sizes {
  readonly replicateTables: number;
  readonly realTables: number;
  readonly tiles: number;
}

/** Outcomes per tile, as in the shader. */
export const SCAN_TILE = 1024;

export function recordSumTiles(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: SumTilesSizes,
  firstTable: number,
  tableCount: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, firstTable }, [sizes.tiles, tableCount, sizes.replicates]);
}
