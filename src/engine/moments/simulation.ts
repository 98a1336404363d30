/**
 * Models that are means, with or without covariances: a program turns an ensemble into simulations on either backend, and a
 * simulation advances rounds and answers with metrics. When to stop and what to keep is decided by the loop above it.
 */
import type { Device } from '../../gpu/device.ts';
import type { GaussianEcosystem } from '../../scenario/gaussian.ts';
import type { LinearGaussianEcosystem } from '../../scenario/linear_gaussian.ts';
import type { Platform } from '../platform.ts';

export type Numbers = Float32Array | Float64Array;

/** All that a simulation needs to go on with the same bits, on the host; the arrays are the caller's. */
export interface MomentState {
  readonly round: number;
  /** [replicate][model][d]. */
  readonly means: Numbers;
  /** [replicate][model][d][d]; null where the spread is fixed. */
  readonly covariances: Numbers | null;
  /** Whatever else a family carries from round to round, such as the data it retains. */
  readonly memory: readonly Numbers[];
}

export interface MomentSimulation {
  readonly round: number;
  /** Metrics of the present state, [replicate][model][metric] in the order of MOMENT_METRICS; its step is zero. */
  measure(): Promise<Float64Array>;
  /**
   * Does `rounds` rounds and gives the metrics after each, [round][replicate][model][metric] in the order of MOMENT_METRICS.
   * Throws `device-lost`, after which only `destroy` may be called.
   */
  advance(rounds: number): Promise<Float64Array>;
  state(): Promise<MomentState>;
  restore(state: MomentState): Promise<void>;
  destroy(): void;
}

export interface MomentBackend {
  readonly kind: 'webgpu' | 'cpu';
  /** For example "llvmpipe (LLVM 15.0.6, 256 bits), Mesa 25.0.7" or "CPU, 1 thread, float64". */
  readonly description: string;
  /** Throws `too-large`, before it allocates where that can be known. */
  createSimulation(): Promise<MomentSimulation>;
  destroy(): void;
}

/** An ensemble of one family, and what runs it. */
export interface MomentProgram {
  readonly ecosystem: LinearGaussianEcosystem | GaussianEcosystem;
  readonly replicates: number;
  /** Whether a run can come to rest: all models are in the population limit, and none trains on data of earlier rounds. */
  readonly canRest: boolean;
  /** Estimated milliseconds of one round on one thread of the CPU backend; decides between it and a software adapter. */
  readonly cpuRoundMs: number;
  openCpu(platform: Platform): MomentBackend;
  /** The backend owns neither the device nor its loss. Null where the family has no kernels. */
  readonly openGpu: ((device: Device) => MomentBackend) | null;
  /** Where `openGpu` is null, why. */
  readonly whyNoGpu?: string | null;
}
