/** What the phases of a machine share: the ensemble, its plans and memory, and which round is under way. */
import type { FinitePlan } from '../plan/finite_plan.ts';
import { planFinite } from '../plan/finite_plan.ts';
import type { LimitPlan } from '../plan/limit_plan.ts';
import { planLimit } from '../plan/limit_plan.ts';
import type { RetainedModel, RetentionPlan } from '../plan/retention_plan.ts';
import { planRetention } from '../plan/retention_plan.ts';
import type { Ensemble, Pairs } from '../scenario/ecosystem.ts';
import { LiveCodes } from './live_codes.ts';
import type { CpuMemory } from './memory.ts';
import { withLiveRewards } from './live_rewards.ts';

/** Independent items of work; a barrier follows the last one. */
export interface Phase {
  readonly name: string;
  readonly items: number;
  run(item: number): void;
}

export class MachineState {
  /** Rounds done. */
  round = 0;
  /** Where in `memory.measures` the round under way leaves its measures. */
  chunkRound = 0;
  readonly limit: LimitPlan;
  readonly finite: FinitePlan | null;
  readonly retention: RetentionPlan;
  /** Of conditional models. */
  readonly pairs: Pairs | null;
  readonly outcomes: number;
  readonly models: number;
  readonly replicates: number;

  readonly ensemble: Ensemble;
  /** Selection codes that follow preferences; null where none moves. */
  readonly liveCodes: LiveCodes | null;

  constructor(
    written: Ensemble,
    readonly memory: CpuMemory,
    /** Stable point per model, or null. */
    readonly stable: readonly Float64Array[] | null,
  ) {
    const { drift } = written.ecosystem;
    const ensemble = drift === undefined ? written : withLiveRewards(written, drift, memory);
    this.ensemble = ensemble;
    this.limit = planLimit(ensemble);
    this.finite = planFinite(ensemble);
    this.retention = planRetention(ensemble, 0);
    this.liveCodes =
      drift === undefined || this.finite === null
        ? null
        : new LiveCodes(
            this.finite,
            new Set(
              ensemble.variants.flatMap(({ curators }) => drift.driven.map((d) => curators[d.curator])),
            ),
          );
    this.pairs = ensemble.ecosystem.pairs;
    this.outcomes = ensemble.ecosystem.outcomeCount;
    this.models = ensemble.ecosystem.models.length;
    this.replicates = ensemble.stream.length;
  }

  /** Distributions after the last finished round. */
  get current(): Float64Array {
    return this.memory.ring[this.round % 3];
  }

  /** Distributions that the round under way writes. */
  get next(): Float64Array {
    return this.memory.ring[(this.round + 1) % 3];
  }

  /** Distributions one round before `current`. */
  get before(): Float64Array {
    return this.memory.ring[(this.round + 2) % 3];
  }

  stateRow(replicate: number): number {
    return replicate * this.models * this.outcomes;
  }

  /** Row of a finite model in `memory.counts`, and half its row in `memory.mass`. */
  finiteRow(replicate: number, finite: number): number {
    return (replicate * (this.finite?.models.length ?? 0) + finite) * this.outcomes;
  }

  /** Row of a retained model in `memory.pastLaws`, or in `memory.pastCounts` where it is finite. */
  pastRow(replicate: number, { finite, firstRow }: RetainedModel): number {
    const { limitRows, finiteRows } = this.retention;
    return (replicate * (finite < 0 ? limitRows : finiteRows) + firstRow) * this.outcomes;
  }
}
