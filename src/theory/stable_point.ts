/** Finding x with x = D(x): the loop itself first, so that the point is the one it leads to, then Newton. */
import type { Pace } from './pace.ts';
import { reachable } from './reach.ts';
import { largestVariation } from './system.ts';
import type { System } from './system.ts';
import { createResolvent } from './tangent.ts';
import type { ResolventCache } from './tangent.ts';

export interface StablePoint {
  readonly state: Float64Array;
  /** Largest total variation ½Σ|D(x) − x| of any model. */
  readonly residual: number;
  /** Evaluations of the whole map. */
  readonly rounds: number;
  /** Whether the loop as it runs was seen to approach this point (as opposed to a damped loop or Newton alone). */
  readonly approached: boolean;
}

export interface StablePointOptions {
  /** Residual to reach. */
  readonly tolerance: number;
  /** Newton starts once the loop's step is below this. */
  readonly handOver: number;
  readonly maxRounds: number;
  readonly cache: ResolventCache;
}

/** Newton may not carry the state further than this (total variation) from where the loop left it. */
const NEWTON_REACH = 0.1;
/** Steps x ← x + s (D(x) − x) for loops that do not settle: s < 1 calms every multiplier with real part below 1. */
const DAMPING = [0.5, 0.2, 0.05];

/** The stable point that `start` leads to; the best point met where none is reached. */
export async function findStablePoint(
  system: System,
  start: Float64Array,
  options: StablePointOptions,
  pace: Pace,
): Promise<StablePoint> {
  const reach = reachable(system, start);
  const plain = await approach(system, start, reach, (x, out) => system.update(x, out), options, pace);
  if (plain.residual <= options.tolerance) return plain;
  let rounds = plain.rounds;
  let best = plain;
  let from = plain.state;
  for (const damping of DAMPING) {
    const damped = await approach(
      system,
      from,
      reach,
      (x, out) => dampedStep(system, damping, x, out),
      options,
      pace,
    );
    rounds += damped.rounds;
    if (damped.residual < best.residual) best = damped;
    if (damped.residual <= options.tolerance) break;
    from = damped.state;
  }
  return { ...best, rounds, approached: false };
}

function dampedStep(system: System, damping: number, x: Float64Array, out: Float64Array): void {
  system.mixtures(x, out);
  for (let i = 0; i < x.length; i++) out[i] = x[i] + damping * (out[i] - x[i]);
}

async function approach(
  system: System,
  start: Float64Array,
  reach: Uint8Array,
  advance: (x: Float64Array, out: Float64Array) => void,
  options: StablePointOptions,
  pace: Pace,
): Promise<StablePoint> {
  const { outcomeCount } = system;
  let previous = start.slice();
  let x = start.slice();
  let next = new Float64Array(x.length);
  let handOver = options.handOver;
  let swaps = 0;
  let rounds = 0;
  let approached = true;
  let oldStep = Infinity;
  while (rounds < options.maxRounds) {
    advance(x, next);
    normaliseRows(next, outcomeCount);
    rounds++;
    const step = largestVariation(next, x, outcomeCount);
    const swing = rounds > 1 ? largestVariation(next, previous, outcomeCount) : Infinity;
    const spare = previous;
    previous = x;
    x = next;
    next = spare;
    await pace('rounds', rounds, options.maxRounds, step);
    if (step <= handOver) {
      const newton = await polish(system, x, reach, options, pace);
      const moved = largestVariation(newton.state, x, outcomeCount);
      if (newton.residual <= options.tolerance && moved <= NEWTON_REACH) {
        return { ...newton, rounds: rounds + newton.rounds, approached: true };
      }
      handOver = Math.min(handOver, step) / 10;
    }
    if (step <= 0.02 * options.tolerance) break;
    swaps = swing < 1e-3 * step ? swaps + 1 : 0;
    if (swaps >= 10) {
      // A period-2 orbit: its midpoint is where the unstable point between the two is sought.
      for (let i = 0; i < x.length; i++) x[i] = 0.5 * (x[i] + previous[i]);
      approached = false;
      break;
    }
    if (rounds % 500 === 0) {
      if (step > 0.9 * oldStep && step > options.handOver) break;
      oldStep = step;
    }
  }
  system.mixtures(x, next);
  return { state: x, residual: largestVariation(next, x, outcomeCount), rounds, approached };
}

/** Newton on the tangent while it makes progress. */
async function polish(
  system: System,
  start: Float64Array,
  reach: Uint8Array,
  { tolerance, cache }: StablePointOptions,
  pace: Pace,
): Promise<StablePoint> {
  const { outcomeCount } = system;
  let x = start.slice();
  const mixture = new Float64Array(x.length);
  const step = new Float64Array(x.length);
  const defect = new Float64Array(x.length);
  system.mixtures(x, mixture);
  let residual = largestVariation(mixture, x, outcomeCount);
  let rounds = 1;
  for (let iteration = 0; iteration < 20 && residual > 0.02 * tolerance; iteration++) {
    for (let i = 0; i < x.length; i++) defect[i] = mixture[i] - x[i];
    const accuracy = Math.max(1e-11, Math.min(1e-3, residual));
    const resolvent = createResolvent(system, system.linearise(x), accuracy, cache);
    if (resolvent.pivotRatio < 1e-14) break;
    resolvent.solve(defect, step);
    const candidate = x.slice();
    for (let i = 0; i < x.length; i++) candidate[i] = reach[i] * Math.max(0, x[i] + step[i]);
    normaliseRows(candidate, outcomeCount);
    system.mixtures(candidate, mixture);
    rounds++;
    const reached = largestVariation(mixture, candidate, outcomeCount);
    await pace('rounds', rounds, rounds + 1, reached);
    if (!(reached < residual)) break;
    const progress = reached / residual;
    x = candidate;
    residual = reached;
    if (progress > 0.5 && residual <= tolerance) break;
  }
  return { state: x, residual, rounds, approached: true };
}

export function normaliseRows(x: Float64Array, rowLength: number): void {
  for (let o = 0; o < x.length; o += rowLength) {
    let total = 0;
    for (let v = 0; v < rowLength; v++) total += x[o + v];
    if (total === 1) continue;
    const scale = 1 / total;
    for (let v = 0; v < rowLength; v++) x[o + v] *= scale;
  }
}
