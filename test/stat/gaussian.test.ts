/**
 * Gaussian models that train on samples, against the closed forms of model collapse and of curated draws, on both backends. 60 comparisons; an honest
 * engine under a fresh key fails one of them with probability 3e-5.
 */
import { create } from 'webgpu';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gaussianProgram } from '../../src/engine/moments/gaussian.ts';
import { createGaussianGpuBackend } from '../../src/engine/moments/gaussian_gpu.ts';
import type { MomentSimulation } from '../../src/engine/moments/simulation.ts';
import { Device } from '../../src/gpu/device.ts';
import { planGaussian } from '../../src/plan/gaussian_plan.ts';
import type { Retention } from '../../src/scenario/ecosystem.ts';
import type { GaussianEcosystem } from '../../src/scenario/gaussian.ts';
import { gaussianEnsembleOf } from '../../src/scenario/gaussian.ts';
import { largestOf } from '../../src/theory/gaussian/order_statistics.ts';
import {
  accumulatedMeanVariance,
  accumulatedVariance,
  logVarianceDrift,
  replacedMeanVariance,
  replacedVariance,
} from '../../src/theory/oracles/collapse.ts';
import { curator, gaussianOf, law } from '../support/gaussian.ts';
import { expectMean } from './verdicts.ts';

const gpu = create([]); // kept for the life of the process: Dawn crashes when it is collected
let device: Device;
beforeAll(async () => {
  device = await Device.open(gpu);
});
afterAll(() => {
  device.destroy();
});

const BACKENDS = ['cpu', 'webgpu'] as const;
const platform = {
  runtime: 'test',
  openGpu: () => Promise.resolve({ missing: 'opened by hand' }),
  spawnWorker: null,
  threads: 1,
  memoryLimit: 2 ** 31,
};

async function open(
  ecosystem: GaussianEcosystem,
  kind: (typeof BACKENDS)[number],
): Promise<MomentSimulation> {
  const ensemble = gaussianEnsembleOf(ecosystem);
  const backend =
    kind === 'cpu'
      ? gaussianProgram(ensemble, null).openCpu(platform)
      : createGaussianGpuBackend(ensemble, planGaussian(ensemble), null, device);
  return backend.createSimulation();
}

interface Sampled {
  /** One number per replicate: of its only model, in one dimension. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** The only model of every replicate after each of `rounds`. */
async function states(
  ecosystem: GaussianEcosystem,
  kind: (typeof BACKENDS)[number],
  rounds: readonly number[],
): Promise<Sampled[]> {
  const simulation = await open(ecosystem, kind);
  const found: Sampled[] = [];
  for (const round of rounds) {
    await simulation.advance(round - simulation.round);
    const { means, covariances } = await simulation.state();
    found.push({ mean: Float64Array.from(means), variance: Float64Array.from(covariances ?? []) });
  }
  simulation.destroy();
  return found;
}

/** One model that trains on its own raw output. */
function selfLoop(
  population: number,
  seed: number,
  retention: Retention,
  settings: Partial<GaussianEcosystem> = {},
): GaussianEcosystem {
  return gaussianOf(
    [{ real: law([0], [1]), weight: 0, edges: [[0, -1, 1]], population, retention }],
    [curator(1, { linear: [1] })],
    { seed, replicates: 4_000, rounds: 40, ...settings },
  );
}

const squares = (values: Float64Array): Float64Array => values.map((value) => value * value);

describe.each(BACKENDS)('a model that trains on its own samples (%s)', (kind) => {
  it.each(['mle', 'unbiased'] as const)(
    'and forgets: variance, mean and log-variance of the %s estimator',
    async (estimator) => {
      const n = 10;
      const rounds = [1, 2, 5, 12];
      const loop = selfLoop(n, 301, { kind: 'replace' }, { estimator });
      const found = await states(loop, kind, rounds);
      found.forEach(({ mean, variance }, k) => {
        const t = rounds[k];
        expectMean(squares(mean), replacedMeanVariance(n, t, estimator), `Var μ after ${t} rounds`);
        const drift = t * logVarianceDrift(n, estimator);
        expectMean(variance.map(Math.log), drift, `E log σ² after ${t} rounds`);
        // The distribution of σ² spreads exponentially: only its first rounds have a normal mean.
        if (t <= 5) expectMean(variance, replacedVariance(n, t, estimator), `E σ² after ${t} rounds`);
      });
    },
  );

  it('and keeps everything: Π (1 − 1/(n i²))', async () => {
    const n = 6;
    const rounds = [1, 3, 10, 40];
    const found = await states(selfLoop(n, 302, { kind: 'accumulate' }), kind, rounds);
    found.forEach(({ mean, variance }, k) => {
      expectMean(variance, accumulatedVariance(n, rounds[k]), `E σ² after ${rounds[k]} rounds`);
      expectMean(squares(mean), accumulatedMeanVariance(n, rounds[k]), `Var μ after ${rounds[k]} rounds`);
    });
  });

  it('and keeps a window: the second moment about the start is conserved', async () => {
    const rounds = [1, 3, 8];
    const found = await states(selfLoop(8, 303, { kind: 'window', rounds: 3 }), kind, rounds);
    found.forEach(({ mean, variance }, k) => {
      const second = variance.map((value, r) => value + mean[r] ** 2);
      expectMean(second, 1, `E (σ² + μ²) after ${rounds[k]} rounds`);
    });
    const replaced = replacedVariance(8, 8);
    const windowed = found[2].variance.reduce((sum, value) => sum + value, 0) / 4_000;
    expect(windowed).toBeGreaterThan(replaced + 0.2); // three times the data
  });
});

it('a model that is fitted to draws from all data so far: pooled mean and fit', async () => {
  const n = 7;
  const rounds = [1, 2, 5, 20];
  const found = await states(selfLoop(n, 304, { kind: 'accumulate-subsample' }), 'cpu', rounds);
  // p = Var of the pool's mean, q = 1 − p its expected variance: round t adds a share 1/(t+1) of samples around the last fit,
  // whose mean is off by q/n from the draws and by (1−1/n) q/n from the samples; the first fit is the start itself.
  let pooled = 0;
  let t = 0;
  found.forEach(({ mean, variance }, k) => {
    for (; t < rounds[k]; t++) {
      const noise = t === 0 ? 1 / n : ((1 - pooled) * (2 - 1 / n)) / n;
      pooled += noise / (t + 2) ** 2;
    }
    expectMean(squares(mean), pooled + (1 - pooled) / n, `Var μ after ${t} rounds`);
    expectMean(variance, (1 - pooled) * (1 - 1 / n), `E σ² after ${t} rounds`);
  });
});

describe.each(BACKENDS)('one round of curated samples (%s)', (kind) => {
  const n = 400;
  const oneRound = async (parts: Parameters<typeof curator>[1], seed: number): Promise<Sampled> => {
    const ecosystem = gaussianOf(
      [{ real: law([2], [4]), weight: 0, edges: [[0, 0, 1]], population: n }],
      [curator(1, parts)],
      { seed, replicates: 2_000 },
    );
    return (await states(ecosystem, kind, [1]))[0];
  };
  const expectMoments = ({ mean, variance }: Sampled, m: number, v: number, what: string): void => {
    expectMean(mean, m, `${what}: E μ`);
    expectMean(variance, v * (1 - 1 / n), `${what}: E σ²`);
  };

  it('argmax of K: the largest of K normal numbers', async () => {
    for (const candidates of [2, 5]) {
      const best = largestOf(candidates);
      const sampled = await oneRound({ linear: [0.7], candidates, rule: 'argmax' }, 310 + candidates);
      expectMoments(sampled, 2 + 2 * best.mean, 4 * best.variance, `K = ${candidates}`);
    }
  });

  it('Plackett–Luce of 2: the better of a pair with probability 1/(1 + e^−Δ)', async () => {
    const slope = 0.6 / 0.8;
    // With z = 2 + 2x: the kept x is (a+b)/2 ± (a−b)/2, so E x = E[(u/2) tanh(slope u)] for u = a − b ~ N(0, 2), and E x² = 1.
    let shift = 0;
    let mass = 0;
    for (let u = -12; u <= 12; u += 1 / 64) {
      const weight = Math.exp((-u * u) / 4);
      mass += weight;
      shift += weight * (u / 2) * Math.tanh(slope * u);
    }
    shift /= mass;
    const sampled = await oneRound({ linear: [0.6], temperature: 0.8, candidates: 2 }, 320);
    expectMoments(sampled, 2 + 2 * shift, 4 * (1 - shift ** 2), 'K = 2');
  });

  it('infinitely many: the tilt', async () => {
    const sampled = await oneRound({ linear: [0.3], quadratic: [0.5], centre: [1], temperature: 2 }, 330);
    const variance = 1 / (1 / 4 + 0.25);
    expectMoments(sampled, variance * (2 / 4 + 0.25 + 0.15), variance, 'K = ∞');
  });
});
