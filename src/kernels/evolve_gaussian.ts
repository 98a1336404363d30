/** Records shaders/evolve_gaussian.wgsl: one round of some models of all replicates. */
import { shader } from '../../shaders/evolve_gaussian.wgsl';
import type { Kernel, KernelCache } from '../gpu/kernel.ts';
import type { Recorder } from '../gpu/recorder.ts';

/** Workgroup memory that every adapter has. */
const WORKGROUP_BYTES = 16_384;
const MOST_LANES = 64;

/** Numbers of a mean with a covariance, a ≤ b once. */
export function momentsOf(dimension: number): number {
  return dimension + (dimension * (dimension + 1)) / 2;
}

/** Numbers of one law in the table that samples are drawn from. */
export function lawStride(dimension: number): number {
  return 2 * dimension + 3 * dimension * dimension;
}

/** Threads per workgroup: as many as keep their sums and two samples each in workgroup memory. The order of sums depends on it, so it on nothing else. */
export function lanesFor(dimension: number): number {
  const bytes = 4 * (momentsOf(dimension) + 2 * dimension);
  let lanes = MOST_LANES;
  while (lanes > 1 && lanes * bytes > WORKGROUP_BYTES) lanes /= 2;
  return lanes;
}

/** What a scenario makes use of; the rest is left out of the kernel. */
export interface EvolveGaussianFeatures {
  /** Any curator has a quadratic reward. */
  readonly quadratic: boolean;
  /** Any model keeps a window of rounds. */
  readonly window: boolean;
}

export function createEvolveGaussian(
  cache: KernelCache,
  dimension: number,
  { quadratic, window }: EvolveGaussianFeatures,
): Promise<Kernel> {
  const lanes = lanesFor(dimension);
  return cache.get(shader, {
    LANES: lanes,
    SAMPLES: lanes * dimension,
    SUMS: lanes * momentsOf(dimension),
    SCALAR: dimension === 1 ? 1 : 0,
    QUADRATIC: quadratic ? 1 : 0,
    WINDOW: window ? 1 : 0,
  });
}

export interface EvolveGaussianSizes {
  readonly models: number;
  readonly dimension: number;
  readonly replicates: number;
  readonly channels: number;
  readonly sources: number;
  readonly curators: number;
  readonly ring: number;
  readonly seed: number;
  readonly unbiased: number;
}

export interface EvolveGaussianStep {
  readonly firstModel: number;
  readonly modelCount: number;
  /** From 1. */
  readonly round: number;
  readonly oldSlot: number;
  readonly newSlot: number;
  /** 0 only makes the factors of the new slot. */
  readonly draw: number;
}

/** Laws have two planes, by the parity of their round. */
export function recordEvolveGaussian(
  recorder: Recorder,
  kernel: Kernel,
  data: GPUBindGroup,
  sizes: EvolveGaussianSizes,
  { modelCount, ...step }: EvolveGaussianStep,
): void {
  const newPlane = step.round % 2;
  recorder.dispatch(kernel, data, { ...sizes, ...step, newPlane, oldPlane: 1 - newPlane }, [
    modelCount,
    sizes.replicates,
  ]);
}
