/** The network by curators of one reward each: an edge of a curator becomes one edge per part with its share of the weight. */
import type { Drift, Edges, PreferenceGroup } from '../ecosystem.ts';
import type { Outcomes } from '../outcomes.ts';
import type { CuratorPart, CuratorPlan } from './curator_plan.ts';
import type { CuratorSpec, FeaturesSpec } from './curator_schema.ts';
import { featureTable } from './preferences.ts';

/** Edges by curators as written turned into edges by compiled ones. */
export function expandEdges(
  edges: Edges,
  edgeWeight: Float64Array,
  { parts }: CuratorPlan,
): { edges: Edges; edgeWeight: Float64Array } {
  const start = new Uint32Array(edges.start.length);
  const size = expandedEdges(edges, parts);
  const producer = new Uint32Array(size);
  const curator = new Int32Array(size);
  const weight = new Float64Array(size);
  let at = 0;
  for (let i = 0; i + 1 < edges.start.length; i++) {
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
      const written = edges.curator[e];
      for (const part of written < 0 ? RAW : parts[written]) {
        producer[at] = edges.producer[e];
        curator[at] = part.curator;
        weight[at++] = edgeWeight[e] * part.share;
      }
    }
    start[i + 1] = at;
  }
  return { edges: { start, producer, curator }, edgeWeight: weight };
}

const RAW: readonly CuratorPart[] = [{ curator: -1, share: 1 }];

/** How many edges there are when every curator is one taste. */
export function expandedEdges(edges: Edges, parts: readonly (readonly CuratorPart[])[]): number {
  return edges.curator.reduce((sum, c) => sum + (c < 0 ? 1 : parts[c].length), 0);
}

/**
 * The drift of the groups, or undefined where no preference adapts. `attention`: weights by model name as written, per group name;
 * where there are none, all models count alike whose output is chosen by a curator that follows the group.
 */
export function driftOf(
  plan: CuratorPlan,
  specs: ReadonlyMap<string, CuratorSpec>,
  features: FeaturesSpec | undefined,
  outcomes: Outcomes,
  models: readonly string[],
  edges: Edges,
  curatorOf: Uint32Array,
): Drift | undefined {
  const { groups, driven } = plan;
  if (groups.length === 0 || features === undefined) return undefined;
  const table = featureTable(features);
  const followers = groups.map(
    (_, g) => new Set(driven.filter(({ weight }) => weight[g] !== 0).map((d) => d.curator)),
  );
  return {
    featureCount: table === null ? outcomes.count : table.length / outcomes.count,
    features: table,
    groups: groups.map((group, g): PreferenceGroup => {
      const written = specs.get(group.name)?.attention;
      const weights =
        written === undefined
          ? watched(followers[g], models.length, edges, curatorOf)
          : Float64Array.from(models, (name) => written[name] ?? 0);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return { ...group, attention: weights.map((weight) => weight / total) };
    }),
    driven,
  };
}

/** 1 for the models whose output one of these curators chooses from; failing that, for those it judges; failing that, for all. */
function watched(
  followers: ReadonlySet<number>,
  models: number,
  edges: Edges,
  curatorOf: Uint32Array,
): Float64Array {
  const curated = new Float64Array(models);
  edges.curator.forEach((c, e) => {
    if (followers.has(c)) curated[edges.producer[e]] = 1;
  });
  if (curated.includes(1)) return curated;
  const judged = Float64Array.from(curatorOf, (c) => (followers.has(c) ? 1 : 0));
  return judged.includes(1) ? judged : judged.fill(1);
}
