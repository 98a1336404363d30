/** Weighed masses become cumulative tables: a 64-bit prefix sum in three kernels, over whole tables or within their blocks. */
import { bindData } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recorder.ts';
import { createScanTiles, recordScanTiles } from '../../kernels/scan_tiles.ts';
import { createSumTiles, recordSumTiles, SCAN_TILE } from '../../kernels/sum_tiles.ts';
import { createTabulate, recordTabulate } from '../../kernels/tabulate.ts';
import type { FinitePlan } from '../../plan/finite_plan.ts';
import type { GpuState } from './state.ts';

export interface ScanStage {
  /** Tables first … first+count−1 of every replicate. */
  record(recorder: Recorder, first: number, count: number): void;
  /** The same for tilted tables, which are cumulative within each block. */
  recordBlocks(recorder: Recorder, first: number, count: number): void;
  /** Dispatches of one call of each for all tables. */
  readonly dispatches: number;
}

const LARGEST_SIDE = 65_535; // workgroups per dimension that every adapter allows

interface Run {
  readonly first: number;
  readonly count: number;
  readonly width: number;
}

/** `weighed` and `tables` hold V entries per table; in `tables` those of real data come first. */
export async function createScanStage(
  { context, buffers, sizes: shared }: GpuState,
  plan: FinitePlan,
  weighed: GPUBuffer,
  tables: GPUBuffer,
): Promise<ScanStage> {
  const { outcomes } = shared;
  const kernels = {
    sumTiles: await createSumTiles(context),
    scanTiles: await createScanTiles(context),
    tabulate: await createTabulate(context),
  };
  /** A table of blocks is as many tables of `width` outcomes, one behind the other. */
  const sizesOf = (width: number) => ({
    ...shared,
    outcomes: width,
    replicateTables: plan.tables.length * (outcomes / width),
    realTables: plan.realTables.length * (outcomes / width),
    tiles: Math.ceil(width / SCAN_TILE),
  });
  const widths = [outcomes, ...tiltRuns(plan, plan.ownTableCount, plan.tiltCount).map(({ width }) => width)];
  const sums = widths.map((width) => sizesOf(width).replicateTables * (sizesOf(width).tiles + 1));
  const tileSums = buffers.storage('tile sums', 8 * shared.replicates * Math.max(...sums));
  const bound = {
    sumTiles: bindData(context.device, kernels.sumTiles, { weighed, tile_sums: tileSums }),
    scanTiles: bindData(context.device, kernels.scanTiles, { tile_sums: tileSums }),
    tabulate: bindData(context.device, kernels.tabulate, { weighed, tile_sums: tileSums, tables }),
  };

  function scan(recorder: Recorder, { first, count, width }: Run): void {
    const sizes = sizesOf(width);
    const perTable = outcomes / width;
    const end = (first + count) * perTable;
    for (let from = first * perTable; from < end; from += LARGEST_SIDE) {
      const size = Math.min(LARGEST_SIDE, end - from);
      recordSumTiles(recorder, kernels.sumTiles, bound.sumTiles, sizes, from, size);
      recordScanTiles(recorder, kernels.scanTiles, bound.scanTiles, sizes, from, size);
      recordTabulate(recorder, kernels.tabulate, bound.tabulate, sizes, from, size);
    }
  }

  const blocks = tiltRuns(plan, plan.ownTableCount, plan.tiltCount).map(({ count, width }) =>
    Math.ceil((count * (outcomes / width)) / LARGEST_SIDE),
  );
  return {
    dispatches: 3 + 3 * blocks.reduce((sum, calls) => sum + calls, 0),
    record: (recorder, first, count) => scan(recorder, { first, count, width: outcomes }),
    recordBlocks(recorder, first, count) {
      for (const run of tiltRuns(plan, first, count)) scan(recorder, run);
    },
  };
}

/** Neighbouring tables with blocks of the same size. */
function tiltRuns(plan: FinitePlan, first: number, count: number): Run[] {
  const runs: Run[] = [];
  for (let table = first; table < first + count; table++) {
    const { width } = plan.tables[table].order;
    const last = runs.at(-1);
    if (last?.width === width) runs[runs.length - 1] = { ...last, count: last.count + 1 };
    else runs.push({ first: table, count: 1, width });
  }
  return runs;
}
