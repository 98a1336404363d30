/** Records shaders/sample.wgsl: the training samples of finite populations, counted. */
import { shader } from '../../shaders/sample.wgsl';
import type { Kernel } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { KernelContext, Sizes } from './context.ts';
import { groupsFor } from './context.ts';

/** Few outcomes would all meet in the same counters: those are counted in workgroup memory first. */
export function createSample(context: KernelContext, outcomes: number): Promise<Kernel> {
  const { workgroup, samplesPerThread, localOutcomes } = context.tuning;
  return context.cache.get(shader, {
    WORKGROUP: workgroup,
    SAMPLES_PER_THREAD: samplesPerThread,
    LOCAL_OUTCOMES: outcomes <= localOutcomes ? Math.max(outcomes, 2) : 1,
  });
}

/** Workgroups that draw `population` samples. */
export function sampleGroups(context: KernelContext, population: number): number {
  return groupsFor(population, context.tuning.workgroup * context.tuning.samplesPerThread);
}

export interface SampleSizes extends Sizes {
  readonly replicateTables: number;
  readonly realTables: number;
  readonly finiteModels: number;
  readonly thresholdsStride: number;
  readonly seed: number;
}

const LARGEST_SIDE = 65_535; // workgroups per dimension that every adapter allows

/** `firstModel` and `modelCount` index the finite models, which need `groups` workgroups together. */
export function recordSample(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: SampleSizes,
  firstModel: number,
  modelCount: number,
  groups: number,
  round: number,
): void {
  const rows = Math.ceil(groups / LARGEST_SIDE);
  recorder.dispatch(kernel, data, { ...sizes, firstModel, modelCount, round }, [
    Math.ceil(groups / Math.max(rows, 1)),
    rows,
    sizes.replicates,
  ]);
}
