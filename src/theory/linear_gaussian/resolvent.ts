/** Applying (I − B)^{-1}: loop of coordinates by loop, producers before consumers. */
import { coordinateLoops, rowsOf } from '../../scenario/linear_update.ts';
import type { SparseRows } from '../../scenario/linear_update.ts';
import { factorise } from '../dense.ts';
import { gmres } from '../krylov.ts';
import { dot } from './system.ts';
import type { LinearSystem } from './system.ts';

/** Loops of more coordinates are solved by GMRES. */
const DENSE_COORDINATES = 800;
const TOLERANCE = 1e-13;
/** Below this pivot ratio I − B_jj counts as singular. */
const SINGULAR = 1e-14;

export interface LinearResolvent {
  /** x = (I − B)^{-1} b; returns the relative residual ‖b − (I − B)x‖/‖b‖. */
  solve(b: Float64Array, x: Float64Array): number;
}

export function createLinearResolvent({ rows, size }: LinearSystem): LinearResolvent {
  const parts = coordinateLoops(rows).map((loop) => ({
    loop,
    solve: loopSolver(rowsOf(rows, loop), loop.length),
  }));
  const inside = new Uint32Array(size);
  parts.forEach(({ loop }, k) => loop.forEach((coordinate) => (inside[coordinate] = k)));
  return {
    solve(b, x) {
      parts.forEach(({ loop, solve }, k) => {
        const local = Float64Array.from(loop, (row) => {
          let sum = b[row];
          for (let o = rows.start[row]; o < rows.start[row + 1]; o++) {
            if (inside[rows.column[o]] !== k) sum += rows.value[o] * x[rows.column[o]];
          }
          return sum;
        });
        solve(local);
        loop.forEach((row, at) => (x[row] = local[at]));
      });
      const residual = new Float64Array(size);
      for (let row = 0; row < size; row++) {
        residual[row] = b[row] - x[row];
        for (let o = rows.start[row]; o < rows.start[row + 1]; o++)
          residual[row] += rows.value[o] * x[rows.column[o]];
      }
      const norm = dot(b, b);
      return norm === 0 ? 0 : Math.sqrt(dot(residual, residual) / norm);
    },
  };
}

function loopSolver(rows: SparseRows, n: number): (b: Float64Array) => void {
  if (n > DENSE_COORDINATES) {
    return (b) => {
      const target = b.slice();
      gmres((input, out) => complement(rows, input, out), target, b, {
        tolerance: TOLERANCE,
        restart: 80,
        maxIterations: 4000,
      });
    };
  }
  const matrix = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    matrix[k * n + k] += 1;
    for (let o = rows.start[k]; o < rows.start[k + 1]; o++) matrix[k * n + rows.column[o]] -= rows.value[o];
  }
  const factors = factorise(matrix, n);
  return (b) => factors.solve(b);
}

/** out = (I − B) input. */
function complement({ start, column, value }: SparseRows, input: Float64Array, out: Float64Array): void {
  for (let k = 0; k < input.length; k++) {
    let sum = input[k];
    for (let o = start[k]; o < start[k + 1]; o++) sum -= value[o] * input[column[o]];
    out[k] = sum;
  }
}

/** (I − B_jj)^{-1} b: model j with the loop through other models cut; null where that is singular. */
export function solveAlone(
  { rows, dimension }: LinearSystem,
  j: number,
  b: Float64Array,
): Float64Array | null {
  const first = j * dimension;
  const matrix = new Float64Array(dimension * dimension);
  let coupled = false;
  for (let k = 0; k < dimension; k++) {
    matrix[k * dimension + k] += 1;
    for (let o = rows.start[first + k]; o < rows.start[first + k + 1]; o++) {
      const l = rows.column[o] - first;
      if (l < 0 || l >= dimension) continue;
      matrix[k * dimension + l] -= rows.value[o];
      coupled = true;
    }
  }
  const x = b.slice();
  if (!coupled) return x;
  const factors = factorise(matrix, dimension);
  if (factors.pivotRatio < SINGULAR) return null;
  factors.solve(x);
  return x;
}
