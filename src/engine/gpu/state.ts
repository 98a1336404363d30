/** Buffers that every stage of a GPU round reads: the ring of distributions, the replicates and the reference rows. */
import type { Ensemble } from '../../scenario/ecosystem.ts';
import type { BufferSet } from '../../gpu/buffers.ts';
import type { KernelContext, Sizes } from '../../kernels/context.ts';
import { NO_ROW } from '../../kernels/measure.ts';
import { finiteModels } from '../../plan/limit_plan.ts';
import { ownTaskShares } from '../../scenario/pairs.ts';

export interface GpuState {
  readonly context: KernelContext;
  readonly ensemble: Ensemble;
  readonly sizes: Sizes;
  readonly buffers: BufferSet;
  /** Distributions of round r, [replicate][model][outcome], in ring[r % 3]. */
  readonly ring: readonly GPUBuffer[];
  readonly stateBytes: number;
  /** Conditional tables, laid out like a round of the ring; null for other families. */
  readonly kept: GPUBuffer | null;
  /** [replicate]: variant, stream. */
  readonly replicates: GPUBuffer;
  /** Rows of V float32: real distributions, then stable points, then rewards and what own tasks give. */
  readonly references: GPUBuffer;
  /** [variant][model]: rows of its real data, reward, stable point and own task. */
  readonly referenceRows: GPUBuffer;
  /** Consumer structs of shaders/shared/consumers.wgsl. */
  readonly consumers: GPUBuffer;
}

export function createGpuState(
  context: KernelContext,
  buffers: BufferSet,
  ensemble: Ensemble,
  stable: readonly Float64Array[] | null,
): GpuState {
  const { ecosystem, variants, variantOf, stream } = ensemble;
  const { models, outcomeCount, distributions, edges, pairs } = ecosystem;
  const stateBytes = 4 * stream.length * models.length * outcomeCount;

  const rows: Float64Array[] = [...distributions];
  const stableRow = stable ? rows.length : NO_ROW;
  if (stable) rows.push(...stable);
  const shares = pairs && ownTaskShares(ecosystem, pairs);
  const rowOf = new Map<Float64Array, number>();
  const place = (values: Float64Array): number => {
    const row = rowOf.get(values) ?? rows.push(values) - 1;
    rowOf.set(values, row);
    return row;
  };
  const referenceRows = new Uint32Array(4 * variants.length * models.length);
  variants.forEach((parameters, k) => {
    models.forEach((_, i) => {
      const { reward } = parameters.curators[ecosystem.curatorOf[i]];
      const own = stable ? stableRow + i : NO_ROW;
      const task = shares ? place(shares[i]) : NO_ROW;
      referenceRows.set([ecosystem.realOf[i], place(reward), own, task], 4 * (k * models.length + i));
    });
  });
  const references = new Float32Array(rows.length * outcomeCount);
  rows.forEach((row, k) => {
    references.set(row, k * outcomeCount);
  });

  const isFinite = finiteModels(ensemble);
  const consumers = Uint32Array.from(
    models.flatMap((_, i) => [edges.start[i], edges.start[i + 1], ecosystem.realOf[i], Number(isFinite[i])]),
  );
  return {
    context,
    ensemble,
    sizes: { outcomes: outcomeCount, models: models.length, replicates: stream.length },
    buffers,
    ring: [0, 1, 2].map((k) => buffers.storage(`state ${k}`, stateBytes)),
    stateBytes,
    kept: pairs && buffers.storage('conditional tables', stateBytes),
    replicates: buffers.filled('replicates', interleave(variantOf, stream)),
    references: buffers.filled('references', references),
    referenceRows: buffers.filled('reference rows', referenceRows),
    consumers: buffers.filled('consumers', consumers),
  };
}

function interleave(first: Uint32Array, second: Uint32Array): Uint32Array {
  return Uint32Array.from({ length: 2 * first.length }, (_, k) => (k % 2 === 0 ? first : second)[k >> 1]);
}

/** Distributions of round 0, [replicate][model][outcome]. */
export function initialState(ensemble: Ensemble): Float32Array {
  const { models, outcomeCount, distributions, initialOf } = ensemble.ecosystem;
  const state = new Float32Array(ensemble.stream.length * models.length * outcomeCount);
  for (let r = 0; r < ensemble.stream.length; r++) {
    models.forEach((_, i) => {
      state.set(distributions[initialOf[i]], (r * models.length + i) * outcomeCount);
    });
  }
  return state;
}
