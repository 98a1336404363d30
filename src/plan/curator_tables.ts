/**
 * Curators laid out for the GPU's exact reweighting: reward nodes in float32, every outcome's place among them, and
 * a summation tree per curator that brings V probabilities down to one mass per reward cell.
 *
 * A curator of conditional models chooses within blocks of outcomes, those that share what is given: its nodes and cells
 * are those of its blocks, one block after the other.
 */
import type { Axis, Curator, Ensemble, Pairs } from '../scenario/ecosystem.ts';
import type { Blocks } from '../scenario/pairs.ts';
import { blocksOf } from '../scenario/pairs.ts';
import type { RewardLevels } from '../theory/levels.ts';
import { rewardLevels } from '../theory/levels.ts';
import { curatorOfBlock } from '../theory/pair_curation.ts';

/** Lagrange points per outcome on a reward grid; the GPU's float32 gains nothing from more. */
export const GPU_STENCIL = 6;
/** Items summed by one thread per pass of the tree. */
const FAN_IN = 32;
export const INFO_WORDS = 12;
/** Trapezoid step in u: its error, exp(−π²/h), is 3e-10, far below float32's own. */
const QUADRATURE_STEP = 0.45;
const QUADRATURE_START = -3.7; // as in shaders/reweigh.wgsl
const RULE = { identity: 0, plackettLuce: 1, tilt: 2, argmax: 3, top: 4, clock: 5 } as const;

export interface CuratorTables {
  /** Distinct curators over all variants, for pairs once per axis; everything below has one row per instance. */
  readonly instances: readonly Curator[];
  /** [variant][curator index] → instance; for pairs the curators on output made for inputs come behind the others. */
  readonly instanceOf: readonly Uint32Array[];
  /** CuratorInfo structs of shaders/shared/curators.wgsl: one per instance, then one per block where there are several. */
  readonly info: Uint32Array;
  readonly nodes: Float32Array;
  /** [instance][rank by cell]: outcome, float32 bits of its position in the stencil. */
  readonly items: Uint32Array;
  /** [instance][outcome]: first node, float32 bits of the position. */
  readonly stencils: Uint32Array;
  /** Header (offset, count) per pass and instance, then the starts of all segments. */
  readonly segments: Uint32Array;
  /** Most segments any instance has, per pass; the first pass reads outcomes, the last leaves one per cell. */
  readonly passSegments: readonly number[];
  readonly nodeStride: number;
  readonly quadratureStride: number;
  /** Most blocks of any instance. */
  readonly blocks: number;
}

interface Instance {
  readonly curator: Curator;
  readonly blocks: Blocks;
}

export function tabulateCurators(ensemble: Ensemble): CuratorTables {
  const { outcomeCount, pairs } = ensemble.ecosystem;
  const { instances, instanceOf } = distinctInstances(ensemble, pairs);
  const heads: number[][] = [];
  const others: number[][] = [];
  const nodes: number[] = [];
  const items = new Uint32Array(2 * instances.length * outcomeCount);
  const stencils = new Uint32Array(2 * instances.length * outcomeCount);
  const trees: Uint32Array[][] = [];
  let nodeStride = 1;
  let quadratureStride = 1;
  instances.forEach(({ curator, blocks }, instance) => {
    const single = blocks.count === 1;
    const nodeOffset = nodes.length;
    const cellStart = [0];
    let widest = 1;
    const firstBlock = single ? instance : instances.length + others.length;
    for (let b = 0; b < blocks.count; b++) {
      const ofBlock = single ? curator : curatorOfBlock(curator, blocks, b);
      const levels = rewardLevels(ofBlock, GPU_STENCIL);
      const cells = levels.stencil === 1 ? levels.nodes.length : levels.nodes.length - levels.stencil + 1;
      const steps = Math.ceil((Math.log(42) + levels.range - QUADRATURE_START) / QUADRATURE_STEP);
      const block: BlockPlace = {
        blocks,
        index: b,
        row: instance * outcomeCount,
        firstNode: nodes.length - nodeOffset,
        firstCell: cellStart.length - 1,
      };
      (single ? heads : others).push([
        ruleOf(curator),
        floatBits(curator.candidates === Infinity ? 0 : curator.candidates),
        levels.stencil,
        nodes.length,
        levels.nodes.length,
        cells,
        steps + 1,
        floatBits(QUADRATURE_STEP),
        1,
        firstBlock,
        block.firstNode,
        block.firstCell,
      ]);
      widest = Math.max(widest, levels.stencil);
      quadratureStride = Math.max(quadratureStride, steps + 1);
      placeOutcomes(ofBlock, levels, cells, block, cellStart, items, stencils);
      for (const rho of levels.nodes) nodes.push(rho);
    }
    const nodeCount = nodes.length - nodeOffset;
    const cellCount = cellStart.length - 1;
    if (!single) {
      heads.push([0, 0, widest, nodeOffset, nodeCount, cellCount, 0, 0, blocks.count, firstBlock, 0, 0]);
    }
    // Where another block needs a grid, the last one on distinct rewards reads weightless nodes behind its own.
    nodeStride = Math.max(nodeStride, nodeCount + (single ? 0 : widest - 1));
    trees.push(summationTree(Uint32Array.from(cellStart)));
  });
  return {
    instances: instances.map(({ curator }) => curator),
    instanceOf,
    info: Uint32Array.from([...heads, ...others].flat()),
    nodes: Float32Array.from(nodes),
    items,
    stencils,
    ...packTrees(trees),
    nodeStride,
    quadratureStride,
    blocks: Math.max(...instances.map(({ blocks }) => blocks.count)),
  };
}

/** Numbers each curator object once, or once per axis that models generate. */
function distinctInstances(
  { ecosystem, variants }: Ensemble,
  pairs: Pairs | null,
): { instances: Instance[]; instanceOf: Uint32Array[] } {
  const instances: Instance[] = [];
  const all: Blocks = { count: 1, width: ecosystem.outcomeCount, blockStep: 0, cellStep: 1 };
  const number = (known: Map<Curator, number>, curator: Curator, blocks: Blocks): number => {
    let instance = known.get(curator);
    if (instance === undefined) {
      instance = instances.length;
      known.set(curator, instance);
      instances.push({ curator, blocks });
    }
    return instance;
  };
  const perAxis = AXES.map((axis) => ({
    blocks: pairs === null ? all : blocksOf(pairs, axis),
    inUse: pairs === null ? axis === 'outputs' : pairs.generates.includes(axis),
    known: new Map<Curator, number>(),
  }));
  const instanceOf = variants.map(({ curators }) =>
    Uint32Array.from(
      perAxis
        .slice(0, pairs === null ? 1 : 2)
        .flatMap(({ blocks, inUse, known }) =>
          curators.map((curator) => (inUse ? number(known, curator, blocks) : 0)),
        ),
    ),
  );
  return { instances, instanceOf };
}

const AXES: readonly Axis[] = ['outputs', 'inputs'];

/** The instance of a curator in a variant, working on what `producer` generates. */
export function instanceFor(
  tables: Pick<CuratorTables, 'instanceOf'>,
  { ecosystem, variants }: Ensemble,
  variant: number,
  curator: number,
  producer: number,
): number {
  const behind = ecosystem.pairs?.generates[producer] === 'inputs' ? variants[variant].curators.length : 0;
  return tables.instanceOf[variant][behind + curator];
}

function floatBits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

function ruleOf(curator: Curator): number {
  if (curator.candidates === 1) return RULE.identity;
  if (curator.rule === 'argmax') return curator.candidates === Infinity ? RULE.top : RULE.argmax;
  if (curator.candidates === Infinity) return RULE.tilt;
  return curator.rule === 'without-replacement' ? RULE.clock : RULE.plackettLuce;
}

interface BlockPlace {
  readonly blocks: Blocks;
  readonly index: number;
  /** First outcome of the instance in `items` and `stencils`. */
  readonly row: number;
  readonly firstNode: number;
  readonly firstCell: number;
}

/**
 * Sorts the outcomes of a block by cell (stable, so in index order within one), behind those of the blocks before it, and
 * writes their places; appends the ends of the block's cells to `cellStart`.
 */
function placeOutcomes(
  curator: Curator,
  levels: RewardLevels,
  cells: number,
  { blocks, index, row, firstNode, firstCell }: BlockPlace,
  cellStart: number[],
  items: Uint32Array,
  stencils: Uint32Array,
): void {
  const { cell } = levels;
  const position = new Float32Array(cell.length);
  if (levels.stencil > 1) {
    const { nodes } = levels;
    const top = curator.reward.reduce((best, value) => Math.max(best, value), -Infinity);
    const spacing = nodes[1] - nodes[0];
    for (let k = 0; k < cell.length; k++) {
      position[k] = ((curator.reward[k] - top) / curator.temperature - nodes[cell[k]]) / spacing;
    }
  }
  const positionBits = new Uint32Array(position.buffer);
  const size = new Uint32Array(cells);
  for (const c of cell) size[c] += 1;
  for (let c = 0; c < cells; c++) cellStart.push(cellStart[firstCell + c] + size[c]);
  const next = Uint32Array.from({ length: cells }, (_, c) => cellStart[firstCell + c]);
  for (let k = 0; k < cell.length; k++) {
    const v = index * blocks.blockStep + k * blocks.cellStep;
    const rank = next[cell[k]]++;
    items[2 * (row + rank)] = v;
    items[2 * (row + rank) + 1] = positionBits[k];
    stencils[2 * (row + v)] = firstNode + cell[k];
    stencils[2 * (row + v) + 1] = positionBits[k];
  }
}

/**
 * Segment starts of every pass: each group (a cell's items) is cut into segments of at most FAN_IN, whose sums are
 * the next pass's items, until every cell is one segment.
 */
function summationTree(cellStart: Uint32Array): Uint32Array[] {
  const passes: Uint32Array[] = [];
  let groups = cellStart;
  for (;;) {
    const starts: number[] = [0];
    const next = new Uint32Array(groups.length);
    for (let g = 0; g + 1 < groups.length; g++) {
      // An empty cell keeps one empty segment: its mass is zero, and the last pass still has one entry per cell.
      let end = groups[g];
      do {
        end = Math.min(end + FAN_IN, groups[g + 1]);
        starts.push(end);
      } while (end < groups[g + 1]);
      next[g + 1] = starts.length - 1;
    }
    passes.push(Uint32Array.from(starts));
    if (next[next.length - 1] === groups.length - 1) return passes;
    groups = next;
  }
}

/** Brings all trees to the same number of passes (one-to-one segments) and packs them behind a header. */
function packTrees(trees: readonly Uint32Array[][]): Pick<CuratorTables, 'segments' | 'passSegments'> {
  const passCount = Math.max(...trees.map((tree) => tree.length));
  const header = new Uint32Array(2 * passCount * trees.length);
  const chunks: Uint32Array[] = [header];
  const passSegments: number[] = [];
  let offset = header.length;
  for (let pass = 0; pass < passCount; pass++) {
    let most = 0;
    trees.forEach((tree, instance) => {
      const cells = tree[tree.length - 1].length - 1;
      const starts = tree[pass] ?? Uint32Array.from({ length: cells + 1 }, (_, k) => k);
      header[2 * (pass * trees.length + instance)] = offset;
      header[2 * (pass * trees.length + instance) + 1] = starts.length - 1;
      most = Math.max(most, starts.length - 1);
      chunks.push(starts);
      offset += starts.length;
    });
    passSegments.push(most);
  }
  const segments = new Uint32Array(offset);
  let at = 0;
  for (const chunk of chunks) {
    segments.set(chunk, at);
    at += chunk.length;
  }
  return { segments, passSegments };
}
