/** Long computations that stay interruptible: they call a Pace, which reports progress, yields and honours a signal. */

export type SolveStage = 'rounds' | 'rate' | 'influence';

export interface SolveProgress {
  readonly stage: SolveStage;
  readonly done: number;
  readonly total: number;
  /** Step of the loop in stage `rounds`, relative residual in stage `influence`; NaN otherwise. */
  readonly residual: number;
}

export type Pace = (
  stage: SolveStage,
  done: number,
  total: number,
  residual?: number,
) => Promise<void> | undefined;

const YIELD_AFTER_MS = 50;

/** Rejects with the signal's reason once it aborts. */
export function createPace(onProgress?: (progress: SolveProgress) => void, signal?: AbortSignal): Pace {
  let last = performance.now();
  return (stage, done, total, residual = NaN) => {
    signal?.throwIfAborted();
    if (performance.now() - last < YIELD_AFTER_MS) return undefined;
    onProgress?.({ stage, done, total, residual });
    return new Promise<void>((resolve, reject) => {
      setTimeout(() => {
        last = performance.now();
        if (signal?.aborted === true) reject(signal.reason as Error);
        else resolve();
      }, 0);
    });
  };
}
