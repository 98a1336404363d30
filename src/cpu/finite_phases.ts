/** The finite phases of a round: draw and count samples, refit in integers, rebuild the tables drawn from. */
import type { FinitePlan } from '../plan/finite_plan.ts';
import { drawsPerSample, TABLE_KIND } from '../plan/finite_plan.ts';
import { absorb, drawSamples, rebuildTable } from './finite.ts';
import type { MachineState, Phase } from './machine_state.ts';
import { retainPhases } from './retain_phases.ts';

const DRAWS_PER_ITEM = 2 ** 18; // tens of milliseconds

/** `models` are trained in this step; null plans have no finite phases. */
export function finitePhases(state: MachineState, plan: FinitePlan, models: readonly number[]): Phase[] {
  const trained = new Set(models);
  const finite = Array.from(plan.models.keys()).filter((f) => trained.has(plan.models[f]));
  const own = models.map((model) => plan.ownTable[model]).filter((table) => table >= 0);
  const tilts = models.flatMap((model) => plan.tiltsOf[model]);
  return [
    samplePhase(state, plan, finite),
    ...retainPhases(state, plan, models),
    absorbPhase(state, plan, finite),
    tablePhase(state, plan, 'tabulate', own),
    tablePhase(state, plan, 'tilt', tilts),
  ];
}

function samplePhase(state: MachineState, plan: FinitePlan, finite: readonly number[]): Phase {
  const { ensemble, outcomes, memory } = state;
  const { stream, variantOf } = ensemble;
  const { seed } = ensemble.ecosystem;
  const work: { replicate: number; f: number; first: number; end: number; alone: boolean }[] = [];
  for (let replicate = 0; replicate < stream.length; replicate++) {
    for (const f of finite) {
      const population = plan.variants[variantOf[replicate]].population[f];
      const parameters = ensemble.variants[variantOf[replicate]];
      const draws = drawsPerSample(ensemble.ecosystem, parameters, plan.models[f]);
      // Merging a block's counts costs V: it must draw as often.
      const block = Math.ceil(Math.max(DRAWS_PER_ITEM, 4 * outcomes) / draws);
      for (let first = 0; first < population; first += block) {
        work.push({
          replicate,
          f,
          first,
          end: Math.min(first + block, population),
          alone: population <= block,
        });
      }
    }
  }
  const local = new Uint32Array(outcomes);
  return {
    name: 'sample',
    items: work.length,
    run: (item) => {
      const { replicate, f, first, end, alone } = work[item];
      const variant = plan.variants[variantOf[replicate]];
      const tableRow = replicate * plan.tables.length * outcomes;
      const own = memory.tables.subarray(tableRow, tableRow + plan.tables.length * outcomes);
      const tables = { outcomes, real: plan.realTables, own };
      state.liveCodes?.refresh(state.round);
      const address = { seed, stream: stream[replicate], round: state.round };
      const row = state.finiteRow(replicate, f);
      if (alone) {
        drawSamples(plan, variant, f, tables, address, first, end, memory.counts, row);
        return;
      }
      local.fill(0);
      drawSamples(plan, variant, f, tables, address, first, end, local, 0);
      for (let v = 0; v < outcomes; v++) {
        if (local[v] > 0) Atomics.add(memory.counts, row + v, local[v]);
      }
    },
  };
}

function absorbPhase(state: MachineState, plan: FinitePlan, trained: readonly number[]): Phase {
  const { ensemble, outcomes, memory } = state;
  const finite = trained.filter((f) => plan.absorbs[f]);
  return {
    name: 'absorb',
    items: state.replicates * finite.length,
    run: (item) => {
      const replicate = Math.floor(item / finite.length);
      const f = finite[item % finite.length];
      const variant = plan.variants[ensemble.variantOf[replicate]];
      const stateRow = state.stateRow(replicate) + plan.models[f] * outcomes;
      const row = state.finiteRow(replicate, f);
      const { counts, mass } = memory;
      absorb(counts, mass, state.next, stateRow, row, outcomes, variant.population[f], variant.rate[f]);
    },
  };
}

/** `roundsOn`: 1 where rewards are already those of the next round. */
function tablePhase(
  state: MachineState,
  plan: FinitePlan,
  name: string,
  tables: readonly number[],
  roundsOn = 0,
): Phase {
  const weighed = new Uint32Array(2 * state.outcomes);
  return {
    name,
    items: state.replicates * tables.length,
    run: (item) => {
      const replicate = Math.floor(item / tables.length);
      state.liveCodes?.refresh(state.round + roundsOn);
      rebuild(state, plan, replicate, tables[item % tables.length], state.next, weighed);
    },
  };
}

/** Tilts tables once more, by the rewards that the next round begins with. */
export function retiltPhase(state: MachineState, plan: FinitePlan, tables: readonly number[]): Phase {
  return tablePhase(state, plan, 'retilt', tables, 1);
}

/** Rebuilds every table of every replicate from the present state. */
export function rebuildAllTables(state: MachineState): void {
  const plan = state.finite;
  if (plan === null) return;
  state.liveCodes?.refresh(state.round);
  const weighed = new Uint32Array(2 * state.outcomes);
  for (let replicate = 0; replicate < state.replicates; replicate++) {
    plan.tables.forEach(({ kind }, table) => {
      // A round rebuilds its pools before it draws from them.
      if (kind !== TABLE_KIND.pool) rebuild(state, plan, replicate, table, state.current, weighed);
    });
  }
}

function rebuild(
  state: MachineState,
  plan: FinitePlan,
  replicate: number,
  table: number,
  distributions: Float64Array,
  weighed: Uint32Array,
): void {
  const { outcomes, memory } = state;
  rebuildTable(
    plan,
    table,
    state.ensemble.variantOf[replicate],
    {
      massRow: state.finiteRow(replicate, 0),
      stateRow: state.stateRow(replicate),
      tableRow: replicate * plan.tables.length * outcomes,
    },
    { mass: memory.mass, state: distributions, tables: memory.tables },
    outcomes,
    weighed,
  );
}
