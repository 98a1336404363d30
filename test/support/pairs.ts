/** Random conditional ecosystems for tests, and their rounds worked out by enumeration; nothing of the engine takes part. */
import type { Axis, Ecosystem, Parameters } from '../../src/scenario/ecosystem.ts';
import { pickedByEnumeration, pickedFromInfinity } from '../stat/laws.ts';
import type { RandomShape } from './ecosystems.ts';
import { createRandom, randomDistribution, randomEcosystem } from './ecosystems.ts';

export interface PairShape extends Omit<RandomShape, 'outcomes'> {
  readonly inputs: number;
  readonly outputs: number;
  /** What models generate, in turn. */
  readonly axes?: readonly Axis[];
  /** Inputs, and outputs, that no data and no model ever have. */
  readonly emptyInputs?: number;
  readonly emptyOutputs?: number;
}

/** Blocks of outcomes that share what is given: lists of v = input·Y + output. */
export function blocksOfAxis(inputs: number, outputs: number, axis: Axis): number[][] {
  const all = Array.from({ length: inputs }, (_, x) =>
    Array.from({ length: outputs }, (_, y) => x * outputs + y),
  );
  return axis === 'outputs' ? all : all[0].map((_, y) => all.map((row) => row[y]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function randomPairs(key: number, shape: PairShape): Ecosystem {
  const { inputs, outputs, axes = ['outputs'], emptyInputs = 0, emptyOutputs = 0 } = shape;
  const base = randomEcosystem(key, { ...shape, outcomes: inputs * outputs });
  const random = createRandom(key + 1000);
  const impossible = (v: number): boolean =>
    Math.floor(v / outputs) < emptyInputs || v % outputs < emptyOutputs;
  const possible = (law: Float64Array): Float64Array => {
    const masked = law.map((p, v) => (impossible(v) ? 0 : p));
    const total = sum([...masked]);
    return masked.map((p) => p / total);
  };
  const real = base.distributions.map(possible);
  const initial = base.models.map(() => possible(randomDistribution(random, inputs * outputs)));
  const generates = base.models.map((_, i) => axes[i % axes.length]);
  return {
    ...base,
    family: 'conditional',
    distributions: [...real, ...initial],
    initialOf: base.realOf.map((_, i) => real.length + i),
    pairs: {
      inputs,
      outputs,
      inputLabels: null,
      outputLabels: null,
      generates,
      initialTable: generates.map((axis, i) => {
        const table = new Float64Array(inputs * outputs);
        for (const block of blocksOfAxis(inputs, outputs, axis)) {
          const mass = sum(block.map((v) => initial[i][v]));
          const kept = randomDistribution(random, block.length);
          block.forEach((v, k) => (table[v] = mass > 0 ? initial[i][v] / mass : kept[k]));
        }
        return table;
      }),
    },
  };
}

/** Per model: the joint law of what it is given and makes, and its conditional table. */
export interface PairState {
  readonly joint: number[][];
  readonly table: number[][];
}

export function initialPairState({ distributions, initialOf, pairs }: Ecosystem): PairState {
  return {
    joint: Array.from(initialOf, (row) => [...distributions[row]]),
    table: (pairs?.initialTable ?? []).map((table) => [...table]),
  };
}

/** Law of a model's training samples, w_R·R + Σ w·(raw output, or what a curator picks among K that share what is given). */
export function pairTrainingLaw(
  { edges, distributions, realOf, pairs }: Ecosystem,
  { realWeight, edgeWeight, curators }: Parameters,
  model: number,
  joint: readonly (readonly number[])[],
): number[] {
  if (pairs === null) throw new Error('not a conditional ecosystem');
  const law = Array.from(distributions[realOf[model]], (p) => realWeight[model] * p);
  for (let e = edges.start[model]; e < edges.start[model + 1]; e++) {
    const producer = edges.producer[e];
    const output = [...joint[producer]];
    if (edges.curator[e] >= 0) {
      const curator = curators[edges.curator[e]];
      for (const block of blocksOfAxis(pairs.inputs, pairs.outputs, pairs.generates[producer])) {
        const mass = sum(block.map((v) => joint[producer][v]));
        if (mass === 0) continue;
        const shape = { ...curator, reward: block.map((v) => curator.reward[v]) };
        const given = block.map((v) => joint[producer][v] / mass);
        const picked =
          curator.candidates === Infinity
            ? pickedFromInfinity(given, shape)
            : pickedByEnumeration(given, shape);
        block.forEach((v, k) => (output[v] = mass * picked[k]));
      }
    }
    output.forEach((p, v) => (law[v] += edgeWeight[e] * p));
  }
  return law;
}

/** One round in the population limit: u' = marginal of D, P' = (1−s)P + s·D/u' or P where u' = 0, G' = u'·P'. */
export function pairRound(of: Ecosystem, parameters: Parameters, { joint, table }: PairState): PairState {
  const { pairs } = of;
  if (pairs === null) throw new Error('not a conditional ecosystem');
  const next = { joint: joint.map((row) => [...row]), table: table.map((row) => [...row]) };
  of.models.forEach((_, i) => {
    const law = pairTrainingLaw(of, parameters, i, of.update === 'sequential' ? next.joint : joint);
    const s = parameters.trainingRate[i];
    for (const block of blocksOfAxis(pairs.inputs, pairs.outputs, pairs.generates[i])) {
      const mass = sum(block.map((v) => law[v]));
      for (const v of block) {
        if (mass > 0) next.table[i][v] = (1 - s) * table[i][v] + (s * law[v]) / mass;
        next.joint[i][v] = mass * next.table[i][v];
      }
    }
  });
  return next;
}

/** E = e·P: what a model makes of what its real data give it. */
export function ownTask(
  { pairs, distributions, realOf }: Ecosystem,
  { table }: PairState,
  model: number,
): number[] {
  if (pairs === null) throw new Error('not a conditional ecosystem');
  const task = new Array<number>(table[model].length).fill(0);
  for (const block of blocksOfAxis(pairs.inputs, pairs.outputs, pairs.generates[model])) {
    const share = sum(block.map((v) => distributions[realOf[model]][v]));
    for (const v of block) task[v] = share * table[model][v];
  }
  return task;
}
