/**
 * Influence by block elimination. With A = I − DD = L U,
 *     dJ_i/dλ_j = ∇J_iᵀ A⁻¹ b_j = (U⁻ᵀ ∇J_i)ᵀ (L⁻¹ b_j),
 * and both vectors live only on the nodes that i and j are eliminated into, so no whole column is ever solved for.
 *
 * Checked at the end by one random combination of all columns, solved as a whole and put into A through the operator.
 */
import type { Influence } from './results.ts';
import type { Block } from './block_plan.ts';
import { evaluateBlocks } from './block_values.ts';
import type { BlockValues } from './block_values.ts';
import { planElimination } from './elimination.ts';
import type { BlockEntry, Elimination } from './elimination.ts';
import type { Pace } from './pace.ts';
import { dot } from './system.ts';
import type { Linearisation, System } from './system.ts';
import { fromTangent, relativeNorm, tangentMatrix, toTangent } from './tangent.ts';

const MAX_BYTES = 8e8;
/** Larger blocks cost more than the few Krylov steps that their smooth part needs. */
const MAX_OUTCOMES = 256;
/** A residual beyond this means that elimination without pivoting between blocks has lost its digits. */
const TRUSTED = 1e-9;

/**
 * `direction(j)` is b_j, null where undefined; `gradient(i)` is ∇J_i, both of length V. Null where elimination takes more than `maxWork`
 * multiplications and additions, or a pivot is singular.
 */
export async function blockInfluence(
  system: System,
  linear: Linearisation,
  direction: (model: number) => Float64Array | null,
  gradient: (model: number) => Float64Array,
  maxWork: number,
  pace: Pace,
): Promise<Influence | null> {
  const { modelCount, outcomeCount } = system;
  const q = outcomeCount - 1;
  if (outcomeCount > MAX_OUTCOMES || modelCount * modelCount * q > maxWork) return null;
  const plan = planElimination(system, linear, {
    product: 2 * q ** 3,
    size: q * q,
    maxWork,
    maxBytes: MAX_BYTES,
  });
  if (plan === null) return null;
  const limit = (maxWork - plan.plan.work) / (2 * q * q);
  const down = reaches(plan, plan.lower, limit, Infinity);
  const up = reaches(plan, plan.upper, limit, MAX_BYTES / (8 * q));
  if (down === null || up === null) return null;
  const values = await evaluateBlocks(plan.plan, q, matrixSource(plan, outcomeCount), keptBlocks(plan), pace);
  if (values === null) return null;
  const gradients = gradientsAtNodes(plan, values, up, q, (i) => reducedGradient(gradient(i)));

  const influence = new Float64Array(modelCount * modelCount).fill(NaN);
  const isolated = new Float64Array(modelCount).fill(NaN);
  const local = new Float64Array(modelCount).fill(NaN);
  const work = new Float64Array(plan.nodeCount * q);
  const combined = new Float64Array(plan.nodeCount * q);
  const combinedEffect = new Float64Array(modelCount);
  const reduced = new Float64Array(q);
  const column = new Float64Array(modelCount);
  const weightOf = createSigns();
  let residual = 0;
  let defined = 0;
  for (let j = 0; j < modelCount; j++) {
    const b = direction(j);
    if (b === null) continue;
    defined++;
    local[j] = dot(gradient(j), b);
    toTangent(b, outcomeCount, reduced);
    const alone = new Float64Array(q);
    values.multiply(plan.ownInverse[j], 1, reduced, 0, alone, 0);
    isolated[j] = dot(reducedGradient(gradient(j)), alone);
    residual = Math.max(residual, ownDefect(plan, values, j, alone, reduced));
    for (const node of down[j]) work.fill(0, node * q, (node + 1) * q);
    work.set(reduced, j * q);
    column.fill(0);
    for (const node of down[j]) {
      for (const { node: next, block } of plan.lower[node])
        values.multiply(block, -1, work, node * q, work, next * q);
      const { models, vectors } = gradients[node];
      for (let t = 0, o = 0; t < models.length; t++) {
        let sum = 0;
        for (let a = 0, w = node * q; a < q; a++) sum += vectors[o++] * work[w++];
        column[models[t]] += sum;
      }
    }
    const weight = weightOf();
    for (let a = 0; a < q; a++) combined[j * q + a] += weight * reduced[a];
    for (let i = 0; i < modelCount; i++) {
      influence[i * modelCount + j] = column[i];
      combinedEffect[i] += weight * column[i];
    }
    await pace('influence', j + 1, modelCount, residual);
  }
  if (defined > 0) residual = Math.max(residual, check());
  return residual <= TRUSTED ? { influence, isolated, local, residual } : null;

  /** ∇J on tangent coordinates: moving mass to outcome a takes it from the last one. */
  function reducedGradient(full: Float64Array): Float64Array {
    return Float64Array.from({ length: q }, (_, a) => full[a] - full[q]);
  }

  /** Solves for the combination, returns the larger of its relative residual and its distance from the columns' own sum. */
  function check(): number {
    if (plan === null || values === null) return NaN;
    const size = modelCount * outcomeCount;
    const source = new Float64Array(size);
    fromTangent(combined.subarray(0, modelCount * q), outcomeCount, source);
    solveWhole(plan, values, q, combined);
    const x = new Float64Array(size);
    fromTangent(combined.subarray(0, modelCount * q), outcomeCount, x);
    const defect = new Float64Array(size);
    linear.apply(x, defect);
    for (let o = 0; o < size; o++) defect[o] += source[o] - x[o];
    let largest = 0;
    let apart = 0;
    for (let i = 0; i < modelCount; i++) {
      const expected = dot(gradient(i), x.subarray(i * outcomeCount, (i + 1) * outcomeCount));
      apart = Math.max(apart, Math.abs(expected - combinedEffect[i]));
      largest = Math.max(largest, Math.abs(expected));
    }
    return Math.max(relativeNorm(defect, source), largest > 1e-12 ? apart / largest : apart);
  }
}

function matrixSource(plan: Elimination, outcomeCount: number): (index: number) => Float64Array {
  const matrices: (Float64Array | undefined)[] = [];
  return (index) =>
    (matrices[index] ??= tangentMatrix(
      (input, out) => plan.tangents[index].apply(input, out),
      1,
      outcomeCount,
    ));
}

function keptBlocks({ inverse, lower, upper, own, ownInverse }: Elimination): Set<Block> {
  return new Set([
    ...inverse,
    ...own,
    ...ownInverse,
    ...[...lower, ...upper].flatMap((list) => list.map(({ block }) => block)),
  ]);
}

/** The nodes that each model's vector reaches along `links`, in order of elimination; null where links or nodes become too many. */
function reaches(
  { order, position, nodeCount }: Elimination,
  links: readonly (readonly BlockEntry[])[],
  maxLinks: number,
  maxNodes: number,
): Uint32Array[] | null {
  const modelCount = nodeCount - 2;
  const marked = new Uint32Array(nodeCount).fill(nodeCount);
  const result: Uint32Array[] = [];
  let followed = 0;
  let reached = 0;
  for (let model = 0; model < modelCount; model++) {
    const places = [position[model]];
    marked[model] = model;
    for (let k = 0; k < places.length; k++) {
      for (const { node } of links[order[places[k]]]) {
        followed++;
        if (marked[node] === model) continue;
        marked[node] = model;
        places.push(position[node]);
      }
    }
    reached += places.length;
    if (followed > maxLinks || reached > maxNodes) return null;
    result.push(
      Uint32Array.from(places)
        .sort()
        .map((place) => order[place]),
    );
  }
  return result;
}

interface NodeGradients {
  readonly models: readonly number[];
  /** [model][q]. */
  readonly vectors: Float64Array;
}

/** U⁻ᵀ∇J of every model, gathered by node. */
function gradientsAtNodes(
  plan: Elimination,
  values: BlockValues,
  up: readonly Uint32Array[],
  q: number,
  gradient: (model: number) => Float64Array,
): NodeGradients[] {
  const models: number[][] = Array.from({ length: plan.nodeCount }, () => []);
  up.forEach((nodes, model) => nodes.forEach((node) => models[node].push(model)));
  const gathered = models.map((list) => ({ models: list, vectors: new Float64Array(list.length * q) }));
  const filled = new Uint32Array(plan.nodeCount);
  const work = new Float64Array(plan.nodeCount * q);
  up.forEach((nodes, model) => {
    for (const node of nodes) work.fill(0, node * q, (node + 1) * q);
    work.set(gradient(model), model * q);
    for (const node of nodes) {
      const { vectors } = gathered[node];
      const at = filled[node]++ * q;
      values.multiplyTransposed(plan.inverse[node], 1, work, node * q, vectors, at);
      for (const { node: next, block } of plan.upper[node]) {
        values.multiplyTransposed(block, -1, vectors, at, work, next * q);
      }
    }
  });
  return gathered;
}

/** x ← A⁻¹x on [node][q]. */
function solveWhole(plan: Elimination, values: BlockValues, q: number, x: Float64Array): void {
  const { order, lower, upper, inverse } = plan;
  for (const node of order) {
    for (const { node: next, block } of lower[node]) values.multiply(block, -1, x, node * q, x, next * q);
  }
  const right = new Float64Array(q);
  for (let step = order.length - 1; step >= 0; step--) {
    const node = order[step];
    right.set(x.subarray(node * q, (node + 1) * q));
    for (const { node: other, block } of upper[node]) values.multiply(block, -1, x, other * q, right, 0);
    x.fill(0, node * q, (node + 1) * q);
    values.multiply(inverse[node], 1, right, 0, x, node * q);
  }
}

/** Relative residual of x = (I − F_jj)⁻¹ b. */
function ownDefect(
  plan: Elimination,
  values: BlockValues,
  model: number,
  x: Float64Array,
  b: Float64Array,
): number {
  const defect = b.slice();
  values.multiply(plan.own[model], -1, x, 0, defect, 0);
  return relativeNorm(defect, b);
}

/** ±1 from a linear congruential generator with a fixed seed. */
export function createSigns(): () => number {
  let seed = 2024;
  return () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed >= 2 ** 31 ? 1 : -1;
  };
}
