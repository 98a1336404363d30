/** Krylov methods for operators that are only known by what they do to a vector. */
import { hessenbergEigenvalues } from './eigenvalues.ts';
import type { Eigenvalues } from './eigenvalues.ts';
import { dot } from './system.ts';

export type Operator = (input: Float64Array, out: Float64Array) => void;

export interface KrylovOptions {
  readonly tolerance: number;
  readonly restart: number;
  readonly maxIterations: number;
}

/**
 * Solves A x = b by restarted GMRES (Saad and Schultz 1986), starting from the x given; returns the relative residual
 * ‖b − A x‖/‖b‖, recomputed from x.
 */
export function gmres(apply: Operator, b: Float64Array, x: Float64Array, options: KrylovOptions): number {
  const { tolerance, maxIterations } = options;
  const n = b.length;
  const target = Math.sqrt(dot(b, b));
  if (target === 0) {
    x.fill(0);
    return 0;
  }
  const m = Math.min(options.restart, maxIterations);
  const basis: Float64Array[] = [];
  const h = new Float64Array((m + 1) * m);
  const cosine = new Float64Array(m);
  const sine = new Float64Array(m);
  const g = new Float64Array(m + 1);
  const residual = new Float64Array(n);
  let done = 0;
  for (;;) {
    apply(x, residual);
    for (let i = 0; i < n; i++) residual[i] = b[i] - residual[i];
    const norm = Math.sqrt(dot(residual, residual));
    if (!(norm > tolerance * target) || done >= maxIterations) return norm / target;
    g.fill(0);
    g[0] = norm;
    setBasis(basis, 0, residual, 1 / norm);
    let k = 0;
    while (k < m && done < maxIterations) {
      const w = basis[k + 1] ?? (basis[k + 1] = new Float64Array(n));
      apply(basis[k], w);
      const next = orthogonalise(basis, k, w, h, m);
      for (let i = 0; i < k; i++) {
        const upper = h[i * m + k];
        h[i * m + k] = cosine[i] * upper + sine[i] * h[(i + 1) * m + k];
        h[(i + 1) * m + k] = -sine[i] * upper + cosine[i] * h[(i + 1) * m + k];
      }
      const diagonal = h[k * m + k];
      const length = Math.hypot(diagonal, next);
      cosine[k] = length === 0 ? 1 : diagonal / length;
      sine[k] = length === 0 ? 0 : next / length;
      h[k * m + k] = length;
      g[k + 1] = -sine[k] * g[k];
      g[k] *= cosine[k];
      k++;
      done++;
      if (Math.abs(g[k]) <= 0.5 * tolerance * target || next <= 1e-15 * norm) break;
      for (let i = 0, scale = 1 / next; i < n; i++) w[i] *= scale;
    }
    for (let i = k - 1; i >= 0; i--) {
      let sum = g[i];
      for (let j = i + 1; j < k; j++) sum -= h[i * m + j] * g[j];
      g[i] = h[i * m + i] === 0 ? 0 : sum / h[i * m + i];
    }
    for (let j = 0; j < k; j++) {
      const factor = g[j];
      const vector = basis[j];
      for (let i = 0; i < n; i++) x[i] += factor * vector[i];
    }
  }
}

export interface ArnoldiOptions {
  readonly tolerance: number;
  readonly maxSteps: number;
  /** A modulus that is known to occur: what stays below it need not be known so well. */
  readonly floor?: number;
}

/** To this the largest modulus must have settled where it stays below the floor. */
const BELOW_FLOOR = 1e-3;

/**
 * Ritz values of the operator from Arnoldi's method, grown until the largest modulus has settled to `tolerance`
 * (relative, twice in a row) or `maxSteps` vectors are held. `start` is overwritten.
 */
export function arnoldi(
  apply: Operator,
  start: Float64Array,
  options: ArnoldiOptions,
): Eigenvalues & { readonly settled: boolean } {
  const floor = (options.floor ?? 0) * (1 + options.tolerance);
  const n = start.length;
  const m = options.maxSteps;
  const h = new Float64Array((m + 1) * m);
  const basis: Float64Array[] = [];
  setBasis(basis, 0, start, 1 / Math.sqrt(dot(start, start)));
  let before = NaN;
  let look = 7;
  let agreements = 0;
  let values: Eigenvalues = { real: new Float64Array(0), imaginary: new Float64Array(0) };
  for (let k = 0; k < m; k++) {
    const w = (basis[k + 1] = new Float64Array(n));
    apply(basis[k], w);
    let size = Math.sqrt(dot(w, w));
    const next = orthogonalise(basis, k, w, h, m);
    size = Math.max(size, 1e-300);
    const exhausted = next <= 1e-14 * size || k === m - 1;
    // Eigenvalues cost k³: looked for at growing distances, all looks together cost about what the last one does.
    if (exhausted || k === look) {
      look = Math.max(k + 4, Math.floor(1.15 * k));
      values = hessenbergEigenvalues(leading(h, m, k + 1), k + 1);
      let radius = 0;
      for (let i = 0; i <= k; i++) radius = Math.max(radius, Math.hypot(values.real[i], values.imaginary[i]));
      const tolerance = radius <= floor ? Math.max(BELOW_FLOOR, options.tolerance) : options.tolerance;
      agreements = Math.abs(radius - before) <= tolerance * radius ? agreements + 1 : 0;
      before = radius;
      if (agreements >= 2) return { ...values, settled: true };
      if (exhausted) return { ...values, settled: next <= 1e-14 * size };
    }
    h[(k + 1) * m + k] = next;
    for (let i = 0, scale = 1 / next; i < n; i++) w[i] *= scale;
  }
  return { ...values, settled: false };
}

function setBasis(basis: Float64Array[], k: number, vector: Float64Array, scale: number): void {
  const target = basis[k] ?? (basis[k] = new Float64Array(vector.length));
  for (let i = 0; i < vector.length; i++) target[i] = scale * vector[i];
}

/** One pass leaves w orthogonal to rounding × before/after; a second one is due where cancellation took more than a digit. */
const SAFE = 0.1;

/**
 * Gram–Schmidt of `w` against basis 0 … k, repeated where cancellation made one pass unsafe (Daniel et al. 1976);
 * coefficients go to column k of h. Returns the norm that is left.
 */
function orthogonalise(
  basis: Float64Array[],
  k: number,
  w: Float64Array,
  h: Float64Array,
  m: number,
): number {
  for (let j = 0; j <= k; j++) h[j * m + k] = 0;
  let before = Math.sqrt(dot(w, w));
  for (let pass = 0; pass < 3; pass++) {
    for (let j = 0; j <= k; j++) {
      const vector = basis[j];
      const overlap = innerProduct(vector, w);
      h[j * m + k] += overlap;
      for (let i = 0; i < w.length; i++) w[i] -= overlap * vector[i];
    }
    const after = Math.sqrt(dot(w, w));
    if (after > SAFE * before) return after;
    before = after;
  }
  return before;
}

/** Σ a·b in four interleaved sums, which processors can add side by side. */
function innerProduct(a: Float64Array, b: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < a.length; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (; i < a.length; i++) s0 += a[i] * b[i];
  return s0 + s1 + (s2 + s3);
}

function leading(h: Float64Array, stride: number, size: number): Float64Array {
  const block = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = Math.max(0, i - 1); j < size; j++) block[i * size + j] = h[i * stride + j];
  }
  return block;
}
