/** The phases in which finite models take up the data of several rounds, and what they remember at the start. */
import type { FinitePlan } from '../plan/finite_plan.ts';
import { initialMass } from '../plan/finite_plan.ts';
import type { RetainedModel } from '../plan/retention_plan.ts';
import { RETAIN } from '../plan/retention_plan.ts';
import { tabulate } from './finite.ts';
import type { MachineState, Phase } from './machine_state.ts';
import { redraw } from './redraw.ts';
import { retain } from './retain.ts';

const DRAWS_PER_ITEM = 2 ** 18; // tens of milliseconds

/** `models` are trained in this step; their samples have been counted. */
export function retainPhases(state: MachineState, plan: FinitePlan, models: readonly number[]): Phase[] {
  const trained = new Set(models);
  const retained = state.retention.finite.filter(({ model }) => trained.has(model));
  const pooled = retained.filter(({ rule }) => rule === RETAIN.subsample);
  return [
    retainPhase(state, plan, retained),
    poolPhase(state, plan, pooled),
    redrawPhase(state, plan, pooled),
  ];
}

function retainPhase(state: MachineState, plan: FinitePlan, retained: readonly RetainedModel[]): Phase {
  const { ensemble, outcomes, memory } = state;
  return {
    name: 'retain',
    items: state.replicates * retained.length,
    run: (item) => {
      const replicate = Math.floor(item / retained.length);
      const one = retained[item % retained.length];
      const population = plan.variants[ensemble.variantOf[replicate]].population[one.finite];
      const rows = {
        counts: memory.counts,
        mass: memory.mass,
        row: state.finiteRow(replicate, one.finite),
        state: state.next,
        stateRow: state.stateRow(replicate) + one.model * outcomes,
        past: memory.pastCounts,
        pastRow: state.pastRow(replicate, one),
      };
      retain(one, state.round + 1, population, rows, outcomes);
    },
  };
}

function poolRow(state: MachineState, plan: FinitePlan, replicate: number, finite: number): number {
  return (replicate * plan.tables.length + plan.poolTable[finite]) * state.outcomes;
}

function poolPhase(state: MachineState, plan: FinitePlan, pooled: readonly RetainedModel[]): Phase {
  const { outcomes, memory } = state;
  const mass = new Uint32Array(pooled.length > 0 ? 2 * outcomes : 0);
  return {
    name: 'pool',
    items: state.replicates * pooled.length,
    run: (item) => {
      const replicate = Math.floor(item / pooled.length);
      const one = pooled[item % pooled.length];
      const row = state.pastRow(replicate, one);
      for (let v = 0; v < outcomes; v++) {
        mass[2 * v] = memory.pastCounts[row + v];
        mass[2 * v + 1] = memory.pastCounts[row + outcomes + v];
      }
      tabulate(mass, 0, memory.tables, poolRow(state, plan, replicate, one.finite), outcomes);
    },
  };
}

function redrawPhase(state: MachineState, plan: FinitePlan, pooled: readonly RetainedModel[]): Phase {
  const { ensemble, outcomes, memory } = state;
  const { stream, variantOf } = ensemble;
  const { seed } = ensemble.ecosystem;
  const block = Math.max(DRAWS_PER_ITEM, 4 * outcomes); // merging a block's counts costs V
  const work: { replicate: number; one: RetainedModel; first: number; end: number; alone: boolean }[] = [];
  for (let replicate = 0; replicate < stream.length; replicate++) {
    for (const one of pooled) {
      const population = plan.variants[variantOf[replicate]].population[one.finite];
      for (let first = 0; first < population; first += block) {
        const end = Math.min(first + block, population);
        work.push({ replicate, one, first, end, alone: population <= block });
      }
    }
  }
  const local = new Uint32Array(work.some(({ alone }) => !alone) ? outcomes : 0);
  return {
    name: 'redraw',
    items: work.length,
    run: (item) => {
      const { replicate, one, first, end, alone } = work[item];
      const table = poolRow(state, plan, replicate, one.finite);
      const address = { seed, stream: stream[replicate], round: state.round, model: one.model };
      const row = state.finiteRow(replicate, one.finite);
      if (alone) {
        redraw(memory.tables, table, outcomes, address, first, end, memory.counts, row);
        return;
      }
      local.fill(0);
      redraw(memory.tables, table, outcomes, address, first, end, local, 0);
      for (let v = 0; v < outcomes; v++) {
        if (local[v] > 0) Atomics.add(memory.counts, row + v, local[v]);
      }
    },
  };
}

/** Puts the initial state where retention remembers it as the data of round 0. A finite window has it in its masses. */
export function initialisePast(state: MachineState, replicate: number): void {
  const { ensemble, outcomes, memory, retention } = state;
  const { distributions, initialOf } = ensemble.ecosystem;
  for (const one of retention.limit) {
    if (one.rule !== RETAIN.window) continue;
    memory.pastLaws.set(distributions[initialOf[one.model]], state.pastRow(replicate, one));
  }
  for (const one of retention.finite) {
    if (one.rule !== RETAIN.subsample) continue;
    const population = ensemble.variants[ensemble.variantOf[replicate]].population[one.model];
    const mass = initialMass(distributions[initialOf[one.model]], population);
    const row = state.pastRow(replicate, one);
    for (let v = 0; v < outcomes; v++) {
      memory.pastCounts[row + v] = mass[2 * v];
      memory.pastCounts[row + outcomes + v] = mass[2 * v + 1];
    }
  }
}
