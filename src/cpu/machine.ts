/**
 * The CPU's round as a list of phases, each a set of independent items. Any number of threads may share the items of a
 * phase, with a barrier behind it: every item writes its own memory (or adds integers atomically), so the number of
 * threads changes no result.
 */
import type { Ensemble } from '../scenario/ecosystem.ts';
import { initialMass } from '../plan/finite_plan.ts';
import { updateSteps } from '../plan/limit_plan.ts';
import { finitePhases, rebuildAllTables } from './finite_phases.ts';
import { Curations, curatePhase, mixPhase } from './limit_phases.ts';
import type { Phase } from './machine_state.ts';
import { MachineState } from './machine_state.ts';
import { measurePhases } from './measure_phases.ts';
import type { CpuMemory } from './memory.ts';
import { initialisePreferences, preferencePhases, rejudge } from './preference_phases.ts';
import { rememberPhase } from './remember_phases.ts';
import { initialisePast } from './retain_phases.ts';

export class CpuMachine {
  readonly phases: readonly Phase[];
  private readonly state: MachineState;

  constructor(ensemble: Ensemble, memory: CpuMemory, stable: readonly Float64Array[] | null) {
    this.state = new MachineState(ensemble, memory, stable);
    this.phases = planPhases(this.state);
  }

  /** Rounds done. */
  get round(): number {
    return this.state.round;
  }

  /** Goes on after `round`, leaving measures from the first slot on. */
  startChunk(round: number): void {
    this.state.round = round;
    this.state.chunkRound = 0;
  }

  /** Ends the round whose phases have all run. */
  finishRound(): void {
    this.state.round += 1;
    this.state.chunkRound += 1;
  }

  /** Writes round 0: initial distributions, masses and the tables drawn from. One thread does it for all. */
  initialise(): void {
    const { state } = this;
    const { ecosystem, variantOf } = state.ensemble;
    this.startChunk(0);
    for (let replicate = 0; replicate < state.replicates; replicate++) {
      for (let i = 0; i < state.models; i++) {
        const initial = ecosystem.distributions[ecosystem.initialOf[i]];
        for (const ring of state.memory.ring)
          ring.set(initial, state.stateRow(replicate) + i * state.outcomes);
        if (state.pairs)
          state.memory.kept.set(state.pairs.initialTable[i], state.stateRow(replicate) + i * state.outcomes);
      }
      state.finite?.models.forEach((model, f) => {
        const population = state.finite?.variants[variantOf[replicate]].population[f] ?? 0;
        const initial = ecosystem.distributions[ecosystem.initialOf[model]];
        state.memory.mass.set(initialMass(initial, population), 2 * state.finiteRow(replicate, f));
      });
      initialisePast(state, replicate);
    }
    state.memory.counts.fill(0);
    if (ecosystem.drift !== undefined) initialisePreferences(state, ecosystem.drift);
    this.rebuildAllTables();
  }

  /** Rebuilds every table from masses and distributions, after a start or a restored checkpoint. */
  rebuildAllTables(): void {
    const { drift } = this.state.ensemble.ecosystem;
    if (drift !== undefined) rejudge(this.state, drift);
    this.state.liveCodes?.forget();
    rebuildAllTables(this.state);
  }

  /** Measures the present state, with steps of zero, into the first slot of the measures. */
  measureNow(): void {
    const { current } = this.state;
    this.state.chunkRound = 0;
    for (const phase of measurePhases(this.state, () => ({
      after: current,
      previous: current,
      before: current,
    }))) {
      for (let item = 0; item < phase.items; item++) phase.run(item);
    }
  }
}

function planPhases(state: MachineState): Phase[] {
  const { ensemble, limit, finite } = state;
  const sequential = ensemble.ecosystem.update === 'sequential';
  const moving = new Set(ensemble.ecosystem.drift?.driven.map(({ curator }) => curator));
  const curations = new Curations(state.pairs, moving);
  const phases: Phase[] = [beginPhase(state, sequential)];
  for (const { firstModel, modelCount } of updateSteps(ensemble.ecosystem)) {
    // A sequential step sees what earlier steps of this round have written.
    const source = sequential ? () => state.next : () => state.current;
    const models = Array.from({ length: modelCount }, (_, k) => firstModel + k);
    const limitModels = models.filter((model) => !limit.isFinite[model]);
    const [firstChannel, endChannel] = [
      limit.channelStart[firstModel],
      limit.channelStart[firstModel + modelCount],
    ];
    phases.push(
      curatePhase(state, curations, firstChannel, endChannel, source),
      mixPhase(state, limitModels, source),
      rememberPhase(state, limitModels),
    );
    if (finite) {
      phases.push(...finitePhases(state, finite, models));
      phases.push(
        rememberPhase(
          state,
          models.filter((model) => limit.isFinite[model]),
        ),
      );
    }
  }
  const { drift } = ensemble.ecosystem;
  if (drift !== undefined) phases.push(...preferencePhases(state, drift));
  const views = () => ({ after: state.next, previous: state.current, before: state.before });
  phases.push(...measurePhases(state, views));
  return phases.filter((phase) => phase.items > 0);
}

/** Gives a sequential round the present state to work on, and clears the counts. */
function beginPhase(state: MachineState, sequential: boolean): Phase {
  return {
    name: 'begin',
    items: sequential || state.finite ? state.replicates : 0,
    run: (replicate) => {
      const row = state.stateRow(replicate);
      if (sequential) state.next.set(state.current.subarray(row, state.stateRow(replicate + 1)), row);
      state.memory.counts.fill(0, state.finiteRow(replicate, 0), state.finiteRow(replicate + 1, 0));
    },
  };
}
