/** How fast means settle, and a bound that is quick to check. */
import { coordinateLoops, linearRound, roundMatrix, rowsOf } from '../../scenario/linear_update.ts';
import { eigenvaluesOf } from '../eigenvalues.ts';
import type { Eigenvalues } from '../eigenvalues.ts';
import { arnoldi } from '../krylov.ts';
import type { LinearSystem } from './system.ts';

/** Loops of more coordinates are left to Arnoldi's method, which finds the outer eigenvalues. */
const ALL_EIGENVALUES = 300;
/** Maps of more dimensions are bounded by cheaper norms. */
const EXACT_NORM = 128;

/** Spectral radius of a round: of B where all models train at once, of (I − L)^{-1}U where they train in turn. */
export function linearRate(system: LinearSystem, sequential = system.sequential): number {
  const { rows, dimension, size } = system;
  let rate = 0;
  for (const loop of coordinateLoops(rows)) {
    if (loop.length <= ALL_EIGENVALUES) {
      const modelOf = loop.map((coordinate) => Math.floor(coordinate / dimension));
      const matrix = roundMatrix(rowsOf(rows, loop), modelOf, sequential);
      rate = Math.max(rate, radiusOf(eigenvaluesOf(matrix, loop.length)));
      continue;
    }
    // A loop inside the whole: everything else is held at zero before and after a round.
    const whole = new Float64Array(size);
    const held = new Float64Array(size);
    const start = new Float64Array(loop.length).map((_, k) => 1 + ((k * 0.6180339887498949) % 1));
    const outer = arnoldi(
      (input, out) => {
        whole.fill(0);
        loop.forEach((coordinate, k) => (whole[coordinate] = input[k]));
        linearRound(rows, dimension, null, sequential, whole, held);
        loop.forEach((coordinate, k) => (out[k] = whole[coordinate]));
      },
      start,
      { tolerance: 1e-10, maxSteps: Math.min(300, loop.length) },
    );
    rate = Math.max(rate, radiusOf(outer));
  }
  return rate;
}

/**
 * ρ of the M×M matrix of norms ‖B_ij‖₂ (or of an upper bound of it, for many dimensions): below 1, every model is pulled to one stable point
 * in a weighted norm, whatever the order of updates.
 */
export function linearCertificate(
  { models, dimension, parameters }: LinearSystem,
  edges: {
    readonly start: Uint32Array;
    readonly producer: Uint32Array;
  },
): number {
  const norms = parameters.maps.map((map) => normBound(map, dimension));
  if (models <= ALL_EIGENVALUES) {
    const matrix = new Float64Array(models * models);
    for (let i = 0; i < models; i++)
      for (let e = edges.start[i]; e < edges.start[i + 1]; e++)
        matrix[i * models + edges.producer[e]] += norms[e];
    return radiusOf(eigenvaluesOf(matrix, models));
  }
  // Collatz (1942): for any positive x, ρ ≤ max (N x)_i/x_i.
  let x = new Float64Array(models).fill(1);
  let bound = Infinity;
  for (let iteration = 0; iteration < 2000; iteration++) {
    const y = x.slice();
    let ratio = 0;
    let total = 0;
    for (let i = 0; i < models; i++) {
      for (let e = edges.start[i]; e < edges.start[i + 1]; e++) y[i] += norms[e] * x[edges.producer[e]];
      ratio = Math.max(ratio, y[i] / x[i] - 1);
      total += y[i];
    }
    const settled = bound - ratio < 1e-13 * bound;
    bound = Math.min(bound, ratio);
    if (settled && iteration > 20) break;
    x = y.map((value) => Math.max((value * models) / total, 1e-290));
  }
  return bound;
}

/** ‖B‖₂, or √(‖B‖₁‖B‖_∞) ≥ ‖B‖₂ for many dimensions. */
function normBound(map: Float64Array, d: number): number {
  if (d <= EXACT_NORM) return spectralNorm(map, d);
  let rows = 0;
  const columns = new Float64Array(d);
  for (let k = 0; k < d; k++) {
    let sum = 0;
    for (let l = 0; l < d; l++) {
      const size = Math.abs(map[k * d + l]);
      sum += size;
      columns[l] += size;
    }
    rows = Math.max(rows, sum);
  }
  return Math.sqrt(rows * columns.reduce((high, value) => Math.max(high, value), 0));
}

/** ‖B‖₂ of a d×d matrix: the root of the largest eigenvalue of BᵀB. */
export function spectralNorm(map: Float64Array, d: number): number {
  const product = new Float64Array(d * d);
  for (let m = 0; m < d; m++) {
    for (let k = 0; k < d; k++) {
      const factor = map[m * d + k];
      if (factor !== 0) for (let l = 0; l < d; l++) product[k * d + l] += factor * map[m * d + l];
    }
  }
  return Math.sqrt(radiusOf(eigenvaluesOf(product, d)));
}

function radiusOf({ real, imaginary }: Eigenvalues): number {
  return real.reduce((high, value, k) => Math.max(high, Math.hypot(value, imaginary[k])), 0);
}
