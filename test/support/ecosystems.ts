/** Random ecosystems for tests, from a fixed key; nothing of the engine is used to make them. */
import type { Curator, Ecosystem, Ensemble, Retention } from '../../src/scenario/ecosystem.ts';
import { ensembleOf } from '../../src/scenario/ecosystem.ts';

/** A small linear congruential generator (Knuth's MMIX constants, high bits), independent of the engine's own. */
export function createRandom(seed: number): () => number {
  let state = BigInt(seed) * 2n + 1n;
  const next = (): number => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 33n) / 2 ** 31;
  };
  for (let k = 0; k < 8; k++) next();
  return next;
}

export function randomDistribution(random: () => number, outcomes: number): Float64Array {
  const raw = Float64Array.from({ length: outcomes }, () => -Math.log(1 - random()));
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => value / total);
}

export interface RandomShape {
  readonly models: number;
  readonly outcomes: number;
  readonly candidates?: readonly number[];
  readonly rules?: readonly Curator['rule'][];
  readonly population?: readonly number[];
  readonly trainingRate?: readonly number[];
  readonly retention?: readonly Retention[];
  readonly update?: Ecosystem['update'];
  /** Probability of each raw and each curated edge. */
  readonly density?: number;
  readonly rounds?: number;
  readonly tolerance?: number;
  readonly replicates?: number;
  readonly seed?: number;
  /** Real share is at least this. */
  readonly real?: number;
  /** Values rewards are rounded to; none leaves them distinct. */
  readonly rewardStep?: number;
  readonly rewardSpread?: number;
}

export function randomEcosystem(key: number, shape: RandomShape): Ecosystem {
  const random = createRandom(key);
  const pick = <T>(list: readonly T[], k: number): T => list[k % list.length];
  const { models: count, outcomes } = shape;
  const names = Array.from({ length: count }, (_, i) => `model ${i}`);
  const curators = names.map((name, i): Curator => {
    const reward = Float64Array.from({ length: outcomes }, () => {
      const value = (random() - 0.5) * (shape.rewardSpread ?? 4);
      return shape.rewardStep ? Math.round(value / shape.rewardStep) * shape.rewardStep : value;
    });
    return {
      name: `${name}’s users`,
      reward,
      temperature: 0.5 + random(),
      candidates: pick(shape.candidates ?? [4], i),
      rule: pick(shape.rules ?? ['plackett-luce'], i),
    };
  });
  const distributions = names.map(() => randomDistribution(random, outcomes));
  const start = [0];
  const producer: number[] = [];
  const curator: number[] = [];
  const edgeWeight: number[] = [];
  const realWeight: number[] = [];
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      if (random() >= (shape.density ?? 0.6)) continue;
      producer.push(j);
      curator.push(-1);
    }
    for (let j = 0; j < count; j++) {
      if (j === i || random() < (shape.density ?? 0.6)) {
        producer.push(j);
        // Mostly the producer's own users, sometimes another model's.
        curator.push(random() < 0.8 ? j : Math.floor(random() * count));
      }
    }
    const shares = randomDistribution(random, producer.length - start[i] + 1);
    const real = (shape.real ?? 0.2) + (1 - (shape.real ?? 0.2)) * shares[0];
    realWeight.push(real);
    const rest = shares.subarray(1).reduce((sum, value) => sum + value, 0);
    for (const share of shares.subarray(1)) edgeWeight.push((share / rest) * (1 - real));
    start.push(producer.length);
  }
  return {
    name: `random ${key}`,
    description: '',
    family: 'categorical',
    models: names,
    outcomeCount: outcomes,
    labels: null,
    distributions,
    realOf: Uint32Array.from(names.keys()),
    initialOf: Uint32Array.from(names.keys()),
    curatorOf: Uint32Array.from(names.keys()),
    edges: {
      start: Uint32Array.from(start),
      producer: Uint32Array.from(producer),
      curator: Int32Array.from(curator),
    },
    retention: names.map((_, i) => pick(shape.retention ?? [{ kind: 'replace' }], i)),
    pairs: null,
    parameters: {
      realWeight: Float64Array.from(realWeight),
      edgeWeight: Float64Array.from(edgeWeight),
      curators,
      population: Uint32Array.from(names, (_, i) => pick(shape.population ?? [0], i)),
      trainingRate: Float64Array.from(names, (_, i) => pick(shape.trainingRate ?? [1], i)),
    },
    update: shape.update ?? 'synchronous',
    rounds: shape.rounds ?? 20,
    tolerance: shape.tolerance ?? 0,
    seed: shape.seed ?? 1,
    replicates: shape.replicates ?? 1,
    scenarioHash: '',
  };
}

export function randomEnsemble(key: number, shape: RandomShape): Ensemble {
  return ensembleOf(randomEcosystem(key, shape));
}
