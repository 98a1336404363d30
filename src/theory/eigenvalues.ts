/** Eigenvalues of real matrices, without eigenvectors. */
import { BackfireError } from '../errors.ts';

export interface Eigenvalues {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/**
 * All eigenvalues of the row-major n×n matrix `a`, which is overwritten. Householder reduction to Hessenberg form, then the
 * Francis double-shift QR iteration (Golub and Van Loan 2013, algorithms 7.4.2 and 7.5.1).
 */
export function eigenvaluesOf(a: Float64Array, n: number): Eigenvalues {
  reduceToHessenberg(a, n);
  return hessenbergEigenvalues(a, n);
}

function reduceToHessenberg(a: Float64Array, n: number): void {
  const u = new Float64Array(n);
  const projection = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm += a[i * n + k] ** 2;
    norm = Math.sqrt(norm);
    if (norm === 0) continue;
    const alpha = a[(k + 1) * n + k] > 0 ? -norm : norm;
    let length = 0;
    for (let i = k + 1; i < n; i++) {
      u[i] = a[i * n + k] - (i === k + 1 ? alpha : 0);
      length += u[i] ** 2;
    }
    if (length === 0) continue;
    projection.fill(0);
    for (let i = k + 1; i < n; i++) for (let j = k, o = i * n + k; j < n; j++) projection[j] += u[i] * a[o++];
    for (let i = k + 1; i < n; i++) {
      const factor = (2 * u[i]) / length;
      for (let j = k, o = i * n + k; j < n; j++) a[o++] -= factor * projection[j];
    }
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = k + 1, o = i * n + k + 1; j < n; j++) sum += a[o++] * u[j];
      sum *= 2 / length;
      for (let j = k + 1, o = i * n + k + 1; j < n; j++) a[o++] -= sum * u[j];
    }
    for (let i = k + 2; i < n; i++) a[i * n + k] = 0;
  }
}

/** Eigenvalues of an upper Hessenberg matrix, which is overwritten. */
export function hessenbergEigenvalues(h: Float64Array, n: number): Eigenvalues {
  const real = new Float64Array(n);
  const imaginary = new Float64Array(n);
  let scale = 0;
  for (const value of h) scale = Math.max(scale, Math.abs(value));
  let end = n - 1;
  let iterations = 0;
  while (end >= 0) {
    let low = end;
    while (low > 0) {
      // Measured against the whole matrix: in a cluster of zeros the neighbours are rounding noise themselves.
      if (Math.abs(h[low * n + low - 1]) <= Number.EPSILON * scale) break;
      low--;
    }
    if (low > 0) h[low * n + low - 1] = 0;
    if (low === end) {
      real[end] = h[end * n + end];
      end--;
      iterations = 0;
    } else if (low === end - 1) {
      splitPair(h, n, end, real, imaginary);
      end -= 2;
      iterations = 0;
    } else {
      if (++iterations > 60) {
        throw new BackfireError(
          'not-converged',
          `The eigenvalues of a ${n}×${n} matrix did not converge in 60 sweeps — its entries may be out of range ` +
            `(largest ${scale.toPrecision(3)}). Check the scenario's weights and rewards, or report this scenario.`,
        );
      }
      francisStep(h, n, low, end, iterations % 10 === 0);
    }
  }
  return { real, imaginary };
}

function splitPair(
  h: Float64Array,
  n: number,
  end: number,
  real: Float64Array,
  imaginary: Float64Array,
): void {
  const a = h[(end - 1) * n + end - 1];
  const b = h[(end - 1) * n + end];
  const c = h[end * n + end - 1];
  const d = h[end * n + end];
  const half = (a - d) / 2;
  const discriminant = half * half + b * c;
  const root = Math.sqrt(Math.abs(discriminant));
  if (discriminant >= 0) {
    const far = half >= 0 ? half + root : half - root;
    real[end - 1] = d + far;
    real[end] = far === 0 ? d : d - (b * c) / far;
  } else {
    real[end - 1] = real[end] = d + half;
    imaginary[end - 1] = root;
    imaginary[end] = -root;
  }
}

/** One implicit double-shift step on rows and columns low … end (eigenvalues only: the rest is left alone). */
function francisStep(h: Float64Array, n: number, low: number, end: number, exceptional: boolean): void {
  let last = h[end * n + end];
  let beforeLast = h[(end - 1) * n + end - 1];
  let coupled = h[(end - 1) * n + end] * h[end * n + end - 1];
  if (exceptional) {
    // Breaks cycles such as those of permutation matrices, whose shifts are all zero (Wilkinson's constants).
    const size = Math.abs(h[end * n + end - 1]) + Math.abs(h[(end - 1) * n + end - 2]);
    last = beforeLast = 0.75 * size;
    coupled = -0.4375 * size * size;
  }
  let x = 0;
  let y = 0;
  let z = 0;
  // The step may start below two consecutive small subdiagonals; starting above them would blur the shifts away.
  let start = end - 2;
  for (; ; start--) {
    const a = h[start * n + start];
    // Differences to the shifts, not powers of them: in a tight cluster nothing else is left of the first column.
    const toLast = last - a;
    const toBefore = beforeLast - a;
    x = (toLast * toBefore - coupled) / h[(start + 1) * n + start] + h[start * n + start + 1];
    y = h[(start + 1) * n + start + 1] - a - toLast - toBefore;
    z = h[(start + 2) * n + start + 1];
    const size = Math.abs(x) + Math.abs(y) + Math.abs(z);
    if (size > 0) {
      x /= size;
      y /= size;
      z /= size;
    }
    if (start === low) break;
    const coupling = Math.abs(h[start * n + start - 1]) * (Math.abs(y) + Math.abs(z));
    const around =
      Math.abs(h[(start - 1) * n + start - 1]) + Math.abs(a) + Math.abs(h[(start + 1) * n + start + 1]);
    if (coupling <= Number.EPSILON * Math.abs(x) * around) break;
  }
  for (let k = start; k < end; k++) {
    const three = k < end - 1;
    if (!three) z = 0;
    const norm = Math.hypot(x, y, z);
    if (norm !== 0) {
      const u = x > 0 ? x + norm : x - norm;
      const beta = 2 / (u * u + y * y + z * z);
      const first = k > low ? k - 1 : low;
      for (let j = first; j <= end; j++) {
        let sum = u * h[k * n + j] + y * h[(k + 1) * n + j];
        if (three) sum += z * h[(k + 2) * n + j];
        sum *= beta;
        h[k * n + j] -= sum * u;
        h[(k + 1) * n + j] -= sum * y;
        if (three) h[(k + 2) * n + j] -= sum * z;
      }
      const last = Math.min(end, k + 3);
      for (let i = low; i <= last; i++) {
        let sum = u * h[i * n + k] + y * h[i * n + k + 1];
        if (three) sum += z * h[i * n + k + 2];
        sum *= beta;
        h[i * n + k] -= sum * u;
        h[i * n + k + 1] -= sum * y;
        if (three) h[i * n + k + 2] -= sum * z;
      }
    }
    if (k < end - 1) {
      x = h[(k + 1) * n + k];
      y = h[(k + 2) * n + k];
      z = k < end - 2 ? h[(k + 3) * n + k] : 0;
    }
  }
  for (let i = low + 2; i <= end; i++) {
    h[i * n + i - 2] = 0;
    if (i > low + 2) h[i * n + i - 3] = 0;
  }
}
