/** Parameters of many models made from a topology. */
import type { EcosystemSpec } from '../families/categorical_schema.ts';
import { LIMITS } from '../limits.ts';
import { topologyFault } from '../topology/generate.ts';
import type { TopologySpec } from '../topology/topology_schema.ts';
import type { Knobs } from './knob.ts';
import { addShares } from './shares.ts';
import type { Share } from './shares.ts';
import { addPopulation, addTrainingRate, addWindow } from './training_knobs.ts';

const PLACE = { base: ['ecosystem'], group: 'ecosystem', of: 'every model' } as const;

const SHARES = {
  selfRaw: { kind: 'raw', own: true, title: 'own raw output' },
  selfCurated: { kind: 'curated', own: true, title: 'own curated output' },
  crossRaw: { kind: 'raw', own: false, title: "others' raw output" },
  crossCurated: { kind: 'curated', own: false, title: "others' curated output" },
} as const;

/** `written`: the mix as the file has it, without defaults. `noPopulation`: why populations cannot be finite, or null. */
export function addEcosystem(
  knobs: Knobs,
  spec: EcosystemSpec,
  written: object,
  noPopulation: string | null,
): void {
  const { mix } = spec;
  const path = ['ecosystem', 'mix'];
  const shares: Share[] = [
    { path: [...path, 'real'], weight: mix.real, kind: 'real', own: false, title: 'real data' },
  ];
  for (const key of ['selfRaw', 'selfCurated', 'crossRaw', 'crossCurated'] as const) {
    if (Object.hasOwn(written, key)) shares.push({ ...SHARES[key], path: [...path, key], weight: mix[key] });
  }
  addShares(knobs, shares, PLACE);
  addPopulation(knobs, PLACE, spec.population, { refusal: noPopulation });
  addTrainingRate(knobs, PLACE, spec.trainingRate, spec.retention);
  addWindow(knobs, PLACE, spec.retention);
  addCount(knobs, spec);
  addTopology(knobs, spec.topology, spec.count);
}

function addCount(knobs: Knobs, { count, names, topology }: EcosystemSpec): void {
  const id = 'ecosystem.count';
  if (names !== undefined) {
    knobs.refuse(id, 'the models have names, one each — leave "names" out first');
    return;
  }
  if (topology.kind === 'edges') {
    knobs.refuse(id, 'the network is written pair by pair — use another kind of topology first');
    return;
  }
  const least = leastCount(topology);
  const wanted = Math.min(2 * count, LIMITS.models);
  knobs.add({
    id,
    title: 'number of models',
    group: PLACE.group,
    value: count,
    range: [least, topologyFault(topology, wanted) === null ? wanted : count],
    scale: count > 16 * least ? 'log' : 'linear',
    whole: true,
    allowed: [1, LIMITS.models],
    changes: (value) => [{ path: ['ecosystem', 'count'], value }],
  });
}

function leastCount(topology: TopologySpec): number {
  switch (topology.kind) {
    case 'ring':
    case 'watts-strogatz':
      return 2 * topology.neighbours + 1;
    case 'barabasi-albert':
      return topology.edges + 1;
    default:
      return 2;
  }
}

function addTopology(knobs: Knobs, topology: TopologySpec, count: number): void {
  const probability = (key: 'p' | 'rewire', title: string, value: number): void => {
    const path = ['ecosystem', 'topology', key];
    knobs.add({
      id: path.join('.'),
      title,
      group: PLACE.group,
      value,
      range: [0, 1],
      changes: (part) => [{ path, value: part }],
    });
  };
  const whole = (key: 'neighbours' | 'edges', title: string, value: number, most: number): void => {
    const path = ['ecosystem', 'topology', key];
    const high = Math.min(most, Math.max(10, 2 * value));
    const fits = topologyFault({ ...topology, [key]: high }, count) === null;
    knobs.add({
      id: path.join('.'),
      title,
      group: PLACE.group,
      value,
      range: [1, fits ? high : value],
      whole: true,
      allowed: [1, most],
      changes: (number) => [{ path, value: number }],
    });
  };
  switch (topology.kind) {
    case 'erdos-renyi':
      probability('p', 'probability of a link', topology.p);
      break;
    case 'watts-strogatz':
      probability('rewire', 'part of the links that are moved', topology.rewire);
      whole('neighbours', 'neighbours on each side', topology.neighbours, Math.ceil(count / 2) - 1);
      break;
    case 'ring':
      whole('neighbours', 'neighbours on each side', topology.neighbours, Math.ceil(count / 2) - 1);
      break;
    case 'barabasi-albert':
      whole('edges', 'links of each model that joins', topology.edges, count - 1);
      break;
    default:
  }
}
