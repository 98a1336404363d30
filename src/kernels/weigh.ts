/** Records shaders/weigh.wgsl: 64-bit masses of the tables to be rebuilt. */
import { shader } from '../../shaders/weigh.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';
import { groupsFor } from './context.ts';

export function createWeigh(context: KernelContext): Promise<Kernel> {
  return context.cache.get(shader, { WORKGROUP: context.tuning.workgroup });
}

export interface WeighSizes extends Sizes {
  readonly finiteModels: number;
  readonly replicateTables: number;
  readonly tilts: number;
  /** Most blocks of any table. */
  readonly blocks: number;
}

export function recordWeigh(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: WeighSizes,
  firstTable: number,
  tableCount: number,
): void {
  recorder.dispatch(kernel, data, { ...sizes, firstTable }, [
    groupsFor(sizes.outcomes, kernel.overrides['WORKGROUP']),
    tableCount,
    sizes.replicates,
  ]);
}
