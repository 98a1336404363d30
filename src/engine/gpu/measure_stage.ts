/** Metrics of every round on the GPU: partial sums in a buffer per chunk, finished in float64 on the host. */
import { MEASURES } from '../../cpu/measure.ts';
import { Staging } from '../../gpu/buffers.ts';
import { bindData } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recorder.ts';
import { COMPARE_GROUPS, createCompare, recordCompare } from '../../kernels/compare.ts';
import { createMeasure, MEASURE_SUMS, MEASURE_TILE, recordMeasure } from '../../kernels/measure.ts';
import type { Measures } from '../simulation.ts';
import { meanPairwise } from '../simulation.ts';
import type { GpuState } from './state.ts';

export interface MeasureStage {
  readonly dispatches: number;
  /** Measures ring[current] against the two other rounds, into slot `slot` of the chunk. */
  record(recorder: Recorder, slot: number, current: number, previous: number, before: number): void;
  /** Copies the first `rounds` slots out; they are read from the returned staging buffer. */
  recordReadback(recorder: Recorder, rounds: number): PendingMeasures;
  destroy(): void;
}

export interface PendingMeasures {
  read(): Promise<Measures>;
}

export async function createMeasureStage(
  state: GpuState,
  slots: number,
  hasStable: boolean,
): Promise<MeasureStage> {
  const { context, buffers, ring, sizes: shared } = state;
  const { device } = context;
  const sizes = { ...shared, tiles: Math.ceil(shared.outcomes / MEASURE_TILE) };
  const kernels = { measure: await createMeasure(context), compare: await createCompare(context) };
  const modelSums = shared.replicates * shared.models * sizes.tiles * MEASURE_SUMS;
  const pairSums = shared.models > 1 ? shared.replicates * COMPARE_GROUPS : 0;
  const sums = buffers.storage('measures', 4 * slots * modelSums);
  const pairs = buffers.storage('pairwise distances', 4 * slots * pairSums);
  const measureData = new Map<string, GPUBindGroup>();
  const compareData = ring.map((current) => bindData(device, kernels.compare, { current, sums: pairs }));
  const idle: Staging[] = [];
  const all = new Set<Staging>();

  function boundMeasure(current: number, previous: number, before: number): GPUBindGroup {
    const key = `${current} ${previous} ${before}`;
    let data = measureData.get(key);
    if (data === undefined) {
      data = bindData(device, kernels.measure, {
        current: ring[current],
        previous: ring[previous],
        before: ring[before],
        references: state.references,
        models: state.referenceRows,
        replicates: state.replicates,
        kept: state.kept ?? ring[current],
        sums,
      });
      measureData.set(key, data);
    }
    return data;
  }

  return {
    destroy() {
      for (const staging of all) staging.destroy();
    },
    dispatches: 2,
    record(recorder, slot, current, previous, before) {
      const data = boundMeasure(current, previous, before);
      recordMeasure(recorder, kernels.measure, data, sizes, (slot * modelSums) / MEASURE_SUMS);
      if (pairSums > 0) {
        recordCompare(recorder, kernels.compare, compareData[current], sizes, slot * pairSums);
      }
    },
    recordReadback(recorder, rounds) {
      const bytes = 4 * rounds * (modelSums + pairSums);
      const staging = idle.pop() ?? new Staging(device, 'measures', 4 * slots * (modelSums + pairSums));
      all.add(staging);
      recorder.copy(sums, staging.buffer, 4 * rounds * modelSums);
      if (pairSums > 0)
        recorder.copy(pairs, staging.buffer, 4 * rounds * pairSums, 0, 4 * rounds * modelSums);
      return {
        async read() {
          const floats = new Float32Array(await staging.read(bytes));
          idle.push(staging);
          return {
            rounds,
            models: finishSums(floats.subarray(0, rounds * modelSums), sizes.tiles, hasStable),
            homogenisation: finishPairs(
              floats.subarray(rounds * modelSums),
              rounds * shared.replicates,
              shared.models,
            ),
          };
        },
      };
    },
  };
}

/** Adds the tiles of each model in float64 and turns Σ|p−q| into total variation. */
function finishSums(sums: Float32Array, tiles: number, hasStable: boolean): Float64Array {
  const models = sums.length / (tiles * MEASURE_SUMS);
  const out = new Float64Array(models * MEASURES.length);
  const total = new Float64Array(MEASURE_SUMS);
  for (let model = 0; model < models; model++) {
    total.fill(0);
    for (let tile = 0; tile < tiles; tile++) {
      for (let k = 0; k < MEASURE_SUMS; k++) total[k] += sums[(model * tiles + tile) * MEASURE_SUMS + k];
    }
    const [reward, entropy, toReal, step, twoStep, toStable, mass] = total;
    out.set(
      [reward, entropy, toReal / 2, step / 2, twoStep / 2, hasStable ? toStable / 2 : NaN, mass],
      model * MEASURES.length,
    );
  }
  return out;
}

function finishPairs(sums: Float32Array, rows: number, models: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let total = 0;
    for (let k = 0; k < COMPARE_GROUPS && models > 1; k++) total += sums[row * COMPARE_GROUPS + k];
    return meanPairwise(total, models);
  });
}
