/**
 * Coordinates on the tangent of a product of simplices: all outcomes of a model but the last, whose change is minus the
 * sum of the others. Solving there matters: off the simplex, curation multiplies mass by up to K and I − DD can be singular.
 */
import { factorise } from './dense.ts';
import type { Factorisation } from './dense.ts';
import type { Operator } from './krylov.ts';
import { gmres } from './krylov.ts';
import { createPointwiseInverse } from './pointwise.ts';
import { pairSolver, separateBlocks } from './pair_resolvent.ts';
import type { Linearisation, System } from './system.ts';

/** Up to this many unknowns a dense matrix is cheaper than anything clever. */
export const DENSE_UNKNOWNS = 700;

/** Length M·(V−1). */
export function tangentSize(system: System): number {
  return system.modelCount * (system.outcomeCount - 1);
}

/** Row-major matrix of an operator on tangents, in tangent coordinates of `size` unknowns, rows of `outcomes` per model. */
export function tangentMatrix(apply: Operator, models: number, outcomes: number): Float64Array {
  const q = outcomes - 1;
  const n = models * q;
  const matrix = new Float64Array(n * n);
  const delta = new Float64Array(models * outcomes);
  const image = new Float64Array(models * outcomes);
  for (let j = 0; j < models; j++) {
    const last = j * outcomes + q;
    delta[last] = -1;
    for (let b = 0; b < q; b++) {
      delta[j * outcomes + b] = 1;
      apply(delta, image);
      for (let i = 0; i < models; i++) {
        for (let a = 0; a < q; a++) matrix[(i * q + a) * n + j * q + b] = image[i * outcomes + a];
      }
      delta[j * outcomes + b] = 0;
    }
    delta[last] = 0;
  }
  return matrix;
}

/** Drops the last outcome of every model. */
export function toTangent(full: Float64Array, outcomes: number, out: Float64Array): void {
  const q = outcomes - 1;
  for (let o = 0, r = 0; r < out.length; o++) for (let a = 0; a < q; a++) out[r++] = full[o++];
}

/** Restores the last outcome of every model, so that each model sums to 0. */
export function fromTangent(reduced: Float64Array, outcomes: number, out: Float64Array): void {
  const q = outcomes - 1;
  for (let o = 0, r = 0; o < out.length;) {
    let sum = 0;
    for (let a = 0; a < q; a++) {
      out[o++] = reduced[r];
      sum += reduced[r++];
    }
    out[o++] = -sum;
  }
}

/** (I − DD)^{-1} on tangents. */
export interface Resolvent {
  /** Smallest over largest pivot of I − DD; NaN where no factorisation exists. */
  readonly pivotRatio: number;
  /** x = (I − DD)^{-1} b for [model][outcome] vectors; returns the relative residual. */
  solve(b: Float64Array, x: Float64Array): number;
}

/** Keeps what several linearisations of one system can share: a preconditioner from a nearby state will do. */
export interface ResolventCache {
  pointwise?: Operator | null;
}

/** Dense for small systems, preconditioned GMRES to `tolerance` for the others. */
export function createResolvent(
  system: System,
  linear: Linearisation,
  tolerance: number,
  cache: ResolventCache,
): Resolvent {
  if (tangentSize(system) <= DENSE_UNKNOWNS) return denseResolvent(system, linear);
  const blocks = separateBlocks(system);
  if (blocks !== null) return blockResolvent(system, linear, blocks);
  if (cache.pointwise === undefined) cache.pointwise = createPointwiseInverse(system, linear);
  return iterativeResolvent(system, linear, tolerance, cache.pointwise);
}

function identityMinus(apply: Operator): Operator {
  return (input, out) => {
    apply(input, out);
    for (let i = 0; i < out.length; i++) out[i] = input[i] - out[i];
  };
}

function denseResolvent(system: System, linear: Linearisation): Resolvent {
  const { modelCount, outcomeCount } = system;
  const apply = identityMinus((input, out) => linear.apply(input, out));
  const factors: Factorisation = factorise(
    tangentMatrix(apply, modelCount, outcomeCount),
    tangentSize(system),
  );
  const reduced = new Float64Array(tangentSize(system));
  const correction = new Float64Array(modelCount * outcomeCount);
  const residual = new Float64Array(modelCount * outcomeCount);
  return {
    pivotRatio: factors.pivotRatio,
    solve(b, x) {
      x.fill(0);
      residual.set(b);
      // One step of iterative refinement: the second pass sees what rounding left of the first.
      for (let pass = 0; pass < 2; pass++) {
        toTangent(residual, outcomeCount, reduced);
        factors.solve(reduced);
        fromTangent(reduced, outcomeCount, correction);
        for (let i = 0; i < x.length; i++) x[i] += correction[i];
        apply(x, residual);
        for (let i = 0; i < x.length; i++) residual[i] = b[i] - residual[i];
      }
      return relativeNorm(residual, b);
    },
  };
}

function blockResolvent(system: System, linear: Linearisation, blocks: readonly Uint32Array[]): Resolvent {
  const apply = identityMinus((input, out) => linear.apply(input, out));
  const solver = pairSolver(system, linear, blocks);
  const residual = new Float64Array(system.modelCount * system.outcomeCount);
  const correction = new Float64Array(residual.length);
  return {
    pivotRatio: solver.pivotRatio,
    solve(b, x) {
      x.fill(0);
      residual.set(b);
      // Refined once, as dense systems are.
      for (let pass = 0; pass < 2; pass++) {
        solver.solve(residual, correction);
        for (let i = 0; i < x.length; i++) x[i] += correction[i];
        apply(x, residual);
        for (let i = 0; i < x.length; i++) residual[i] = b[i] - residual[i];
      }
      return relativeNorm(residual, b);
    },
  };
}

function iterativeResolvent(
  system: System,
  linear: Linearisation,
  tolerance: number,
  pointwise: Operator | null,
): Resolvent {
  const size = system.modelCount * system.outcomeCount;
  const apply = identityMinus((input, out) => linear.apply(input, out));
  const options = { tolerance, restart: size > 300_000 ? 20 : 60, maxIterations: 400 };
  const image = new Float64Array(size);
  return {
    pivotRatio: NaN,
    solve(b, x) {
      x.fill(0);
      if (pointwise === null) return gmres(apply, b, x, options);
      const right = new Float64Array(size);
      pointwise(b, right);
      gmres(
        (input, out) => {
          apply(input, image);
          pointwise(image, out);
        },
        right,
        x,
        options,
      );
      apply(x, image);
      for (let i = 0; i < size; i++) image[i] = b[i] - image[i];
      return relativeNorm(image, b);
    },
  };
}

/** Σ|residual| / Σ|reference|; the bare Σ|residual| where the reference is nothing but rounding. */
export function relativeNorm(residual: Float64Array, reference: Float64Array): number {
  let left = 0;
  let whole = 0;
  for (let i = 0; i < residual.length; i++) {
    left += Math.abs(residual[i]);
    whole += Math.abs(reference[i]);
  }
  return whole < 1e-12 ? left : left / whole;
}
