/** One Gaussian fitted, round after round, to samples of itself: mean and variance, through the engine's Gaussian family. */
import { runGaussian } from '../../engine/index.ts';
import type { MomentRun } from '../../engine/results.ts';
import { BackfireError } from '../../errors.ts';
import type { AnyEcosystem } from '../../scenario/any_ecosystem.ts';
import { compileScenario } from '../../scenario/compile.ts';
import type { GaussianEcosystem } from '../../scenario/gaussian.ts';
import { gaussianEnsembleOf } from '../../scenario/gaussian.ts';
import {
  accumulatedMeanVariance,
  accumulatedVariance,
  logVarianceDrift,
  replacedMeanVariance,
  replacedVariance,
} from '../../theory/oracles/collapse.ts';
import type { ReproductionContext } from '../reproduction.ts';
import type { Law } from './estimates.ts';
import { Estimates, rangeOf } from './estimates.ts';
import { NO_TABLES } from './scenarios.ts';

const ROUNDS = 60;
const REPLICATES = 4000;
const PATHS = 20;
export const SAMPLES = [20, 50] as const;
const SHUMAILOV =
  'Shumailov et al. 2024 (Nature 631), a Gaussian fitted to its own samples: E σ_t² = σ_0²(1 − 1/n)^t, Var μ_t = σ_0²(1 − (1 − 1/n)^t), maximum likelihood';
const LOG_DRIFT =
  'log of a chi-square: E log σ_t² falls by ln(n/2) − ψ((n−1)/2) a round, with (n−1)/2 for n/2 where the variance is unbiased';
const KEPT =
  'all data kept, the first law counting as n samples: E σ_t² = σ_0² Π_{2≤i≤t+1}(1 − 1/(n i²)), the rest being Var μ_t';

export interface GaussianResult {
  /** E σ_t² and Var μ_t, each for every n replaced, then for the smallest n with all data kept. */
  readonly variance: readonly Law[];
  readonly mean: readonly Law[];
  /** E log σ_t² of the smallest n, maximum likelihood, and without bias. */
  readonly logVariance: readonly Law[];
  /** log₁₀ σ_t² of single replicates of the smallest n. */
  readonly paths: readonly Float64Array[];
}

/** What is left of σ², μ² and log σ² of each model after each round, over all replicates. */
interface Measured {
  readonly variance: Estimates;
  readonly mean: Estimates;
  readonly logVariance: Estimates;
  readonly paths: readonly Float64Array[];
}

export async function gaussianResult(
  context: ReproductionContext,
  report: (part: number) => void,
  effort = 1,
): Promise<GaussianResult> {
  const replicates = Math.round(effort * REPLICATES);
  const replaced = SAMPLES.map((n) => ({ name: `n = ${n}`, population: n, retention: 'replace' as const }));
  const kept = { name: 'kept', population: SAMPLES[0], retention: 'accumulate' as const };
  const mle = await measured('mle', [...replaced, kept], { seed: 71_001, replicates }, context, (part) =>
    report(0.8 * part),
  );
  const unbiased = await measured('unbiased', [replaced[0]], { seed: 71_011, replicates }, context, (part) =>
    report(0.8 + 0.2 * part),
  );
  const x = rangeOf(0, ROUNDS);
  const law = (
    name: string,
    label: string,
    estimates: Estimates,
    source: string,
    exact: (t: number) => number,
  ): Law => ({ name, label, x, measured: estimates, exact: x.map(exact), source, checked: [1, 10, 30] });
  const keptModel = mle[SAMPLES.length];
  const [least] = SAMPLES;
  return {
    variance: [
      ...SAMPLES.map((n, k) =>
        law(`Gaussian, replaced, n = ${n}: E σ²`, `replaced, n = ${n}`, mle[k].variance, SHUMAILOV, (t) =>
          replacedVariance(n, t),
        ),
      ),
      law(
        `Gaussian, all rounds, n = ${least}: E σ²`,
        `all rounds, n = ${least}`,
        keptModel.variance,
        KEPT,
        (t) => accumulatedVariance(least, t),
      ),
    ],
    mean: [
      ...SAMPLES.map((n, k) =>
        law(`Gaussian, replaced, n = ${n}: Var μ`, `replaced, n = ${n}`, mle[k].mean, SHUMAILOV, (t) =>
          replacedMeanVariance(n, t),
        ),
      ),
      law(
        `Gaussian, all rounds, n = ${least}: Var μ`,
        `all rounds, n = ${least}`,
        keptModel.mean,
        KEPT,
        (t) => accumulatedMeanVariance(least, t),
      ),
    ],
    logVariance: [
      law(
        `Gaussian, replaced, n = ${least}: E log σ²`,
        'maximum likelihood',
        mle[0].logVariance,
        LOG_DRIFT,
        (t) => t * logVarianceDrift(least),
      ),
      law(
        `Gaussian, replaced, n = ${least}, unbiased: E log σ²`,
        'unbiased',
        unbiased[0].logVariance,
        LOG_DRIFT,
        (t) => t * logVarianceDrift(least, 'unbiased'),
      ),
    ],
    paths: unbiased[0].paths,
  };
}

interface GaussianModel {
  readonly name: string;
  readonly population: number;
  readonly retention: 'replace' | 'accumulate';
}

/** Standard normal at the start; the reward z makes a model's expected reward its mean. */
async function measured(
  estimator: 'mle' | 'unbiased',
  models: readonly GaussianModel[],
  { seed, replicates }: { readonly seed: number; readonly replicates: number },
  context: ReproductionContext,
  report: (part: number) => void,
): Promise<Measured[]> {
  const ecosystem = gaussianOf(
    await compileScenario(
      {
        version: 1,
        name: 'Gaussian loops',
        family: 'gaussian',
        dimension: 1,
        estimator,
        curators: { nobody: { reward: { linear: [1] }, candidates: 1 } },
        models: Object.fromEntries(
          models.map(({ name, population, retention }) => [
            name,
            {
              real: { mean: [0], covariance: 1 },
              curator: 'nobody',
              mix: { raw: { [name]: 1 } },
              population,
              retention,
            },
          ]),
        ),
        rounds: ROUNDS,
        seed,
        replicates,
      },
      NO_TABLES,
    ),
  );
  const run = await runGaussian(gaussianEnsembleOf(ecosystem), {
    backend: context.backend,
    platform: context.platform,
    signal: context.signal,
    onProgress: ({ round }) => {
      report(round / ROUNDS);
    },
  });
  context.signal.throwIfAborted();
  return models.map((_, model) => summary(run, model, models.length));
}

function summary(run: MomentRun, model: number, models: number): Measured {
  const [variance, mean, logVariance] = [0, 1, 2].map(() => new Estimates(ROUNDS + 1));
  const paths: Float64Array[] = [];
  for (let replicate = 0; replicate < run.replicates; replicate++) {
    const read = (series: Float64Array): Float64Array =>
      Float64Array.from(
        { length: ROUNDS + 1 },
        (_, t) => series[(t * run.replicates + replicate) * models + model],
      );
    const spread = read(run.series.variance);
    variance.add(spread);
    mean.add(read(run.series.reward).map((mu) => mu * mu));
    logVariance.add(spread.map(Math.log));
    if (paths.length < PATHS) paths.push(spread.map(Math.log10));
  }
  return { variance, mean, logVariance, paths };
}

function gaussianOf(ecosystem: AnyEcosystem): GaussianEcosystem {
  if (ecosystem.family === 'gaussian') return ecosystem;
  throw new BackfireError('internal', `a scenario of the family "${ecosystem.family}" is not gaussian`);
}
