/**
 * The ecosystem computed a second time, straight from the definitions and sharing no code with src/theory: curation by
 * enumerating candidate multisets, stable points by running the loop for long, influence by finite differences.
 */
import type { Curator, Ecosystem } from '../../src/scenario/ecosystem.ts';
import type { Compensation } from '../../src/theory/results.ts';

/** All multisets of `size` outcomes as counts, with their multinomial coefficients. */
function multisets(outcomes: number, size: number): { counts: number[]; ways: number }[] {
  if (outcomes === 1) return [{ counts: [size], ways: 1 }];
  const all: { counts: number[]; ways: number }[] = [];
  for (let first = 0; first <= size; first++) {
    const choose = binomial(size, first);
    for (const rest of multisets(outcomes - 1, size - first)) {
      all.push({ counts: [first, ...rest.counts], ways: choose * rest.ways });
    }
  }
  return all;
}

export function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return Math.round(value);
}

const known = new Map<string, { counts: number[]; ways: number }[]>();

/** What the curator keeps of K independent draws from p, by enumeration (K finite); without replacement, of a large batch. */
export function curatedByEnumeration(p: ArrayLike<number>, curator: Curator): number[] {
  const { candidates, reward, rule, temperature } = curator;
  if (rule === 'without-replacement') return keptByTheClock(p, curator);
  const outcomes = p.length;
  const key = `${outcomes} ${candidates}`;
  const sets = known.get(key) ?? multisets(outcomes, candidates);
  known.set(key, sets);
  const top = Math.max(...reward);
  const attraction = Array.from(reward, (r) => Math.exp((r - top) / temperature));
  const kept = new Array<number>(outcomes).fill(0);
  for (const { counts, ways } of sets) {
    let probability = ways;
    let total = 0;
    let best = -Infinity;
    for (let v = 0; v < outcomes; v++) {
      if (counts[v] === 0) continue;
      probability *= p[v] ** counts[v];
      best = Math.max(best, reward[v]);
    }
    const weight = (v: number): number =>
      rule === 'argmax' ? (reward[v] === best ? counts[v] : 0) : counts[v] * attraction[v];
    for (let v = 0; v < outcomes; v++) total += weight(v);
    for (let v = 0; v < outcomes; v++) kept[v] += (probability * weight(v)) / total;
  }
  // Mass that rounding adds would be multiplied by K every round.
  const sum = kept.reduce((a, b) => a + b, 0);
  return kept.map((value) => value / sum);
}

/** Every outcome has rung by the time s with probability 1 − e^{−s a}; s is where 1/K of all have, by halving an interval. */
function keptByTheClock(p: ArrayLike<number>, { candidates, reward, temperature }: Curator): number[] {
  const top = Math.max(...reward);
  const rung = (time: number): number[] =>
    Array.from(p, (share, v) => share * -Math.expm1(-time * Math.exp((reward[v] - top) / temperature)));
  const total = (parts: readonly number[]): number => parts.reduce((sum, part) => sum + part, 0);
  let [low, high] = [0, 1];
  while (total(rung(high)) < 1 / candidates) high *= 2;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (total(rung(middle)) < 1 / candidates) low = middle;
    else high = middle;
  }
  const kept = rung(high);
  return kept.map((part) => part / total(kept));
}

/** Weights of one consumer by edge, and its real share. */
interface Weights {
  readonly real: number[];
  readonly edge: number[];
}

export function weightsOf(ecosystem: Ecosystem): Weights {
  return { real: [...ecosystem.parameters.realWeight], edge: [...ecosystem.parameters.edgeWeight] };
}

/** Runs the loop until no probability moves by more than 1e-16, at most `rounds` rounds. */
export function runByDefinition(
  ecosystem: Ecosystem,
  weights: Weights,
  start: readonly (readonly number[])[],
  rounds: number,
): number[][] {
  const { edges, parameters, models } = ecosystem;
  let state = start.map((p) => [...p]);
  for (let round = 0; round < rounds; round++) {
    const next = state.map((p) => [...p]);
    const source = ecosystem.update === 'sequential' ? next : state;
    const cache = new Map<string, number[]>();
    for (let i = 0; i < models.length; i++) {
      const mixture = Array.from(ecosystem.distributions[ecosystem.realOf[i]], (r) => weights.real[i] * r);
      for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
        const j = edges.producer[e];
        const c = edges.curator[e];
        const key = `${j} ${c} ${ecosystem.update === 'sequential' && j < i}`;
        const data =
          c < 0 ? source[j] : (cache.get(key) ?? curatedByEnumeration(source[j], parameters.curators[c]));
        if (c >= 0) cache.set(key, data);
        for (let v = 0; v < mixture.length; v++) mixture[v] += weights.edge[e] * data[v];
      }
      const s = parameters.trainingRate[i];
      for (let v = 0; v < mixture.length; v++) next[i][v] = (1 - s) * state[i][v] + s * mixture[v];
    }
    let moved = 0;
    next.forEach((p, i) => p.forEach((value, v) => (moved = Math.max(moved, Math.abs(value - state[i][v])))));
    state = next;
    if (moved < 1e-16) break;
  }
  return state;
}

export function rewardsOf(ecosystem: Ecosystem, state: readonly (readonly number[])[]): number[] {
  return state.map((p, i) => {
    const { reward } = ecosystem.parameters.curators[ecosystem.curatorOf[i]];
    return p.reduce((sum, value, v) => sum + value * reward[v], 0);
  });
}

/** The weights after model j's curated share has grown by `change`. */
export function moreCuration(
  ecosystem: Ecosystem,
  j: number,
  change: number,
  compensation: Compensation,
): Weights {
  const { edges } = ecosystem;
  const weights = weightsOf(ecosystem);
  const mine = Array.from({ length: edges.start[j + 1] - edges.start[j] }, (_, k) => edges.start[j] + k);
  const curated = mine.filter((e) => edges.curator[e] >= 0);
  const raw = mine.filter((e) => edges.curator[e] < 0);
  const lambda = curated.reduce((sum, e) => sum + weights.edge[e], 0);
  for (const e of curated) {
    const grown = (weights.edge[e] * change) / lambda;
    if (compensation === 'raw-to-curated') {
      for (const r of raw) if (edges.producer[r] === edges.producer[e]) weights.edge[r] -= grown;
    }
  }
  for (const e of curated) weights.edge[e] *= 1 + change / lambda;
  if (compensation === 'real') weights.real[j] -= change;
  if (compensation === 'proportional') {
    const scale = 1 - change / (1 - lambda);
    weights.real[j] *= scale;
    for (const e of raw) weights.edge[e] *= scale;
  }
  return weights;
}

/** Central differences dJ_i/dλ_j at step `delta`, as a column over i. */
export function influenceByDifferences(
  ecosystem: Ecosystem,
  stable: readonly (readonly number[])[],
  j: number,
  compensation: Compensation,
  delta: number,
  rounds: number,
): number[] {
  const at = (change: number): number[] =>
    rewardsOf(
      ecosystem,
      runByDefinition(ecosystem, moreCuration(ecosystem, j, change, compensation), stable, rounds),
    );
  const up = at(delta);
  const down = at(-delta);
  return up.map((value, i) => (value - down[i]) / (2 * delta));
}
