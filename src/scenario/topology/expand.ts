/** Many models from a topology. */
import type { EcosystemSpec } from '../families/categorical_schema.ts';
import type { ModelPlan } from '../families/model_plan.ts';
import { sumOf } from '../evaluate.ts';
import { retentionOf } from '../families/retention_schema.ts';
import { generateGraph } from './generate.ts';
import type { Graph } from './graph.ts';
import { randomSource } from './random_words.ts';
import type { Assignment, Shares } from './topology_schema.ts';

/** Which assignment a random number belongs to, so that adding one never shifts another. */
const ASSIGNMENT = { real: 0, initial: 1, curators: 2 } as const;

/**
 * The plan of an ecosystem; the specification must be free of problems. `curatorIndex` gives a curator's place.
 *
 * Cross shares are split evenly over a model's producers; a model without producers takes its cross shares from real
 * data. A share of 0 makes no edges here: in a network of thousands they would cost as much as the others.
 */
export function planEcosystem(
  spec: EcosystemSpec,
  curatorIndex: (name: string) => number,
  seed: number,
): ModelPlan {
  const { count } = spec;
  const curators = assign(spec.curators, count, seed, 'curators');
  const curatorOf = Uint32Array.from(curators, curatorIndex);
  const graph = generateGraph(spec.topology, count, randomSource(seed, 'topology', 0));
  return {
    names: spec.names ?? Array.from({ length: count }, (_, i) => `m${i}`),
    real: assign(spec.real, count, seed, 'real'),
    initial: assign(spec.initial, count, seed, 'initial'),
    curatorOf,
    population: new Uint32Array(count).fill(spec.population ?? 0),
    trainingRate: new Float64Array(count).fill(spec.trainingRate),
    retention: Array.from({ length: count }, () => retentionOf(spec.retention)),
    ...shareOut(graph, spec.mix, curatorOf),
  };
}

/** Hands items out to models: in turn, in equal runs, or at random. */
function assign<Item extends string | object>(
  items: Item | Assignment<Item>,
  count: number,
  seed: number,
  what: keyof typeof ASSIGNMENT,
): Item[] {
  if (!isAssignment(items)) return Array.from({ length: count }, () => items);
  const { assign: list, by } = items;
  const random = randomSource(seed, 'assignment', ASSIGNMENT[what]);
  return Array.from({ length: count }, (_, i) => {
    if (by === 'random') return list[random.below(list.length)];
    return list[by === 'alternate' ? i % list.length : Math.floor((i * list.length) / count)];
  });
}

function isAssignment<Item extends string | object>(
  items: Item | Assignment<Item>,
): items is Assignment<Item> {
  return typeof items === 'object' && 'assign' in items;
}

/** Edges by consumer: own raw and producers' raw by index, then the same curated, each by its producer's curator. */
function shareOut(
  graph: Graph,
  mix: Shares,
  curatorOf: Uint32Array,
): Pick<ModelPlan, 'realWeight' | 'edges' | 'edgeWeight'> {
  const count = curatorOf.length;
  const sum = sumOf(Object.values(mix));
  const kinds = [
    { own: mix.selfRaw / sum, cross: mix.crossRaw / sum, curated: false },
    { own: mix.selfCurated / sum, cross: mix.crossCurated / sum, curated: true },
  ];
  const realWeight = new Float64Array(count);
  const start = new Uint32Array(count + 1);
  const size = kinds.reduce(
    (total, { own, cross }) => total + (own > 0 ? count : 0) + (cross > 0 ? graph.producer.length : 0),
    0,
  );
  const producer = new Uint32Array(size);
  const curator = new Int32Array(size);
  const edgeWeight = new Float64Array(size);
  let edge = 0;
  for (let i = 0; i < count; i++) {
    const producers = graph.producer.subarray(graph.start[i], graph.start[i + 1]);
    const crossToReal = producers.length === 0 ? (mix.crossRaw + mix.crossCurated) / sum : 0;
    realWeight[i] = mix.real / sum + crossToReal;
    for (const { own, cross, curated } of kinds) {
      const each = cross / producers.length;
      const add = (from: number, weight: number): void => {
        producer[edge] = from;
        curator[edge] = curated ? curatorOf[from] : -1;
        edgeWeight[edge++] = weight;
      };
      let ownDue = own > 0;
      if (cross > 0) {
        for (const from of producers) {
          if (ownDue && from > i) {
            add(i, own);
            ownDue = false;
          }
          add(from, each);
        }
      }
      if (ownDue) add(i, own);
    }
    start[i + 1] = edge;
  }
  return { realWeight, edges: { start, producer, curator }, edgeWeight };
}
