/** Matrices that are smooth in both indices, as products of two thin ones. */

export interface LowRank {
  readonly rank: number;
  /** A ≈ Σ_r left[r]·right[r]ᵀ, vectors of length n. */
  readonly left: readonly Float64Array[];
  readonly right: readonly Float64Array[];
}

/**
 * Gaussian elimination with complete pivoting, stopped when no entry of diag(1/rows)·A·diag(1/columns) exceeds `tolerance` of the largest
 * (Bebendorf 2000). For analytic kernels the rank is within a few of the best. Null beyond `maxRank` or where an entry is not finite.
 */
export function factoriseLowRank(
  a: Float64Array,
  n: number,
  rows: Float64Array,
  columns: Float64Array,
  tolerance: number,
  maxRank: number,
): LowRank | null {
  const rest = a.map((value, o) => value / (rows[Math.floor(o / n)] * columns[o % n]));
  if (!rest.every(Number.isFinite)) return null;
  const left: Float64Array[] = [];
  const right: Float64Array[] = [];
  let first = 0;
  for (let rank = 0; ; rank++) {
    let at = 0;
    for (let o = 1; o < rest.length; o++) if (Math.abs(rest[o]) > Math.abs(rest[at])) at = o;
    const pivot = rest[at];
    if (rank === 0) first = Math.abs(pivot);
    if (Math.abs(pivot) <= tolerance * first) return { rank, left, right };
    if (rank === maxRank) return null;
    const [p, q] = [Math.floor(at / n), at % n];
    const u = Float64Array.from({ length: n }, (_, l) => rest[l * n + q]);
    const w = Float64Array.from({ length: n }, (_, m) => rest[p * n + m] / pivot);
    for (let l = 0, o = 0; l < n; l++) for (let m = 0; m < n; m++) rest[o++] -= u[l] * w[m];
    for (let l = 0; l < n; l++) rest[l * n + q] = 0;
    for (let m = 0; m < n; m++) rest[p * n + m] = 0;
    left.push(u.map((value, l) => value * rows[l]));
    right.push(w.map((value, m) => value * columns[m]));
  }
}
