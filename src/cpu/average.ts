/** Training on the data of several rounds in the population limit: the mirror of shaders/average.wgsl in float64. */
import type { RetainedModel } from '../plan/retention_plan.ts';
import { RETAIN } from '../plan/retention_plan.ts';

/**
 * Fits a model to the training laws D_0 … D_t of all rounds so far, or the last w of them: outcomes first … end−1 of
 * next[row …] become their mean. `mixed` holds D_t from 0 on, `old` the mean before it; a window keeps its laws in
 * past[pastRow + (s mod w)·V …] and sums them afresh, so that rounding does not build up.
 */
export function average(
  { rule, rounds }: RetainedModel,
  t: number,
  rows: {
    readonly old: Float64Array;
    readonly next: Float64Array;
    readonly row: number;
    readonly past: Float64Array;
    readonly pastRow: number;
  },
  outcomes: number,
  first: number,
  end: number,
  mixed: Float64Array,
): void {
  const { old, next, row, past, pastRow } = rows;
  if (rule === RETAIN.accumulate) {
    for (let v = first; v < end; v++) {
      const before = old[row + v];
      next[row + v] = before + (mixed[v - first] - before) / (t + 1);
    }
    return;
  }
  const newest = pastRow + (t % rounds) * outcomes;
  const sets = Math.min(t + 1, rounds);
  for (let v = first; v < end; v++) past[newest + v] = mixed[v - first];
  for (let v = first; v < end; v++) {
    let sum = 0;
    for (let k = 0; k < sets; k++) sum += past[pastRow + k * outcomes + v];
    next[row + v] = sum / sets;
  }
}
