/** Records shaders/tabulate.wgsl: cumulative tables, last step of the prefix sum. */
import { shader } from '../../shaders/tabulate.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';

export function createTabulate(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader);
}

export interface TabulateSizes extends Sizes {
  readonly replicateTables: number;
  readonly realTables: number;
  readonly tiles: number;
}

export function recordTabulate(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: TabulateSizes,
  firstTable: number,
  tableCount: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, firstTable }, [sizes.tiles, tableCount, sizes.replicates]);
}
