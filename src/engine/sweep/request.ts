/** What a sweep over two parameters of a scenario is asked for, and what it answers. */
import type { TableSource } from '../../scenario/table.ts';
import type { Verdict } from '../../theory/results.ts';
import type { BackendRequest } from '../choose.ts';
import type { Platform } from '../platform.ts';
import type { BackendInfo } from '../results.ts';

/** Metrics that a cell may show; which of them a family has says `sweepMetrics`. */
export type SweepMetric =
  'reward' | 'entropy' | 'effectiveSupport' | 'tvToReal' | 'norm' | 'variance' | 'distanceToReal';

/** What is to be known of every cell. */
export type SweepMeasure =
  /** Of a model after the last round. */
  | { readonly kind: 'metric'; readonly metric: SweepMetric; readonly model: string }
  /** Mean pairwise total variation between the models after the last round. */
  | { readonly kind: 'homogenisation' }
  /** dJ_of/dλ_by after the last round, other shares of `by` shrinking in proportion. */
  | { readonly kind: 'influence'; readonly of: string; readonly by: string }
  /** Of convergence at the stable point. */
  | { readonly kind: 'rate' }
  /** What curation at a model does to its own reward, at the stable point. */
  | { readonly kind: 'verdict'; readonly model: string };

export interface SweepAxis {
  /** Of a parameter (see `scenarioParameters`). */
  readonly parameter: string;
  /** At least one. */
  readonly values: readonly number[];
}

export interface SweepRequest {
  /** A scenario document as written. */
  readonly document: unknown;
  readonly tables: TableSource;
  readonly x: SweepAxis;
  readonly y: SweepAxis;
  readonly measure: SweepMeasure;
  readonly backend: BackendRequest;
  readonly platform: Platform;
  readonly signal?: AbortSignal | undefined;
  /** Cells that are known from before, by index. */
  readonly skip?: ReadonlySet<number> | undefined;
  /** Told of cells as they are finished; `done` counts skipped ones as well, of `total`. */
  readonly onCells?: ((cells: readonly SweepCell[], done: number, total: number) => void) | undefined;
}

export interface SweepCell {
  /** y·(number of x values) + x. */
  readonly index: number;
  /** Indices of the values. */
  readonly x: number;
  readonly y: number;
  /** Until finer levels arrive the cell stands for `stride` × `stride` of them, itself the first. */
  readonly stride: number;
  /** Null where there is none; `message` then says why. With replicates, their mean. */
  readonly value: number | Verdict | null;
  /** Standard error over replicates; for influence, the error of the difference quotient. Null where neither is known. */
  readonly error: number | null;
  /** Half the step of the innermost difference quotient; of influence only. */
  readonly delta: number | null;
  /** Rounds to the value; null where it was solved for, or failed. */
  readonly rounds: number | null;
  readonly message: string | null;
}

export interface SweepResult {
  /** Finished by this call, in the order in which they were finished. */
  readonly cells: readonly SweepCell[];
  /** Of `total`, skipped ones included. */
  readonly done: number;
  readonly total: number;
  readonly cancelled: boolean;
  /** `batch`: replicates of ensembles on a backend. `solve`: stable points in float64, cell by cell. */
  readonly method: 'batch' | 'solve';
  /** Null where nothing was run. */
  readonly backend: BackendInfo | null;
  /** Ensembles that were run. */
  readonly batches: number;
  /** Different networks or outcomes among the cells: those that differ in them cannot share an ensemble. */
  readonly structures: number;
  /** How it was done, in a sentence. */
  readonly how: string;
  readonly timing: { readonly compileMs: number; readonly totalMs: number };
}
