/** What the phases of a machine share: the ensemble, its plans and memory, and which round is under way. */
import type { FinitePlan } from '../plan/finite_plan.ts';
import { planFinite } from '../plan/finite_plan.ts';
import type { LimitPlan } from '../plan/limit_plan.ts';
import { planLimit } from '../plan/limit_plan.ts';
import type { Ensemble } from '../scenario/ecosystem.ts';
import type { CpuMemory } from './memory.ts';

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
  readonly outcomes: number;
  readonly models: number;
  readonly replicates: number;

  constructor(
    readonly ensemble: Ensemble,
    readonly memory: CpuMemory,
    /** Stable point per model, or null. */
    readonly stable: readonly Float64Array[] | null,
  ) {
    this.limit = planLimit(ensemble);
    this.finite = planFinite(ensemble);
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
}
