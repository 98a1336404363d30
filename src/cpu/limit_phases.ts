/** The population-limit phases of a round: curate every channel, mix, refit. */
import type { Axis, Curator, Pairs } from '../scenario/ecosystem.ts';
import type { Curation } from '../theory/curation.ts';
import { createCuration } from '../theory/curation.ts';
import { createPairCuration } from '../theory/pair_curation.ts';
import { average } from './average.ts';
import type { MachineState, Phase } from './machine_state.ts';
import { blocks } from './memory.ts';
import { mix, refit } from './population.ts';

const MIX_BLOCK = 16_384; // outcomes per item
const LEAST_BLOCK = 16;
const WINDOW_SUMS = 2 ** 20; // terms of the sums over a window per item: milliseconds

type Curate = Pick<Curation, 'curate'>;

/** Curation operators by curator, for pairs also by what the producer generates; their workspace belongs to one thread. */
export class Curations {
  private readonly known = new Map<Axis | null, Map<Curator, Curate>>();

  /** `moving`: indices of curators whose rewards change every round. */
  constructor(
    private readonly pairs: Pairs | null,
    private readonly moving: ReadonlySet<number>,
  ) {}

  of(curator: Curator, index: number, producer: number): Curate {
    if (this.moving.has(index)) return createCuration(curator);
    const axis = this.pairs?.generates[producer] ?? null;
    const known = this.known.get(axis) ?? new Map<Curator, Curate>();
    this.known.set(axis, known);
    let curation = known.get(curator);
    if (curation === undefined) {
      curation =
        this.pairs !== null && axis !== null
          ? createPairCuration(curator, this.pairs, axis)
          : createCuration(curator);
      known.set(curator, curation);
    }
    return curation;
  }
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
      curations
        .of(parameters.curators[curator], curator, producer)
        .curate(source().subarray(from, from + outcomes), memory.curated.subarray(to, to + outcomes));
    },
  };
}

export function mixPhase(state: MachineState, models: readonly number[], source: () => Float64Array): Phase {
  const { outcomes, ensemble, memory, limit } = state;
  const longest = state.retention.limit.reduce((most, { rounds }) => Math.max(most, rounds), 1);
  const block = Math.max(LEAST_BLOCK, Math.min(MIX_BLOCK, Math.floor(WINDOW_SUMS / longest)));
  const perModel = blocks(outcomes, block);
  const perReplicate = models.length * perModel;
  const mixed = new Float64Array(Math.min(block, outcomes));
  const retainedOf = new Map(state.retention.limit.map((one) => [one.model, one]));
  return {
    name: 'mix',
    items: state.replicates * perReplicate,
    run: (item) => {
      const replicate = Math.floor(item / perReplicate);
      const model = models[Math.floor((item % perReplicate) / perModel)];
      const first = (item % perModel) * block;
      const end = Math.min(first + block, outcomes);
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
      const retained = retainedOf.get(model);
      if (retained) {
        const rows = {
          old: state.current,
          next: state.next,
          row,
          past: memory.pastLaws,
          pastRow: state.pastRow(replicate, retained),
        };
        average(retained, state.round + 1, rows, outcomes, first, end, mixed);
        return;
      }
      // Conditional models are trained partly by "remember": the rate is their tables', not their joint laws'.
      const rate = state.pairs === null ? parameters.trainingRate[model] : 1;
      refit(state.current, state.next, row, rate, first, end, mixed);
    },
  };
}
