/**
 * Curators laid out for the GPU's exact reweighting: reward nodes in float32, every outcome's place among them, and
 * a summation tree per curator that brings V probabilities down to one mass per reward cell.
 */
import type { Curator, Ensemble } from '../scenario/ecosystem.ts';
import type { RewardLevels } from '../theory/levels.ts';
import { rewardLevels } from '../theory/levels.ts';

/** Lagrange points per outcome on a reward grid; the GPU's float32 gains nothing from more. */
export const GPU_STENCIL = 6;
/** Items summed by one thread per pass of the tree. */
const FAN_IN = 32;
const INFO_WORDS = 8;
/** Trapezoid step in u: its error, exp(−π²/h), is 3e-10, far below float32's own. */
const QUADRATURE_STEP = 0.45;
const QUADRATURE_START = -3.7; // as in shaders/reweigh.wgsl
const RULE = { identity: 0, plackettLuce: 1, tilt: 2, argmax: 3, top: 4 } as const;

export interface CuratorTables {
  /** Distinct curators over all variants; everything below has one row per instance. */
  readonly instances: readonly Curator[];
  /** [variant][curator index] → instance. */
  readonly instanceOf: readonly Uint32Array[];
  /** CuratorInfo structs of shaders/shared/curators.wgsl. */
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
}

export function tabulateCurators(ensemble: Ensemble): CuratorTables {
  const { outcomeCount } = ensemble.ecosystem;
  const index = new Map<Curator, number>();
  const instances: Curator[] = [];
  const instanceOf = ensemble.variants.map((parameters) =>
    Uint32Array.from(parameters.curators, (curator) => {
      let instance = index.get(curator);
      if (instance === undefined) {
        instance = instances.length;
        index.set(curator, instance);
        instances.push(curator);
      }
      return instance;
    }),
  );

  const info = new Uint32Array(INFO_WORDS * instances.length);
  const infoFloat = new Float32Array(info.buffer);
  const nodes: number[] = [];
  const items = new Uint32Array(2 * instances.length * outcomeCount);
  const stencils = new Uint32Array(2 * instances.length * outcomeCount);
  const trees: Uint32Array[][] = [];
  let nodeStride = 1;
  let quadratureStride = 1;
  instances.forEach((curator, instance) => {
    const levels = rewardLevels(curator, GPU_STENCIL);
    const cells = levels.stencil === 1 ? levels.nodes.length : levels.nodes.length - levels.stencil + 1;
    const steps = Math.ceil((Math.log(42) + levels.range - QUADRATURE_START) / QUADRATURE_STEP);
    const at = INFO_WORDS * instance;
    info[at] = ruleOf(curator);
    infoFloat[at + 1] = curator.candidates === Infinity ? 0 : curator.candidates;
    info[at + 2] = levels.stencil;
    info[at + 3] = nodes.length;
    info[at + 4] = levels.nodes.length;
    info[at + 5] = cells;
    info[at + 6] = steps + 1;
    infoFloat[at + 7] = QUADRATURE_STEP;
    nodeStride = Math.max(nodeStride, levels.nodes.length);
    quadratureStride = Math.max(quadratureStride, steps + 1);
    const cellStart = placeOutcomes(curator, levels, cells, instance * outcomeCount, items, stencils);
    for (const rho of levels.nodes) nodes.push(rho);
    trees.push(summationTree(cellStart));
  });
  return {
    instances,
    instanceOf,
    info,
    nodes: Float32Array.from(nodes),
    items,
    stencils,
    ...packTrees(trees),
    nodeStride,
    quadratureStride,
  };
}

function ruleOf(curator: Curator): number {
  if (curator.candidates === 1) return RULE.identity;
  if (curator.rule === 'argmax') return curator.candidates === Infinity ? RULE.top : RULE.argmax;
  return curator.candidates === Infinity ? RULE.tilt : RULE.plackettLuce;
}

/** Sorts outcomes by cell (stable, so in index order within one) and writes their places; returns the cells' starts. */
function placeOutcomes(
  curator: Curator,
  levels: RewardLevels,
  cells: number,
  row: number,
  items: Uint32Array,
  stencils: Uint32Array,
): Uint32Array {
  const { cell } = levels;
  const position = new Float32Array(cell.length);
  if (levels.stencil > 1) {
    const { nodes } = levels;
    const top = curator.reward.reduce((best, value) => Math.max(best, value), -Infinity);
    const spacing = nodes[1] - nodes[0];
    for (let v = 0; v < cell.length; v++) {
      position[v] = ((curator.reward[v] - top) / curator.temperature - nodes[cell[v]]) / spacing;
    }
  }
  const positionBits = new Uint32Array(position.buffer);
  const start = new Uint32Array(cells + 1);
  for (const c of cell) start[c + 1]++;
  for (let c = 0; c < cells; c++) start[c + 1] += start[c];
  const next = start.slice();
  for (let v = 0; v < cell.length; v++) {
    const rank = next[cell[v]]++;
    items[2 * (row + rank)] = v;
    items[2 * (row + rank) + 1] = positionBits[v];
    stencils[2 * (row + v)] = cell[v];
    stencils[2 * (row + v) + 1] = positionBits[v];
  }
  return start;
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
