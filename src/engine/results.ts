/** What a run leaves behind: everything the reports, the command line and the lab show. */
import type { Ecosystem, EcosystemHead } from '../scenario/ecosystem.ts';
import type { GaussianEcosystem } from '../scenario/gaussian.ts';
import type { LinearGaussianEcosystem } from '../scenario/linear_gaussian.ts';

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

/** What a run of any family leaves behind. */
export interface Run<Metric extends string = string> {
  readonly ecosystem: EcosystemHead;
  readonly replicates: number;
  /** Rounds done; series hold rounds 0 … rounds. */
  readonly rounds: number;
  readonly stopped: StopReason;
  /** Values over rounds 0 (the initial state) … n, laid out [round][replicate][model]; `reward` is always among them. */
  readonly series: Readonly<Record<Metric, Float64Array>>;
  /** Predicted reward of every model at the stable point, or null where none is known. */
  readonly predictedReward: Float64Array | null;
  readonly backend: BackendInfo;
  readonly timing: RunTiming;
}

/** Metrics of a model of the families `linear-gaussian` and `gaussian`; NaN where unknown or without meaning. */
export const MOMENT_METRICS = [
  'reward', // J of the mean (linear-gaussian), E[reward of its own curator] (gaussian)
  'norm', // |mean|
  'variance', // trace of the covariance ÷ d; gaussian only
  'distanceToReal', // 2-Wasserstein distance to the real data; gaussian only
  'step', // 2-Wasserstein distance to the round before (|difference of means| for linear-gaussian)
  'distanceToStable', // 2-Wasserstein distance to the stable point
] as const;
export type MomentMetric = (typeof MOMENT_METRICS)[number];

/** A run of a family whose models are means, with or without covariances. */
export interface MomentRun extends Run<MomentMetric> {
  readonly ecosystem: LinearGaussianEcosystem | GaussianEcosystem;
  /** Last means, [replicate][model][d]. */
  readonly means: Float64Array;
  /** Last covariances, [replicate][model][d][d]; null for linear-gaussian. */
  readonly covariances: Float64Array | null;
}

/** What `run` answers, by family. */
export type AnyRun = RunResult | MomentRun;

/** Whether a run is of models that are distributions over outcomes. */
export function isOutcomeRun(result: AnyRun): result is RunResult {
  return 'distributions' in result;
}

/** Preference vectors that adapted during a run. */
export interface Preferences {
  /** The curators whose preferences they are. */
  readonly groups: readonly string[];
  readonly featureCount: number;
  /** Per group before the first round, length F. */
  readonly initial: readonly Float64Array[];
  /** After the last round, [replicate][group][feature]. */
  readonly final: Float64Array;
}

export interface RunResult extends Run<ModelMetric> {
  readonly ecosystem: Ecosystem;
  readonly series: MetricSeries;
  /** Mean pairwise total variation between the models, [round][replicate]. NaN for a single model. */
  readonly homogenisation: Float64Array;
  /** Last distributions, [replicate][model][outcome]. */
  readonly distributions: Float32Array | Float64Array;
  /** Last conditional tables, [replicate][model][outcome] in the order of outcomes; null for other families. */
  readonly tables: Float32Array | Float64Array | null;
  /** Last integer counts, [replicate][model][outcome]; zero rows for models in the population limit; null if all are. */
  readonly counts: Uint32Array | null;
  /** Left out where no preference adapts. */
  readonly preferences?: Preferences;
}
