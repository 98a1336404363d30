/** The run loop of means on the CPU: when it stops, what it refuses, and that chunks never show. */
import { describe, expect, it } from 'vitest';
import type { LinearGaussianRunOptions } from '../../src/engine/moments/linear_gaussian.ts';
import { runLinearGaussian } from '../../src/engine/moments/linear_gaussian.ts';
import type { Platform } from '../../src/engine/platform.ts';
import type { RunProgress } from '../../src/engine/loop.ts';
import { linearGaussianEnsembleOf } from '../../src/scenario/linear_gaussian.ts';
import type { LinearGaussianEcosystem, LinearGaussianEnsemble } from '../../src/scenario/linear_gaussian.ts';
import { randomLinearEnsemble, referenceRun } from '../support/linear_gaussian.ts';

const platform: Platform = {
  runtime: 'test',
  openGpu: () => Promise.resolve({ missing: 'there is none in this test' }),
  spawnWorker: null,
  threads: 1,
  memoryLimit: 2 ** 30,
};

function run(ensemble: LinearGaussianEnsemble, options: Partial<LinearGaussianRunOptions> = {}) {
  return runLinearGaussian(ensemble, { backend: 'cpu', platform, ...options });
}

/** Models of one dimension in the population limit, x' = B x. */
function plainEcosystem(
  b: readonly (readonly number[])[],
  initial: readonly number[],
  change: Partial<LinearGaussianEcosystem> = {},
): LinearGaussianEcosystem {
  const models = initial.length;
  return {
    name: 'plain',
    description: '',
    family: 'linear-gaussian',
    models: initial.map((_, i) => `model ${i}`),
    update: 'synchronous',
    rounds: 100,
    tolerance: 1e-9,
    seed: 1,
    replicates: 1,
    scenarioHash: '',
    dimension: 1,
    edges: {
      start: Uint32Array.from({ length: models + 1 }, (_, i) => i * models),
      producer: Uint32Array.from({ length: models * models }, (_, e) => e % models),
    },
    rewards: initial.map(() => ({ linear: Float64Array.of(0), quadratic: 1 })),
    initial: Float64Array.from(initial),
    sourceCounts: 'multinomial',
    parameters: {
      maps: b.flat().map((entry) => Float64Array.of(entry)),
      curation: new Float64Array(models),
      shift: new Float64Array(models),
      constant: new Float64Array(models),
      noise: new Float64Array(models),
      population: new Uint32Array(models),
    },
    ...change,
  };
}

const plain = (...given: Parameters<typeof plainEcosystem>): LinearGaussianEnsemble =>
  linearGaussianEnsembleOf(plainEcosystem(...given));

describe('the CPU backend', () => {
  it.each(['synchronous', 'sequential'] as const)(
    'does the rounds of an independent computation, %s',
    async (update) => {
      const ensemble = randomLinearEnsemble(3, {
        models: 4,
        dimension: 5,
        update,
        population: [0, 12, 70],
        variants: 3,
        replicates: 9,
        rounds: 12,
      });
      const stable = ensemble.ecosystem.rewards.map(({ linear }) => linear);
      const { series, means, rounds, stopped } = await run(ensemble, { stable });
      expect([rounds, stopped]).toEqual([12, 'rounds']);
      for (let r = 0; r < 9; r++) {
        const expected = referenceRun(ensemble, r, 12, stable);
        expected.forEach((round, k) => {
          for (let i = 0; i < 4; i++) {
            const at = ((k + 1) * 9 + r) * 4 + i;
            const got = [series.reward[at], series.norm[at], series.step[at], series.distanceToStable[at]];
            // Sums of at most some forty terms of the order of 1 to 10, over twelve contracting rounds.
            got.forEach((value, m) => {
              expect(Math.abs(value - round.measures.value[4 * i + m])).toBeLessThan(1e-12);
            });
            expect(series.variance[at]).toBeNaN();
            expect(series.distanceToReal[at]).toBeNaN();
          }
        });
        const last = expected[11].means.value;
        last.forEach((x, c) => {
          expect(Math.abs(means[r * 20 + c] - x)).toBeLessThan(1e-12);
        });
      }
    },
  );

  it('measures the initial state: no step yet, and no distance where no stable point is known', async () => {
    const { series } = await run(plain([[0.5]], [-4]));
    expect(series.reward[0]).toBe(-8);
    expect(series.norm[0]).toBe(4);
    expect(series.step[0]).toBe(0);
    expect(series.distanceToStable[0]).toBeNaN();
  });
});

it.each([
  [5, 0.5, 2],
  [7, 0.5, 4],
  [10, 0.26, 3],
  [3, 1, 3],
])('of %s samples with λ = %s, a fixed count curates %s', async (n, share, count) => {
  const base = plainEcosystem([[0]], [9], { rounds: 1, sourceCounts: 'fixed' });
  const parameters = {
    ...base.parameters,
    curation: Float64Array.of(share),
    shift: Float64Array.of(1),
    population: Uint32Array.of(n),
  };
  const { means } = await run(linearGaussianEnsembleOf({ ...base, parameters }));
  expect(means[0]).toBe(count / n);
});

describe('a run stops', () => {
  it.each([1, 7, 4096])(
    'when the largest step is within the tolerance, chunks of %s rounds',
    async (chunkRounds) => {
      const ensemble = plain(
        [
          [0.5, 0],
          [0, 0.25],
        ],
        [1, 1],
      ); // steps of the first model: 2^−k in round k
      const { rounds, stopped, means, series } = await run(ensemble, { chunkRounds });
      expect([rounds, stopped]).toEqual([30, 'tolerance']); // 2^−30 = 9.3e-10
      expect(Array.from(means)).toEqual([2 ** -30, 2 ** -60]);
      expect(series.step.length).toBe(2 * 31);
      expect(series.step[2 * 30]).toBe(2 ** -30);
    },
  );

  it.each([1, 3, 50])('when two models swap for ever, chunks of %s rounds', async (chunkRounds) => {
    const { rounds, stopped, means } = await run(
      plain(
        [
          [0, 1],
          [1, 0],
        ],
        [3, -1],
      ),
      { chunkRounds },
    );
    expect(stopped).toBe('cycle');
    expect(rounds).toBe(6); // rounds 3 to 6 repeat rounds 1 to 4
    expect(Array.from(means)).toEqual([3, -1]);
  });

  it('not when only the metrics repeat: a quarter turn comes back after four rounds', async () => {
    const { rounds, stopped } = await run(
      plain(
        [
          [0, -1],
          [1, 0],
        ],
        [1, 1],
      ),
    );
    expect([rounds, stopped]).toEqual([100, 'rounds']);
  });

  it('not while finite populations happen to stand still', async () => {
    const ensemble = randomLinearEnsemble(1, { models: 1, dimension: 2, rounds: 20, population: [5] });
    const still = { ...ensemble.ecosystem, tolerance: 1e9 };
    expect((await run({ ...ensemble, ecosystem: still })).stopped).toBe('rounds');
  });

  it('when it is told to, with what is finished', async () => {
    const stop = new AbortController();
    const seen: RunProgress[] = [];
    const { rounds, stopped, series } = await run(plain([[0.999]], [1]), {
      signal: stop.signal,
      chunkRounds: 10,
      onProgress: (progress) => {
        seen.push(progress);
        if (progress.round >= 15) stop.abort();
      },
    });
    expect(stopped).toBe('cancelled');
    expect(rounds).toBeGreaterThanOrEqual(15);
    expect(rounds).toBeLessThan(100);
    expect(series.reward.length).toBe(rounds + 1);
    expect(seen.at(-1)?.round).toBe(rounds);
    expect(seen.every((one) => one.rounds === 100)).toBe(true);
  });
});

describe('a run fails', () => {
  it('with the round at which numbers run away, and why', async () => {
    const ensemble = plain(
      [
        [1, 0],
        [0, 10],
      ],
      [1, 1],
      { rounds: 400 },
    );
    const failure = run(ensemble);
    await expect(failure).rejects.toMatchObject({ code: 'not-converged' });
    await expect(failure).rejects.toThrow(/"model 1" ran away by round 13 \(length 1\.00e\+13\)/);
    await expect(run(ensemble, { chunkRounds: 1 })).rejects.toThrow(/by round 13 /);
  });

  it('before it starts when its metrics do not fit', async () => {
    const ensemble = plain([[0.5]], [1], { rounds: 10_000_000 });
    const small = { ...platform, memoryLimit: 1e6 };
    await expect(run(ensemble, { platform: small })).rejects.toMatchObject({ code: 'too-large' });
  });

  it('when a GPU is asked for and there is none; left to itself it says so and takes the CPU', async () => {
    const ensemble = plain([[0.5]], [1]);
    await expect(run(ensemble, { backend: 'webgpu' })).rejects.toMatchObject({ code: 'no-adapter' });
    const { backend } = await run(ensemble, { backend: 'auto' });
    expect(backend.kind).toBe('cpu');
    expect(backend.reason).toContain('there is none in this test');
  });
});

it('hands on the predicted reward', async () => {
  const predictedReward = Float64Array.of(7);
  expect((await run(plain([[0.5]], [1]), { predictedReward })).predictedReward).toBe(predictedReward);
});
