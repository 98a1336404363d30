/** Everything measured on one plane: trajectories of all loops, and what the theorems allow. */
import type { Ecosystem } from '../../scenario/ecosystem.ts';
import { anchoredFixedPoint, anchoredTrajectory, replicator } from '../../theory/oracles/loops.ts';
import {
  divergence,
  exactAfterTilt,
  largestDivergence,
  leastAfterCuration,
  leastDistanceToTopLevel,
  leastWithRealData,
  tiltMoments,
  topLevel,
} from '../../theory/oracles/retraining.ts';
import type { TiltMoments } from '../../theory/oracles/retraining.ts';
import { solve } from '../../theory/solve.ts';
import type { Plane } from './densities.ts';
import type { Loop } from './loops.ts';
import { loopOn, parametersOf, trajectory } from './loops.ts';

export const CANDIDATES = [2, 4, 16, Infinity] as const;
export const LAMBDAS = [0.05, 0.3, 1] as const;

/** A loop without real data. */
export interface PureLoop extends Loop {
  readonly states: readonly Float64Array[];
  readonly moments: readonly TiltMoments[];
  /** Gain of E[e^r] in a round over what Lemma 2.2 promises; NaN once the promise is below rounding. */
  readonly gainRatio: readonly number[];
  /** Total variation to the limit, and the least it can be. */
  readonly distance: readonly number[];
  readonly leastDistance: readonly number[];
}

export interface MixedLoop extends Loop {
  readonly states: readonly Float64Array[];
  /** E[e^r] per round, and its lower bound for t ≥ 1. */
  readonly value: readonly number[];
  readonly leastValue: number;
  /** KL to the real data per round, and its upper bound (Infinity: none). */
  readonly divergence: readonly number[];
  readonly largestDivergence: number;
}

/** The loop with real data and K = ∞, against its closed form. */
export interface Anchored {
  readonly lambda: number;
  /** Largest differences of a probability: trajectory against Bᵗp_0, stable point against the Perron vector. */
  readonly trajectoryError: number;
  readonly stableError: number;
  /** ½Σ|p_t − p*| per round. */
  readonly distance: readonly number[];
  /** Slowest rate, as `solve` finds it and as η max a/Z. */
  readonly rate: number;
  readonly expectedRate: number;
}

export interface Study {
  readonly plane: Plane;
  readonly base: Ecosystem;
  /** p_0, also the real data. */
  readonly start: Float64Array;
  readonly limit: Float64Array;
  readonly pure: readonly PureLoop[];
  readonly mixed: readonly MixedLoop[];
  readonly anchored: readonly Anchored[];
  /** Largest difference of a probability to the replicator over all rounds (K = ∞). */
  readonly replicatorError: number;
  /** Largest |E_{t+1} e^r − E_t e^r − Var_t/E_t| (K = ∞). */
  readonly identityError: number;
}

/** Below this variance of e^r a gain is rounding. */
const RESOLVED = 1e-6;

export async function studyOf(plane: Plane, rounds: number): Promise<Study> {
  const base = await loopOn(plane);
  const start = base.distributions[base.initialOf[0]];
  const { reward } = base.parameters.curators[0];
  const limit = topLevel(start, reward);
  const pure = CANDIDATES.map((candidates) => pureLoop(base, candidates, rounds, limit));
  const endless = pure[pure.length - 1];
  const anchored: Anchored[] = [];
  for (const lambda of [0.3, 1, 4]) anchored.push(await anchoredLoop(base, lambda, rounds));
  return {
    plane,
    base,
    start,
    limit,
    pure,
    mixed: LAMBDAS.flatMap((lambda) =>
      CANDIDATES.map((candidates) => mixedLoop(base, { lambda, candidates }, rounds)),
    ),
    anchored,
    replicatorError: most(endless.states.map((p, t) => largestGap(p, replicator(start, reward, 1, t)))),
    identityError: most(
      endless.moments.slice(1).map(({ mean }, t) => Math.abs(mean - exactAfterTilt(endless.moments[t]))),
    ),
  };
}

function pureLoop(base: Ecosystem, candidates: number, rounds: number, limit: Float64Array): PureLoop {
  const loop = { lambda: Infinity, candidates };
  const { reward } = base.parameters.curators[0];
  const states = trajectory(base, loop, rounds);
  const moments = states.map((p) => tiltMoments(p, reward));
  return {
    ...loop,
    states,
    moments,
    gainRatio: moments.slice(1).map(({ mean }, t) => {
      const before = moments[t];
      if (before.variance < RESOLVED) return NaN;
      return (mean - before.mean) / (leastAfterCuration(before, candidates) - before.mean);
    }),
    distance: states.map((p) => variation(p, limit)),
    leastDistance: states.map((_, t) => leastDistanceToTopLevel(states[0], reward, candidates, t)),
  };
}

function mixedLoop(base: Ecosystem, loop: Loop, rounds: number): MixedLoop {
  const { reward } = base.parameters.curators[0];
  const states = trajectory(base, loop, rounds);
  const real = tiltMoments(states[0], reward);
  return {
    ...loop,
    states,
    value: states.map((p) => tiltMoments(p, reward).mean),
    leastValue: leastWithRealData(real, loop.lambda, loop.candidates),
    divergence: states.map((p) => divergence(p, states[0])),
    largestDivergence: largestDivergence(loop.lambda, loop.candidates),
  };
}

async function anchoredLoop(base: Ecosystem, lambda: number, rounds: number): Promise<Anchored> {
  const loop = { lambda, candidates: Infinity };
  const { reward } = base.parameters.curators[0];
  const curated = lambda / (1 + lambda);
  const a = reward.map((r) => Math.exp(r));
  const states = trajectory(base, loop, rounds);
  const point = anchoredFixedPoint(states[0], a, curated);
  const solved = await solve({ ...base, parameters: parametersOf(base, loop) }, { influence: false });
  const best = a.reduce((high, value) => Math.max(high, value), 0);
  const mean = point.reduce((sum, mass, v) => sum + mass * a[v], 0);
  return {
    lambda,
    trajectoryError: most(
      states.map((p, t) => largestGap(p, anchoredTrajectory(states[0], states[0], a, curated, t))),
    ),
    stableError: largestGap(solved.stablePoint[0], point),
    distance: states.map((p) => variation(p, point)),
    rate: solved.rate,
    expectedRate: (curated * best) / mean,
  };
}

export function most(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), -Infinity);
}

export function largestGap(p: Float64Array, q: Float64Array): number {
  return p.reduce((high, value, v) => Math.max(high, Math.abs(value - q[v])), 0);
}

/** ½Σ|p − q|. */
export function variation(p: Float64Array, q: Float64Array): number {
  return 0.5 * p.reduce((sum, value, v) => sum + Math.abs(value - q[v]), 0);
}
