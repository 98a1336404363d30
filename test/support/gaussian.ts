/** Gaussian ecosystems for tests, made from plain numbers. */
import type { GaussianCurator, GaussianEcosystem, GaussianLaw } from '../../src/scenario/gaussian.ts';
import type { Retention } from '../../src/scenario/ecosystem.ts';
import { createRandom } from './ecosystems.ts';

export interface GaussianModel {
  readonly real: GaussianLaw;
  readonly initial?: GaussianLaw;
  /** Share of real data. */
  readonly weight: number;
  /** Producer, curator (−1: raw), share. */
  readonly edges: readonly (readonly [producer: number, curator: number, weight: number])[];
  readonly curator?: number;
  readonly population?: number;
  readonly retention?: Retention;
}

export function law(mean: readonly number[], covariance: readonly number[]): GaussianLaw {
  return { mean: Float64Array.from(mean), covariance: Float64Array.from(covariance) };
}

export function curator(
  dimension: number,
  parts: Partial<{
    linear: readonly number[];
    quadratic: readonly number[];
    centre: readonly number[];
    temperature: number;
    candidates: number;
    rule: GaussianCurator['rule'];
  }>,
): GaussianCurator {
  return {
    name: 'curator',
    reward: {
      linear: Float64Array.from(parts.linear ?? new Float64Array(dimension)),
      quadratic: Float64Array.from(parts.quadratic ?? new Float64Array(dimension * dimension)),
      centre: Float64Array.from(parts.centre ?? new Float64Array(dimension)),
    },
    temperature: parts.temperature ?? 1,
    candidates: parts.candidates ?? Infinity,
    rule: parts.rule ?? 'plackett-luce',
  };
}

export function gaussianOf(
  models: readonly GaussianModel[],
  curators: readonly GaussianCurator[],
  settings: Partial<GaussianEcosystem> = {},
): GaussianEcosystem {
  const edges = models.flatMap((model) => model.edges);
  const start = new Uint32Array(models.length + 1);
  models.forEach((model, i) => (start[i + 1] = start[i] + model.edges.length));
  return {
    name: 'test',
    description: '',
    family: 'gaussian',
    models: models.map((_, i) => `m${i}`),
    dimension: models[0].real.mean.length,
    real: models.map(({ real }) => real),
    initial: models.map(({ real, initial }) => initial ?? real),
    curatorOf: Uint32Array.from(models, (model) => model.curator ?? 0),
    edges: {
      start,
      producer: Uint32Array.from(edges, ([producer]) => producer),
      curator: Int32Array.from(edges, ([, who]) => who),
    },
    retention: models.map((model) => model.retention ?? { kind: 'replace' }),
    estimator: 'mle',
    parameters: {
      realWeight: Float64Array.from(models, ({ weight }) => weight),
      edgeWeight: Float64Array.from(edges, ([, , weight]) => weight),
      curators,
      population: Uint32Array.from(models, ({ population }) => population ?? 0),
    },
    update: 'synchronous',
    rounds: 50,
    tolerance: 0,
    seed: 7,
    replicates: 1,
    scenarioHash: '',
    ...settings,
  };
}

/** A random symmetric positive definite d×d matrix with eigenvalues around `size`. */
export function randomCovariance(random: () => number, d: number, size = 1): number[] {
  const factor = Array.from({ length: d * d }, () => random() - 0.5);
  return Array.from({ length: d * d }, (_, k) => {
    const i = Math.floor(k / d);
    const j = k % d;
    let sum = i === j ? 0.3 : 0;
    for (let l = 0; l < d; l++) sum += factor[i * d + l] * factor[j * d + l];
    return size * sum;
  });
}

/** A contracting network: half real data, raw and curated output of everybody, mild linear and quadratic rewards. */
export function randomNetwork(seed: number, count: number, d: number): GaussianEcosystem {
  const random = createRandom(seed);
  const vector = (size: number): number[] => Array.from({ length: d }, () => size * (2 * random() - 1));
  const curators = Array.from({ length: count }, (_, c) =>
    curator(d, {
      linear: vector(0.4),
      temperature: 0.7 + random(),
      ...(c % 2 === 0 ? { quadratic: randomCovariance(random, d, 0.5), centre: vector(1) } : {}),
    }),
  );
  const models = Array.from({ length: count }, (_, i): GaussianModel => {
    const edges: [number, number, number][] = [];
    for (let j = 0; j < count; j++) edges.push([j, -1, random()]);
    for (let j = 0; j < count; j++) edges.push([j, j, random()]);
    edges.push([(i + 1) % count, i, random()]);
    const sum = 2 * edges.reduce((total, [, , weight]) => total + weight, 0);
    return {
      real: law(vector(2), randomCovariance(random, d)),
      initial: law(vector(2), randomCovariance(random, d)),
      weight: 0.5,
      edges: edges.map(([j, c, weight]) => [j, c, weight / sum] as const),
      curator: i,
    };
  });
  return gaussianOf(models, curators);
}

/** Every kind of source: real, raw, tilted, one of K by Plackett–Luce and by argmax, one that never comes. */
export function finiteEcosystem(
  d: number,
  settings: Partial<GaussianEcosystem> = {},
  kept?: Retention,
): GaussianEcosystem {
  const random = createRandom(100 + d);
  const vector = (): number[] => Array.from({ length: d }, () => 2 * random() - 1);
  const retention: Retention = kept ?? { kind: 'replace' };
  const curators = [
    curator(d, {
      linear: vector(),
      quadratic: randomCovariance(random, d),
      centre: vector(),
      temperature: 0.8,
    }),
    curator(d, { linear: vector(), quadratic: randomCovariance(random, d), centre: vector(), candidates: 3 }),
    curator(d, { linear: vector(), candidates: 4, rule: 'argmax' }),
    curator(d, { linear: vector(), temperature: 2 }),
    curator(d, { linear: vector(), candidates: 1 }),
  ];
  const real = (): ReturnType<typeof law> => law(vector(), randomCovariance(random, d));
  return gaussianOf(
    [
      {
        real: real(),
        initial: real(),
        weight: 0.2,
        edges: [
          [1, -1, 0.2],
          [0, 0, 0.2],
          [1, 1, 0.2],
          [0, 2, 0.2],
          [1, 2, 0],
        ],
        population: 11 + d,
        retention,
      },
      {
        real: real(),
        initial: real(),
        weight: 0.25,
        edges: [
          [0, -1, 0.25],
          [0, 3, 0.25],
          [1, 4, 0.25],
        ],
        curator: 1,
        population: 15 + d,
        retention,
      },
    ],
    curators,
    { replicates: 2, ...settings },
  );
}
