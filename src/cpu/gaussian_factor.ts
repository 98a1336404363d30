/** Triangular factors of covariances and of tilted covariances: what samples are drawn with. Mirror of shaders/evolve_gaussian.wgsl. */
import type { Tilt } from '../theory/gaussian/tilt.ts';

/** A pivot this small beside its diagonal entry is rounding: the law is flat in that direction. */
const FLAT = 1e-13;

/** Writes the lower triangular L with L Lᵀ = covariance (d×d, row-major) to `out`; directions without variance become zero columns. */
export function choleskyInto(covariance: Float64Array, out: Float64Array, d: number): void {
  out.fill(0);
  for (let j = 0; j < d; j++) {
    let pivot = covariance[j * d + j];
    for (let k = 0; k < j; k++) pivot -= out[j * d + k] ** 2;
    if (!(pivot > FLAT * covariance[j * d + j])) continue;
    const root = Math.sqrt(pivot);
    out[j * d + j] = root;
    for (let i = j + 1; i < d; i++) {
      let sum = covariance[i * d + j];
      for (let k = 0; k < j; k++) sum -= out[i * d + k] * out[j * d + k];
      out[i * d + j] = sum / root;
    }
  }
}

/**
 * The tilted law of N(μ, L Lᵀ) as a mean and a lower triangular factor: with B = I + LᵀPL = U Uᵀ, U upper triangular, the tilted covariance
 * is F Fᵀ with F = L U⁻ᵀ, and the tilted mean μ + F Fᵀ (h − Pμ). `factor` holds L and becomes F; `mean` becomes the tilted mean.
 */
export function tiltFactor(tilt: Tilt, mean: Float64Array, factor: Float64Array): void {
  const d = mean.length;
  const lean = leanAt(tilt, mean);
  if (tilt.pull !== null) divideByUpper(factor, upperFactor(tilt.pull, factor, d), d);
  const inner = new Float64Array(d);
  for (let k = 0; k < d; k++) for (let i = k; i < d; i++) inner[k] += factor[i * d + k] * lean[i];
  for (let i = 0; i < d; i++) for (let k = 0; k <= i; k++) mean[i] += factor[i * d + k] * inner[k];
}

/** h − Pμ: the slope of the reward at the mean, in temperatures. */
export function leanAt({ push, pull }: Tilt, mean: Float64Array): Float64Array {
  const lean = push.slice();
  if (pull === null) return lean;
  const d = mean.length;
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) lean[i] -= pull[i * d + j] * mean[j];
  return lean;
}

/** U upper triangular with U Uᵀ = I + LᵀPL, which is at least I. */
function upperFactor(pull: Float64Array, lower: Float64Array, d: number): Float64Array {
  const image = new Float64Array(d * d); // P L
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      for (let k = j; k < d; k++) image[i * d + j] += pull[i * d + k] * lower[k * d + j];
    }
  }
  const upper = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      let sum = i === j ? 1 : 0;
      for (let k = i; k < d; k++) sum += lower[k * d + i] * image[k * d + j];
      upper[i * d + j] = sum;
    }
  }
  for (let j = d - 1; j >= 0; j--) {
    let pivot = upper[j * d + j];
    for (let k = j + 1; k < d; k++) pivot -= upper[j * d + k] ** 2;
    const root = Math.sqrt(Math.max(pivot, 1));
    upper[j * d + j] = root;
    for (let i = 0; i < j; i++) {
      let sum = upper[i * d + j];
      for (let k = j + 1; k < d; k++) sum -= upper[i * d + k] * upper[j * d + k];
      upper[i * d + j] = sum / root;
    }
  }
  return upper;
}

/** L becomes L U⁻ᵀ, lower triangular again. */
function divideByUpper(lower: Float64Array, upper: Float64Array, d: number): void {
  for (let i = 0; i < d; i++) {
    for (let b = i; b >= 0; b--) {
      let sum = lower[i * d + b];
      for (let k = b + 1; k <= i; k++) sum -= lower[i * d + k] * upper[b * d + k];
      lower[i * d + b] = sum / upper[b * d + b];
    }
  }
}
