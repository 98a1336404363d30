/**
 * Models that cannot be told apart: the coarsest equitable partition of the network (colour refinement, Weisfeiler and Leman 1968).
 *
 * Models of one class have the same parameters, data and curator and receive the same multiset of (weight, curator) from every class, so a synchronous loop
 * that starts them alike keeps them alike, and the classes obey an ecosystem of their own, one model per class.
 */
import type { Curator, Ecosystem } from '../scenario/ecosystem.ts';
import { placesOf, placesOfModels } from './pair_places.ts';

export interface ModelClasses {
  /** Class of each model, numbered by first member. */
  readonly classOf: Uint32Array;
  /** First member of each class. */
  readonly representative: Uint32Array;
  /** One model per class; `synchronous`, since the order inside a class no longer exists. */
  readonly ecosystem: Ecosystem;
}

/** The classes of an ecosystem, or null where every model is a class of its own. */
export function modelClasses(ecosystem: Ecosystem): ModelClasses | null {
  const { edges, models, parameters } = ecosystem;
  const { realWeight, trainingRate, edgeWeight } = parameters;
  const count = models.length;
  const curatorId = canonicalCurators(parameters.curators);
  const weightId = new Map<number, number>();
  for (const weight of edgeWeight) if (!weightId.has(weight)) weightId.set(weight, weightId.size);
  const places = placesOf(ecosystem);
  const tableId = places === null ? null : canonicalTables(places.initialTable);
  const initial = Array.from({ length: count }, (_, i) =>
    [
      // What a conditional model generates, its own task, and its first table.
      ...(places === null || tableId === null ? [] : [places.generates[i], ecosystem.realOf[i], tableId[i]]),
      realWeight[i],
      realWeight[i] > 0 ? ecosystem.realOf[i] : -1,
      ecosystem.initialOf[i],
      curatorId[ecosystem.curatorOf[i]],
      trainingRate[i],
    ].join(),
  );
  let partition = numbered(initial);
  for (;;) {
    if (partition.size === count) return null;
    const { classOf } = partition;
    const signatures = Array.from({ length: count }, (_, i) => {
      const received = new Map<number, number>();
      for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
        if (edgeWeight[e] === 0) continue;
        const kind =
          classOf[edges.producer[e]] * (parameters.curators.length + 1) + idOf(curatorId, edges.curator[e]);
        const key = kind * weightId.size + (weightId.get(edgeWeight[e]) ?? 0);
        received.set(key, (received.get(key) ?? 0) + 1);
      }
      const sorted = [...received].sort(([a], [b]) => a - b);
      return `${classOf[i]};${sorted.join(';')}`;
    });
    const refined = numbered(signatures);
    if (refined.size === partition.size) break;
    partition = refined;
  }
  return quotient(ecosystem, partition, curatorId);
}

interface Partition {
  readonly classOf: Uint32Array;
  readonly size: number;
}

function numbered(keys: readonly string[]): Partition {
  const known = new Map<string, number>();
  const classOf = Uint32Array.from(keys, (key) => {
    const id = known.get(key) ?? known.size;
    known.set(key, id);
    return id;
  });
  return { classOf, size: known.size };
}

function idOf(curatorId: Uint32Array, curator: number): number {
  return curator < 0 ? 0 : curatorId[curator] + 1;
}

/** Per curator, the first curator that selects and rewards exactly alike. */
function canonicalCurators(curators: readonly Curator[]): Uint32Array {
  const buckets = new Map<string, number[]>();
  return Uint32Array.from(curators, ({ reward, temperature, candidates, rule }, c) => {
    const key = [rule, candidates, temperature, reward[0], reward[reward.length - 1]].join();
    const bucket = buckets.get(key) ?? [];
    buckets.set(key, bucket);
    const same = bucket.find((other) => sameNumbers(curators[other].reward, reward));
    if (same === undefined) bucket.push(c);
    return same ?? c;
  });
}

/** Per table, the first with the same numbers. */
function canonicalTables(tables: readonly Float64Array[]): Uint32Array {
  const firsts: number[] = [];
  return Uint32Array.from(tables, (table, i) => {
    const same = firsts.find((other) => sameNumbers(tables[other], table));
    if (same === undefined) firsts.push(i);
    return same ?? i;
  });
}

function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  if (a === b) return true;
  for (let v = 0; v < a.length; v++) if (a[v] !== b[v]) return false;
  return true;
}

function quotient(ecosystem: Ecosystem, { classOf, size }: Partition, curatorId: Uint32Array): ModelClasses {
  const { edges, parameters } = ecosystem;
  const representative = new Uint32Array(size);
  for (let i = classOf.length - 1; i >= 0; i--) representative[classOf[i]] = i;
  const start = new Uint32Array(size + 1);
  const producer: number[] = [];
  const curator: number[] = [];
  const edgeWeight: number[] = [];
  representative.forEach((i, c) => {
    const sum = new Map<number, number>();
    const stride = parameters.curators.length + 1;
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
      const key = classOf[edges.producer[e]] * stride + idOf(curatorId, edges.curator[e]);
      sum.set(key, (sum.get(key) ?? 0) + parameters.edgeWeight[e]);
    }
    for (const [key, weight] of sum) {
      producer.push(Math.floor(key / stride));
      curator.push((key % stride) - 1);
      edgeWeight.push(weight);
    }
    start[c + 1] = producer.length;
  });
  const floats = (values: Float64Array): Float64Array => Float64Array.from(representative, (i) => values[i]);
  const indices = (values: Uint32Array): Uint32Array => Uint32Array.from(representative, (i) => values[i]);
  const places = placesOf(ecosystem);
  return {
    classOf,
    representative,
    ecosystem: {
      ...ecosystem,
      models: Array.from(representative, (i) => ecosystem.models[i]),
      pairs: places === null ? null : placesOfModels(places, representative),
      realOf: indices(ecosystem.realOf),
      initialOf: indices(ecosystem.initialOf),
      curatorOf: indices(ecosystem.curatorOf),
      edges: { start, producer: Uint32Array.from(producer), curator: Int32Array.from(curator) },
      parameters: {
        ...parameters,
        realWeight: floats(parameters.realWeight),
        edgeWeight: Float64Array.from(edgeWeight),
        population: indices(parameters.population),
        trainingRate: floats(parameters.trainingRate),
      },
      update: 'synchronous',
    },
  };
}
