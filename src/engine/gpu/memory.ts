/** What an ensemble needs on the GPU, compared with the adapter's limits before anything is allocated. */
import { BackfireError } from '../../errors.ts';
import type { AdapterSummary } from '../../gpu/device.ts';
import { planFinite } from '../../plan/finite_plan.ts';
import { planLimit } from '../../plan/limit_plan.ts';
import { planRetention, windowAdvice } from '../../plan/retention_plan.ts';
import type { Ensemble } from '../../scenario/ecosystem.ts';

/** Bytes of each large buffer, by name. */
export function gpuBuffers(ensemble: Ensemble): Record<string, number> {
  const { models, outcomeCount, distributions, pairs } = ensemble.ecosystem;
  const replicates = ensemble.stream.length;
  const state = 4 * replicates * models.length * outcomeCount;
  const limit = planLimit(ensemble);
  const finite = planFinite(ensemble);
  const retention = planRetention(ensemble, 2);
  const curators = new Set(ensemble.variants.flatMap((parameters) => parameters.curators)).size;
  const axes = new Set(pairs?.generates ?? []).size;
  const instances = curators * Math.max(axes, 1);
  const finiteCells = replicates * (finite?.models.length ?? 0) * outcomeCount;
  const tableCells = replicates * (finite?.tables.length ?? 0) * outcomeCount;
  return {
    'state 0': state,
    'state 1': state,
    'state 2': state,
    'mark 0': state,
    'mark 1': state,
    'conditional tables': pairs ? state : 0,
    'mark of conditional tables': pairs ? state : 0,
    mixed: limit.hasLimit ? state : 0,
    curated: 4 * replicates * limit.channels.length * outcomeCount,
    references: 4 * ((1 + axes) * distributions.length + curators + models.length) * outcomeCount,
    'outcomes by reward': limit.hasLimit ? 8 * instances * outcomeCount : 0,
    'reward stencils': limit.hasLimit ? 8 * instances * outcomeCount : 0,
    counts: 4 * finiteCells,
    mass: 8 * finiteCells,
    'past laws': 4 * replicates * retention.limitRows * outcomeCount,
    'past counts': 4 * replicates * retention.finiteRows * outcomeCount,
    tables: 4 * tableCells,
    'weighed mass': 8 * tableCells,
    'selection codes': 4 * (finite?.codes.length ?? 0) * outcomeCount,
  };
}

/** Throws `too-large`, naming the buffer and the limit it breaks. */
export function checkMemory(ensemble: Ensemble, adapter: AdapterSummary): void {
  const { models, outcomeCount, pairs } = ensemble.ecosystem;
  const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const shape = `${models.length} models × ${outcomeCount} outcomes × ${ensemble.stream.length} replicates`;
  const advice = `Use fewer models, outcomes or replicates${windowAdvice(ensemble)}, or the CPU backend.`;
  const largest = Math.min(adapter.limits['maxStorageBufferBindingSize'], adapter.limits['maxBufferSize']);
  for (const [name, bytes] of Object.entries(gpuBuffers(ensemble))) {
    if (bytes > largest) {
      throw new BackfireError(
        'too-large',
        `${shape} need a buffer of ${mib(bytes)} (${name}) — ${adapter.description} allows ${mib(largest)}. ${advice}`,
      );
    }
  }
  const side = adapter.limits['maxComputeWorkgroupsPerDimension'];
  const counts: readonly (readonly [string, number, number])[] = [
    ['models', models.length, side],
    ['replicates', ensemble.stream.length, side],
    ['producer–curator pairs', planLimit(ensemble).channels.length, side],
    ['tables of producers', planFinite(ensemble)?.tables.length ?? 0, side],
    ['inputs', pairs?.inputs ?? 0, side],
    ['outputs', pairs?.outputs ?? 0, side],
    ['outcomes', outcomeCount, side * LARGEST_WORKGROUP],
  ];
  for (const [name, count, limit] of counts) {
    if (count > limit) {
      throw new BackfireError(
        'too-large',
        `${count} ${name} — ${adapter.description} takes at most ${limit} in one dispatch. ${advice}`,
      );
    }
  }
}

const LARGEST_WORKGROUP = 256;
const USUAL_WORKGROUP = 64;

/** Threads per workgroup that let one dispatch dimension reach every outcome. */
export function workgroupFor(outcomes: number, adapter: AdapterSummary): number {
  const side = adapter.limits['maxComputeWorkgroupsPerDimension'];
  return outcomes > side * USUAL_WORKGROUP ? LARGEST_WORKGROUP : USUAL_WORKGROUP;
}
