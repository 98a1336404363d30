/** Training on the data of several rounds in finite populations: the mirror of shaders/retain.wgsl, bit for bit. */
import type { RetainedModel } from '../plan/retention_plan.ts';
import { RETAIN } from '../plan/retention_plan.ts';

export interface RetainRows {
  /** The round's samples; `row` is the first of the model's, and half its row in `mass`. */
  readonly counts: Uint32Array;
  readonly mass: Uint32Array;
  readonly row: number;
  /** Distributions that the round writes. */
  readonly state: Float64Array;
  readonly stateRow: number;
  /** Earlier counts of a window, or low and high words of a pool. */
  readonly past: Uint32Array;
  readonly pastRow: number;
}

/**
 * Adds the counts of round t to what a finite model trains on. Masses are in units of 2^−32 samples, pairs (low, high).
 *
 * accumulate: mass += counts. window: mass = the counts of the last w rounds, the initial mass among them while t < w.
 * Both set state = mass/(n·data sets). subsample: pool += counts and counts = 0, to be drawn from the pool.
 */
export function retain(
  { rule, rounds }: RetainedModel,
  t: number,
  population: number,
  rows: RetainRows,
  outcomes: number,
): void {
  const { counts, mass, row, state, stateRow, past, pastRow } = rows;
  if (rule === RETAIN.subsample) {
    for (let v = 0; v < outcomes; v++) {
      past[pastRow + outcomes + v] += counts[row + v];
      counts[row + v] = 0;
    }
    return;
  }
  const samples = population * (rule === RETAIN.window ? Math.min(t + 1, rounds) : t + 1);
  for (let v = 0; v < outcomes; v++) {
    const at = 2 * (row + v);
    const count = counts[row + v];
    if (rule === RETAIN.window) slide(mass, at, past, pastRow + v, outcomes, rounds, t, count);
    else mass[at + 1] += count;
    state[stateRow + v] = (mass[at + 1] + mass[at] / 2 ** 32) / samples;
  }
}

/** One outcome's mass when a window of w rounds moves on to round t; its counts of round s lie in past[row + (s mod w)·V]. */
function slide(
  mass: Uint32Array,
  at: number,
  past: Uint32Array,
  row: number,
  outcomes: number,
  w: number,
  t: number,
  count: number,
): void {
  const newest = row + (t % w) * outcomes;
  const oldest = past[newest];
  past[newest] = count;
  if (t !== w) {
    mass[at + 1] += count - (t > w ? oldest : 0);
    return;
  }
  // The initial state, a fraction of a sample here and there, leaves the window.
  mass[at] = 0;
  mass[at + 1] = 0;
  for (let k = 0; k < w; k++) mass[at + 1] += past[row + k * outcomes];
}
