/** A run that its caller drives step by step: what `run` does to the end at once, and what a page shows as it happens. */
import type { AnyRun, BackendInfo, MomentRun, RunResult, StopReason } from './results.ts';

/** What models are after the last round. */
export type LiveState =
  | Pick<RunResult, 'distributions' | 'tables' | 'counts' | 'preferences'>
  | Pick<MomentRun, 'means' | 'covariances'>;

export interface LiveRun<Result extends AnyRun = AnyRun> {
  /** Where it runs; another adapter's name after a device was lost. */
  readonly backend: BackendInfo;
  readonly replicates: number;
  /** Rounds done. */
  readonly rounds: number;
  /**
   * Does a chunk of rounds, at most `most`. Null while the run goes on; why it ended otherwise, and then only `reset` goes on.
   * Throws `device-lost` after the third loss, `not-converged` where numbers run away.
   */
  step(most?: number): Promise<StopReason | null>;
  /** Does all rounds that are left. */
  toTheEnd(): Promise<Result>;
  /** Metrics after rounds `from` … `to` (round 0 is the initial state), each [round][replicate][model]; homogenisation [round][replicate]. */
  metrics(from: number, to: number): Readonly<Record<string, Float64Array>>;
  /** The models after the last round. */
  state(): Promise<LiveState>;
  /** Everything so far as a finished run leaves it; `stopped` says why it ended, `cancelled` where it did not. */
  result(stopped?: StopReason): Promise<Result>;
  /** Back to the same start, on the same backend. */
  reset(): Promise<void>;
  destroy(): void;
}
