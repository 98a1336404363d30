/**
 * Eliminating a network model by model: A = I − DD as a sparse matrix of blocks, A = L U with unit lower L. The next model to go is the one
 * with the fewest links in × links out (Markowitz 1957) and, among equals, the shallowest, so that long rings and chains are halved rather
 * than unrolled. Stars, rings, trees and, through nodes for shared sums, complete graphs are eliminated without fill.
 */
import { BlockPlan } from './block_plan.ts';
import type { Block } from './block_plan.ts';
import type { CurationTangent } from './curation.ts';
import { planMixing } from './mix_plan.ts';
import type { Linearisation, System } from './system.ts';

export interface BlockEntry {
  readonly node: number;
  readonly block: Block;
}

export interface Elimination {
  readonly plan: BlockPlan;
  /** Models, then one node per shared sum. */
  readonly nodeCount: number;
  /** Nodes in order of elimination, and each node's place in it. */
  readonly order: Uint32Array;
  readonly position: Uint32Array;
  /** Inverse of the pivot of each node. */
  readonly inverse: readonly Block[];
  /** Column of L below each pivot: L_ik = A_ik·inverse_k. */
  readonly lower: readonly (readonly BlockEntry[])[];
  /** Row of U right of each pivot. */
  readonly upper: readonly (readonly BlockEntry[])[];
  /** I − F_jj of every model and its inverse. */
  readonly own: readonly Block[];
  readonly ownInverse: readonly Block[];
  /** The kinds of curation: an index into them is the number of a matrix in the plan. */
  readonly tangents: readonly CurationTangent[];
}

interface Entry {
  base: [matrix: number, weight: number][];
  readonly terms: Map<string, [left: Block, right: Block, count: number]>;
}

export interface EliminationCosts {
  /** Multiplications and additions of a product of two blocks. */
  readonly product: number;
  /** Numbers in a block. */
  readonly size: number;
  readonly maxWork: number;
  readonly maxBytes: number;
}

/** Planning takes about a microsecond for each update of a block; networks that need more of them are not sparse. */
const MAX_UPDATES = 1e6;

/** Null where the blocks would take more than `maxWork` operations, or those to be kept more than `maxBytes`. */
export function planElimination(
  system: System,
  linear: Linearisation,
  { product, size, maxWork, maxBytes }: EliminationCosts,
): Elimination | null {
  const { modelCount, mixing, channels } = system;
  const shared = planMixing(mixing, modelCount, channels.length);
  const rowCount = modelCount + channels.length;
  const nodeCount = modelCount + 2;
  const kinds = new Map<CurationTangent, number>();
  const matrixOf = linear.tangents.map((tangent) => {
    const id = kinds.get(tangent) ?? kinds.size;
    kinds.set(tangent, id);
    return id;
  });
  const plan = new BlockPlan(product);
  const entries = Array.from({ length: nodeCount }, () => new Map<number, Entry>());
  const consumers = Array.from({ length: nodeCount }, () => new Set<number>());
  const entry = (i: number, j: number): Entry => {
    let found = entries[i].get(j);
    if (found === undefined) {
      found = { base: i === j ? [[-1, 1]] : [], terms: new Map() };
      entries[i].set(j, found);
      if (i !== j) consumers[j].add(i);
    }
    return found;
  };
  const subtract = (i: number, row: number, weight: number): void => {
    if (row >= rowCount) entry(i, modelCount + row - rowCount).base.push([-1, -weight]);
    else if (row < modelCount) entry(i, row).base.push([-1, -weight]);
    else entry(i, channels[row - modelCount].producer).base.push([matrixOf[row - modelCount], -weight]);
  };
  for (let node = 0; node < nodeCount; node++) entry(node, node);
  for (let i = 0; i < modelCount; i++) {
    for (let t = shared.mixing.start[i]; t < shared.mixing.start[i + 1]; t++) {
      subtract(i, shared.mixing.row[t], shared.mixing.weight[t]);
    }
  }
  if (shared.usesRawTotal) for (let r = 0; r < modelCount; r++) subtract(modelCount, r, 1);
  if (shared.usesChannelTotal) for (let r = modelCount; r < rowCount; r++) subtract(modelCount + 1, r, 1);

  const own: Block[] = [];
  for (let i = 0; i < modelCount; i++) {
    const terms: [number, number][] = [[-1, 1]];
    for (let t = mixing.start[i]; t < mixing.start[i + 1]; t++) {
      const k = mixing.row[t] - modelCount;
      if (k < 0 ? mixing.row[t] !== i : channels[k].producer !== i) continue;
      terms.push([k < 0 ? -1 : matrixOf[k], -mixing.weight[t]]);
    }
    own.push(plan.base(terms));
  }
  const ownInverse = own.map((block) => plan.inverse(block));

  const take = (i: number, j: number): Block => {
    const { base, terms } = entry(i, j);
    return plan.schur(plan.base(base), [...terms.values()]);
  };
  const order = new Uint32Array(nodeCount);
  const position = new Uint32Array(nodeCount);
  const inverse: Block[] = new Array<Block>(nodeCount).fill(0);
  const lower: BlockEntry[][] = Array.from({ length: nodeCount }, () => []);
  const upper: BlockEntry[][] = Array.from({ length: nodeCount }, () => []);
  const height = new Uint32Array(nodeCount);
  let held = 3 * modelCount;
  let updates = 0;
  const left = new Set<number>(Array.from({ length: nodeCount }, (_, node) => node));
  for (let step = 0; step < nodeCount; step++) {
    const k = cheapest(left, entries, consumers, height);
    left.delete(k);
    order[step] = k;
    position[k] = step;
    inverse[k] = plan.inverse(take(k, k));
    for (const j of entries[k].keys()) {
      if (j === k) continue;
      upper[k].push({ node: j, block: take(k, j) });
      consumers[j].delete(k);
      height[j] = Math.max(height[j], height[k] + 1);
    }
    for (const i of consumers[k]) {
      const block = plan.product(take(i, k), inverse[k]);
      lower[k].push({ node: i, block });
      entries[i].delete(k);
      height[i] = Math.max(height[i], height[k] + 1);
      for (const target of upper[k]) {
        const { terms } = entry(i, target.node);
        const key = `${block}|${target.block}`;
        const known = terms.get(key);
        if (known === undefined) terms.set(key, [block, target.block, 1]);
        else known[2]++;
      }
    }
    entries[k].clear();
    consumers[k].clear();
    held += lower[k].length + upper[k].length;
    updates += lower[k].length * upper[k].length;
    if (
      updates > MAX_UPDATES ||
      plan.work > maxWork ||
      8 * size * Math.min(held, plan.operations.length) > maxBytes
    )
      return null;
  }
  return {
    plan,
    nodeCount,
    order,
    position,
    inverse,
    lower,
    upper,
    own,
    ownInverse,
    tangents: [...kinds.keys()],
  };
}

function cheapest(
  left: ReadonlySet<number>,
  entries: readonly ReadonlyMap<number, Entry>[],
  consumers: readonly ReadonlySet<number>[],
  height: Uint32Array,
): number {
  let best = -1;
  let lowest = Infinity;
  let shallowest = Infinity;
  for (const node of left) {
    const cost = consumers[node].size * (entries[node].size - 1);
    if (cost > lowest || (cost === lowest && height[node] >= shallowest)) continue;
    [best, lowest, shallowest] = [node, cost, height[node]];
  }
  return best;
}
