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

/**
 * out += factor·A·B for row-major A (rows×inner) and B (inner×columns), in tiles of two rows of A by four rows of B, so that every
 * number loaded is used more than once.
 */
export function addMatrixProduct(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
  factor: number,
): void {
  const even = rows - (rows % 2);
  const fours = inner - (inner % 4);
  for (let i = 0; i < even; i += 2) {
    const upper = i * inner;
    const lower = upper + inner;
    const outUpper = i * columns;
    const outLower = outUpper + columns;
    for (let k = 0; k < fours; k += 4) {
      const u0 = factor * a[upper + k];
      const u1 = factor * a[upper + k + 1];
      const u2 = factor * a[upper + k + 2];
      const u3 = factor * a[upper + k + 3];
      const l0 = factor * a[lower + k];
      const l1 = factor * a[lower + k + 1];
      const l2 = factor * a[lower + k + 2];
      const l3 = factor * a[lower + k + 3];
      const k0 = k * columns;
      const k1 = k0 + columns;
      const k2 = k1 + columns;
      const k3 = k2 + columns;
      for (let j = 0; j < columns; j++) {
        const b0 = b[k0 + j];
        const b1 = b[k1 + j];
        const b2 = b[k2 + j];
        const b3 = b[k3 + j];
        out[outUpper + j] += u0 * b0 + u1 * b1 + u2 * b2 + u3 * b3;
        out[outLower + j] += l0 * b0 + l1 * b1 + l2 * b2 + l3 * b3;
      }
    }
    for (let k = fours; k < inner; k++) {
      addRow(out, outUpper, factor * a[upper + k], b, k * columns, columns);
      addRow(out, outLower, factor * a[lower + k], b, k * columns, columns);
    }
  }
  if (even === rows) return;
  for (let k = 0; k < inner; k++) {
    addRow(out, even * columns, factor * a[even * inner + k], b, k * columns, columns);
  }
}

/** out += A·Bᵀ for row-major A (rows×inner) and B (columns×inner): long inner products, in tiles of two by four. */
export function addProductTransposed(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  rows: number,
  columns: number,
  inner: number,
): void {
  const evenRows = rows - (rows % 2);
  const fours = columns - (columns % 4);
  for (let j = 0; j < fours; j += 4) {
    const b0 = j * inner;
    const b1 = b0 + inner;
    const b2 = b1 + inner;
    const b3 = b2 + inner;
    for (let i = 0; i < evenRows; i += 2) {
      const upper = i * inner;
      const lower = upper + inner;
      let u0 = 0;
      let u1 = 0;
      let u2 = 0;
      let u3 = 0;
      let l0 = 0;
      let l1 = 0;
      let l2 = 0;
      let l3 = 0;
      for (let k = 0; k < inner; k++) {
        const u = a[upper + k];
        const l = a[lower + k];
        const v0 = b[b0 + k];
        const v1 = b[b1 + k];
        const v2 = b[b2 + k];
        const v3 = b[b3 + k];
        u0 += u * v0;
        u1 += u * v1;
        u2 += u * v2;
        u3 += u * v3;
        l0 += l * v0;
        l1 += l * v1;
        l2 += l * v2;
        l3 += l * v3;
      }
      const o = i * columns + j;
      out[o] += u0;
      out[o + 1] += u1;
      out[o + 2] += u2;
      out[o + 3] += u3;
      out[o + columns] += l0;
      out[o + columns + 1] += l1;
      out[o + columns + 2] += l2;
      out[o + columns + 3] += l3;
    }
  }
  for (let i = 0; i < rows; i++) {
    for (let j = i < evenRows ? fours : 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += a[i * inner + k] * b[j * inner + k];
      out[i * columns + j] += sum;
    }
  }
}

function addRow(
  out: Float64Array,
  to: number,
  factor: number,
  row: Float64Array,
  from: number,
  count: number,
): void {
  for (let j = 0; j < count; j++) out[to + j] += factor * row[from + j];
}
