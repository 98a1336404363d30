/** Models in the population limit that train on the data of several rounds: their laws so far, and the mean of them. */
import { bindData } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recorder.ts';
import { createAverage, recordAverage } from '../../kernels/average.ts';
import type { UpdateStep } from '../../plan/limit_plan.ts';
import { planRetention, RETAIN, retainedRange } from '../../plan/retention_plan.ts';
import type { GpuState } from './state.ts';

export interface AverageStage {
  /** Laws of windows and sums over all rounds, as 32-bit words. */
  readonly past: GPUBuffer;
  readonly bytes: number;
  /** Replaces what the step's models were just refitted to, in ring[target], by the mean; `round` counts the rounds done. */
  record(recorder: Recorder, step: UpdateStep, target: number, round: number): void;
}

/** Null where no model in the limit retains data. `mixed` holds the training laws of the round. */
export async function createAverageStage(state: GpuState, mixed: GPUBuffer): Promise<AverageStage | null> {
  const { context, ensemble, buffers, ring, sizes: shared } = state;
  const { limit, limitRows } = planRetention(ensemble, 2);
  if (limit.length === 0) return null;
  const kernel = await createAverage(context);
  const sizes = { ...shared, pastRows: limitRows };
  const bytes = 4 * shared.replicates * limitRows * shared.outcomes;
  const past = buffers.storage('past laws', bytes);
  const { distributions, initialOf } = ensemble.ecosystem;
  const { queue } = context.device.handle;
  for (const { model, rule, firstRow } of limit) {
    const initial = distributions[initialOf[model]];
    const words = rule === RETAIN.window ? Float32Array.from(initial) : fixedPoint(initial);
    for (let replicate = 0; replicate < shared.replicates; replicate++) {
      queue.writeBuffer(past, 4 * (replicate * limitRows + firstRow) * shared.outcomes, words);
    }
  }
  const averaged = buffers.filled(
    'averaged models',
    Uint32Array.from(limit.flatMap(({ model, rule, rounds, firstRow }) => [model, rule, rounds, firstRow])),
  );
  const data = ring.map((distribution) =>
    bindData(context.device, kernel, { mixed, averaged, past, state: distribution }),
  );
  return {
    past,
    bytes,
    record(recorder, { firstModel, modelCount }, target, round) {
      const { first, count } = retainedRange(limit, firstModel, modelCount);
      recordAverage(recorder, kernel, data[target], sizes, first, count, round);
    },
  };
}

/** Probabilities, as float32 has them, in units of 2^−40: all low words, then all high ones. */
function fixedPoint(distribution: Float64Array): Uint32Array {
  const words = new Uint32Array(2 * distribution.length);
  distribution.forEach((p, v) => {
    const scaled = Math.fround(p) * 256;
    const whole = Math.floor(scaled);
    words[v] = (scaled - whole) * 2 ** 32;
    words[distribution.length + v] = whole;
  });
  return words;
}
