/**
 * Exact reduction of an ecosystem to reward classes.
 *
 * Outcomes that every curator rewards alike are multiplied by the same H, so class masses obey the ecosystem's own
 * equations on classes; rewards, rates and influences between models follow from them without approximation. Inside a class, deviations with
 * zero class sum evolve by a linear M×M map of their own (see within_class.ts). Conditional models select inside blocks of
 * what is given, so that their classes are parts of blocks.
 */
import type { Curator, Ecosystem } from '../scenario/ecosystem.ts';
import { movedPlaces, placesOf } from './pair_places.ts';

export interface Lumped {
  /** The same models over reward classes instead of outcomes; labels are dropped. */
  readonly ecosystem: Ecosystem;
  /** Class of each outcome, length V. */
  readonly classOf: Uint32Array;
  /** Outcomes per class. */
  readonly size: Uint32Array;
}

/** Joins outcomes with equal rewards for every curator that some model uses or is judged by, and in the same blocks. */
export function lump(ecosystem: Ecosystem): Lumped {
  const outcomes = ecosystem.outcomeCount;
  let classOf = new Uint32Array(outcomes);
  let count = 1;
  for (const reward of [...blockNumbers(ecosystem), ...usedRewards(ecosystem)]) {
    if (count === outcomes) break;
    const rank = new Map<number, number>();
    for (const value of reward) if (!rank.has(value)) rank.set(value, rank.size);
    const joint = new Map<number, number>();
    const refined = new Uint32Array(outcomes);
    for (let v = 0; v < outcomes; v++) {
      const key = classOf[v] * rank.size + (rank.get(reward[v]) ?? 0);
      let id = joint.get(key);
      if (id === undefined) joint.set(key, (id = joint.size));
      refined[v] = id;
    }
    classOf = refined;
    count = joint.size;
  }
  const size = new Uint32Array(count);
  const representative = new Uint32Array(count);
  for (let v = outcomes - 1; v >= 0; v--) {
    size[classOf[v]]++;
    representative[classOf[v]] = v;
  }
  const total = (p: Float64Array): Float64Array => {
    const mass = new Float64Array(count);
    for (let v = 0; v < outcomes; v++) mass[classOf[v]] += p[v];
    return mass;
  };
  return {
    ecosystem: replaceOutcomes(ecosystem, representative, total, (reward) => pick(reward, representative)),
    classOf,
    size,
  };
}

/**
 * Drops the outcomes that no model starts with and no real data brings in: they keep probability 0 for ever. Returns
 * the indices that stay (all of them in the usual case).
 */
export function restrictToSupport(ecosystem: Ecosystem): { ecosystem: Ecosystem; outcomes: Uint32Array } {
  const alive = new Uint8Array(ecosystem.outcomeCount);
  const used = new Set<number>(ecosystem.initialOf);
  ecosystem.realOf.forEach((d, i) => {
    if (ecosystem.parameters.realWeight[i] > 0) used.add(d);
  });
  for (const d of used) ecosystem.distributions[d].forEach((p, v) => (alive[v] |= p > 0 ? 1 : 0));
  // A table that is only partly retrained brings its own outcomes along.
  ecosystem.pairs?.initialTable.forEach((table, i) => {
    if (ecosystem.parameters.trainingRate[i] < 1) table.forEach((p, v) => (alive[v] |= p > 0 ? 1 : 0));
  });
  const outcomes = Uint32Array.from(Array.from(alive.keys()).filter((v) => alive[v] === 1));
  if (outcomes.length === ecosystem.outcomeCount) return { ecosystem, outcomes };
  const keep = (values: Float64Array): Float64Array => pick(values, outcomes);
  return { ecosystem: replaceOutcomes(ecosystem, outcomes, keep, keep), outcomes };
}

/** Per outcome, what it belongs to for models that are given inputs, and for models that are given outputs. */
function blockNumbers(ecosystem: Ecosystem): Uint32Array[] {
  const places = placesOf(ecosystem);
  if (places === null) return [];
  const { generates, inputOf, outputOf } = places;
  return [
    ...(generates.includes('outputs') ? [inputOf] : []),
    ...(generates.includes('inputs') ? [outputOf] : []),
  ];
}

function usedRewards(ecosystem: Ecosystem): Set<Float64Array> {
  const { edges, parameters, curatorOf } = ecosystem;
  const used = new Set<Float64Array>();
  for (const c of curatorOf) used.add(parameters.curators[c].reward);
  edges.curator.forEach((c, e) => {
    if (c >= 0 && parameters.edgeWeight[e] > 0) used.add(parameters.curators[c].reward);
  });
  return used;
}

function pick(values: Float64Array, indices: Uint32Array): Float64Array {
  return Float64Array.from(indices, (v) => values[v]);
}

/** `at` gives one old outcome of every new one. */
function replaceOutcomes(
  ecosystem: Ecosystem,
  at: Uint32Array,
  distribution: (p: Float64Array) => Float64Array,
  reward: (r: Float64Array) => Float64Array,
): Ecosystem {
  const { parameters } = ecosystem;
  const shared = new Map<Float64Array, Float64Array>();
  const once = (r: Float64Array): Float64Array => {
    const known = shared.get(r) ?? reward(r);
    shared.set(r, known);
    return known;
  };
  const curators: Curator[] = parameters.curators.map((curator) => ({
    ...curator,
    reward: once(curator.reward),
  }));
  const places = placesOf(ecosystem);
  return {
    ...ecosystem,
    outcomeCount: at.length,
    labels: null,
    pairs: places === null ? null : movedPlaces(places, at, distribution),
    distributions: ecosystem.distributions.map(distribution),
    parameters: { ...parameters, curators },
  };
}
