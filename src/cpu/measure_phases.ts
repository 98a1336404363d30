/** The last phases of a round: metrics of every model, distances between models. */
import { ownTaskShares } from '../scenario/pairs.ts';
import type { MachineState, Phase } from './machine_state.ts';
import { measure, MEASURES, pairwiseDistance } from './measure.ts';
import { blocks, DISTANCE_BLOCK } from './memory.ts';

/** `views` gives the distributions after the round, after the one before and two rounds back. */
export type RoundViews = () => {
  readonly after: Float64Array;
  readonly previous: Float64Array;
  readonly before: Float64Array;
};

export function measurePhases(state: MachineState, views: RoundViews): Phase[] {
  return [measurePhase(state, views), distancePhase(state, views)];
}

function measurePhase(state: MachineState, views: RoundViews): Phase {
  const { ensemble, outcomes, models, memory, pairs } = state;
  const { ecosystem, variants, variantOf } = ensemble;
  const perRound = state.replicates * models;
  const shares = pairs && ownTaskShares(ecosystem, pairs);
  return {
    name: 'measure',
    items: perRound,
    run: (item) => {
      const model = item % models;
      const parameters = variants[variantOf[Math.floor(item / models)]];
      const { after, previous, before } = views();
      const rows = {
        current: after,
        previous,
        before,
        row: item * outcomes,
        reward: parameters.curators[ecosystem.curatorOf[model]].reward,
        real: ecosystem.distributions[ecosystem.realOf[model]],
        stable: state.stable?.[model] ?? null,
        ownTask: shares && { tables: memory.kept, share: shares[model] },
      };
      measure(rows, memory.measures, (state.chunkRound * perRound + item) * MEASURES.length);
    },
  };
}

function distancePhase(state: MachineState, views: RoundViews): Phase {
  const { outcomes, models, memory } = state;
  const perReplicate = blocks(outcomes, DISTANCE_BLOCK);
  const items = models > 1 ? state.replicates * perReplicate : 0;
  return {
    name: 'compare',
    items,
    run: (item) => {
      const first = (item % perReplicate) * DISTANCE_BLOCK;
      const end = Math.min(first + DISTANCE_BLOCK, outcomes);
      const row = state.stateRow(Math.floor(item / perReplicate));
      memory.distances[state.chunkRound * items + item] = pairwiseDistance(
        views().after,
        row,
        models,
        outcomes,
        first,
        end,
      );
    },
  };
}
