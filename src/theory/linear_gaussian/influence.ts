/**
 * Who moves whom: dJ_i/dλ_j = ∇J_iᵀ [(I − B)^{-1}]_ij a_j at the stable point (implicit function theorem). The update order plays no
 * part in it.
 */
import { factorise } from '../dense.ts';
import type { Influence } from '../results.ts';
import { createLinearResolvent, solveAlone } from './resolvent.ts';
import type { LinearResolvent } from './resolvent.ts';
import { advance, denseMap, dot, driveOf, gradientOf, meanOf } from './system.ts';
import type { LinearSystem } from './system.ts';

/** x* = (I − B)^{-1}(Aλ + c), [model][d]; `curation` replaces λ. */
export function linearStablePoint(
  system: LinearSystem,
  curation = system.parameters.curation,
  resolvent: LinearResolvent = createLinearResolvent(system),
): Float64Array {
  const x = new Float64Array(system.size);
  resolvent.solve(driveOf(system, curation), x);
  return x;
}

/** Largest Euclidean step that one more round would move any model by. */
export function stepAt(system: LinearSystem, x: Float64Array): number {
  const next = x.slice();
  advance(system, driveOf(system), next, new Float64Array(system.size));
  let largest = 0;
  for (let i = 0; i < system.models; i++) {
    const from = meanOf(system, x, i);
    const step = meanOf(system, next, i).map((value, k) => value - from[k]);
    largest = Math.max(largest, Math.sqrt(dot(step, step)));
  }
  return largest;
}

/** The whole matrix; the isolated effects, with other models held still; the first-round effects ∇J_jᵀ a_j. */
export function linearInfluence(
  system: LinearSystem,
  stable: Float64Array,
  resolvent: LinearResolvent = createLinearResolvent(system),
): Influence {
  const { models, size, rewards, parameters } = system;
  const influence = new Float64Array(models * models);
  const isolated = new Float64Array(models);
  const local = new Float64Array(models);
  const gradients = rewards.map((reward, i) => gradientOf(reward, meanOf(system, stable, i)));
  const push = new Float64Array(size);
  const moved = new Float64Array(size);
  let residual = 0;
  for (let j = 0; j < models; j++) {
    const shift = meanOf(system, parameters.shift, j);
    if (shift.every((value) => value === 0)) continue;
    local[j] = dot(gradients[j], shift);
    const alone = solveAlone(system, j, shift);
    isolated[j] = alone === null ? NaN : dot(gradients[j], alone);
    push.fill(0);
    push.set(shift, j * system.dimension);
    residual = Math.max(residual, resolvent.solve(push, moved));
    for (let i = 0; i < models; i++) influence[i * models + j] = dot(gradients[i], meanOf(system, moved, i));
  }
  return { influence, isolated, local, residual };
}

/**
 * The same numbers by the theorem's route (Zhang, Wei and Zhang, arXiv 2605.29267, read from their code; any number of models):
 * dJ_i/dλ_j = ∇J_iᵀ R_ij m_j/(1 − λ_j) with m_j the mean of curated data minus the stable mean, S_j the self sensitivity
 * [I − B_jj − B_{j,−j}(I − B_{−j,−j})^{-1}B_{−j,j}]^{-1}, R_jj = S_j and R_{−j,j} = (I − B_{−j,−j})^{-1}B_{−j,j}S_j. Dense; NaN for λ_j = 1.
 */
export function theoremInfluence(system: LinearSystem, stable: Float64Array): Float64Array {
  const { models, dimension: d, size, rewards, parameters } = system;
  const map = denseMap(system);
  const gradients = rewards.map((reward, i) => gradientOf(reward, meanOf(system, stable, i)));
  const influence = new Float64Array(models * models);
  for (let j = 0; j < models; j++) {
    const first = j * d;
    const others = size - d;
    const other = (k: number): number => (k < first ? k : k + d);
    const rest = new Float64Array(others * others);
    for (let k = 0; k < others; k++) {
      for (let l = 0; l < others; l++)
        rest[k * others + l] = (k === l ? 1 : 0) - map[other(k) * size + other(l)];
    }
    const factors = factorise(rest, others);
    // Column l of `answer`: what the others do, in the end, for a unit of coordinate l of model j.
    const answer = Array.from({ length: d }, (_, l) => {
      const column = new Float64Array(others).map((__, k) => map[other(k) * size + first + l]);
      factors.solve(column);
      return column;
    });
    const self = new Float64Array(d * d);
    for (let k = 0; k < d; k++) {
      for (let l = 0; l < d; l++) {
        let sum = (k === l ? 1 : 0) - map[(first + k) * size + first + l];
        for (let m = 0; m < others; m++) sum -= map[(first + k) * size + other(m)] * answer[l][m];
        self[k * d + l] = sum;
      }
    }
    const own = curatedOffset(system, stable, j);
    factorise(self, d).solve(own);
    const moved = new Float64Array(size);
    moved.set(own, first);
    for (let k = 0; k < others; k++) {
      for (let l = 0; l < d; l++) moved[other(k)] += answer[l][k] * own[l];
    }
    const room = 1 - parameters.curation[j];
    for (let i = 0; i < models; i++) {
      influence[i * models + j] = room === 0 ? NaN : dot(gradients[i], meanOf(system, moved, i)) / room;
    }
  }
  return influence;
}

/** m_j: the mean of the curated part of model j's training set minus its own stable mean; (1 − λ_j) a_j at the stable point. */
export function curatedOffset(system: LinearSystem, stable: Float64Array, j: number): Float64Array {
  const { rows, dimension, parameters } = system;
  return new Float64Array(dimension).map((_, k) => {
    const row = j * dimension + k;
    let sum = parameters.constant[row] + parameters.shift[row] - stable[row];
    for (let o = rows.start[row]; o < rows.start[row + 1]; o++) sum += rows.value[o] * stable[rows.column[o]];
    return sum;
  });
}
