/** Ecosystems of chosen shapes to time: rings of models, made without a scenario file. */
import type { Curator, Ecosystem, Ensemble } from '../../src/scenario/ecosystem.ts';
import { ensembleOf } from '../../src/scenario/ecosystem.ts';

export interface Shape {
  /** At least two. */
  readonly models: number;
  readonly outcomes: number;
  /** Training samples a round per model; 0 is the population limit. */
  readonly population: number;
  readonly candidates: number;
}

/** Two on each side, as far as there are so many others. */
const NEIGHBOURS = 2;
/** Shares of a training set: real, raw output of the neighbours, curated output of its own and of the neighbours. */
const SHARES = { real: 0.2, crossRaw: 0.3, selfCurated: 0.2, crossCurated: 0.3 };
/** As many distinct rewards as the valence that people give to words, −5 … 5. */
const LEVELS = 11;

/** Producers of model i, other than itself, ascending. */
function neighboursOf(i: number, count: number): number[] {
  const near = new Set<number>();
  for (let step = 1; step <= NEIGHBOURS; step++) {
    near.add((i + step) % count);
    near.add((i - step + count * NEIGHBOURS) % count);
  }
  near.delete(i);
  return [...near].sort((a, b) => a - b);
}

/** A law whose masses fall from 1 to 1/5 and whose order `stride` shuffles; the same for every call. */
function fallingLaw(outcomes: number, stride: number): Float64Array {
  const masses = Float64Array.from({ length: outcomes }, (_, v) => {
    return 1 / (1 + (4 * ((v * stride) % outcomes)) / outcomes);
  });
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return masses.map((mass) => mass / total);
}

function curator(name: string, outcomes: number, sign: number, candidates: number): Curator {
  const reward = Float64Array.from({ length: outcomes }, (_, v) => sign * (((v * 7) % LEVELS) - 5) * 0.2);
  return { name, reward, temperature: 1, candidates, rule: 'plackett-luce' };
}

/**
 * A ring of categorical models, each training on real data, on its neighbours' raw output and on curated output of its own and
 * of them; two curators of opposite taste take turns. Edges grow with the models.
 */
export function ringEcosystem({ models, outcomes, population, candidates }: Shape): Ecosystem {
  const start = [0];
  const producer: number[] = [];
  const curatorOfEdge: number[] = [];
  const edgeWeight: number[] = [];
  for (let i = 0; i < models; i++) {
    const near = neighboursOf(i, models);
    const add = (from: number, chosenBy: number, weight: number): void => {
      producer.push(from);
      curatorOfEdge.push(chosenBy);
      edgeWeight.push(weight);
    };
    for (const from of near) add(from, -1, SHARES.crossRaw / near.length);
    add(i, i % 2, SHARES.selfCurated);
    for (const from of near) add(from, from % 2, SHARES.crossCurated / near.length);
    start.push(producer.length);
  }
  const names = Array.from({ length: models }, (_, i) => `m${i}`);
  return {
    name: 'ring',
    description: '',
    family: 'categorical',
    models: names,
    outcomeCount: outcomes,
    labels: null,
    distributions: [fallingLaw(outcomes, 1), fallingLaw(outcomes, 5)],
    realOf: new Uint32Array(models),
    initialOf: Uint32Array.from(names, (_, i) => i % 2),
    curatorOf: Uint32Array.from(names, (_, i) => i % 2),
    edges: {
      start: Uint32Array.from(start),
      producer: Uint32Array.from(producer),
      curator: Int32Array.from(curatorOfEdge),
    },
    retention: names.map(() => ({ kind: 'replace' })),
    pairs: null,
    parameters: {
      realWeight: new Float64Array(models).fill(SHARES.real),
      edgeWeight: Float64Array.from(edgeWeight),
      curators: [
        curator('one taste', outcomes, 1, candidates),
        curator('the opposite taste', outcomes, -1, candidates),
      ],
      population: new Uint32Array(models).fill(population),
      trainingRate: new Float64Array(models).fill(1),
    },
    update: 'synchronous',
    rounds: 1_000_000,
    tolerance: 0,
    seed: 1,
    replicates: 1,
    scenarioHash: '',
  };
}

export function ringEnsemble(shape: Shape): Ensemble {
  return ensembleOf(ringEcosystem(shape));
}

/** Least bytes of a round: every model's distribution read and written once, as this backend stores it. */
export function leastBytes({ models, outcomes }: Shape, backend: 'webgpu' | 'cpu'): number {
  return 2 * (backend === 'webgpu' ? 4 : 8) * models * outcomes;
}
