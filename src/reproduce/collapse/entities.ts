/** Entities that mix private data, public data and everybody's synthetic data, by least squares on whitened inputs. */
import { entitiesStablePoint, entitiesVariance } from '../../theory/oracles/entities.ts';
import type { Law } from './estimates.ts';
import { Estimates, rangeOf } from './estimates.ts';
import { RandomNumbers } from './normals.ts';

const SOURCE =
  'Vu, Reeves and Wenger 2025 (arXiv 2505.21677), least squares with identity Gram matrices, solved in closed form';
export const PRIVATE = 0.6; // β
export const SHARES = [0.2, 0.5, 0.8] as const; // α
const ROUNDS = 40;
const REPLICATES = 3000;
const SEED = 71_006;
const ROWS = 8;
const NOISE = 0.5;
/** What each entity's private data alone would teach, and what the public data would. */
export const TARGETS = [
  [2, 0.5],
  [-1, 1.6],
  [-1.4, -1],
  [1.1, -1.5],
].map((target) => Float64Array.from(target));
export const COMMON = Float64Array.of(0, 0);

/** Columns of a Hadamard matrix: inputs with XᵀX = n·I. */
const DESIGN = rangeOf(0, ROWS - 1).map((row) => Float64Array.of((row & 1) * 2 - 1, (row & 2) - 1));

export interface EntitiesResult {
  /** α. */
  readonly share: number;
  readonly points: readonly Float64Array[];
  /** Without noise, [round][entity]: the way to the stable point. */
  readonly path: readonly (readonly Float64Array[])[];
  /** Root mean square distance of the entities from their mean, without noise. */
  readonly spread: number;
  /** First coordinate of the first entity. */
  readonly mean: Law;
  readonly variance: Law;
}

export function entitiesResults(effort = 1): EntitiesResult[] {
  return SHARES.map((share, index) => {
    const points = entitiesStablePoint({
      synthetic: share,
      private: PRIVATE,
      targets: TARGETS,
      common: COMMON,
    });
    const path: Float64Array[][] = [TARGETS];
    for (let t = 0; t < ROUNDS; t++) path.push(trained(path[t], share, () => 0));
    const [mean, variance] = [new Estimates(ROUNDS), new Estimates(ROUNDS)];
    for (let replicate = 0; replicate < effort * REPLICATES; replicate++) {
      const numbers = new RandomNumbers(SEED + index, replicate);
      const rows = [new Float64Array(ROUNDS), new Float64Array(ROUNDS)];
      let state = points;
      for (let t = 0; t < ROUNDS; t++) {
        state = trained(state, share, () => NOISE * numbers.normal());
        rows[0][t] = state[0][0];
        rows[1][t] = (state[0][0] - points[0][0]) ** 2;
      }
      mean.add(rows[0]);
      variance.add(rows[1]);
    }
    const x = rangeOf(1, ROUNDS);
    const common = { x, label: `α = ${share}`, source: SOURCE, checked: [1, 40] };
    const settled = entitiesVariance(share, TARGETS.length, ROWS, NOISE);
    return {
      share,
      points,
      path,
      spread: spreadOf(points),
      mean: {
        ...common,
        name: `entities, α = ${share}: mean of a coordinate`,
        measured: mean,
        exact: x.map(() => points[0][0]),
      },
      variance: {
        ...common,
        name: `entities, α = ${share}: variance of a coordinate`,
        measured: variance,
        exact: x.map((t) => settled * (1 - share ** (2 * t))),
      },
    };
  });
}

/** Root mean square distance from the mean. */
export function spreadOf(points: readonly Float64Array[]): number {
  const centre = points[0].map((_, i) => points.reduce((sum, point) => sum + point[i], 0) / points.length);
  const squares = points.map((point) => (point[0] - centre[0]) ** 2 + (point[1] - centre[1]) ** 2);
  return Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / points.length);
}

/**
 * One round: every entity labels the design with its own parameters and noise, and fits the weighted sum of its private, the
 * public and all synthetic squares by the normal equations.
 */
function trained(state: readonly Float64Array[], share: number, noise: () => number): Float64Array[] {
  const synthetic = [0, 0, 0, 0, 0];
  for (const theta of state) addRows(synthetic, theta, share / state.length, noise);
  return TARGETS.map((target) => {
    const sums = [...synthetic];
    addRows(sums, target, (1 - share) * PRIVATE, () => 0);
    addRows(sums, COMMON, (1 - share) * (1 - PRIVATE), () => 0);
    const [a, b, c, p, q] = sums;
    const determinant = a * c - b * b;
    return Float64Array.of((c * p - b * q) / determinant, (a * q - b * p) / determinant);
  });
}

/** Adds weight·(XᵀX, Xᵀy) of one data set: xx, xz, zz, xy, zy. */
function addRows(sums: number[], theta: Float64Array, weight: number, noise: () => number): void {
  for (const [x, z] of DESIGN) {
    const y = x * theta[0] + z * theta[1] + noise();
    [x * x, x * z, z * z, x * y, z * y].forEach((value, k) => (sums[k] += weight * value));
  }
}
