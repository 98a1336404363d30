/** Whether the rounds of linear-gaussian models settle: the spectral radius of a round against 1. */
import { coordinateLoops, linearRound, roundMatrix, rowsOf } from './linear_update.ts';
import type { SparseRows } from './linear_update.ts';

/** Loops of more coordinates are followed instead of multiplied out. */
const DENSE_COORDINATES = 256;
/** A radius this near to 1 cannot be told from 1 in float64. */
const INDISTINCT = 1e-11;
/** Matrix entries visited while a large loop is followed. */
const WORK = 4e8;

/**
 * The largest spectral radius of the loops of a round that do not settle, or null where all settle: ρ(B) for synchronous rounds,
 * that of the Gauss–Seidel matrix for sequential ones. Infinity where a round's matrix overflows.
 */
export function unstableRadius(rows: SparseRows, dimension: number, sequential: boolean): number | null {
  let largest: number | null = null;
  for (const loop of coordinateLoops(rows)) {
    const inner = rowsOf(rows, loop);
    if (absoluteBound(inner) < 1 - INDISTINCT) continue;
    const modelOf = loop.map((coordinate) => Math.floor(coordinate / dimension));
    const radius =
      loop.length <= DENSE_COORDINATES
        ? radiusUnlessStable(roundMatrix(inner, modelOf, sequential), loop.length)
        : followedRadius(inner, modelOf, sequential);
    if (radius !== null) largest = Math.max(largest ?? 0, radius);
  }
  return largest;
}

/**
 * A bound on the radius of |B|, and so on that of B and, where it is below 1, of the Gauss–Seidel matrix (Stein and Rosenberg 1948):
 * max (|B|x)_k/x_k for any positive x (Collatz 1942), here after some power iterations of |B| + I.
 */
function absoluteBound({ start, column, value }: SparseRows): number {
  const n = start.length - 1;
  const x = new Float64Array(n).fill(1);
  const y = new Float64Array(n);
  let bound = Infinity;
  for (let iteration = 0; iteration < 100; iteration++) {
    let ratio = 0;
    let total = 0;
    for (let k = 0; k < n; k++) {
      let sum = 0;
      for (let o = start[k]; o < start[k + 1]; o++) sum += Math.abs(value[o]) * x[column[o]];
      ratio = Math.max(ratio, sum / x[k]);
      y[k] = sum + x[k];
      total += y[k];
    }
    bound = Math.min(bound, ratio);
    if (bound < 1 - INDISTINCT) break;
    for (let k = 0; k < n; k++) x[k] = Math.max((y[k] * n) / total, Number.MIN_VALUE);
  }
  return bound;
}

/**
 * Null as soon as some power of the matrix has a norm below 1, which proves that it is stable; otherwise Gelfand's
 * limit ‖A^m‖^{1/m} over m = 1, 2, 4, ….
 */
function radiusUnlessStable(matrix: Float64Array, n: number): number | null {
  let power = matrix;
  let logScale = 0;
  let estimate = Infinity;
  for (let doubling = 0; doubling <= 40; doubling++) {
    const exponent = 2 ** doubling;
    const norm = largestRow(power, n);
    if (norm === 0) return null;
    if (!Number.isFinite(norm)) return Infinity;
    logScale += Math.log(norm);
    const before = estimate;
    estimate = Math.exp(logScale / exponent);
    if (estimate < 1 - INDISTINCT) return null;
    if (estimate > 1.001 && before - estimate < 1e-9 * estimate) break;
    power = squareOf(power, n, norm);
    logScale *= 2;
  }
  return estimate;
}

function largestRow(matrix: Float64Array, n: number): number {
  let largest = 0;
  for (let k = 0; k < n; k++) {
    let sum = 0;
    for (let l = 0; l < n; l++) sum += Math.abs(matrix[k * n + l]);
    largest = Math.max(largest, sum); // NaN comes through
  }
  return largest;
}

/** (A/norm)². */
function squareOf(a: Float64Array, n: number, norm: number): Float64Array {
  const scaled = a.map((value) => value / norm);
  const square = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = scaled[i * n + k];
      if (factor === 0) continue;
      for (let j = 0, to = i * n, from = k * n; j < n; j++) square[to++] += factor * scaled[from++];
    }
  }
  return square;
}

/** Growth per round of a vector without structure, over the second half of as many rounds as fit the budget. */
function followedRadius(rows: SparseRows, modelOf: Uint32Array, sequential: boolean): number | null {
  const n = modelOf.length;
  const rounds = 2 * Math.ceil(Math.min(10_000, Math.max(100, WORK / rows.value.length)) / 2);
  const x = new Float64Array(n).map((_, k) => 1 + ((k * 0.6180339887498949) % 1));
  const held = new Float64Array(n);
  let growth = 0;
  for (let round = 0; round < rounds; round++) {
    stepOf(rows, modelOf, sequential, x, held);
    let norm = 0;
    for (const value of x) norm += value * value;
    norm = Math.sqrt(norm);
    if (norm === 0) return null;
    if (!Number.isFinite(norm)) return Infinity;
    if (round >= rounds / 2) growth += Math.log(norm);
    for (let k = 0; k < n; k++) x[k] /= norm;
  }
  const radius = Math.exp(growth / (rounds / 2));
  return radius < 1 - INDISTINCT ? null : radius;
}

function stepOf(
  { start, column, value }: SparseRows,
  modelOf: Uint32Array,
  sequential: boolean,
  x: Float64Array,
  held: Float64Array,
): void {
  held.set(x);
  for (let k = 0; k < x.length; k++) {
    let sum = 0;
    for (let o = start[k]; o < start[k + 1]; o++) {
      const from = column[o];
      sum += value[o] * (sequential && modelOf[from] < modelOf[k] ? x[from] : held[from]);
    }
    x[k] = sum;
  }
}

/** What a mean is driven by, per coordinate: λ a + c, and where it starts. */
export interface Drive {
  readonly drive: Float64Array;
  readonly initial: Float64Array;
}

/** The largest absolute coordinate of a mean, and the round that has it, while the first rounds fit a fixed amount of work. */
export function largestMean(
  rows: SparseRows,
  dimension: number,
  { drive, initial }: Drive,
  sequential: boolean,
): { readonly size: number; readonly round: number } {
  const x = initial.slice();
  const held = new Float64Array(x.length);
  const rounds = Math.min(x.length / dimension + 64, WORK / (rows.value.length + x.length));
  let largest = { size: sizeOf(x), round: 0 };
  for (let round = 1; round <= rounds; round++) {
    linearRound(rows, dimension, drive, sequential, x, held);
    const size = sizeOf(x);
    if (size > largest.size) largest = { size, round };
    if (!Number.isFinite(size)) break;
  }
  return largest;
}

/** Infinity where a coordinate is no number any more. */
function sizeOf(x: Float64Array): number {
  return x.reduce((high, value) => (Number.isNaN(value) ? Infinity : Math.max(high, Math.abs(value))), 0);
}
