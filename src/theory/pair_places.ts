/**
 * Conditional models in the theory: where each outcome stands. An outcome is a pair, all outcomes that share what a model is
 * given form a block, and outcomes may have been left out or joined, so that blocks are lists rather than rows of a table.
 */
import type { Axis, Ecosystem, Pairs } from '../scenario/ecosystem.ts';
import { blocksOf, givenMarginal } from '../scenario/pairs.ts';

/** The places of a reduced set of outcomes; what it says about models refers to all outcomes. */
export interface Places extends Pairs {
  /** Per outcome: its input and its output. Where no model generates one of them, it has stopped to matter and is 0. */
  readonly inputOf: Uint32Array;
  readonly outputOf: Uint32Array;
  /** Per model: how often its own task gives each of the things it can be given, e. */
  readonly own: readonly Float64Array[];
  /** Per model and thing given: the expected reward of its first table, for what it never gets to train on. */
  readonly untrained: readonly Float64Array[];
}

/** null for the family `categorical`. */
export function placesOf(ecosystem: Ecosystem): Places | null {
  const { pairs, curatorOf, parameters, distributions, realOf, outcomeCount } = ecosystem;
  if (pairs === null || isPlaces(pairs)) return pairs;
  const { outputs } = pairs;
  const untrained = pairs.generates.map((axis, i) => {
    const { reward } = parameters.curators[curatorOf[i]];
    return givenMarginal(
      blocksOf(pairs, axis),
      pairs.initialTable[i].map((p, v) => p * reward[v]),
    );
  });
  return {
    ...pairs,
    inputOf: Uint32Array.from({ length: outcomeCount }, (_, v) => Math.floor(v / outputs)),
    outputOf: Uint32Array.from({ length: outcomeCount }, (_, v) => v % outputs),
    own: pairs.generates.map((axis, i) => givenMarginal(blocksOf(pairs, axis), distributions[realOf[i]])),
    untrained,
  };
}

function isPlaces(pairs: Pairs): pairs is Places {
  return 'untrained' in pairs;
}

/** What the block of each outcome is called, for models that generate `axis`. */
export function givenOf(places: Places, axis: Axis): Uint32Array {
  return axis === 'outputs' ? places.inputOf : places.outputOf;
}

/** The blocks of `axis` that have outcomes: what is given, and the outcomes. */
export function blocksOfPlaces(places: Places, axis: Axis): { given: number; outcomes: Uint32Array }[] {
  const lists = new Map<number, number[]>();
  givenOf(places, axis).forEach((given, v) => {
    const list = lists.get(given);
    if (list === undefined) lists.set(given, [v]);
    else list.push(v);
  });
  return [...lists].map(([given, list]) => ({ given, outcomes: Uint32Array.from(list) }));
}

/** Places of outcomes that were left out or joined: `at` gives an old outcome of every new one, `table` maps first tables. */
export function movedPlaces(
  places: Places,
  at: Uint32Array,
  table: (p: Float64Array) => Float64Array,
): Places {
  return {
    ...places,
    inputOf: at.map((v) => places.inputOf[v]),
    outputOf: at.map((v) => places.outputOf[v]),
    initialTable: places.initialTable.map(table),
  };
}

/** Places for some of the models. */
export function placesOfModels(places: Places, models: Uint32Array): Places {
  const some = <T>(list: readonly T[]): T[] => Array.from(models, (i) => list[i]);
  return {
    ...places,
    generates: some(places.generates),
    initialTable: some(places.initialTable),
    own: some(places.own),
    untrained: some(places.untrained),
  };
}
