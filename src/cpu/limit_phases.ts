/** The population-limit phases of a round: curate every channel, mix, refit. */
import type { Curator } from '../scenario/ecosystem.ts';
import type { Curation } from '../theory/curation.ts';
import { createCuration } from '../theory/curation.ts';
import type { MachineState, Phase } from './machine_state.ts';
import { blocks } from './memory.ts';
import { mix, refit } from './population.ts';

const MIX_BLOCK = 16_384; // outcomes per item

/** Curation operators by curator; their workspace belongs to one thread. */
export type Curations = Map<Curator, Curation>;

function curationOf(curations: Curations, curator: Curator): Curation {
  let curation = curations.get(curator);
  if (curation === undefined) {
    curation = createCuration(curator);
    curations.set(curator, curation);
  }
  return curation;
}

/** `source` gives the distributions that producers generate from. */
export function curatePhase(
  state: MachineState,
  curations: Curations,
  firstChannel: number,
  endChannel: number,
  source: () => Float64Array,
): Phase {
  const { outcomes, ensemble, memory } = state;
  const { channels } = state.limit;
  const count = endChannel - firstChannel;
  return {
    name: 'curate',
    items: state.replicates * count,
    run: (item) => {
      const replicate = Math.floor(item / count);
      const index = firstChannel + (item % count);
      const { producer, curator } = channels[index];
      const parameters = ensemble.variants[ensemble.variantOf[replicate]];
      const from = state.stateRow(replicate) + producer * outcomes;
      const to = (replicate * channels.length + index) * outcomes;
      curationOf(curations, parameters.curators[curator]).curate(
        source().subarray(from, from + outcomes),
        memory.curated.subarray(to, to + outcomes),
      );
    },
  };
}

export function mixPhase(state: MachineState, models: readonly number[], source: () => Float64Array): Phase {
  const { outcomes, ensemble, memory, limit } = state;
  const perModel = blocks(outcomes, MIX_BLOCK);
  const perReplicate = models.length * perModel;
  const mixed = new Float64Array(Math.min(MIX_BLOCK, outcomes));
  return {
    name: 'mix',
    items: state.replicates * perReplicate,
    run: (item) => {
      const replicate = Math.floor(item / perReplicate);
      const model = models[Math.floor((item % perReplicate) / perModel)];
      const first = (item % perModel) * MIX_BLOCK;
      const end = Math.min(first + MIX_BLOCK, outcomes);
      const parameters = ensemble.variants[ensemble.variantOf[replicate]];
      const stateRow = state.stateRow(replicate);
      const sources = {
        state: source(),
        stateRow,
        curated: memory.curated,
        curatedRow: replicate * limit.channels.length * outcomes,
        channelOf: limit.channelOf,
      };
      mix(ensemble.ecosystem, parameters, model, sources, first, end, mixed);
      const row = stateRow + model * outcomes;
      refit(state.current, state.next, row, parameters.trainingRate[model], first, end, mixed);
    },
  };
}
