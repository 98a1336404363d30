/**
 * I − DD without the smooth part of curation. Curation's derivative is diag(H) plus a smooth kernel of low numerical rank; without the kernel,
 * I − DD falls apart into one matrix I − A_v per outcome, with A_v = w_raw + Σ_c w_cur,c diag(H_c(v)). All outcomes are eliminated
 * in the same order, a block being one number per outcome. At a stable point I − A_v is an M-matrix, whose elimination needs no pivoting.
 */
import { planElimination } from './elimination.ts';
import type { Elimination } from './elimination.ts';
import type { Operator } from './krylov.ts';
import type { Linearisation, System } from './system.ts';

const MAX_BYTES = 8e8;
/** Multiplications and additions to set it up. */
const MAX_WORK = 5e9;
/** Pivots below this are replaced by 1: what is left still conditions the others. */
const SINGULAR = 1e-12;

/** The elimination of every I − A_v at once; null where it takes too long or, with `width` outcomes at a time, too much memory. */
export function planPointwise(system: System, linear: Linearisation, width: number): Elimination | null {
  return planElimination(system, linear, {
    product: 2 * system.outcomeCount,
    size: width,
    maxWork: MAX_WORK,
    maxBytes: MAX_BYTES,
  });
}

/** Solves (I − A_v) y = x in place for outcomes `from` … `to` − 1; x is [node][outcome]. */
export function pointwiseSolver(plan: Elimination, from: number, to: number): (x: Float64Array) => void {
  const { order, lower, upper, inverse } = plan;
  const width = to - from;
  const values = evaluate(plan, from, to);
  const scale = plan.plan.scalar;
  const row = (x: Float64Array, node: number): Float64Array => x.subarray(node * width, (node + 1) * width);
  const subtract = (block: number, source: Float64Array, target: Float64Array): void => {
    const value = values[block];
    const c = scale[block];
    if (value === null) for (let v = 0; v < width; v++) target[v] -= c * source[v];
    else for (let v = 0; v < width; v++) target[v] -= value[v] * source[v];
  };
  return (x) => {
    for (const node of order) {
      const source = row(x, node);
      for (const link of lower[node]) subtract(link.block, source, row(x, link.node));
    }
    for (let step = order.length - 1; step >= 0; step--) {
      const node = order[step];
      const target = row(x, node);
      for (const link of upper[node]) subtract(link.block, row(x, link.node), target);
      const value = values[inverse[node]];
      const c = scale[inverse[node]];
      for (let v = 0; v < width; v++) target[v] *= value === null ? c : value[v];
    }
  };
}

/** One Float64Array per block that is kept; null for multiples of the identity and what is no longer needed. */
function evaluate({ plan, tangents, inverse, lower, upper }: Elimination, from: number, to: number) {
  const { operations, scalar } = plan;
  const values: (Float64Array | null)[] = operations.map(() => null);
  const at = (block: number, k: number): number => values[block]?.[k] ?? scalar[block];
  const width = to - from;
  const kept = new Set(inverse);
  for (const list of [...lower, ...upper]) for (const { block } of list) kept.add(block);
  operations.forEach((operation, step) => {
    if (!plan.isDense(step)) return;
    const out = new Float64Array(width);
    values[step] = out;
    switch (operation.kind) {
      case 'base':
        for (const [matrix, weight] of operation.terms) {
          const ratio = matrix < 0 ? null : tangents[matrix].ratio;
          for (let k = 0; k < width; k++) out[k] += weight * (ratio === null ? 1 : ratio[from + k]);
        }
        break;
      case 'schur':
        for (let k = 0; k < width; k++) out[k] = at(operation.base, k);
        for (const [left, right, count] of operation.terms) {
          for (let k = 0; k < width; k++) out[k] -= count * at(left, k) * at(right, k);
        }
        break;
      case 'product':
        for (let k = 0; k < width; k++) out[k] = at(operation.left, k) * at(operation.right, k);
        break;
      case 'inverse':
        for (let k = 0; k < width; k++) {
          const pivot = at(operation.of, k);
          out[k] = Math.abs(pivot) < SINGULAR ? 1 : 1 / pivot;
        }
    }
  });
  for (let step = 0; step < values.length; step++) if (!kept.has(step)) values[step] = null;
  return values;
}

/** (I − A)⁻¹ of all outcomes as a preconditioner for I − DD; null where it takes too long or too much memory. */
export function createPointwiseInverse(system: System, linear: Linearisation): Operator | null {
  const { outcomeCount, modelCount } = system;
  const plan = planPointwise(system, linear, outcomeCount);
  if (plan === null) return null;
  const solve = pointwiseSolver(plan, 0, outcomeCount);
  const work = new Float64Array(plan.nodeCount * outcomeCount);
  return (input, out) => {
    work.fill(0);
    work.set(input);
    solve(work);
    out.set(work.subarray(0, modelCount * outcomeCount));
  };
}
