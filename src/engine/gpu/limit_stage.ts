/** The population-limit part of a GPU round: reweigh every channel exactly, mix, refit. */
import { bindData } from '../../gpu/kernel.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recorder.ts';
import { createFold, recordFold } from '../../kernels/fold.ts';
import { createGroup, recordGroup } from '../../kernels/group.ts';
import { createMixDense, recordMixDense } from '../../kernels/mix_dense.ts';
import { createMixSparse, recordMixSparse } from '../../kernels/mix_sparse.ts';
import { createRefit, recordRefit } from '../../kernels/refit.ts';
import { createReweigh, recordReweigh } from '../../kernels/reweigh.ts';
import { createSpread, recordSpread } from '../../kernels/spread.ts';
import type { CuratorTables } from '../../plan/curator_tables.ts';
import { instanceFor, tabulateCurators } from '../../plan/curator_tables.ts';
import type { LimitPlan, UpdateStep } from '../../plan/limit_plan.ts';
import { planLimit } from '../../plan/limit_plan.ts';
import type { Ensemble } from '../../scenario/ecosystem.ts';
import type { AverageStage } from './average_stage.ts';
import { createAverageStage } from './average_stage.ts';
import type { GpuState } from './state.ts';

const CURATED_BIT = 0x80000000; // as in shaders/shared/consumers.wgsl
const STENCIL = 6; // MAX_STENCIL of shaders/shared/curators.wgsl
/** Above this share of possible sources in use, a matrix product beats walking the edges. */
const DENSE_FROM = 0.25;
const DENSE_MODELS = 16;
const DENSE_OUTCOMES = 65_535 * 32; // tiles of one dispatch

export interface LimitStage {
  /** Null where every model in the limit replaces its data. */
  readonly average: AverageStage | null;
  /** Trains the models of one step: reads ring[source], refits ring[target] in place; `round` counts the rounds done. */
  record(recorder: Recorder, step: UpdateStep, source: number, target: number, round: number): void;
  /** Dispatches that `record` may encode. */
  readonly dispatches: number;
}

export async function createLimitStage(state: GpuState): Promise<LimitStage | null> {
  const { context, ensemble, buffers, sizes: shared, ring, replicates } = state;
  const plan = planLimit(ensemble);
  if (!plan.hasLimit) return null;
  const tables = tabulateCurators(ensemble);
  const rows = shared.replicates * Math.max(plan.channels.length, 1);
  const partialStride = Math.max(...tables.passSegments);
  const sizes = {
    ...shared,
    channels: plan.channels.length,
    partialStride,
    nodeStride: tables.nodeStride,
    quadratureStride: tables.quadratureStride,
    blocks: tables.blocks,
    curatorCount: tables.instances.length,
    weightStride: 2 * shared.models + ensemble.ecosystem.edges.producer.length,
  };
  const dense = prefersDense(ensemble, plan);
  const kernels = {
    group: await createGroup(context),
    fold: await createFold(context),
    reweigh: await createReweigh(context),
    spread: await createSpread(context),
    mix: dense ? await createMixDense(context) : await createMixSparse(context),
    refit: await createRefit(context),
  };

  const curators = buffers.filled('curators', tables.info);
  const nodes = buffers.filled('reward nodes', tables.nodes);
  const items = buffers.filled('outcomes by reward', tables.items);
  const stencils = buffers.filled('reward stencils', tables.stencils);
  const segments = buffers.filled('segments', tables.segments);
  const channels = buffers.filled('channels', channelSources(ensemble, plan, tables));
  const partials = [0, 1].map((k) =>
    buffers.storage(`partial sums ${k}`, 4 * rows * partialStride * STENCIL),
  );
  const nodeMass = buffers.storage('node mass', 4 * rows * tables.nodeStride);
  const scratch = buffers.storage('quadrature', 8 * rows * tables.blocks * tables.quadratureStride);
  const ratio = buffers.storage('density ratio', 4 * rows * tables.nodeStride);
  const curated = buffers.storage('curated', 4 * rows * shared.outcomes);
  const mixed = buffers.storage('mixed', state.stateBytes);
  const weights = buffers.filled('weights', weightRows(ensemble));
  const wiring = dense
    ? { matrix: buffers.filled('mixing matrix', mixingMatrix(ensemble, plan)) }
    : { edges: buffers.filled('edges', edgeSources(ensemble, plan)) };

  const bind = (kernel: Kernel, data: Record<string, GPUBuffer>): GPUBindGroup =>
    bindData(context.device, kernel, data);
  const common = { channels, replicates, curators };
  const foldFrom = [0, 1].map((from) =>
    bind(kernels.fold, { partial: partials[from], ...common, segments, next: partials[1 - from] }),
  );
  const lastPartial = partials[(tables.passSegments.length - 1) % 2];
  const reweighData = bind(kernels.reweigh, {
    cells: lastPartial,
    ...common,
    nodes,
    node_mass: nodeMass,
    scratch,
    ratio,
  });
  const perRing = ring.map((distribution) => ({
    group: bind(kernels.group, { state: distribution, ...common, items, segments, partial: partials[0] }),
    spread: bind(kernels.spread, { state: distribution, ...common, stencils, ratio, curated }),
    mix: bind(kernels.mix, {
      state: distribution,
      curated,
      references: state.references,
      consumers: state.consumers,
      ...wiring,
      weights,
      replicates,
      mixed,
    }),
    refit: bind(kernels.refit, {
      state: distribution,
      mixed,
      consumers: state.consumers,
      weights,
      replicates,
    }),
  }));

  const average = await createAverageStage(state, mixed);
  return {
    average,
    dispatches: tables.passSegments.length + 5,
    record(recorder, step, source, target, round) {
      const { firstModel, modelCount } = step;
      const firstChannel = plan.channelStart[firstModel];
      const range = { firstChannel, channelCount: plan.channelStart[firstModel + modelCount] - firstChannel };
      const data = perRing[source];
      recordGroup(recorder, kernels.group, data.group, sizes, range, tables.passSegments[0]);
      for (let pass = 1; pass < tables.passSegments.length; pass++) {
        const from = foldFrom[(pass - 1) % 2];
        recordFold(recorder, kernels.fold, from, sizes, range, pass, tables.passSegments[pass]);
      }
      recordReweigh(recorder, kernels.reweigh, reweighData, sizes, range);
      recordSpread(recorder, kernels.spread, data.spread, sizes, range);
      if (dense) recordMixDense(recorder, kernels.mix, data.mix, sizes);
      else recordMixSparse(recorder, kernels.mix, data.mix, sizes, firstModel, modelCount);
      recordRefit(recorder, kernels.refit, perRing[target].refit, sizes, firstModel, modelCount);
      average?.record(recorder, step, target, round);
    },
  };
}

/** The dense product trains all models at once, so it serves synchronous rounds only. */
function prefersDense(ensemble: Ensemble, plan: LimitPlan): boolean {
  const { ecosystem, variants } = ensemble;
  const count = ecosystem.models.length;
  const sources = count + plan.channels.length;
  if (ecosystem.update !== 'synchronous' || count < DENSE_MODELS) return false;
  if (variants.length * count * sources * 4 > 2 ** 27) return false;
  if (ecosystem.outcomeCount > DENSE_OUTCOMES) return false;
  return ecosystem.edges.producer.length >= DENSE_FROM * count * sources;
}

/** [variant][channel]: producer, curator instance. */
function channelSources(ensemble: Ensemble, plan: LimitPlan, tables: CuratorTables): Uint32Array {
  return Uint32Array.from(
    ensemble.variants.flatMap((_, k) =>
      plan.channels.flatMap(({ producer, curator }) => [
        producer,
        instanceFor(tables, ensemble, k, curator, producer),
      ]),
    ),
  );
}

/** [variant]: real share per model, training rate per model, share per edge. */
function weightRows(ensemble: Ensemble): Float32Array {
  const whole = ensemble.ecosystem.pairs !== null; // conditional models are trained partly by "remember"
  const rows = ensemble.variants.map(({ realWeight, trainingRate, edgeWeight }) => [
    ...realWeight,
    ...(whole ? trainingRate.map(() => 1) : trainingRate),
    ...edgeWeight,
  ]);
  return Float32Array.from(rows.flat());
}

function edgeSources(ensemble: Ensemble, plan: LimitPlan): Uint32Array {
  const { producer } = ensemble.ecosystem.edges;
  return Uint32Array.from(producer, (one, e) =>
    plan.channelOf[e] < 0 ? one : plan.channelOf[e] + CURATED_BIT,
  );
}

/** [variant][model][source]: sources are the models' raw outputs, then the channels. */
function mixingMatrix(ensemble: Ensemble, plan: LimitPlan): Float32Array {
  const { models, edges } = ensemble.ecosystem;
  const sources = models.length + plan.channels.length;
  const matrix = new Float64Array(ensemble.variants.length * models.length * sources);
  ensemble.variants.forEach(({ edgeWeight }, k) => {
    for (let i = 0; i < models.length; i++) {
      for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
        const source = plan.channelOf[e] < 0 ? edges.producer[e] : models.length + plan.channelOf[e];
        matrix[(k * models.length + i) * sources + source] += edgeWeight[e];
      }
    }
  });
  return Float32Array.from(matrix);
}
