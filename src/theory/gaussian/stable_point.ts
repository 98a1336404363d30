/** Where Gaussian models settle in the population limit: rounds until they are near, Newton's method to finish. */
import { factorise } from '../dense.ts';
import type { Pace } from '../pace.ts';
import type { GaussianLinearisation } from './linear.ts';
import { linearise } from './linear.ts';
import type { GaussianState, GaussianSystem } from './system.ts';
import { lawAt } from './system.ts';

export interface GaussianStablePoint {
  readonly state: GaussianState;
  /** Largest step of one more round, relative to the spread and location of models and data. */
  readonly residual: number;
  readonly rounds: number;
  /** The round in which a variance had grown a trillionfold, or null. */
  readonly blownUp: number | null;
}

const MOST_ROUNDS = 20_000;
/** Relative step below which Newton's method is tried by default. */
const HAND_OVER = 1e-3;
/** Further from the state it starts at, relative to it, Newton's point is somebody else's. */
const NEAR = 0.5;
const NEWTON_STEPS = 40;
/** Variance relative to the largest at the start: nothing that grew this much comes back. */
const BLOWN_UP = 1e12;
/** Most unknowns of dense algebra. */
export const DENSE_UNKNOWNS = 2_000;

/** Looks from `start` on. Where Newton cannot help, the rounds go on to `MOST_ROUNDS`; the state is then as far as they led. */
export async function findGaussianStablePoint(
  system: GaussianSystem,
  tolerance: number,
  pace: Pace,
  firstHandOver = HAND_OVER,
): Promise<GaussianStablePoint> {
  let state = system.initial();
  let next = system.initial();
  const newton = unknownsOf(system) <= DENSE_UNKNOWNS;
  const scale = scaleOf(system, state);
  let handOver = firstHandOver;
  let residual = Infinity;
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    system.round(state, next);
    residual = stepOf(state, next, system.dimension, scale);
    [state, next] = [next, state];
    if (!(spreadOf(state) <= BLOWN_UP * scale ** 2)) {
      return { state, residual: Infinity, rounds: round, blownUp: round };
    }
    if (residual <= tolerance) return finished(system, state, next, round, scale);
    if (newton && residual <= handOver) {
      const found = newtonFrom(system, state, tolerance, scale);
      if (found !== null)
        return { state: found.state, residual: found.residual, rounds: round, blownUp: null };
      handOver = residual / 10;
    }
    if (round % 64 === 0) await pace('rounds', round, MOST_ROUNDS, residual);
  }
  const found = newton ? newtonFrom(system, middle(state, next), tolerance, scale) : null;
  return { ...(found ?? { state, residual }), rounds: MOST_ROUNDS, blownUp: null };
}

/** One more round, so that the residual is that of the point returned. */
function finished(
  system: GaussianSystem,
  state: GaussianState,
  next: GaussianState,
  rounds: number,
  scale: number,
): GaussianStablePoint {
  system.round(state, next);
  return { state, residual: stepOf(state, next, system.dimension, scale), rounds, blownUp: null };
}

/** Numbers that describe a state. */
export function unknownsOf({ modelCount, dimension: d }: GaussianSystem): number {
  return modelCount * (d + (d * (d + 1)) / 2);
}

/** The derivatives at a state. */
export function lineariseAt(system: GaussianSystem, state: GaussianState): GaussianLinearisation {
  const outputs = system.emptyOutputs();
  system.outputs(state, outputs);
  const mixed = { mean: state.mean.slice(), covariance: state.covariance.slice() };
  for (let i = 0; i < system.modelCount; i++) system.mixture(outputs, i, mixed);
  return linearise(system, state, outputs, mixed);
}

function newtonFrom(
  system: GaussianSystem,
  start: GaussianState,
  tolerance: number,
  scale: number,
): { state: GaussianState; residual: number } | null {
  const { modelCount, dimension: d } = system;
  let state = copy(start);
  const next = copy(start);
  let last = Infinity;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    system.round(state, next);
    const residual = stepOf(state, next, d, scale);
    if (residual <= tolerance && residual >= 0.5 * last)
      return isNear(start, state, d, scale) ? { state, residual } : null;
    if (!(residual < 2 * last) && step > 3) return null;
    last = residual;
    const linear = lineariseAt(system, state);
    const { size } = linear;
    const n = modelCount * size;
    const matrix = linear.matrix();
    for (let k = 0; k < n * n; k++) matrix[k] = -matrix[k];
    for (let k = 0; k < n; k++) matrix[k * n + k] += 1;
    const factor = factorise(matrix, n);
    if (factor.pivotRatio < 1e-13) return null;
    const change = new Float64Array(n);
    for (let i = 0; i < modelCount; i++) {
      pack(lawAt(state, i, d), lawAt(next, i, d), change.subarray(i * size, (i + 1) * size));
    }
    factor.solve(change);
    const moved = copy(state);
    for (let i = 0; i < modelCount; i++) {
      addPacked(lawAt(moved, i, d), change.subarray(i * size, (i + 1) * size));
    }
    if (!isSane(moved, modelCount, d)) return null;
    state = moved;
  }
  return null;
}

function isSane(state: GaussianState, modelCount: number, d: number): boolean {
  if (!state.mean.every(Number.isFinite) || !state.covariance.every(Number.isFinite)) return false;
  for (let i = 0; i < modelCount; i++) {
    const { covariance } = lawAt(state, i, d);
    for (let a = 0; a < d; a++) if (covariance[a * d + a] < 0) return false;
  }
  return true;
}

function isNear(start: GaussianState, state: GaussianState, d: number, scale: number): boolean {
  return stepOf(start, state, d, scale) <= NEAR;
}

/** To − from, as s numbers. */
function pack(from: GaussianState, to: GaussianState, out: Float64Array): void {
  const d = from.mean.length;
  let k = d;
  for (let i = 0; i < d; i++) {
    out[i] = to.mean[i] - from.mean[i];
    for (let j = i; j < d; j++) out[k++] = to.covariance[i * d + j] - from.covariance[i * d + j];
  }
}

function addPacked(law: GaussianState, change: Float64Array): void {
  const d = law.mean.length;
  let k = d;
  for (let i = 0; i < d; i++) {
    law.mean[i] += change[i];
    for (let j = i; j < d; j++) {
      law.covariance[i * d + j] += change[k];
      if (i !== j) law.covariance[j * d + i] = law.covariance[i * d + j];
      k++;
    }
  }
}

function copy(state: GaussianState): GaussianState {
  return { mean: state.mean.slice(), covariance: state.covariance.slice() };
}

function middle(a: GaussianState, b: GaussianState): GaussianState {
  return {
    mean: a.mean.map((value, k) => 0.5 * (value + b.mean[k])),
    covariance: a.covariance.map((value, k) => 0.5 * (value + b.covariance[k])),
  };
}

/** The largest √(|mean|² + tr Σ) of models and data, or 1 where all are points at the origin. */
function scaleOf({ ecosystem, dimension: d }: GaussianSystem, start: GaussianState): number {
  let most = 0;
  const look = (mean: Float64Array, covariance: Float64Array): void => {
    let squares = 0;
    for (let i = 0; i < d; i++) squares += mean[i] ** 2 + covariance[i * d + i];
    most = Math.max(most, Math.sqrt(squares));
  };
  for (const { mean, covariance } of ecosystem.real) look(mean, covariance);
  ecosystem.models.forEach((_, i) => {
    const { mean, covariance } = lawAt(start, i, d);
    look(mean, covariance);
  });
  return most > 0 ? most : 1;
}

/** Largest |Δμ|/scale and ‖ΔΣ‖/scale² of any model, or relative to its own size where that has grown. */
function stepOf(a: GaussianState, b: GaussianState, d: number, scale: number): number {
  let most = 0;
  for (let i = 0; i < a.mean.length / d; i++) {
    const from = lawAt(a, i, d);
    const to = lawAt(b, i, d);
    let own = scale ** 2;
    let means = 0;
    let spreads = 0;
    let size = 0;
    for (let k = 0; k < d; k++) {
      means += (to.mean[k] - from.mean[k]) ** 2;
      size += from.mean[k] ** 2 + from.covariance[k * d + k];
    }
    own = Math.max(own, size);
    for (let k = 0; k < d * d; k++) spreads += (to.covariance[k] - from.covariance[k]) ** 2;
    const step = Math.max(Math.sqrt(means / own), Math.sqrt(spreads) / own);
    if (!(step <= most)) most = step;
  }
  return most;
}

function spreadOf({ covariance }: GaussianState): number {
  let most = 0;
  for (const value of covariance) if (!(Math.abs(value) <= most)) most = Math.abs(value);
  return most;
}
