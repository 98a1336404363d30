/**
 * One Gaussian model with real data N(μ_R, Σ_R) at weight w_R, own output tilted by a linear reward of slope g at temperature τ and
 * weight w_c, and any share of raw own output. With κ = w_c/w_R and γ = g/τ a stable point has
 *     μ = μ_R + κ Σ γ,   Σ = Σ_R + κ(1+κ) Σγγᵀ Σ,
 * so s = γᵀΣγ solves s = s_R + κ(1+κ) s². It has a root only while 4 κ(1+κ) γᵀΣ_Rγ ≤ 1; in one dimension 4 κ(1+κ) g² σ_R²/τ² ≤ 1. Beyond,
 * the variance grows without bound.
 */
import type { GaussianEcosystem, GaussianLaw, GaussianParameters } from '../../scenario/gaussian.ts';

export interface AnchoredLoop {
  /** κ = curated share ÷ real share. */
  readonly ratio: number;
  /** γ = g/τ, length d. */
  readonly slope: Float64Array;
  readonly real: GaussianLaw;
}

/** 4 κ(1+κ) γᵀΣ_Rγ: above 1 there is no stable point. */
export function blowUpNumber({ ratio, slope, real }: AnchoredLoop): number {
  return 4 * ratio * (1 + ratio) * quadraticForm(real.covariance, slope);
}

/** The stable point that the loop leads to from its real data; null where the variance blows up. */
export function anchoredStablePoint(loop: AnchoredLoop): GaussianLaw | null {
  const { ratio, slope, real } = loop;
  const number = blowUpNumber(loop);
  if (number > 1) return null;
  const d = slope.length;
  const start = quadraticForm(real.covariance, slope);
  // The smaller root of κ(1+κ) s² − s + s_R = 0, without the cancellation of 1 − √(1 − …).
  const s = (2 * start) / (1 + Math.sqrt(1 - number));
  const shrink = 1 / (1 - ratio * (1 + ratio) * s);
  const lean = product(real.covariance, slope).map((value) => value * shrink); // Σγ
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      covariance[i * d + j] = real.covariance[i * d + j] + ratio * (1 + ratio) * lean[i] * lean[j];
    }
  }
  return { mean: real.mean.map((value, i) => value + ratio * lean[i]), covariance };
}

/** The loop of an ecosystem of one model, or null where it has other ingredients than these. */
export function anchoredLoopOf(
  { edges, models, real, dimension }: GaussianEcosystem,
  { realWeight, edgeWeight, curators }: GaussianParameters,
): AnchoredLoop | null {
  if (models.length !== 1 || realWeight[0] === 0) return null;
  let found: { curator: number; weight: number } | null = null;
  for (let e = 0; e < edges.producer.length; e++) {
    if (edges.curator[e] < 0 || edgeWeight[e] === 0) continue;
    if (found !== null) return null;
    found = { curator: edges.curator[e], weight: edgeWeight[e] };
  }
  const slope = new Float64Array(dimension);
  if (found === null) return { ratio: 0, slope, real: real[0] };
  const { reward, temperature, candidates } = curators[found.curator];
  if (reward.quadratic.some((value) => value !== 0) || Number.isFinite(candidates)) return null;
  for (let i = 0; i < dimension; i++) slope[i] = reward.linear[i] / temperature;
  return { ratio: found.weight / realWeight[0], slope, real: real[0] };
}

function product(matrix: Float64Array, vector: Float64Array): Float64Array {
  const d = vector.length;
  const out = new Float64Array(d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[i] += matrix[i * d + j] * vector[j];
  return out;
}

function quadraticForm(matrix: Float64Array, vector: Float64Array): number {
  return product(matrix, vector).reduce((sum, value, i) => sum + value * vector[i], 0);
}
