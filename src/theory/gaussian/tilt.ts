/**
 * What infinitely many candidates make of a Gaussian: the law ∝ N(z; μ, Σ) e^{r(z)/τ} with r(z) = gᵀz − ½ (z−c)ᵀQ(z−c) is again
 * a Gaussian. Completing the square,
 *     Σ̃ = (Σ⁻¹ + Q/τ)⁻¹ = A Σ,   μ̃ = A (μ + Σ h),   A = (I + Σ Q/τ)⁻¹,   h = (Q c + g)/τ,
 * which needs no inverse of Σ, so degenerate covariances are welcome.
 */
import type { GaussianCurator } from '../../scenario/gaussian.ts';
import { factorise } from '../dense.ts';

/** A curator with K = ∞ in the units of its temperature. */
export interface Tilt {
  /** (Q c + g)/τ, length d. */
  readonly push: Float64Array;
  /** Q/τ, d×d; null for a linear reward. */
  readonly pull: Float64Array | null;
}

/** What a curator does to a Gaussian; null where it does nothing, being shown one candidate. Its K must be 1 or infinite. */
export function tiltOf({ reward, temperature, candidates }: GaussianCurator): Tilt | null {
  if (candidates === 1) return null;
  const d = reward.linear.length;
  const push = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    let sum = reward.linear[i];
    for (let j = 0; j < d; j++) sum += reward.quadratic[i * d + j] * reward.centre[j];
    push[i] = sum / temperature;
  }
  const flat = reward.quadratic.every((value) => value === 0);
  return { push, pull: flat ? null : reward.quadratic.map((value) => value / temperature) };
}

/** Writes the tilted law of N(mean, covariance) to `outMean` (d) and `outCovariance` (d×d, row-major). */
export function tiltInto(
  tilt: Tilt | null,
  mean: Float64Array,
  covariance: Float64Array,
  outMean: Float64Array,
  outCovariance: Float64Array,
): void {
  if (tilt === null) {
    outMean.set(mean);
    outCovariance.set(covariance);
    return;
  }
  const d = mean.length;
  for (let i = 0; i < d; i++) {
    let sum = mean[i];
    for (let j = 0; j < d; j++) sum += covariance[i * d + j] * tilt.push[j];
    outMean[i] = sum;
  }
  if (tilt.pull === null) {
    outCovariance.set(covariance);
    return;
  }
  if (d === 1) {
    const shrink = 1 / (1 + covariance[0] * tilt.pull[0]);
    outMean[0] *= shrink;
    outCovariance[0] = covariance[0] * shrink;
    return;
  }
  const factor = factorise(onePlusProduct(covariance, tilt.pull, d), d);
  factor.solve(outMean);
  const column = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    for (let i = 0; i < d; i++) column[i] = covariance[i * d + j];
    factor.solve(column);
    for (let i = 0; i < d; i++) outCovariance[i * d + j] = column[i];
  }
  symmetrise(outCovariance, d);
}

/** A = (I + Σ Q/τ)⁻¹, d×d; null stands for the identity. */
export function shrinkageOf(tilt: Tilt | null, covariance: Float64Array, d: number): Float64Array | null {
  if (tilt === null || tilt.pull === null) return null;
  const factor = factorise(onePlusProduct(covariance, tilt.pull, d), d);
  const inverse = new Float64Array(d * d);
  const column = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    column.fill(0);
    column[j] = 1;
    factor.solve(column);
    for (let i = 0; i < d; i++) inverse[i * d + j] = column[i];
  }
  return inverse;
}

/** (A + Aᵀ)/2 in place. */
export function symmetrise(matrix: Float64Array, d: number): void {
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) {
      matrix[i * d + j] = matrix[j * d + i] = 0.5 * (matrix[i * d + j] + matrix[j * d + i]);
    }
  }
}

function onePlusProduct(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      let sum = i === j ? 1 : 0;
      for (let k = 0; k < d; k++) sum += a[i * d + k] * b[k * d + j];
      out[i * d + j] = sum;
    }
  }
  return out;
}
