/** Dense linear algebra on row-major Float64Arrays: just what the solver needs. */

export interface Factorisation {
  /** Smallest over largest pivot: 0 for a singular matrix. */
  readonly pivotRatio: number;
  /** Solves A x = b in place. */
  solve(b: Float64Array): void;
}

/** LU with partial pivoting of the n×n matrix `a`, which is overwritten. */
export function factorise(a: Float64Array, n: number): Factorisation {
  const order = new Uint32Array(n);
  let smallest = Infinity;
  let largest = 0;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) pivot = i;
    order[k] = pivot;
    if (pivot !== k) {
      const p = a.slice(pivot * n, (pivot + 1) * n);
      a.copyWithin(pivot * n, k * n, (k + 1) * n);
      a.set(p, k * n);
    }
    const diagonal = a[k * n + k];
    const magnitude = Math.abs(diagonal);
    smallest = Math.min(smallest, magnitude);
    largest = Math.max(largest, magnitude);
    if (diagonal === 0) continue;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / diagonal;
      a[i * n + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1, target = i * n + k + 1, source = k * n + k + 1; j < n; j++) {
        a[target++] -= factor * a[source++];
      }
    }
  }
  return {
    pivotRatio: n === 0 ? 1 : largest > 0 ? smallest / largest : 0,
    solve(b) {
      for (let k = 0; k < n; k++) {
        const held = b[order[k]];
        b[order[k]] = b[k];
        b[k] = held;
      }
      for (let i = 1; i < n; i++) {
        let sum = b[i];
        for (let j = 0, o = i * n; j < i; j++) sum -= a[o++] * b[j];
        b[i] = sum;
      }
      for (let i = n - 1; i >= 0; i--) {
        let sum = b[i];
        for (let j = i + 1, o = i * n + i + 1; j < n; j++) sum -= a[o++] * b[j];
        b[i] = sum / a[i * n + i];
      }
    },
  };
}
