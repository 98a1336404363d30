/** Random ecosystems with a stated law, every number addressed: system k of a condition is the same on every machine. */
import { philox4x32 } from '../../random/philox.ts';
import { replaceAll } from '../../scenario/ecosystem.ts';
import type { Curator, Ecosystem } from '../../scenario/ecosystem.ts';

/** What a condition fixes; all else is drawn. */
export interface Condition {
  readonly name: string;
  /** M: every model trains on real data, its own curated output and that of all others. */
  readonly models: number;
  /** K. */
  readonly candidates: number;
  /** Standard deviation of rewards, in temperatures. */
  readonly strength: number;
  /** Whether uncurated output is part of the training sets. */
  readonly raw: boolean;
  /** Whether every model has real data of its own, or all share one distribution. */
  readonly sharedReal: boolean;
}

const LEAST_OUTCOMES = 3;
const MOST_OUTCOMES = 6;

/** A stream of uniform numbers in (0,1) with 32 random bits each. */
class Draws {
  private block: Uint32Array = new Uint32Array(4);
  private used = 4;
  private index = 0;

  constructor(
    private readonly condition: number,
    private readonly system: number,
    private readonly seed: number,
  ) {}

  uniform(): number {
    if (this.used === 4) {
      this.block = philox4x32([this.index++, this.system, this.condition, 0], [this.seed, 0]);
      this.used = 0;
    }
    return (this.block[this.used++] + 0.5) / 2 ** 32;
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Uniform on the simplex: Dirichlet(1, …, 1). */
  shares(count: number): Float64Array {
    const draws = Float64Array.from({ length: count }, () => -Math.log(this.uniform()));
    const total = draws.reduce((sum, value) => sum + value, 0);
    return draws.map((value) => value / total);
  }
}

/**
 * V uniform on 3 … 6; real data uniform on the simplex; rewards independent normals; every training set uniform on the
 * simplex of its sources (real data; own curated output; curated output of the others together, split
 * uniformly; the same two without curation where the condition has raw output). Cross data are chosen by the producer's curator.
 */
export function randomSystem(
  condition: Condition,
  conditionIndex: number,
  system: number,
  seed: number,
): Ecosystem {
  const draws = new Draws(conditionIndex, system, seed);
  const { models: count, candidates, strength, raw, sharedReal } = condition;
  const outcomeCount = LEAST_OUTCOMES + Math.floor(draws.uniform() * (MOST_OUTCOMES - LEAST_OUTCOMES + 1));
  const distributions = Array.from({ length: sharedReal ? 1 : count }, () => draws.shares(outcomeCount));
  const models = Array.from({ length: count }, (_, i) => `m${i}`);
  const curators = models.map((name): Curator => ({
    name,
    reward: Float64Array.from({ length: outcomeCount }, () => strength * draws.normal()),
    temperature: 1,
    candidates,
    rule: 'plackett-luce',
  }));
  const start = new Uint32Array(count + 1);
  const producer: number[] = [];
  const curator: number[] = [];
  const edgeWeight: number[] = [];
  const realWeight = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const shares = draws.shares(raw ? 5 : 3);
    const others = models.flatMap((_, j) => (j === i ? [] : [j]));
    const add = (j: number, by: number, weight: number): void => {
      producer.push(j);
      curator.push(by);
      edgeWeight.push(weight);
    };
    realWeight[i] = shares[0];
    if (raw) {
      add(i, -1, shares[3]);
      const split = draws.shares(others.length);
      others.forEach((j, k) => {
        add(j, -1, shares[4] * split[k]);
      });
    }
    add(i, i, shares[1]);
    const split = draws.shares(others.length);
    others.forEach((j, k) => {
      add(j, j, shares[2] * split[k]);
    });
    start[i + 1] = producer.length;
  }
  const realOf = Uint32Array.from(models, (_, i) => (sharedReal ? 0 : i));
  return {
    name: `${condition.name}, system ${system}`,
    description: '',
    family: 'categorical',
    models,
    outcomeCount,
    labels: null,
    distributions,
    realOf,
    initialOf: realOf,
    curatorOf: Uint32Array.from(models.keys()),
    edges: { start, producer: Uint32Array.from(producer), curator: Int32Array.from(curator) },
    retention: replaceAll(count),
    pairs: null,
    parameters: {
      realWeight,
      edgeWeight: Float64Array.from(edgeWeight),
      curators,
      population: new Uint32Array(count),
      trainingRate: new Float64Array(count).fill(1),
    },
    update: 'synchronous',
    rounds: 200,
    tolerance: 0,
    seed,
    replicates: 1,
    scenarioHash: '',
  };
}
