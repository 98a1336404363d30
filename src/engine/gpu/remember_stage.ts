/** The tables of conditional models on the GPU, brought up to date after every refit. */
import { bindData } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recorder.ts';
import { createRemember, recordRemember } from '../../kernels/remember.ts';
import type { UpdateStep } from '../../plan/limit_plan.ts';
import type { Ensemble } from '../../scenario/ecosystem.ts';
import { blocksOf } from '../../scenario/pairs.ts';
import type { GpuState } from './state.ts';

export interface RememberStage {
  /** Works on what the models of a step were just fitted to, in ring[target]. */
  record(recorder: Recorder, step: UpdateStep, target: number): void;
  readonly dispatches: number;
}

/** Null for families without tables. */
export async function createRememberStage(state: GpuState): Promise<RememberStage | null> {
  const { context, ensemble, buffers, kept, ring, replicates } = state;
  const { pairs } = ensemble.ecosystem;
  if (pairs === null || kept === null) return null;
  const kernel = await createRemember(context);
  const sizes = { ...state.sizes, inputs: pairs.inputs };
  const blocks = Math.max(...pairs.generates.map((axis) => blocksOf(pairs, axis).count));
  const rates = ensemble.variants.flatMap(({ trainingRate }) => Array.from(trainingRate));
  const shared = {
    kept,
    given_outputs: buffers.filled(
      'axes',
      Uint32Array.from(pairs.generates, (axis) => Number(axis === 'inputs')),
    ),
    rates: buffers.filled('training rates', Float32Array.from(rates)),
    replicates,
  };
  const perRing = ring.map((distribution) =>
    bindData(context.device, kernel, { state: distribution, ...shared }),
  );
  return {
    dispatches: 1,
    record(recorder, { firstModel, modelCount }, target) {
      recordRemember(recorder, kernel, perRing[target], sizes, firstModel, modelCount, blocks);
    },
  };
}

/** Tables of round 0, [replicate][model][outcome]; empty for families without tables. */
export function initialTables({ ecosystem, stream }: Ensemble): Float32Array {
  const { pairs, models, outcomeCount } = ecosystem;
  if (pairs === null) return new Float32Array(0);
  const tables = new Float32Array(stream.length * models.length * outcomeCount);
  for (let r = 0; r < stream.length; r++) {
    pairs.initialTable.forEach((table, i) => {
      tables.set(table, (r * models.length + i) * outcomeCount);
    });
  }
  return tables;
}
