/** The dense blocks of a plan, evaluated in order; what nobody needs any more is let go. */
import type { Block, BlockPlan } from './block_plan.ts';
import { addMatrixProduct, factorise } from './dense.ts';
import type { Pace } from './pace.ts';

/** A pivot block this close to singular is not divided by. */
const SINGULAR = 1e-12;

export interface BlockValues {
  /** out += factor·B·x[from …] for the q×q block B; `out` is written from `to`. */
  multiply(block: Block, factor: number, x: Float64Array, from: number, out: Float64Array, to: number): void;
  /** As `multiply` with Bᵀ. */
  multiplyTransposed(
    block: Block,
    factor: number,
    x: Float64Array,
    from: number,
    out: Float64Array,
    to: number,
  ): void;
}

/** Evaluates a plan of q×q blocks over `matrices`; only the blocks in `kept` outlive it. Null where a pivot is singular. */
export async function evaluateBlocks(
  plan: BlockPlan,
  q: number,
  matrices: (index: number) => Float64Array,
  kept: ReadonlySet<Block>,
  pace: Pace,
): Promise<BlockValues | null> {
  const { operations, scalar } = plan;
  const values: (Float64Array | null)[] = operations.map(() => null);
  const lastUse = lastUses(plan);
  const expiring = new Map<number, Block[]>();
  lastUse.forEach((step, block) => {
    if (!kept.has(block)) expiring.set(step, [...(expiring.get(step) ?? []), block]);
  });
  const valueOf = (block: Block): Float64Array => {
    const value = values[block];
    if (value === null) throw new RangeError(`block ${block} was let go before its last use`);
    return value;
  };
  for (let step = 0; step < operations.length; step++) {
    if (plan.isDense(step)) {
      const value = evaluate(step);
      if (value === null) return null;
      values[step] = value;
    } else if (operations[step].kind === 'inverse' && !Number.isFinite(scalar[step])) {
      return null;
    }
    for (const block of expiring.get(step) ?? []) values[block] = null;
    await pace('influence', 0, operations.length);
  }

  function evaluate(step: Block): Float64Array | null {
    const operation = operations[step];
    const out = new Float64Array(q * q);
    switch (operation.kind) {
      case 'base':
        for (const [matrix, weight] of operation.terms) {
          if (matrix < 0) addIdentity(out, q, weight);
          else addScaled(out, matrices(matrix), weight);
        }
        return out;
      case 'schur':
        addBlock(out, operation.base, 1);
        for (const [left, right, count] of operation.terms) addProduct(out, left, right, -count);
        return out;
      case 'product':
        addProduct(out, operation.left, operation.right, 1);
        return out;
      case 'inverse':
        return invert(valueOf(operation.of).slice(), q);
    }
  }

  function addBlock(out: Float64Array, block: Block, factor: number): void {
    if (plan.isDense(block)) addScaled(out, valueOf(block), factor);
    else addIdentity(out, q, factor * scalar[block]);
  }

  function addProduct(out: Float64Array, left: Block, right: Block, factor: number): void {
    if (!plan.isDense(left)) addBlock(out, right, factor * scalar[left]);
    else if (!plan.isDense(right)) addBlock(out, left, factor * scalar[right]);
    else addMatrixProduct(out, valueOf(left), valueOf(right), q, q, q, factor);
  }

  const single = (
    block: Block,
    factor: number,
    x: Float64Array,
    from: number,
    out: Float64Array,
    to: number,
  ) => {
    for (let a = 0, s = factor * scalar[block]; a < q; a++) out[to + a] += s * x[from + a];
  };
  return {
    multiply(block, factor, x, from, out, to) {
      if (!plan.isDense(block)) {
        single(block, factor, x, from, out, to);
        return;
      }
      const value = valueOf(block);
      for (let a = 0, o = 0; a < q; a++) {
        let sum = 0;
        for (let b = 0; b < q; b++) sum += value[o++] * x[from + b];
        out[to + a] += factor * sum;
      }
    },
    multiplyTransposed(block, factor, x, from, out, to) {
      if (!plan.isDense(block)) {
        single(block, factor, x, from, out, to);
        return;
      }
      const value = valueOf(block);
      for (let a = 0, o = 0; a < q; a++) {
        const s = factor * x[from + a];
        for (let b = 0; b < q; b++) out[to + b] += s * value[o++];
      }
    },
  };
}

/** The last step that reads each block. */
function lastUses({ operations }: BlockPlan): number[] {
  const last = operations.map((_, step) => step);
  operations.forEach((operation, step) => {
    if (operation.kind === 'inverse') last[operation.of] = step;
    if (operation.kind === 'product') last[operation.left] = last[operation.right] = step;
    if (operation.kind === 'schur') {
      last[operation.base] = step;
      for (const [left, right] of operation.terms) last[left] = last[right] = step;
    }
  });
  return last;
}

function addIdentity(out: Float64Array, q: number, factor: number): void {
  for (let a = 0; a < q; a++) out[a * (q + 1)] += factor;
}

function addScaled(out: Float64Array, block: Float64Array, factor: number): void {
  for (let o = 0; o < out.length; o++) out[o] += factor * block[o];
}

function invert(a: Float64Array, q: number): Float64Array | null {
  const factors = factorise(a, q);
  if (!(factors.pivotRatio > SINGULAR)) return null;
  const inverse = new Float64Array(q * q);
  const column = new Float64Array(q);
  for (let j = 0; j < q; j++) {
    column.fill(0);
    column[j] = 1;
    factors.solve(column);
    for (let i = 0; i < q; i++) inverse[i * q + j] = column[i];
  }
  return inverse;
}
