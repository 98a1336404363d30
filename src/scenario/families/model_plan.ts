/** The models and edges of a scenario in indices, before their distributions are numbers. */
import type { Edges, Retention } from '../ecosystem.ts';
import { sumOf } from '../evaluate.ts';
import type { DistributionSpec, InitialSpec } from '../values.ts';
import type { Parts } from './categorical_parts.ts';
import { curatedShares } from './curated_shares.ts';
import type { ModelSpec } from './categorical_schema.ts';
import type { Trained } from './network_check.ts';
import { retentionOf } from './retention_schema.ts';

/** What every family has whose models train on mixes. */
export interface NetworkPlan {
  readonly names: readonly string[];
  readonly curatorOf: Uint32Array;
  readonly population: Uint32Array;
  readonly realWeight: Float64Array;
  readonly edges: Edges;
  readonly edgeWeight: Float64Array;
}

export interface ModelPlan extends NetworkPlan {
  readonly real: readonly DistributionSpec[];
  readonly initial: readonly InitialSpec[];
  readonly trainingRate: Float64Array;
  readonly retention: readonly Retention[];
}

/** A model as far as its place in the network goes. */
export interface NetworkModel extends Trained {
  readonly population: number | null;
}

interface Edge {
  readonly producer: number;
  readonly curator: number;
  readonly weight: number;
}

/** The plan of models written one by one; the parts must be free of problems. */
export function planModels(parts: Parts): ModelPlan {
  const models = new Map<string, ModelSpec>();
  for (const [name, model] of parts.models) if (model !== null) models.set(name, model);
  const specs = [...models.values()];
  return {
    ...planNetwork(models, parts.curators.keys()),
    real: specs.map(({ real }) => real),
    initial: specs.map(({ initial }) => initial),
    trainingRate: Float64Array.from(specs, ({ trainingRate }) => trainingRate),
    retention: specs.map(({ retention }) => retentionOf(retention)),
  };
}

/**
 * Who trains on whose output; all names must be known.
 *
 * Every share that is written becomes an edge, one of weight 0 too: it says where data would come from if that weight
 * were raised. A consumer's raw edges come before its curated ones, each by producer, then curator, so the order of
 * keys in the file does not matter.
 */
export function planNetwork(
  models: ReadonlyMap<string, NetworkModel>,
  curators: Iterable<string>,
): NetworkPlan {
  const specs = [...models.values()];
  const modelIndex = indexOf(models.keys());
  const curatorIndex = indexOf(curators);
  const curatorOf = Uint32Array.from(specs, ({ curator }) => curatorIndex(curator));
  const realWeight = new Float64Array(specs.length);
  const start = new Uint32Array(specs.length + 1);
  const all: Edge[] = [];
  specs.forEach(({ mix }, consumer) => {
    const edges: Edge[] = Object.entries(mix.raw).map(([producer, weight]) => ({
      producer: modelIndex(producer),
      curator: -1,
      weight,
    }));
    for (const share of curatedShares(mix)) {
      const producer = modelIndex(share.producer);
      const curator = share.curator === null ? curatorOf[producer] : curatorIndex(share.curator);
      edges.push({ producer, curator, weight: share.weight });
    }
    const sum = sumOf([mix.real, ...edges.map(({ weight }) => weight)]);
    realWeight[consumer] = mix.real / sum;
    edges.sort(byKindThenProducer);
    for (const edge of edges) all.push({ ...edge, weight: edge.weight / sum });
    start[consumer + 1] = all.length;
  });
  return {
    names: [...models.keys()],
    curatorOf,
    population: Uint32Array.from(specs, ({ population }) => population ?? 0),
    realWeight,
    edges: {
      start,
      producer: Uint32Array.from(all, ({ producer }) => producer),
      curator: Int32Array.from(all, ({ curator }) => curator),
    },
    edgeWeight: Float64Array.from(all, ({ weight }) => weight),
  };
}

function byKindThenProducer(a: Edge, b: Edge): number {
  return Math.min(a.curator, 0) - Math.min(b.curator, 0) || a.producer - b.producer || a.curator - b.curator;
}

/** From a name to its place; the name must be known. */
export function indexOf(names: Iterable<string>): (name: string) => number {
  const places = new Map<string, number>();
  for (const name of names) places.set(name, places.size);
  return (name) => places.get(name) ?? -1;
}
