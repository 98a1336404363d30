/** What a run leaves behind: everything the reports, the command line and the lab show. */
import type { Ecosystem } from '../scenario/ecosystem.ts';

/** Metrics of one model after one round. Total variation is ½ Σ|p−q|, in [0,1]; entropy is in nats. */
export const MODEL_METRICS = [
  'reward', // J = E[reward of its own curator]
  'entropy',
  'effectiveSupport', // exp(entropy)
  'tvToReal',
  'step', // total variation to the round before
  'tvToStable', // total variation to the stable point; NaN where none is known
] as const;
export type ModelMetric = (typeof MODEL_METRICS)[number];

/** Values over rounds 0 (the initial state) … n, laid out [round][replicate][model]. */
export type MetricSeries = Readonly<Record<ModelMetric, Float64Array>>;

export type StopReason = 'tolerance' | 'rounds' | 'cycle' | 'cancelled';

export interface BackendInfo {
  readonly kind: 'webgpu' | 'cpu';
  /** For example "llvmpipe (LLVM 15.0.6, 256 bits), Mesa 25.0.7" or "2 worker threads". */
  readonly description: string;
  /** Why this backend was chosen, one sentence. */
  readonly reason: string;
}

export interface RunTiming {
  readonly setupMs: number;
  readonly roundsMs: number;
  readonly totalMs: number;
}

export interface RunResult {
  readonly ecosystem: Ecosystem;
  readonly replicates: number;
  /** Rounds done; series hold rounds 0 … rounds. */
  readonly rounds: number;
  readonly stopped: StopReason;
  readonly series: MetricSeries;
  /** Mean pairwise total variation between the models, [round][replicate]. NaN for a single model. */
  readonly homogenisation: Float64Array;
  /** Last distributions, [replicate][model][outcome]. */
  readonly distributions: Float32Array | Float64Array;
  /** Last integer counts, [replicate][model][outcome]; zero rows for models in the population limit; null if all are. */
  readonly counts: Uint32Array | null;
  /** Predicted reward of every model at the stable point, or null where none is known. */
  readonly predictedReward: Float64Array | null;
  readonly backend: BackendInfo;
  readonly timing: RunTiming;
}
