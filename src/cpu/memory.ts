/** Memory of a CPU machine: what its threads share, and how much of it an ensemble needs. */
import { planFinite } from '../plan/finite_plan.ts';
import { planLimit } from '../plan/limit_plan.ts';
import { planRetention } from '../plan/retention_plan.ts';
import type { Curator, Ensemble } from '../scenario/ecosystem.ts';
import { MEASURES } from './measure.ts';

/** Everything the threads share. Buffers are SharedArrayBuffers where there is more than one thread. */
export interface CpuMemory {
  /** Distributions [replicate][model][outcome] of round r in ring[r % 3]. */
  readonly ring: readonly [Float64Array, Float64Array, Float64Array];
  /** Conditional tables [replicate][model][outcome] after the last round; empty for other families. */
  readonly kept: Float64Array;
  readonly curated: Float64Array;
  readonly counts: Uint32Array;
  readonly mass: Uint32Array;
  readonly tables: Uint32Array;
  /** What retention remembers (see RetentionPlan), [replicate][row][outcome]. */
  readonly pastLaws: Float64Array;
  readonly pastCounts: Uint32Array;
  /** Preference vectors [replicate][group][feature] and rewards [replicate][driven curator][outcome] of a drift. */
  readonly preferences: Float64Array;
  readonly rewards: Float64Array;
  /** [round of the chunk][replicate][model][measure] and [round][replicate][block]. */
  readonly measures: Float64Array;
  readonly distances: Float64Array;
}

export const DISTANCE_BLOCK = 2_048; // outcomes per item when comparing models
export const CPU_CHUNK_ROUNDS = 64; // rounds whose measures fit in memory at once

type Allocate = (bytes: number) => ArrayBufferLike;

export function blocks(items: number, size: number): number {
  return Math.ceil(items / size);
}

/** Lagrange weights and a cell per outcome: what a curator with many distinct rewards needs in each thread. */
const CURATOR_BYTES = 104;
/** Pairs have levels of their own in every block, each with 31 quadrature nodes and 4 more per temperature spanned. */
const NODE_BYTES = 8;
/** Copies of the state beside the ring: a mark (two rounds) and the result; of conditional tables one each. */
const STATE_COPIES = 3;
const TABLE_COPIES = 2;

/** Bytes that `threads` threads need for this ensemble at the most. */
export function cpuBytes(ensemble: Ensemble, threads: number): number {
  let total = 0;
  createCpuMemory(ensemble, (bytes) => {
    total += bytes;
    return new ArrayBuffer(0);
  });
  const { models, outcomeCount, pairs } = ensemble.ecosystem;
  const states = ensemble.stream.length * models.length * outcomeCount;
  const copies = STATE_COPIES + (pairs === null ? 0 : TABLE_COPIES);
  const { limitRows, finiteRows } = planRetention(ensemble, 0);
  total += ensemble.stream.length * (8 * limitRows + 4 * finiteRows) * outcomeCount; // in a mark
  let perOutcome = 0;
  for (const curator of new Set(ensemble.variants.flatMap((parameters) => parameters.curators))) {
    perOutcome += CURATOR_BYTES + (pairs === null ? 0 : NODE_BYTES * quadratureNodes(curator));
  }
  return total + copies * 8 * states + threads * perOutcome * outcomeCount;
}

function quadratureNodes({ reward, temperature, candidates, rule }: Curator): number {
  if (rule === 'argmax' || candidates === Infinity) return 0;
  let [low, high] = [Infinity, -Infinity];
  for (const value of reward) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return 31 + (4 * (high - low)) / temperature;
}

export function createCpuMemory(ensemble: Ensemble, allocate: Allocate): CpuMemory {
  const { models, outcomeCount, pairs, drift } = ensemble.ecosystem;
  const replicates = ensemble.stream.length;
  const limit = planLimit(ensemble);
  const finite = planFinite(ensemble);
  const retention = planRetention(ensemble, 0);
  const states = replicates * models.length * outcomeCount;
  const float = (length: number) => view(Float64Array, allocate(8 * length));
  const uint = (length: number) => view(Uint32Array, allocate(4 * length));
  const finiteCells = replicates * (finite?.models.length ?? 0) * outcomeCount;
  return {
    ring: [float(states), float(states), float(states)],
    kept: float(pairs === null ? 0 : states),
    curated: float(replicates * limit.channels.length * outcomeCount),
    counts: uint(finiteCells),
    mass: uint(2 * finiteCells),
    tables: uint(replicates * (finite?.tables.length ?? 0) * outcomeCount),
    pastLaws: float(replicates * retention.limitRows * outcomeCount),
    pastCounts: uint(replicates * retention.finiteRows * outcomeCount),
    preferences: float(replicates * (drift?.groups.length ?? 0) * (drift?.featureCount ?? 0)),
    rewards: float(replicates * (drift?.driven.length ?? 0) * outcomeCount),
    measures: float(CPU_CHUNK_ROUNDS * replicates * models.length * MEASURES.length),
    distances: float(CPU_CHUNK_ROUNDS * replicates * blocks(outcomeCount, DISTANCE_BLOCK)),
  };
}

function view<T>(type: new (buffer: ArrayBufferLike) => T, buffer: ArrayBufferLike): T {
  return new type(buffer);
}
