/** The end of a round with preferences that adapt: vectors move, rewards follow, tables tilted by them are made anew. */
import { TABLE_KIND } from '../plan/finite_plan.ts';
import type { Drift } from '../scenario/ecosystem.ts';
import { retiltPhase } from './finite_phases.ts';
import type { MachineState, Phase } from './machine_state.ts';
import { adapt, judge } from './preferences.ts';

export function preferencePhases(state: MachineState, drift: Drift): Phase[] {
  const { finite, memory } = state;
  const moving = new Set(drift.driven.map(({ curator }) => curator));
  const tilted: number[] = [];
  finite?.tables.forEach(({ kind, codes }, table) => {
    if (kind !== TABLE_KIND.tilt && kind !== TABLE_KIND.tiltArgmax) return;
    if (codes.some((row) => state.liveCodes?.isLive(row) === true)) tilted.push(table);
  });
  const groups = drift.groups.length;
  const scratch = new Float64Array(drift.featureCount);
  return [
    {
      name: 'adapt',
      items: state.replicates * groups,
      run: (item) => {
        const replicate = Math.floor(item / groups);
        adapt(
          drift,
          drift.groups[item % groups],
          state.next,
          state.stateRow(replicate),
          state.outcomes,
          memory.preferences,
          item * drift.featureCount,
          scratch,
        );
      },
    },
    {
      name: 'judge',
      items: state.replicates * moving.size,
      run: (item) => judgeOne(state, drift, Math.floor(item / moving.size), item % moving.size),
    },
    ...(finite === null ? [] : [retiltPhase(state, finite, tilted)]),
  ];
}

/** Writes the preferences and rewards before the first round. */
export function initialisePreferences(state: MachineState, drift: Drift): void {
  for (let replicate = 0; replicate < state.replicates; replicate++) {
    drift.groups.forEach(({ preference }, g) => {
      state.memory.preferences.set(preference, (replicate * drift.groups.length + g) * drift.featureCount);
    });
  }
  rejudge(state, drift);
}

/** Makes all rewards anew from the preferences. */
export function rejudge(state: MachineState, drift: Drift): void {
  for (let replicate = 0; replicate < state.replicates; replicate++) {
    drift.driven.forEach((_, d) => {
      judgeOne(state, drift, replicate, d);
    });
  }
}

function judgeOne({ memory, outcomes }: MachineState, drift: Drift, replicate: number, d: number): void {
  const from = (replicate * drift.driven.length + d) * outcomes;
  const row = replicate * drift.groups.length * drift.featureCount;
  judge(drift, drift.driven[d], memory.preferences, row, memory.rewards.subarray(from, from + outcomes));
}
