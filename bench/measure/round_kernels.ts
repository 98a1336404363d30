/** Kernels of a round that move memory and do little else, each alone, on data of the measurement's own. */
import type { BufferSet } from '../../src/gpu/buffers.ts';
import { bindData } from '../../src/gpu/kernel.ts';
import type { KernelContext } from '../../src/kernels/context.ts';
import { DEFAULT_TUNING } from '../../src/kernels/context.ts';
import { createMixSparse, recordMixSparse } from '../../src/kernels/mix_sparse.ts';
import { createSumTiles, recordSumTiles, SCAN_TILE } from '../../src/kernels/sum_tiles.ts';
import { createTabulate, recordTabulate } from '../../src/kernels/tabulate.ts';
import type { GpuLab } from './gpu_lab.ts';
import type { Ceiling, Workload } from './workload.ts';
import { expectAll, fillWithPattern, largestThatFits, patternWords, readWords } from './workload.ts';

/** Beyond today's caches, unless the adapter could not copy the bytes of a pass within MOMENT_MS. */
const OUTCOMES = { most: 2 ** 24, least: 2 ** 18 };
const MOMENT_MS = 10;
const MIX_MODELS = 8;
const CHECKED = 4;
const CURATED_BIT = 0x80000000;

function contextOf({ device, cache }: GpuLab): KernelContext {
  return { device, cache, tuning: DEFAULT_TUNING };
}

/** A power of two of outcomes of which a pass moves `bytes` each. */
function outcomesFor(bytes: number, copyGBs: number | null): number {
  const affordable = copyGBs === null ? OUTCOMES.least : (copyGBs * 1e6 * MOMENT_MS) / bytes;
  return Math.min(OUTCOMES.most, Math.max(OUTCOMES.least, 2 ** Math.floor(Math.log2(affordable))));
}

function outcomesText(outcomes: number): string {
  return `${outcomes.toLocaleString('en-US')} outcomes`;
}

/** The one table that the steps of the prefix sum see. */
function scanSizes(outcomes: number) {
  const tiles = Math.ceil(outcomes / SCAN_TILE);
  return { outcomes, models: 1, replicates: 1, replicateTables: 1, realTables: 0, tiles };
}

async function createSumTilesWork(lab: GpuLab, buffers: BufferSet, outcomes: number): Promise<Workload> {
  const pattern = patternWords();
  const kernel = await createSumTiles(contextOf(lab));
  const sizes = scanSizes(outcomes);
  const [weighed, sums] = await lab.device.guarded('the masses', () => [
    buffers.storage('weighed', 8 * outcomes),
    buffers.storage('tile sums', 8 * (sizes.tiles + 1)),
  ]);
  fillWithPattern(lab, weighed, pattern, 8 * outcomes);
  const data = bindData(lab.device, kernel, { weighed, tile_sums: sums });
  return {
    size: outcomesText(outcomes),
    items: 8 * outcomes,
    mostEffort: 1,
    record(recorder) {
      recordSumTiles(recorder, kernel, data, sizes, 0, 1);
    },
    async check() {
      let total = 0n;
      for (let v = 0; v < SCAN_TILE; v++) {
        total += BigInt(pattern[2 * v]) + (BigInt(pattern[2 * v + 1]) << 32n);
      }
      const expected = [Number(total & 0xffffffffn), Number((total >> 32n) & 0xffffffffn)];
      expectAll(lab, 'sums of tiles', await readWords(lab, sums, 0, CHECKED), expected);
    },
  };
}

async function createTabulateWork(lab: GpuLab, buffers: BufferSet, outcomes: number): Promise<Workload> {
  const pattern = patternWords();
  const kernel = await createTabulate(contextOf(lab));
  const sizes = scanSizes(outcomes);
  const [weighed, sums, tables] = await lab.device.guarded('the tables', () => [
    buffers.storage('weighed', 8 * outcomes),
    buffers.storage('tile sums', 8 * (sizes.tiles + 1)), // zero: every tile starts anew, and nothing is shifted
    buffers.storage('tables', 4 * outcomes),
  ]);
  fillWithPattern(lab, weighed, pattern, 8 * outcomes);
  const data = bindData(lab.device, kernel, { weighed, tile_sums: sums, tables });
  return {
    size: outcomesText(outcomes),
    items: 12 * outcomes,
    mostEffort: 1,
    record(recorder) {
      recordTabulate(recorder, kernel, data, sizes, 0, 1);
    },
    async check() {
      let sum = 0;
      const expected = Array.from({ length: CHECKED }, (_, v) => (sum = (sum + pattern[2 * v]) >>> 0));
      expectAll(lab, 'cumulative tables', await readWords(lab, tables, 0, CHECKED), expected);
    },
  };
}

/** Eighths and 2^-8ths: every sum is exact. Sources per consumer: real data, two raw, two curated. */
const MIX_WEIGHTS = [0.25, 0.25, 0.25, 0.125, 0.125] as const;

/** `cells`: outcomes of all models together. */
async function createMixWork(lab: GpuLab, buffers: BufferSet, cells: number): Promise<Workload> {
  const outcomes = cells / MIX_MODELS - 64; // no divisor of the pattern's length: rows differ
  const pattern = Float32Array.from(patternWords(), (word) => (word >>> 24) / 256);
  const kernel = await createMixSparse(contextOf(lab));
  const rows = MIX_MODELS * outcomes;
  const models = [...Array(MIX_MODELS).keys()];
  const producers = (i: number): readonly [number, number] => [i, (i + 1) % MIX_MODELS];
  const edges = models.flatMap((i) => [...producers(i), ...producers(i).map((j) => j + CURATED_BIT)]);
  const [, ...edgeWeights] = MIX_WEIGHTS;
  const weights = [
    ...models.map(() => MIX_WEIGHTS[0]),
    ...models.map(() => 1),
    ...models.flatMap(() => edgeWeights),
  ];
  const bound = await lab.device.guarded('the distributions', () => ({
    state: buffers.storage('state', 4 * rows),
    curated: buffers.storage('curated', 4 * rows),
    references: buffers.storage('references', 4 * rows),
    mixed: buffers.storage('mixed', 4 * rows),
    consumers: buffers.filled('consumers', Uint32Array.from(models.flatMap((i) => [4 * i, 4 * i + 4, i, 0]))),
    edges: buffers.filled('edges', Uint32Array.from(edges)),
    weights: buffers.filled('weights', Float32Array.from(weights)),
    replicates: buffers.filled('replicates', Uint32Array.of(0, 0)),
  }));
  // Shifted against each other, so that the check tells them apart.
  const shifts = { state: 0, curated: 1, references: 2 };
  for (const [name, buffer] of [
    ['state', bound.state],
    ['curated', bound.curated],
    ['references', bound.references],
  ] as const) {
    const shifted = Float32Array.from(pattern, (_, k) => pattern[(k + shifts[name]) % pattern.length]);
    fillWithPattern(lab, buffer, shifted, 4 * rows);
  }
  const data = bindData(lab.device, kernel, bound);
  const sizes = {
    outcomes,
    models: MIX_MODELS,
    replicates: 1,
    channels: MIX_MODELS,
    weightStride: weights.length,
  };
  return {
    size: `${MIX_MODELS} models × ${outcomesText(outcomes)}, four edges each`,
    items: 24 * rows,
    mostEffort: 1,
    record(recorder) {
      recordMixSparse(recorder, kernel, data, sizes, 0, MIX_MODELS);
    },
    async check() {
      const value = (model: number, v: number, shift: number): number =>
        pattern[(model * outcomes + v + shift) % pattern.length];
      for (const model of [0, MIX_MODELS - 1]) {
        const [own, next] = producers(model);
        const expected = Array.from({ length: CHECKED }, (_, v) => {
          const shares = [
            value(model, v, shifts.references),
            value(own, v, shifts.state),
            value(next, v, shifts.state),
            value(own, v, shifts.curated),
            value(next, v, shifts.curated),
          ];
          return shares.reduce((sum, share, k) => sum + MIX_WEIGHTS[k] * share, 0);
        });
        const words = await readWords(lab, bound.mixed, model * outcomes, CHECKED);
        expectAll(lab, 'mixing over edges', new Float32Array(words.buffer), expected);
      }
    },
  };
}

type Create = (lab: GpuLab, buffers: BufferSet, outcomes: number) => Promise<Workload>;

function kernelCeiling(name: string, title: string, bytes: number, create: Create): Ceiling {
  return {
    name,
    title,
    unit: 'GB/s',
    unitsPerItem: 1e-9,
    bytesPerItem: 1,
    note: `${bytes} bytes per outcome`,
    create: (lab, buffers, copyGBs) =>
      largestThatFits(outcomesFor(bytes, copyGBs), OUTCOMES.least, (outcomes) =>
        create(lab, buffers, outcomes),
      ),
  };
}

export const ROUND_KERNELS: readonly Ceiling[] = [
  kernelCeiling('mix-sparse', 'Mixing over edges', 24, createMixWork),
  kernelCeiling('sum-tiles', 'Prefix sum, first step', 8, createSumTilesWork),
  kernelCeiling('tabulate', 'Prefix sum, last step', 12, createTabulateWork),
];
