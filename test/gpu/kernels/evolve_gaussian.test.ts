import { describe, expect, it } from 'vitest';
import { runGaussian } from '../../../src/engine/moments/gaussian.ts';
import { createGaussianGpuBackend } from '../../../src/engine/moments/gaussian_gpu.ts';
import type { MomentSimulation, MomentState } from '../../../src/engine/moments/simulation.ts';
import { MOMENT_METRICS } from '../../../src/engine/results.ts';
import { lanesFor, momentsOf } from '../../../src/kernels/evolve_gaussian.ts';
import { planGaussian } from '../../../src/plan/gaussian_plan.ts';
import type { Retention } from '../../../src/scenario/ecosystem.ts';
import type { GaussianEnsemble } from '../../../src/scenario/gaussian.ts';
import { gaussianEnsembleOf } from '../../../src/scenario/gaussian.ts';
import { curator, finiteEcosystem, gaussianOf, law } from '../../support/gaussian.ts';
import { simulate } from '../../support/gaussian_reference.ts';
import { gpu, useKernelLab } from './harness.ts';

const lab = useKernelLab();
/** Of a normal number, relative to √(−2 ln u), which is below 4 for all but one word in 3,000. */
const NORMAL_ERROR = 2 ** -19;

function open(ensemble: GaussianEnsemble): Promise<MomentSimulation> {
  return createGaussianGpuBackend(ensemble, planGaussian(ensemble), null, lab.device).createSimulation();
}

async function after(ensemble: GaussianEnsemble, rounds: number): Promise<MomentState> {
  const simulation = await open(ensemble);
  await simulation.advance(rounds);
  const state = await simulation.state();
  simulation.destroy();
  return state;
}

/**
 * A sample is off by the error of d normals of size up to 4, times the spread, which is about 1 here; means and covariances average over samples.
 * Every round adds as much again. Measured after three rounds: at most 8e-7.
 */
function tolerance(d: number, rounds: number): number {
  return rounds * Math.sqrt(d) * 4 * NORMAL_ERROR;
}

async function expectReference(ensemble: GaussianEnsemble, rounds: number): Promise<void> {
  const reference = simulate(ensemble, rounds);
  const bound = tolerance(ensemble.ecosystem.dimension, rounds);
  expect(reference.narrowest).toBeGreaterThan(10 * NORMAL_ERROR); // no choice hangs on rounding: seeds are chosen so
  const { means, covariances } = await after(ensemble, rounds);
  const laws = reference.laws[rounds].flat();
  const wrong: string[] = [];
  const compare = (got: ArrayLike<number>, expected: readonly number[], what: string): void => {
    expect(got.length).toBe(expected.length);
    expected.forEach((value, k) => {
      if (!(Math.abs(got[k] - value) <= bound * Math.max(1, Math.abs(value)))) {
        wrong.push(`${what}[${k}]: got ${got[k]}, expected ${value} give or take ${bound}`);
      }
    });
  };
  compare(
    means,
    laws.flatMap(({ mean }) => mean),
    'mean',
  );
  compare(
    covariances ?? [],
    laws.flatMap(({ covariance }) => covariance.flat()),
    'covariance',
  );
  expect(wrong).toEqual([]);
}

it.each([
  [1, { update: 'synchronous' as const }],
  [2, { update: 'sequential' as const }],
  [3, { estimator: 'unbiased' as const }],
  [9, {}],
])(
  'draws, chooses and fits as an independent float64 computation does (%i dimensions, %o)',
  async (d, settings) => {
    await expectReference(gaussianEnsembleOf(finiteEcosystem(d, settings)), 3);
  },
);

it.each<[Retention, 'mle' | 'unbiased']>([
  [{ kind: 'accumulate' }, 'mle'],
  [{ kind: 'accumulate' }, 'unbiased'],
  [{ kind: 'window', rounds: 3 }, 'mle'],
  [{ kind: 'window', rounds: 2 }, 'unbiased'],
  [{ kind: 'window', rounds: 1_000 }, 'mle'],
])('fits what is retained (%o, %s)', async (retention, estimator) => {
  for (const d of [1, 3]) {
    await expectReference(gaussianEnsembleOf(finiteEcosystem(d, { estimator, rounds: 6 }, retention)), 5);
  }
});

it('adds up more samples than there are lanes, and fewer', async () => {
  const model = { real: law([0.5], [2]), weight: 0.5, edges: [[0, 0, 0.5] as const] };
  for (const population of [1, 2, 63, 64, 65, 5_000]) {
    const ecosystem = gaussianOf([{ ...model, population }], [curator(1, { linear: [0.3] })]);
    await expectReference(gaussianEnsembleOf(ecosystem), 1);
  }
});

it('gives every replicate its own parameters, stream and nothing of its neighbours', async () => {
  const ecosystem = finiteEcosystem(2);
  const other = {
    ...ecosystem.parameters,
    population: Uint32Array.of(30, 9),
    curators: ecosystem.parameters.curators.map((who, c) =>
      c === 1 ? { ...who, candidates: Infinity } : who,
    ),
    realWeight: Float64Array.of(0.1, 0.25),
    edgeWeight: ecosystem.parameters.edgeWeight.map((weight, e) => (e === 0 ? weight + 0.1 : weight)),
  };
  const ensemble: GaussianEnsemble = {
    ecosystem,
    variants: [ecosystem.parameters, other],
    variantOf: Uint32Array.of(1, 0, 1),
    stream: Uint32Array.of(3, 9, 4),
  };
  await expectReference(ensemble, 2);
  const { means } = await after(ensemble, 2);
  const alone = await after({ ...ensemble, variantOf: Uint32Array.of(0), stream: Uint32Array.of(9) }, 2);
  expect(alone.means).toEqual(means.slice(4, 8));
});

describe.each<Retention>([{ kind: 'replace' }, { kind: 'window', rounds: 3 }, { kind: 'accumulate' }])(
  'with retention %o',
  (retention) => {
    const ensemble = gaussianEnsembleOf(finiteEcosystem(3, { rounds: 700 }, retention));

    it('goes on from a saved state with the same bits', async () => {
      const straight = await after(ensemble, 9);
      const first = await open(ensemble);
      await first.advance(4);
      const saved = await first.state();
      const second = await open(ensemble);
      await second.restore(saved);
      await second.advance(5);
      expect(await second.state()).toEqual(straight);
      first.destroy();
      second.destroy();
    });

    it('gives the same bits however many rounds are asked for at a time, around the ring of slots', async () => {
      const whole = await open(ensemble);
      const parts = await open(ensemble);
      const all = await whole.advance(600);
      const pieces: number[] = [];
      for (const rounds of [1, 299, 300]) pieces.push(...(await parts.advance(rounds)));
      expect(Float64Array.from(pieces)).toEqual(all);
      expect(await parts.state()).toEqual(await whole.state());
      whole.destroy();
      parts.destroy();
    });
  },
);

it('measures on the host what the laws are', async () => {
  const ensemble = gaussianEnsembleOf(finiteEcosystem(2));
  const simulation = await open(ensemble);
  const start = await simulation.measure();
  const metrics = await simulation.advance(2);
  const { means, covariances } = await simulation.state();
  simulation.destroy();
  const perRound = metrics.length / 2;
  const row = (at: number): Record<string, number> =>
    Object.fromEntries(MOMENT_METRICS.map((name, m) => [name, metrics[at + m]]));
  for (let k = 0; k < 4; k++) {
    const { norm, variance, distanceToStable } = row(perRound + k * MOMENT_METRICS.length);
    expect(norm).toBe(Math.sqrt(means[2 * k] ** 2 + means[2 * k + 1] ** 2));
    expect(variance).toBe(((covariances ?? [])[4 * k] + (covariances ?? [])[4 * k + 3]) / 2);
    expect(distanceToStable).toBeNaN();
    expect(start[k * MOMENT_METRICS.length + MOMENT_METRICS.indexOf('step')]).toBe(0);
  }
});

it('runs through the loop of moments, and agrees with the CPU', async () => {
  const ensemble = gaussianEnsembleOf(finiteEcosystem(2, { rounds: 4 }));
  const platform = {
    runtime: 'test',
    openGpu: () => Promise.resolve(gpu),
    spawnWorker: null,
    threads: 1,
    memoryLimit: 2 ** 28,
  };
  const onGpu = await runGaussian(ensemble, { backend: 'webgpu', platform });
  const onCpu = await runGaussian(ensemble, { backend: 'cpu', platform });
  expect([onGpu.backend.kind, onCpu.backend.kind]).toEqual(['webgpu', 'cpu']);
  expect(onGpu.rounds).toBe(4);
  for (const metric of MOMENT_METRICS) {
    if (metric === 'distanceToStable') continue; // not known here
    onCpu.series[metric].forEach((value, k) => {
      expect(Math.abs(onGpu.series[metric][k] - value)).toBeLessThan(4 * tolerance(2, 4));
    });
  }
});

it('keeps a law without spread where it is', async () => {
  const point = law([1, 2], [0, 0, 0, 0]);
  const ecosystem = gaussianOf(
    [{ real: point, weight: 0.5, edges: [[0, 0, 0.5]], population: 70 }],
    [curator(2, { linear: [1, 0], quadratic: [1, 0, 0, 1] })],
  );
  const { means, covariances } = await after(gaussianEnsembleOf(ecosystem), 3);
  expect(means).toEqual(point.mean);
  expect(covariances).toEqual(point.covariance);
});

it('keeps its sums in the workgroup memory that every adapter has, in every dimension', () => {
  for (let d = 1; d <= 32; d++) {
    expect(4 * lanesFor(d) * (momentsOf(d) + 2 * d)).toBeLessThanOrEqual(16_384);
    expect(lanesFor(d)).toBeGreaterThanOrEqual(4);
  }
  expect(lanesFor(1)).toBe(64);
});
