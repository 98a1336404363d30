/** The 2-Wasserstein distance between Gaussians. */
import { symmetricEigen, symmetricRoot } from '../../scenario/symmetric.ts';

/**
 * W₂ between N(m₁, Σ₁) and N(m₂, Σ₂): W₂² = |m₁−m₂|² + tr(Σ₁ + Σ₂ − 2(Σ₁^½ Σ₂ Σ₁^½)^½) (Dowson and Landau 1982). The second part is
 * computed as the least ‖Σ₁^½ − Σ₂^½ U‖² over rotations U, a sum of small squares, so that small distances keep their digits.
 */
export function wasserstein(
  mean1: Float64Array,
  covariance1: Float64Array,
  mean2: Float64Array,
  covariance2: Float64Array,
): number {
  const d = mean1.length;
  let squares = 0;
  for (let i = 0; i < d; i++) squares += (mean1[i] - mean2[i]) ** 2;
  if (d === 1) {
    const spread = Math.sqrt(Math.max(covariance1[0], 0)) - Math.sqrt(Math.max(covariance2[0], 0));
    return Math.sqrt(squares + spread * spread);
  }
  if (d === 2) return Math.sqrt(squares + planarSpread(covariance1, covariance2));
  const a = symmetricRoot(covariance1, d);
  const b = symmetricRoot(covariance2, d);
  const rotation = polarFactor(product(b, a, d), d);
  const turned = product(b, rotation, d);
  for (let k = 0; k < d * d; k++) squares += (a[k] - turned[k]) ** 2;
  // Where B A is singular U is only a partial isometry: what it leaves of B is not there in A.
  const left = product(turned, transposed(rotation, d), d);
  for (let k = 0; k < d * d; k++) squares += (b[k] - left[k]) ** 2;
  return Math.sqrt(squares);
}

/**
 * The second part of W₂² in two dimensions, where tr(Σ₁^½ Σ₂ Σ₁^½)^½ = √X with X = tr(Σ₁Σ₂) + 2 √(det Σ₁ det Σ₂). Multiplied by
 * (tr Σ₁ + tr Σ₂ + 2√X) it is a sum of squares of differences.
 */
function planarSpread([a1, b1, , c1]: Float64Array, [a2, b2, , c2]: Float64Array): number {
  const root1 = Math.sqrt(Math.max(a1 * c1 - b1 * b1, 0));
  const root2 = Math.sqrt(Math.max(a2 * c2 - b2 * b2, 0));
  const cross = a1 * a2 + 2 * b1 * b2 + c1 * c2 + 2 * root1 * root2;
  const size = a1 + c1 + a2 + c2 + 2 * Math.sqrt(Math.max(cross, 0));
  if (!(size > 0)) return size === 0 ? 0 : NaN;
  const [a, b, c] = [a1 - a2, b1 - b2, c1 - c2];
  return ((a - c) ** 2 + 4 * b * b + 4 * (root1 - root2) ** 2) / size;
}

/** The partial isometry U of M = U (MᵀM)^½. */
function polarFactor(matrix: Float64Array, d: number): Float64Array {
  const { values, vectors } = symmetricEigen(product(transposed(matrix, d), matrix, d), d);
  const image = product(matrix, transposed(vectors, d), d); // columns M v_k
  const unit = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    let length = 0;
    for (let i = 0; i < d; i++) length += image[i * d + k] ** 2;
    if (!(values[k] > 1e-24 * values[d - 1]) || length === 0) continue;
    const scale = 1 / Math.sqrt(length);
    for (let i = 0; i < d; i++) unit[i * d + k] = image[i * d + k] * scale;
  }
  return product(unit, vectors, d);
}

function product(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < d; k++) {
      const factor = a[i * d + k];
      if (factor !== 0) for (let j = 0; j < d; j++) out[i * d + j] += factor * b[k * d + j];
    }
  }
  return out;
}

function transposed(a: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[j * d + i] = a[i * d + j];
  return out;
}
