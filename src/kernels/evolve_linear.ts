/** Records shaders/evolve_linear.wgsl: many rounds of linear-Gaussian models in one dispatch. */
import { shader } from '../../shaders/evolve_linear.wgsl';
import type { Device } from '../gpu/device.ts';
import type { Kernel, KernelCache } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';
import type { LinearPlan } from '../plan/linear_plan.ts';
import type { LinearGaussianEnsemble } from '../scenario/linear_gaussian.ts';

/** Neither changes a result. */
export interface EvolveLinearTuning {
  /** Threads per workgroup. */
  readonly workgroup: number;
  /** Threads per replicate: a power of two that divides `workgroup`. */
  readonly lanes: number;
}

export interface EvolveLinearSizes {
  readonly models: number;
  readonly dimension: number;
  readonly replicates: number;
  readonly modelsPerStep: number;
  readonly seed: number;
  /** Whether any constant differs from zero, and whether distances to stable points are wanted. */
  readonly constants: number;
  readonly stableKnown: number;
}

/** States kept in memory, by round: what a slow thread still measures, a fast one does not overwrite. */
export const STATE_PLANES = 3;
/** J, |mean|, step and distance to the stable point. */
export const EVOLVE_MEASURES = 4;
const MOVED_BIT = 0x80000000;

export function createEvolveLinear(cache: KernelCache, tuning: EvolveLinearTuning): Promise<Kernel> {
  return cache.get(shader, { WORKGROUP: tuning.workgroup, LANES: tuning.lanes });
}

const WORKGROUP = 64;
const MOST_LANES = 32;
/** Threads that keep a device busy. */
const ENOUGH_THREADS = { hardware: 65_536, software: 16 };

/** As many threads per replicate as there is work for, where replicates alone are too few for the device. */
export function evolveLinearTuning(
  device: Device,
  { models, dimension, replicates, modelsPerStep }: EvolveLinearSizes,
): EvolveLinearTuning {
  const items = Math.min(models, modelsPerStep) * Math.ceil(dimension / 4);
  const enough = device.adapter.software ? ENOUGH_THREADS.software : ENOUGH_THREADS.hardware;
  let lanes = 1;
  while (2 * lanes <= MOST_LANES && lanes < items && 2 * lanes * replicates <= enough) lanes *= 2;
  return { workgroup: WORKGROUP, lanes };
}

export function evolveLinearSizes(
  plan: LinearPlan,
  { ecosystem, stream }: LinearGaussianEnsemble,
  stable: readonly Float64Array[] | null,
): EvolveLinearSizes {
  return {
    models: plan.models,
    dimension: plan.dimension,
    replicates: stream.length,
    modelsPerStep: plan.modelsPerStep,
    seed: ecosystem.seed,
    constants: Number(plan.constant.some((value) => value !== 0)),
    stableKnown: Number(stable !== null),
  };
}

/** Contents of the read-only bindings, under their names in the shader. */
export function evolveLinearData(
  plan: LinearPlan,
  { ecosystem, variants, variantOf, stream }: LinearGaussianEnsemble,
  stable: readonly Float64Array[] | null,
): Readonly<Record<string, Uint32Array | Float32Array>> {
  const { coordinates, dimension, columns, rowStart } = plan;
  const pattern = new Uint32Array(rowStart.length + columns.length);
  pattern.set(rowStart);
  columns.forEach((column, k) => {
    pattern[rowStart.length + k] = column + plan.moved[k] * MOVED_BIT;
  });
  const vectors = new Float32Array(2 * plan.shift.length);
  for (let k = 0; k < plan.shift.length; k++) {
    vectors[2 * k] = plan.shift[k];
    vectors[2 * k + 1] = plan.constant[k];
  }
  const rows = variants.length * plan.models;
  const training = new Uint32Array(4 * rows);
  const trainingFloats = new Float32Array(training.buffer);
  for (let k = 0; k < rows; k++) {
    trainingFloats[4 * k] = plan.fraction[k];
    trainingFloats[4 * k + 1] = plan.scale[k];
    training[4 * k + 2] = plan.drawn[k];
    training[4 * k + 3] = plan.threshold[k];
  }
  const replicates = new Uint32Array(4 * stream.length);
  for (let r = 0; r < stream.length; r++) {
    replicates[4 * r] = variantOf[r];
    replicates[4 * r + 1] = stream[r];
    replicates[4 * r + 2] = plan.mapSetOf[variantOf[r]] * columns.length;
  }
  const targets = new Float32Array(4 * coordinates);
  ecosystem.rewards.forEach(({ linear, quadratic }, i) => {
    for (let a = 0; a < dimension; a++) {
      const at = 4 * (i * dimension + a);
      targets[at] = linear[a];
      targets[at + 1] = quadratic / 2;
      targets[at + 2] = stable ? stable[i][a] : 0;
    }
  });
  return {
    pattern,
    values: Float32Array.from(plan.values),
    vectors,
    training,
    replicates,
    coordinates: targets,
  };
}

const LARGEST_SIDE = 65_535; // workgroups per dimension that every adapter allows

/** Does `rounds` rounds from `firstRound`, whose state lies in plane firstRound mod STATE_PLANES. */
export function recordEvolveLinear(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: EvolveLinearSizes,
  firstRound: number,
  rounds: number,
): void {
  const perGroup = kernel.overrides['WORKGROUP'] / kernel.overrides['LANES'];
  const groups = Math.ceil(sizes.replicates / perGroup);
  const rows = Math.ceil(groups / LARGEST_SIDE);
  recorder.dispatch(kernel, data, { ...sizes, firstRound, rounds }, [Math.ceil(groups / rows), rows]);
}
