/** Makes the network of a topology. Only + − × ÷ and integers decide, so every machine makes the same one. */
import { LIMITS } from '../limits.ts';
import { grouped } from '../problems.ts';
import type { Path } from '../problems.ts';
import { graphOf, Links } from './graph.ts';
import type { Graph } from './graph.ts';
import type { RandomSource } from './random_words.ts';
import type { TopologySpec } from './topology_schema.ts';

export interface TopologyFault {
  /** Below the topology. */
  readonly path: Path;
  readonly message: string;
}

/** What is wrong with a topology for this many models, or null. */
export function topologyFault(spec: TopologySpec, count: number): TopologyFault | null {
  switch (spec.kind) {
    case 'ring':
    case 'watts-strogatz':
      if (2 * spec.neighbours < count) return tooMany(spec, count);
      return {
        path: ['neighbours'],
        message: `${spec.neighbours} neighbours on each side need at least ${grouped(2 * spec.neighbours + 1)} models — "count" is ${grouped(count)}`,
      };
    case 'barabasi-albert':
      if (spec.edges < count) return tooMany(spec, count);
      return {
        path: ['edges'],
        message: `${spec.edges} links per new model need at least ${grouped(spec.edges + 1)} models — "count" is ${grouped(count)}`,
      };
    case 'edges':
      return pairFault(spec.edges, count);
    default:
      return tooMany(spec, count);
  }
}

/** The network; the spec must be free of faults for `count`. */
export function generateGraph(spec: TopologySpec, count: number, random: RandomSource): Graph {
  switch (spec.kind) {
    case 'ring':
      return ring(count, spec.neighbours).graph();
    case 'star':
      return star(count, spec.direction);
    case 'complete':
      return complete(count);
    case 'erdos-renyi':
      return erdosRenyi(count, spec.p, random);
    case 'watts-strogatz':
      return wattsStrogatz(count, spec.neighbours, spec.rewire, random);
    case 'barabasi-albert':
      return barabasiAlbert(count, spec.edges, random);
    case 'edges':
      return graphOf(
        count,
        spec.edges.map(([producer]) => producer),
        spec.edges.map(([, consumer]) => consumer),
      );
  }
}

/** Ordered pairs of the network, or their expected number where it is random. */
export function expectedPairs(spec: TopologySpec, count: number): number {
  switch (spec.kind) {
    case 'ring':
    case 'watts-strogatz':
      return 2 * spec.neighbours * count;
    case 'star':
      return (count - 1) * (spec.direction === 'both' ? 2 : 1);
    case 'complete':
      return count * (count - 1);
    case 'erdos-renyi':
      return spec.p * count * (count - 1);
    case 'barabasi-albert':
      return 2 * spec.edges * (count - spec.edges);
    case 'edges':
      return spec.edges.length;
  }
}

function tooMany(spec: TopologySpec, count: number): TopologyFault | null {
  const pairs = expectedPairs(spec, count);
  if (pairs <= LIMITS.pairs) return null;
  return {
    path: [],
    message: `about ${grouped(Math.round(pairs))} pairs of models — at most ${grouped(LIMITS.pairs)} are allowed; use fewer models or a sparser network`,
  };
}

function pairFault(pairs: readonly (readonly [number, number])[], count: number): TopologyFault | null {
  const first = new Map<number, number>();
  for (const [index, [producer, consumer]] of pairs.entries()) {
    const path = ['edges', index];
    const outside = Math.max(producer, consumer);
    if (outside >= count) {
      return { path, message: `there is no model ${outside} — indices go from 0 to ${count - 1}` };
    }
    if (producer === consumer) {
      return {
        path,
        message: `model ${producer} is joined to itself — its own shares are selfRaw and selfCurated`,
      };
    }
    const known = first.get(producer * count + consumer);
    if (known !== undefined) return { path, message: `the same pair as [${known}] — leave one out` };
    first.set(producer * count + consumer, index);
  }
  return null;
}

function ring(count: number, neighbours: number): Links {
  const links = new Links(count);
  for (let i = 0; i < count; i++) {
    for (let step = 1; step <= neighbours; step++) links.add(i, (i + step) % count);
  }
  return links;
}

function star(count: number, direction: 'both' | 'from-hub' | 'to-hub'): Graph {
  const producers: number[] = [];
  const consumers: number[] = [];
  for (let leaf = 1; leaf < count; leaf++) {
    if (direction !== 'to-hub') {
      producers.push(0);
      consumers.push(leaf);
    }
    if (direction !== 'from-hub') {
      producers.push(leaf);
      consumers.push(0);
    }
  }
  return graphOf(count, producers, consumers);
}

function complete(count: number): Graph {
  const others = count - 1;
  const start = Uint32Array.from({ length: count + 1 }, (_, i) => i * others);
  const producer = new Uint32Array(count * others);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < others; k++) producer[i * others + k] = k < i ? k : k + 1;
  }
  return { start, producer };
}

/**
 * G(n,p) on ordered pairs (Gilbert 1959), walking from edge to edge: the gap has a geometric law, drawn by inverting
 * a table of (1−p)^k. Beyond the table the walk starts anew, which the law's lack of memory allows.
 */
function erdosRenyi(count: number, p: number, random: RandomSource): Graph {
  const producers: number[] = [];
  const consumers: number[] = [];
  const others = count - 1;
  const pairs = count * others;
  const survival = [1]; // survival[k] = P(gap ≥ k)
  while (survival.length < 4096 && survival[survival.length - 1] > 2 ** -53) {
    survival.push(survival[survival.length - 1] * (1 - p));
  }
  const reach = survival.length - 1;
  for (let pair = 0; p > 0 && pair < pairs;) {
    const gap = lastAbove(survival, random.unit());
    pair += gap;
    if (gap === reach && survival[reach] > 2 ** -53) continue;
    if (pair >= pairs) break;
    const consumer = Math.floor(pair / others);
    const k = pair % others;
    producers.push(k < consumer ? k : k + 1);
    consumers.push(consumer);
    pair++;
  }
  return graphOf(count, producers, consumers);
}

/** The last index whose value lies above u, in a falling table that starts at 1. */
function lastAbove(table: readonly number[], u: number): number {
  let low = 0;
  let high = table.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (table[middle] > u) low = middle;
    else high = middle;
  }
  return low;
}

/** Watts and Strogatz, Nature 393 (1998): ring links move their far end with probability `rewire`. */
function wattsStrogatz(count: number, neighbours: number, rewire: number, random: RandomSource): Graph {
  const links = ring(count, neighbours);
  const degree = new Uint32Array(count).fill(2 * neighbours);
  for (let step = 1; step <= neighbours; step++) {
    for (let i = 0; i < count; i++) {
      const old = (i + step) % count;
      if (random.unit() >= rewire || degree[i] >= count - 1) continue;
      let fresh = random.below(count);
      while (fresh === i || links.has(i, fresh)) fresh = random.below(count);
      links.remove(i, old);
      links.add(i, fresh);
      degree[old]--;
      degree[fresh]++;
    }
  }
  return links.graph();
}

/**
 * Barabási and Albert, Science 286 (1999): starts as a star of `edges` + 1 models; each further one is linked to `edges`
 * distinct older ones, each chosen in proportion to its links. edges·(count − edges) links in all.
 */
function barabasiAlbert(count: number, edges: number, random: RandomSource): Graph {
  const links = new Links(count);
  const ends: number[] = []; // every model once per link of its own
  const join = (a: number, b: number): void => {
    links.add(a, b);
    ends.push(a, b);
  };
  for (let leaf = 1; leaf <= edges; leaf++) join(0, leaf);
  for (let model = edges + 1; model < count; model++) {
    const chosen = new Set<number>();
    while (chosen.size < edges) chosen.add(ends[random.below(ends.length)]);
    for (const older of chosen) join(older, model);
  }
  return links.graph();
}
