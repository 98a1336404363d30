/** Symmetric matrices, row-major: eigenvalues and square roots by Jacobi's rotations. */

export interface SymmetricEigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** Row k is the unit eigenvector of value k. */
  readonly vectors: Float64Array;
}

const MOST_SWEEPS = 40;

/** Eigenvalues and eigenvectors of a symmetric n×n matrix (cyclic Jacobi, Golub and Van Loan 2013, §8.5). */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let moved = false;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) moved = rotate(a, vectors, n, p, q) || moved;
    if (!moved) break;
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[i * n + i] - a[j * n + j]);
  const sorted = new Float64Array(n * n);
  order.forEach((from, k) => sorted.set(vectors.subarray(from * n, (from + 1) * n), k * n));
  return { values: Float64Array.from(order, (i) => a[i * n + i]), vectors: sorted };
}

/** Zeroes a_pq; says whether there was anything to zero. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): boolean {
  const pq = a[p * n + q];
  const diagonal = Math.sqrt(Math.abs(a[p * n + p] * a[q * n + q]));
  if (pq === 0 || Math.abs(pq) <= Number.EPSILON ** 2 * diagonal) return false;
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * pq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  if (!Number.isFinite(t)) return false;
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  a[p * n + p] -= t * pq;
  a[q * n + q] += t * pq;
  a[p * n + q] = a[q * n + p] = 0;
  for (let k = 0; k < n; k++) {
    if (k !== p && k !== q) {
      const kp = a[k * n + p];
      const kq = a[k * n + q];
      a[k * n + p] = a[p * n + k] = c * kp - s * kq;
      a[k * n + q] = a[q * n + k] = s * kp + c * kq;
    }
    const vp = vectors[p * n + k];
    const vq = vectors[q * n + k];
    vectors[p * n + k] = c * vp - s * vq;
    vectors[q * n + k] = s * vp + c * vq;
  }
  return true;
}

/** The symmetric square root of a positive semidefinite n×n matrix; eigenvalues that rounding made negative count as 0. */
export function symmetricRoot(matrix: Float64Array, n: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, n);
  const root = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const scale = Math.sqrt(Math.max(values[k], 0));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) root[i * n + j] += scale * vectors[k * n + i] * vectors[k * n + j];
    }
  }
  return root;
}
