import { MODEL_METRICS } from '../../src/engine/results.ts';
import type { ModelMetric, RunResult } from '../../src/engine/results.ts';
import type { Curator, Ecosystem } from '../../src/scenario/ecosystem.ts';
import { replaceAll } from '../../src/scenario/ecosystem.ts';
import type { SolveResult } from '../../src/theory/results.ts';

export interface FixtureOptions {
  readonly models: readonly string[];
  readonly outcomes?: number;
  readonly labels?: readonly string[] | null;
  readonly replicates?: number;
  readonly rounds?: number;
  readonly population?: number;
  /** Index of each model's curator. */
  readonly curatorOf?: readonly number[];
  readonly curators?: readonly string[];
  readonly float32?: boolean;
  readonly predicted?: boolean;
  readonly reward?: (model: number, round: number, replicate: number) => number;
  readonly name?: string;
}

/** A result with made-up but distinct numbers: metric m of model i, replicate r, round t is known to the tests. */
export function fixtureValue(metric: ModelMetric, round: number, replicate: number, model: number): number {
  return MODEL_METRICS.indexOf(metric) + round / 10 + replicate / 100 + model / 1000;
}

export function fixtureEcosystem(options: FixtureOptions): Ecosystem {
  const { models, outcomes = 3, labels = null, population = 0, replicates = 1, rounds = 4 } = options;
  const curatorNames = options.curators ?? ['warm'];
  const curators = curatorNames.map((name, index): Curator => {
    const reward = Float64Array.from({ length: outcomes }, (_, outcome) => (outcome === index ? 1 : 0));
    return { name, reward, temperature: 1, candidates: 4, rule: 'plackett-luce' };
  });
  const count = models.length;
  return {
    name: options.name ?? 'a fixture',
    description: '',
    family: 'categorical',
    models,
    outcomeCount: outcomes,
    labels,
    distributions: [new Float64Array(outcomes).fill(1 / outcomes)],
    realOf: new Uint32Array(count),
    initialOf: new Uint32Array(count),
    curatorOf: Uint32Array.from({ length: count }, (_, model) => options.curatorOf?.[model] ?? 0),
    edges: {
      start: Uint32Array.from({ length: count + 1 }, (_, model) => model),
      producer: Uint32Array.from({ length: count }, (_, model) => model),
      curator: new Int32Array(count),
    },
    retention: replaceAll(count),
    pairs: null,
    parameters: {
      realWeight: new Float64Array(count).fill(0.5),
      edgeWeight: new Float64Array(count).fill(0.5),
      curators,
      population: Uint32Array.from({ length: count }, (_, model) => (model === 0 ? population : 0)),
      trainingRate: new Float64Array(count).fill(1),
    },
    update: 'synchronous',
    rounds,
    tolerance: 0,
    seed: 7,
    replicates,
    scenarioHash: 'abc123',
  };
}

export function fixtureRun(options: FixtureOptions): RunResult {
  const ecosystem = fixtureEcosystem(options);
  const { models, outcomeCount, rounds, replicates } = ecosystem;
  const size = (rounds + 1) * replicates * models.length;
  const seriesOf = (metric: ModelMetric): Float64Array =>
    Float64Array.from({ length: size }, (_, index) => {
      const model = index % models.length;
      const replicate = Math.floor(index / models.length) % replicates;
      const round = Math.floor(index / models.length / replicates);
      if (metric === 'step' && round === 0) return NaN;
      if (metric === 'tvToStable') return NaN;
      if (metric === 'reward' && options.reward !== undefined) return options.reward(model, round, replicate);
      return fixtureValue(metric, round, replicate, model);
    });
  const cells = replicates * models.length * outcomeCount;
  const shares = Float64Array.from({ length: cells }, (_, index) => ((index * 7919) % 1009) / 1009);
  return {
    ecosystem,
    replicates,
    rounds,
    stopped: 'rounds',
    series: {
      reward: seriesOf('reward'),
      entropy: seriesOf('entropy'),
      effectiveSupport: seriesOf('effectiveSupport'),
      tvToReal: seriesOf('tvToReal'),
      step: seriesOf('step'),
      tvToStable: seriesOf('tvToStable'),
    },
    homogenisation: Float64Array.from({ length: (rounds + 1) * replicates }, (_, index) =>
      models.length === 1 ? NaN : index / 64,
    ),
    distributions: options.float32 === true ? Float32Array.from(shares) : shares,
    tables: null,
    counts:
      (options.population ?? 0) > 0
        ? Uint32Array.from({ length: cells }, (_, index) =>
            Math.floor(index / outcomeCount) % models.length === 0 ? 4_000_000_000 + index : 0,
          )
        : null,
    predictedReward:
      options.predicted === false
        ? null
        : Float64Array.from(models, (_, model) =>
            options.reward ? options.reward(model, rounds, 0) : model,
          ),
    backend: { kind: 'cpu', description: '2 worker threads', reason: 'no WebGPU adapter was found' },
    timing: { setupMs: 1, roundsMs: 2, totalMs: 3 },
  };
}

export function fixtureSolve(models: number, changes: Partial<SolveResult> = {}): SolveResult {
  return {
    converged: true,
    rounds: 37,
    residual: 1e-15,
    stability: 'stable',
    stablePoint: Array.from({ length: models }, () => Float64Array.of(0.25, 0.5, 0.25)),
    reward: Float64Array.from({ length: models }, (_, model) => model / 8),
    curation: new Float64Array(models).fill(0.5),
    influence: Float64Array.from({ length: models * models }, (_, index) => index / 16 - 0.1),
    isolated: new Float64Array(models).fill(0.09),
    local: new Float64Array(models).fill(0.05),
    verdict: Array.from({ length: models }, () => 'amplified' as const),
    rate: 0.508,
    certificate: 1.58,
    influenceResidual: 1e-12,
    ...changes,
  };
}
