/**
 * How much the reward of one run scatters: the exact variance of J averaged over consecutive rounds of the stationary law.
 *
 * With δ_t the mean's deviation and u = ∇J at the stationary mean, J = J̄ + u·δ − ½η|δ|² and, C_h = E δ_{t+h}δ_tᵀ,
 *     Cov(J_t, J_{t+h}) = uᵀC_h u + ½η²‖C_h‖² − ½ηκ₃ Σ_k [(u·v_k)|v_{k+h}|² + (u·v_{k+h})|v_k|²] + ¼η²κ₄ Σ_k |v_k|²|v_{k+h}|²,
 * where κ₃ and κ₄ are cumulants of k/n, k ~ Bin(n, λ), and v_k is what a shift becomes k rounds later. (Gaussian part: Isserlis 1918.)
 */
import { lyapunov, noiseOf, product, sandwich } from './fluctuations.ts';
import { advance, denseResponse, denseRound, dot, gradientOf, meanOf } from './system.ts';
import type { LinearSystem } from './system.ts';

/** One kind of noise of unit size: sampling noise of a model, or its curated share. */
interface Source {
  readonly model: number;
  readonly kind: 'sampling' | 'share';
  /** [lag][target model] d×d: P_i G^h S P_iᵀ with S the stationary covariance that this noise alone would give. */
  readonly lagged: readonly (readonly Float64Array[])[];
  /** Of shares, [round][target model]: v_k. Empty for sampling noise. */
  readonly followed: readonly (readonly Float64Array[])[];
}

/** Everything about a system's fluctuations that does not depend on λ, σ and n. */
export interface FluctuationModes {
  readonly window: number;
  readonly sources: readonly Source[];
}

/** Below this part of the first a push has died out. */
const FADED = 1e-12;
const MOST_ROUNDS = 100_000;

/** The modes for averages over `window` rounds. Dense: for up to a few hundred coordinates. */
export function fluctuationModes(system: LinearSystem, window: number): FluctuationModes {
  const { models, dimension: d, size, parameters } = system;
  const step = denseRound(system);
  const response = denseResponse(system);
  const blockOf = (matrix: Float64Array, i: number): Float64Array =>
    new Float64Array(d * d).map((_, o) => matrix[(i * d + Math.floor(o / d)) * size + i * d + (o % d)]);
  const laggedOf = (noise: Float64Array): Float64Array[][] => {
    let covariance = lyapunov(step, sandwich(response, noise, size), size);
    return Array.from({ length: window }, (_, lag) => {
      if (lag > 0) covariance = product(step, covariance, size);
      return Array.from({ length: models }, (__, i) => blockOf(covariance, i));
    });
  };
  const sources: Source[] = [];
  for (let model = 0; model < models; model++) {
    const noise = new Float64Array(size * size);
    for (let k = model * d; k < (model + 1) * d; k++) noise[k * size + k] = 1;
    sources.push({ model, kind: 'sampling', lagged: laggedOf(noise), followed: [] });
    const shift = meanOf(system, parameters.shift, model);
    if (shift.every((value) => value === 0)) continue;
    noise.fill(0);
    for (let k = 0; k < d; k++)
      for (let l = 0; l < d; l++) noise[(model * d + k) * size + model * d + l] = shift[k] * shift[l];
    sources.push({ model, kind: 'share', lagged: laggedOf(noise), followed: followedOf(system, model) });
  }
  return { window, sources };
}

function largest(values: Float64Array): number {
  return values.reduce((high, value) => Math.max(high, Math.abs(value)), 0);
}

function followedOf(system: LinearSystem, model: number): Float64Array[][] {
  const push = new Float64Array(system.size);
  push.set(meanOf(system, system.parameters.shift, model), model * system.dimension);
  const x = new Float64Array(system.size);
  const held = new Float64Array(system.size);
  const first = largest(push);
  const followed: Float64Array[][] = [];
  while (followed.length < MOST_ROUNDS && (followed.length === 0 || largest(x) > FADED * first)) {
    advance(system, followed.length === 0 ? push : null, x, held);
    followed.push(Array.from({ length: system.models }, (_, i) => meanOf(system, x, i).slice()));
  }
  return followed;
}

/**
 * Variance of model i's reward averaged over `modes.window` consecutive rounds. `mean` is the stationary mean; λ, σ and n are those of the
 * system, which must share maps and shifts with the one that the modes were made from.
 */
export function averageVariance(
  system: LinearSystem,
  modes: FluctuationModes,
  mean: Float64Array,
  i: number,
): number {
  const { window, sources } = modes;
  const { quadratic } = system.rewards[i];
  const u = gradientOf(system.rewards[i], meanOf(system, mean, i));
  const noise = noiseOf(system);
  const present = sources.filter(({ model, kind }) => noise[kind][model] > 0);
  let total = 0;
  for (let lag = 0; lag < window; lag++) {
    const covariance = new Float64Array(system.dimension ** 2);
    for (const { model, kind, lagged } of present) {
      const part = lagged[lag][i];
      for (let o = 0; o < covariance.length; o++) covariance[o] += noise[kind][model] * part[o];
    }
    let term = bilinear(u, covariance) + 0.5 * quadratic ** 2 * dot(covariance, covariance);
    for (const { model, kind, followed } of present) {
      if (kind === 'share') term += skewTerm(system, model, followed, lag, i, u);
    }
    total += (lag === 0 ? window : 2 * (window - lag)) * term;
  }
  return total / window ** 2;
}

/** The terms of the third and fourth cumulant of one model's curated share. */
function skewTerm(
  system: LinearSystem,
  model: number,
  followed: Source['followed'],
  lag: number,
  i: number,
  u: Float64Array,
): number {
  const n = system.parameters.population[model];
  const lambda = system.parameters.curation[model];
  const spread = lambda * (1 - lambda);
  const third = (spread * (1 - 2 * lambda)) / n ** 2;
  const fourth = (spread * (1 - 6 * spread)) / n ** 3;
  const { quadratic } = system.rewards[i];
  let sum = 0;
  for (let k = 0; k + lag < followed.length; k++) {
    const [now, later] = [followed[k][i], followed[k + lag][i]];
    const [squareNow, squareLater] = [dot(now, now), dot(later, later)];
    sum -= 0.5 * quadratic * third * (dot(u, now) * squareLater + dot(u, later) * squareNow);
    sum += 0.25 * quadratic ** 2 * fourth * squareNow * squareLater;
  }
  return sum;
}

function bilinear(u: Float64Array, matrix: Float64Array): number {
  const d = u.length;
  let sum = 0;
  for (let k = 0; k < d; k++) for (let l = 0; l < d; l++) sum += u[k] * matrix[k * d + l] * u[l];
  return sum;
}
