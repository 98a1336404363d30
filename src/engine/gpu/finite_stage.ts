/** The finite part of a GPU round: draw samples, count, refit in integers, rebuild the tables drawn from. */
import { write } from '../../gpu/buffers.ts';
import { bindData } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recorder.ts';
import { createAbsorb, recordAbsorb } from '../../kernels/absorb.ts';
import { createFavour, recordFavour } from '../../kernels/favour.ts';
import { createSample, recordSample, sampleGroups } from '../../kernels/sample.ts';
import { createWeigh, recordWeigh } from '../../kernels/weigh.ts';
import type { FinitePlan } from '../../plan/finite_plan.ts';
import { initialMass, planFinite } from '../../plan/finite_plan.ts';
import type { UpdateStep } from '../../plan/limit_plan.ts';
import type { Ensemble } from '../../scenario/ecosystem.ts';
import type { RetainStage } from './retain_stage.ts';
import { createRetainStage } from './retain_stage.ts';
import { createScanStage } from './scan_stage.ts';
import type { GpuState } from './state.ts';

export interface FiniteStage {
  readonly plan: FinitePlan;
  readonly counts: GPUBuffer;
  readonly mass: GPUBuffer;
  /** Null where every finite model replaces its data. */
  readonly retain: RetainStage | null;
  /** Draws the next data of a step's finite models; must be recorded before any of the step's tables change. */
  recordSamples(recorder: Recorder, step: UpdateStep, round: number): void;
  /** Refits the step's finite models from their counts, into ring[target]; `round` counts the rounds done. */
  recordRefit(recorder: Recorder, step: UpdateStep, target: number, round: number): void;
  /** Rebuilds the tables of the step's models from ring[target]. */
  recordTables(recorder: Recorder, step: UpdateStep, target: number): void;
  /** Dispatches the three may encode together. */
  readonly dispatches: number;
}

export async function createFiniteStage(state: GpuState): Promise<FiniteStage | null> {
  const { context, ensemble, buffers, sizes: shared, ring, replicates } = state;
  const plan = planFinite(ensemble);
  if (plan === null) return null;
  const { device } = context;
  const { outcomes } = shared;
  const { tiltCount } = plan;
  const sizes = {
    ...shared,
    finiteModels: plan.models.length,
    replicateTables: plan.tables.length,
    realTables: plan.realTables.length,
    thresholdsStride: plan.sourceStart[plan.models.length],
    tilts: tiltCount,
    blocks: Math.max(...plan.tables.map(({ order }) => outcomes / order.width), 1),
    seed: ensemble.ecosystem.seed,
  };
  const kernels = {
    sample: await createSample(context, outcomes),
    absorb: await createAbsorb(context),
    favour: await createFavour(context),
    weigh: await createWeigh(context),
  };

  const finiteCells = shared.replicates * plan.models.length * outcomes;
  const tableCells = shared.replicates * plan.tables.length * outcomes;
  const counts = buffers.storage('counts', 4 * finiteCells);
  const mass = buffers.storage('mass', 8 * finiteCells);
  const tables = buffers.storage('tables', 4 * (plan.realTables.length * outcomes + tableCells));
  plan.realTables.forEach((table, k) => {
    device.handle.queue.writeBuffer(
      tables,
      4 * k * outcomes,
      table.buffer,
      table.byteOffset,
      table.byteLength,
    );
  });
  const codes = buffers.filled('selection codes', concatenate(plan.codes, outcomes));
  const weighed = buffers.storage('weighed mass', 8 * tableCells);
  const best = buffers.storage('best codes', 4 * shared.replicates * Math.max(tiltCount, 1) * sizes.blocks);
  const scan = await createScanStage(state, plan, weighed, tables);
  const schedule = planSchedule(plan, (population) => sampleGroups(context, population));

  const bound = {
    sample: bindData(device, kernels.sample, {
      tables,
      codes,
      models: buffers.filled('finite models', finiteModelRows(plan)),
      sources: buffers.filled('sources', sourceRows(plan)),
      thresholds: buffers.filled(
        'thresholds',
        concatenate(
          plan.variants.map((one) => one.thresholds),
          0,
        ),
      ),
      schedule: buffers.filled('schedule', schedule.rows),
      replicates,
      counts,
    }),
    favour: bindData(device, kernels.favour, {
      weighed,
      codes,
      tilts: buffers.filled('tilts', tiltRows(plan)),
      replicates,
      best,
    }),
  };
  const finite = buffers.filled('finite refit', refitRows(plan));
  const tableInfo = buffers.filled('table info', tableRows(plan));
  const perRing = ring.map((distribution) => ({
    absorb: bindData(device, kernels.absorb, { counts, finite, replicates, mass, state: distribution }),
    weigh: bindData(device, kernels.weigh, {
      table_info: tableInfo,
      replicates,
      mass,
      state: distribution,
      codes,
      best,
      weighed,
    }),
  }));

  const ranges = new StepRanges(plan, ensemble);
  const shares = { counts, finite, mass, weighed, tables };
  const retain = await createRetainStage(state, plan, shares, (recorder, firstTable, count) => {
    scan.record(recorder, firstTable, count);
  });
  return {
    plan,
    counts,
    mass,
    retain,
    dispatches: 5 + scan.dispatches + (retain === null ? 0 : 5),
    recordSamples(recorder, step, round) {
      const { first, count } = ranges.finite(step);
      const groups = schedule.groups(first, count);
      if (count > 0) recordSample(recorder, kernels.sample, bound.sample, sizes, first, count, groups, round);
    },
    recordRefit(recorder, step, target, round) {
      const { first, count } = ranges.finite(step);
      retain?.record(recorder, step, target, round);
      recordAbsorb(recorder, kernels.absorb, perRing[target].absorb, sizes, first, count);
    },
    recordTables(recorder, step, target) {
      const own = ranges.own(step);
      const { weigh } = perRing[target];
      recordWeigh(recorder, kernels.weigh, weigh, sizes, own.first, own.count);
      scan.record(recorder, own.first, own.count);
      const tilts = ranges.tilts(step);
      const firstTilt = tilts.first - plan.ownTableCount;
      recordFavour(recorder, kernels.favour, bound.favour, sizes, firstTilt, tilts.count);
      recordWeigh(recorder, kernels.weigh, weigh, sizes, tilts.first, tilts.count);
      scan.recordBlocks(recorder, tilts.first, tilts.count);
    },
  };
}

interface Range {
  readonly first: number;
  readonly count: number;
}

/** Which finite models and tables a step touches; the tilted tables of one producer lie next to each other. */
class StepRanges {
  private readonly everything: boolean;

  constructor(
    private readonly plan: FinitePlan,
    ensemble: Ensemble,
  ) {
    this.everything = ensemble.ecosystem.update === 'synchronous';
  }

  finite({ firstModel }: UpdateStep): Range {
    if (this.everything) return { first: 0, count: this.plan.models.length };
    const first = this.plan.models.indexOf(firstModel);
    return first < 0 ? { first: 0, count: 0 } : { first, count: 1 };
  }

  own({ firstModel }: UpdateStep): Range {
    if (this.everything) return { first: 0, count: this.plan.ownTableCount };
    const first = this.plan.ownTable[firstModel];
    return first < 0 ? { first: 0, count: 0 } : { first, count: 1 };
  }

  tilts({ firstModel }: UpdateStep): Range {
    const { ownTableCount, tiltCount, tiltsOf } = this.plan;
    if (this.everything) return { first: ownTableCount, count: tiltCount };
    const own = tiltsOf[firstModel];
    return own.length === 0 ? { first: ownTableCount, count: 0 } : { first: own[0], count: own.length };
  }
}

interface Schedule {
  /** [variant][finite model]: population, first workgroup. */
  readonly rows: Uint32Array;
  /** Workgroups that finite models first … first+count−1 need in any variant. */
  groups(first: number, count: number): number;
}

function planSchedule(plan: FinitePlan, groupsFor: (population: number) => number): Schedule {
  const starts = plan.variants.map((variant) => {
    const start = [0];
    variant.population.forEach((population, f) => start.push(start[f] + groupsFor(population)));
    return start;
  });
  return {
    rows: Uint32Array.from(
      plan.variants.flatMap((variant, k) =>
        Array.from(variant.population).flatMap((population, f) => [population, starts[k][f]]),
      ),
    ),
    groups: (first, count) => Math.max(...starts.map((start) => start[first + count] - start[first])),
  };
}

function concatenate(rows: readonly Uint32Array[], atLeast: number): Uint32Array {
  const length = rows.reduce((sum, row) => sum + row.length, 0);
  const all = new Uint32Array(Math.max(length, atLeast));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}

function finiteModelRows(plan: FinitePlan): Uint32Array {
  return Uint32Array.from(
    Array.from(plan.models).flatMap((model, f) => [model, plan.sourceStart[f], plan.sourceStart[f + 1], 0]),
  );
}

function sourceRows(plan: FinitePlan): Uint32Array {
  return Uint32Array.from(
    plan.variants.flatMap(({ sources }) =>
      sources.flatMap(({ kind, table, codes, candidates, order }) => [
        kind,
        table,
        codes,
        candidates,
        order.width,
        Number(order.swapped),
      ]),
    ),
  );
}

/** [variant][finite model]: model, population, rate, 1 where retention keeps up the masses. */
function refitRows(plan: FinitePlan): Uint32Array {
  return Uint32Array.from(
    plan.variants.flatMap(({ population, rate }) =>
      Array.from(plan.models).flatMap((model, f) => [
        model,
        population[f],
        rate[f],
        Number(!plan.absorbs[f]),
      ]),
    ),
  );
}

/** [variant][table]: kind, index, base, codes, width, swapped. */
function tableRows(plan: FinitePlan): Uint32Array {
  return Uint32Array.from(
    plan.variants.flatMap((_, k) =>
      plan.tables.flatMap(({ kind, index, base, codes, order }) => [
        kind,
        index,
        base,
        codes[k],
        order.width,
        Number(order.swapped),
      ]),
    ),
  );
}

/** [variant][tilt]: base, codes, 1 for argmax, width. */
function tiltRows(plan: FinitePlan): Uint32Array {
  const tilts = plan.tables.slice(plan.ownTableCount, plan.ownTableCount + plan.tiltCount);
  return Uint32Array.from(
    plan.variants.flatMap((_, k) =>
      tilts.flatMap(({ kind, base, codes, order }) => [base, codes[k], kind - 2, order.width]),
    ),
  );
}

/** Masses of round 0, [replicate][finite model][outcome] as [low, high] pairs. */
export function writeInitialMass(state: GpuState, stage: FiniteStage): void {
  const { ensemble, sizes } = state;
  const { distributions, initialOf } = ensemble.ecosystem;
  const all = new Uint32Array(2 * sizes.replicates * stage.plan.models.length * sizes.outcomes);
  ensemble.variantOf.forEach((variant, replicate) => {
    stage.plan.models.forEach((model, f) => {
      const mass = initialMass(distributions[initialOf[model]], stage.plan.variants[variant].population[f]);
      all.set(mass, 2 * (replicate * stage.plan.models.length + f) * sizes.outcomes);
    });
  });
  write(state.context.device, stage.mass, all);
}
