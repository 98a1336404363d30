/** Records shaders/redraw.wgsl: training sets drawn from the pool of all data so far. */
import { shader } from '../../shaders/redraw.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';
import { groupsFor } from './context.ts';

/** Few outcomes would all meet in the same counters: those are counted in workgroup memory first. */
export function createRedraw(context: KernelContext, outcomes: number): Promise<Kernel> {
  const { workgroup, localOutcomes } = context.tuning;
  return context.cache.get(shader, {
    WORKGROUP: workgroup,
    LOCAL_OUTCOMES: outcomes <= localOutcomes ? Math.max(outcomes, 2) : 1,
  });
}

export interface RedrawSizes extends Sizes {
  readonly replicateTables: number;
  readonly realTables: number;
  readonly finiteModels: number;
  readonly seed: number;
}

/** Workgroups of one model; they walk larger populations in strides. */
const MOST_GROUPS = 1024;

/** `firstPool` and `count` index the pools, none of a population above `population`; `round` counts the rounds done. */
export function recordRedraw(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: RedrawSizes,
  firstPool: number,
  count: number,
  population: number,
  round: number,
): void {
  const { WORKGROUP } = kernel.overrides;
  recorder.dispatch(kernel, data, { ...sizes, firstPool, round }, [
    Math.min(groupsFor(population, WORKGROUP), MOST_GROUPS),
    count,
    sizes.replicates,
  ]);
}
