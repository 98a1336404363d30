/** Finite models that train on the data of several rounds: masses kept up, or a training set drawn from a pool. */
import { bindData } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recorder.ts';
import { createRedraw, recordRedraw } from '../../kernels/redraw.ts';
import { createRetain, recordRetain } from '../../kernels/retain.ts';
import type { FinitePlan } from '../../plan/finite_plan.ts';
import { initialMass } from '../../plan/finite_plan.ts';
import type { UpdateStep } from '../../plan/limit_plan.ts';
import { planRetention, RETAIN, retainedRange } from '../../plan/retention_plan.ts';
import type { GpuState } from './state.ts';

export interface RetainStage {
  /** Counts of windows and pools of all data so far. */
  readonly past: GPUBuffer;
  readonly bytes: number;
  /** Takes up the step's counts, for masses in ring[target] or by drawing new counts; `round` counts the rounds done. */
  record(recorder: Recorder, step: UpdateStep, target: number, round: number): void;
}

export interface RetainBuffers {
  readonly counts: GPUBuffer;
  readonly finite: GPUBuffer;
  readonly mass: GPUBuffer;
  readonly weighed: GPUBuffer;
  readonly tables: GPUBuffer;
}

/** Null where no finite model retains data. `tabulate` turns weighed masses of a range of tables into cumulative ones. */
export async function createRetainStage(
  state: GpuState,
  plan: FinitePlan,
  shared: RetainBuffers,
  tabulate: (recorder: Recorder, firstTable: number, count: number) => void,
): Promise<RetainStage | null> {
  const { context, ensemble, buffers, ring, replicates } = state;
  const { outcomes } = state.sizes;
  const { device } = context;
  const { finite: list, finiteRows } = planRetention(ensemble, 2);
  if (list.length === 0) return null;
  const pools = list.filter(({ rule }) => rule === RETAIN.subsample);
  const kernels = { retain: await createRetain(context), redraw: await createRedraw(context, outcomes) };
  const sizes = {
    ...state.sizes,
    finiteModels: plan.models.length,
    replicateTables: plan.tables.length,
    realTables: plan.realTables.length,
    pastRows: finiteRows,
    seed: ensemble.ecosystem.seed,
  };
  const bytes = 4 * state.sizes.replicates * finiteRows * outcomes;
  const past = buffers.storage('past counts', bytes);
  const { distributions, initialOf } = ensemble.ecosystem;
  for (const { model, finite, firstRow } of pools) {
    ensemble.variantOf.forEach((variant, replicate) => {
      const words = wordsApart(
        initialMass(distributions[initialOf[model]], plan.variants[variant].population[finite]),
      );
      device.handle.queue.writeBuffer(past, 4 * (replicate * finiteRows + firstRow) * outcomes, words);
    });
  }

  const { counts, finite, mass, weighed, tables } = shared;
  const retained = buffers.filled(
    'retained models',
    Uint32Array.from(
      list.flatMap((one) => [
        one.finite,
        one.model,
        one.rule,
        one.rounds,
        one.firstRow,
        Math.max(plan.poolTable[one.finite], 0),
      ]),
    ),
  );
  const retainData = ring.map((distribution) =>
    bindData(device, kernels.retain, {
      counts,
      finite,
      retained,
      replicates,
      mass,
      past,
      state: distribution,
      weighed,
    }),
  );
  const poolRows = pools.flatMap(({ finite: f, model }) => [f, model, plan.poolTable[f]]);
  const redrawData = bindData(device, kernels.redraw, {
    tables,
    pools: buffers.filled('pools', Uint32Array.from(poolRows)),
    finite,
    replicates,
    counts,
  });
  const largest = Math.max(
    0,
    ...pools.flatMap(({ finite: f }) => plan.variants.map(({ population }) => population[f])),
  );
  return {
    past,
    bytes,
    record(recorder, { firstModel, modelCount }, target, round) {
      const range = retainedRange(list, firstModel, modelCount);
      recordRetain(recorder, kernels.retain, retainData[target], sizes, range.first, range.count, round);
      const { first, count } = retainedRange(pools, firstModel, modelCount);
      if (count === 0) return;
      tabulate(recorder, plan.poolTable[pools[first].finite], count);
      recordRedraw(recorder, kernels.redraw, redrawData, sizes, first, count, largest, round);
    },
  };
}

/** Pairs (low, high) as all low words, then all high ones. */
function wordsApart(pairs: Uint32Array): Uint32Array {
  const count = pairs.length / 2;
  return Uint32Array.from(pairs, (_, k) => (k < count ? pairs[2 * k] : pairs[2 * (k - count) + 1]));
}
