/** What one more unit of curation at a Gaussian model does to everybody's reward at the stable point: dJ_i/dλ_j = ∇J_iᵀ [(I−DF)⁻¹]_ij b_j. */
import { factorise } from '../dense.ts';
import { gmres } from '../krylov.ts';
import type { Pace } from '../pace.ts';
import type { Compensation, Influence } from '../results.ts';
import { dot } from '../system.ts';
import type { GaussianLinearisation } from './linear.ts';
import { DENSE_UNKNOWNS } from './stable_point.ts';

const KRYLOV = { tolerance: 1e-11, restart: 60, maxIterations: 2_000 };

/** The whole matrix, the isolated effects and the first-round effects; columns of models without curated data are NaN. Beyond `denseUnknowns` by GMRES. */
export async function gaussianInfluence(
  linear: GaussianLinearisation,
  modelCount: number,
  compensation: Compensation,
  pace: Pace,
  denseUnknowns = DENSE_UNKNOWNS,
): Promise<Influence> {
  const { size } = linear;
  const n = modelCount * size;
  const influence = new Float64Array(modelCount * modelCount).fill(NaN);
  const isolated = new Float64Array(modelCount).fill(NaN);
  const local = new Float64Array(modelCount).fill(NaN);
  const gradients = Array.from({ length: modelCount }, (_, i) => linear.rewardGradient(i));
  const solve = n <= denseUnknowns ? denseSolver(linear, n) : krylovSolver(linear);
  const column = new Float64Array(n);
  const image = new Float64Array(n);
  let residual = 0;
  for (let j = 0; j < modelCount; j++) {
    await pace('influence', j, modelCount, residual);
    const b = linear.direction(j, compensation);
    if (b === null) continue;
    column.fill(0);
    solve(j, b, column);
    linear.apply(column, image);
    residual = Math.max(residual, relativeResidual(column, image, b, j * size));
    for (let i = 0; i < modelCount; i++) {
      influence[i * modelCount + j] = dot(gradients[i], column.subarray(i * size, (i + 1) * size));
    }
    local[j] = dot(gradients[j], b);
    isolated[j] = dot(gradients[j], alone(linear, j, b, n));
  }
  return { influence, isolated, local, residual };
}

type Solver = (model: number, b: Float64Array, out: Float64Array) => void;

function denseSolver(linear: GaussianLinearisation, n: number): Solver {
  const matrix = linear.matrix();
  for (let k = 0; k < n * n; k++) matrix[k] = -matrix[k];
  for (let k = 0; k < n; k++) matrix[k * n + k] += 1;
  const factor = factorise(matrix, n);
  return (model, b, out) => {
    out.set(b, model * linear.size);
    factor.solve(out);
  };
}

function krylovSolver(linear: GaussianLinearisation): Solver {
  return (model, b, out) => {
    const right = new Float64Array(out.length);
    right.set(b, model * linear.size);
    gmres((x, y) => applyResolvent(linear, x, y), right, out, KRYLOV);
  };
}

/** y = (I − DF) x. */
function applyResolvent(linear: GaussianLinearisation, x: Float64Array, y: Float64Array): void {
  linear.apply(x, y);
  for (let k = 0; k < x.length; k++) y[k] = x[k] - y[k];
}

/** (I − F_jj)⁻¹ b: the loop through other models cut. */
function alone(linear: GaussianLinearisation, j: number, b: Float64Array, n: number): Float64Array {
  const { size } = linear;
  const matrix = new Float64Array(size * size);
  const unit = new Float64Array(n);
  const column = new Float64Array(size);
  for (let q = 0; q < size; q++) {
    unit[j * size + q] = 1;
    linear.applyRow(unit, j, column);
    unit[j * size + q] = 0;
    for (let k = 0; k < size; k++) matrix[k * size + q] = (k === q ? 1 : 0) - column[k];
  }
  const out = b.slice();
  factorise(matrix, size).solve(out);
  return out;
}

function relativeResidual(x: Float64Array, image: Float64Array, b: Float64Array, at: number): number {
  let squares = 0;
  for (let k = 0; k < x.length; k++) {
    const inside = k >= at && k < at + b.length;
    squares += (x[k] - image[k] - (inside ? b[k - at] : 0)) ** 2;
  }
  const size = Math.sqrt(dot(b, b));
  return size === 0 ? 0 : Math.sqrt(squares) / size;
}
