/** The phase of a round in which conditional models take over their training laws and update their tables. */
import type { Blocks } from '../scenario/pairs.ts';
import { blocksOf } from '../scenario/pairs.ts';
import type { MachineState, Phase } from './machine_state.ts';
import { remember } from './remember.ts';

/** `models` have just been refitted. Other families have nothing to remember. */
export function rememberPhase(state: MachineState, models: readonly number[]): Phase {
  const { ensemble, pairs, outcomes, memory } = state;
  const blocks: readonly Blocks[] = pairs?.generates.map((axis) => blocksOf(pairs, axis)) ?? [];
  return {
    name: 'remember',
    items: pairs === null ? 0 : state.replicates * models.length,
    run: (item) => {
      const replicate = Math.floor(item / models.length);
      const model = models[item % models.length];
      const { trainingRate } = ensemble.variants[ensemble.variantOf[replicate]];
      const row = state.stateRow(replicate) + model * outcomes;
      remember(state.next, memory.kept, row, blocks[model], trainingRate[model]);
    },
  };
}
