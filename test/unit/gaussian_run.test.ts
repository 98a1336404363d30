import { describe, expect, test } from 'vitest';
import type { MomentSimulation } from '../../src/engine/moments/simulation.ts';
import { gaussianProgram, runGaussian } from '../../src/engine/moments/gaussian.ts';
import type { Platform } from '../../src/engine/platform.ts';
import { MOMENT_METRICS } from '../../src/engine/results.ts';
import { BackfireError } from '../../src/errors.ts';
import type { Retention } from '../../src/scenario/ecosystem.ts';
import type { GaussianEcosystem, GaussianEnsemble } from '../../src/scenario/gaussian.ts';
import { gaussianEnsembleOf } from '../../src/scenario/gaussian.ts';
import { solveGaussian } from '../../src/theory/solve_gaussian.ts';
import { curator, finiteEcosystem, gaussianOf, law, randomNetwork } from '../support/gaussian.ts';
import type { Reference } from '../support/gaussian_reference.ts';
import { simulate } from '../support/gaussian_reference.ts';

const platform: Platform = {
  runtime: 'test',
  openGpu: () => Promise.resolve({ missing: 'none in this test' }),
  spawnWorker: null,
  threads: 1,
  memoryLimit: 2 ** 28,
};
const options = { backend: 'cpu', platform } as const;

function open(ensemble: GaussianEnsemble): Promise<MomentSimulation> {
  return gaussianProgram(ensemble, null).openCpu(platform).createSimulation();
}

/** Mean and covariance entries of all models of all replicates after a round, flat. */
function flat(reference: Reference, round: number): { means: number[]; covariances: number[] } {
  const laws = reference.laws[round].flat();
  return {
    means: laws.flatMap(({ mean }) => mean),
    covariances: laws.flatMap(({ covariance }) => covariance.flat()),
  };
}

function expectClose(got: ArrayLike<number> | null, expected: ArrayLike<number>, tolerance: number): void {
  expect(got?.length).toBe(expected.length);
  for (let k = 0; k < expected.length; k++) {
    expect(Math.abs((got ?? [])[k] - expected[k])).toBeLessThanOrEqual(tolerance);
  }
}

describe('finite populations', () => {
  test.each([
    [1, {}],
    [2, {}],
    [3, { update: 'sequential' as const }],
    [7, { estimator: 'unbiased' as const }],
  ])('draw, choose and fit as documented (%i dimensions, %o)', async (d, settings) => {
    const ensemble = gaussianEnsembleOf(finiteEcosystem(d, settings));
    const reference = simulate(ensemble, 3);
    expect(reference.narrowest).toBeGreaterThan(1e-9);
    const simulation = await open(ensemble);
    const metrics = await simulation.advance(3);
    const { means, covariances } = await simulation.state();
    const expected = flat(reference, 3);
    expectClose(means, expected.means, 1e-10);
    expectClose(covariances, expected.covariances, 1e-10);
    // Norm and mean variance of each model after each round.
    reference.laws.slice(1).forEach((replicates, t) =>
      replicates.flat().forEach((model, k) => {
        const at = (t * replicates.flat().length + k) * MOMENT_METRICS.length;
        expect(metrics[at + 1]).toBeCloseTo(Math.hypot(...model.mean), 9);
        const trace = model.covariance.reduce((sum, row, i) => sum + row[i], 0);
        expect(metrics[at + 2]).toBeCloseTo(trace / d, 9);
      }),
    );
  });

  test.each<[Retention, 'mle' | 'unbiased']>([
    [{ kind: 'accumulate' }, 'mle'],
    [{ kind: 'accumulate' }, 'unbiased'],
    [{ kind: 'window', rounds: 3 }, 'mle'],
    [{ kind: 'window', rounds: 3 }, 'unbiased'],
    [{ kind: 'window', rounds: 1000 }, 'mle'],
    [{ kind: 'accumulate-subsample' }, 'mle'],
    [{ kind: 'accumulate-subsample' }, 'unbiased'],
  ])('fit what is retained (%o, %s)', async (retention, estimator) => {
    for (const d of [1, 3]) {
      const ensemble = gaussianEnsembleOf(finiteEcosystem(d, { estimator, rounds: 6 }, retention));
      const expected = flat(simulate(ensemble, 6), 6);
      const simulation = await open(ensemble);
      await simulation.advance(6);
      const { means, covariances } = await simulation.state();
      expectClose(means, expected.means, 1e-9);
      expectClose(covariances, expected.covariances, 1e-9);
    }
  });

  test.each<Retention>([
    { kind: 'replace' },
    { kind: 'window', rounds: 2 },
    { kind: 'accumulate' },
    { kind: 'accumulate-subsample' },
  ])('go on from a saved state with the same bits (%o)', async (retention) => {
    const ensemble = gaussianEnsembleOf(finiteEcosystem(2, { rounds: 8 }, retention));
    const straight = await open(ensemble);
    const whole = await straight.advance(8);
    const first = await open(ensemble);
    await first.advance(3);
    const saved = await first.state();
    const second = await open(ensemble);
    await second.restore(saved);
    const rest = await second.advance(5);
    expect(rest).toEqual(whole.slice(whole.length - rest.length));
    expect(await second.state()).toEqual(await straight.state());
  });

  test('a replicate does not depend on those beside it, and has its own parameters', async () => {
    const ecosystem = finiteEcosystem(2);
    const other = { ...ecosystem.parameters, population: Uint32Array.of(40, 9) };
    const together: GaussianEnsemble = {
      ecosystem,
      variants: [ecosystem.parameters, other],
      variantOf: Uint32Array.of(0, 1, 0),
      stream: Uint32Array.of(5, 6, 7),
    };
    const all = await open(together);
    await all.advance(4);
    const { means } = await all.state();
    for (let r = 0; r < 3; r++) {
      const alone = await open({
        ...together,
        variantOf: together.variantOf.slice(r, r + 1),
        stream: together.stream.slice(r, r + 1),
      });
      await alone.advance(4);
      expect((await alone.state()).means).toEqual(means.slice(r * 4, r * 4 + 4));
    }
    expect(means.slice(0, 4)).not.toEqual(means.slice(8, 12));
  });

  test('a law without spread stays a point', async () => {
    const point = law([1, 2], [0, 0, 0, 0]);
    const ecosystem = gaussianOf(
      [{ real: point, weight: 0.5, edges: [[0, 0, 0.5]], population: 5 }],
      [curator(2, { linear: [1, 0], quadratic: [1, 0, 0, 1] })],
    );
    const simulation = await open(gaussianEnsembleOf(ecosystem));
    await simulation.advance(3);
    const { means, covariances } = await simulation.state();
    expect(means).toEqual(point.mean);
    expect(covariances).toEqual(point.covariance);
  });
});

describe('the population limit', () => {
  test('comes to rest at the stable point that solve finds', async () => {
    const ecosystem = { ...randomNetwork(3, 3, 2), rounds: 500, tolerance: 1e-10 };
    const solved = await solveGaussian(ecosystem);
    const run = await runGaussian(gaussianEnsembleOf(ecosystem), {
      ...options,
      stable: solved,
      predictedReward: solved.reward,
    });
    expect(run.stopped).toBe('tolerance');
    expectClose(
      run.means,
      solved.stablePoint.flatMap((mean) => Array.from(mean)),
      1e-8,
    );
    expectClose(
      run.covariances,
      (solved.stableCovariance ?? []).flatMap((c) => Array.from(c)),
      1e-8,
    );
    const last = run.rounds * 3;
    for (let i = 0; i < 3; i++) {
      expect(run.series.reward[last + i]).toBeCloseTo(solved.reward[i], 8);
      expect(run.series.distanceToStable[last + i]).toBeLessThan(1e-8);
      expect(run.series.step[last + i]).toBeLessThanOrEqual(1e-10);
      expect(run.series.distanceToStable[i]).toBeGreaterThan(0.1);
    }
    expect(run.predictedReward).toBe(solved.reward);
  });

  test.each<Retention>([
    { kind: 'accumulate' },
    { kind: 'accumulate-subsample' },
    { kind: 'window', rounds: 3 },
  ])('keeps the moments of earlier rounds, each with the same weight (%o)', async (retention) => {
    const base = randomNetwork(5, 1, 1);
    const ecosystem = { ...base, retention: [retention], rounds: 6 };
    const simulation = await open(gaussianEnsembleOf(ecosystem));
    // Raw moments of each round's mixture, and the law that the rounds kept add up to.
    const { realWeight, edgeWeight, curators } = ecosystem.parameters;
    const [real] = ecosystem.real;
    let model = { mean: ecosystem.initial[0].mean[0], variance: ecosystem.initial[0].covariance[0] };
    const kept = [[model.mean, model.variance + model.mean ** 2]];
    const { reward, temperature } = curators[0];
    for (let t = 1; t <= 6; t++) {
      const variance = 1 / (1 / model.variance + reward.quadratic[0] / temperature);
      const push = (reward.quadratic[0] * reward.centre[0] + reward.linear[0]) / temperature;
      const mean = variance * (model.mean / model.variance + push);
      const raw = edgeWeight[0];
      const curated = edgeWeight[1] + edgeWeight[2];
      kept.push([
        realWeight[0] * real.mean[0] + raw * model.mean + curated * mean,
        realWeight[0] * (real.covariance[0] + real.mean[0] ** 2) +
          raw * (model.variance + model.mean ** 2) +
          curated * (variance + mean ** 2),
      ]);
      const used = kept.slice(retention.kind === 'window' ? -3 : 0);
      const [first, second] = [0, 1].map((k) => used.reduce((sum, m) => sum + m[k], 0) / used.length);
      model = { mean: first, variance: second - first ** 2 };
      await simulation.advance(1);
      const { means, covariances } = await simulation.state();
      expect(means[0]).toBeCloseTo(model.mean, 12);
      expect((covariances ?? [])[0]).toBeCloseTo(model.variance, 12);
    }
  });

  test('models in the limit and finite ones live side by side', async () => {
    const gaussian = (population: number): Parameters<typeof gaussianOf>[0][number] => ({
      real: law([0], [1]),
      weight: 0.5,
      edges: [
        [0, 0, 0.25],
        [1, -1, 0.25],
      ],
      population,
    });
    const ecosystem = gaussianOf([gaussian(0), gaussian(20_000)], [curator(1, { linear: [0.4] })], {
      rounds: 30,
    });
    const run = await runGaussian(gaussianEnsembleOf(ecosystem), options);
    expect(run.stopped).toBe('rounds');
    const { stablePoint } = await solveGaussian(ecosystem);
    // A mean of 20,000 samples of variance ≈ 1.3, and what the loop makes of its error: far below 0.1.
    expect(run.means[0]).toBeCloseTo(stablePoint[0][0], 1);
    expect(run.means[1]).toBeCloseTo(stablePoint[1][0], 1);
    expect(run.means[0]).not.toBe(stablePoint[0][0]);
  });
});

describe('what is refused', () => {
  const loop = (
    slope: number,
    settings: Partial<GaussianEcosystem> = {},
    population = 0,
  ): GaussianEcosystem =>
    gaussianOf(
      [{ real: law([0], [1]), weight: 0.5, edges: [[0, 0, 0.5]], population }],
      [curator(1, { linear: [slope] })],
      { rounds: 10_000, ...settings },
    );

  test.each([0, 500])('a blow-up (population %i), with the round and the threshold', async (population) => {
    const error = await runGaussian(gaussianEnsembleOf(loop(0.6, {}, population)), options).catch(
      (caught: unknown) => caught,
    );
    if (!(error instanceof BackfireError)) throw error;
    expect(error.code).toBe('not-converged');
    expect(error.message).toMatch(/ran away by round \d+/);
    expect(error.message).toContain('4κ(1+κ)·γᵀΣγ is 2.880 and must not exceed 1');
  });

  test('more kept samples than memory, with the numbers', async () => {
    const ecosystem = loop(0.1, { retention: [{ kind: 'accumulate-subsample' }] }, 100_000);
    const error = await runGaussian(gaussianEnsembleOf(ecosystem), options).catch(
      (caught: unknown) => caught,
    );
    if (!(error instanceof BackfireError)) throw error;
    expect(error.code).toBe('too-large');
    expect(error.message).toContain('7629 MiB for the data they keep — this machine allows 256 MiB');
  });

  test('the GPU, where it has nothing to draw or too much to keep; auto takes the CPU and says why', async () => {
    const ensemble = gaussianEnsembleOf(loop(0.1, { rounds: 2 }));
    await expect(runGaussian(ensemble, { ...options, backend: 'webgpu' })).rejects.toThrow(
      'has no GPU kernels for this scenario — models in the population limit have closed forms',
    );
    const run = await runGaussian(ensemble, { ...options, backend: 'auto' });
    expect(run.backend.kind).toBe('cpu');
    expect(run.backend.reason).toContain('closed forms');
    const keeping = loop(0.1, { rounds: 2, retention: [{ kind: 'accumulate-subsample' }] }, 10);
    await expect(runGaussian(gaussianEnsembleOf(keeping), { ...options, backend: 'webgpu' })).rejects.toThrow(
      'keeps every sample',
    );
  });
});

test('a model that keeps old data goes to its last round: short steps are no rest', () => {
  const ecosystem = finiteEcosystem(1, {});
  const inTheLimit = {
    ...ecosystem,
    parameters: { ...ecosystem.parameters, population: ecosystem.parameters.population.map(() => 0) },
  };
  const canRest = (kind: 'replace' | 'accumulate'): boolean =>
    gaussianProgram(
      gaussianEnsembleOf({ ...inTheLimit, retention: ecosystem.models.map(() => ({ kind })) }),
      null,
    ).canRest;
  expect([canRest('replace'), canRest('accumulate')]).toEqual([true, false]);
});
