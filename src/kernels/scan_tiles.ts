/** Records shaders/scan_tiles.wgsl: exclusive scan over tiles, second step of the prefix sum. */
import { shader } from '../../shaders/scan_tiles.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';
import { groupsFor } from './context.ts';

export function createScanTiles(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader, { WORKGROUP: context.tuning.workgroup });
}

export interface ScanTilesSizes extends Sizes {
  readonly replicateTables: number;
  readonly tiles: number;
}

export function recordScanTiles(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: ScanTilesSizes,
  firstTable: number,
  tableCount: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, firstTable, tableCount }, [
    groupsFor(tableCount, kernel.overrides['WORKGROUP']),
    sizes.replicates,
  ]);
}
