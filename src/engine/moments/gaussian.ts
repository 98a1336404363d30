/** Running ensembles of Gaussian models: one plan, two backends, the loop of moments. */
import { blocksPerCandidate } from '../../cpu/gaussian_sampler.ts';
import type { GaussianPlan, GaussianVariant } from '../../plan/gaussian_plan.ts';
import { planGaussian } from '../../plan/gaussian_plan.ts';
import type { GaussianEnsemble, GaussianLaw } from '../../scenario/gaussian.ts';
import type { MomentSolveResult } from '../../theory/results.ts';
import { blowUpReason } from '../../theory/solve_gaussian.ts';
import type { LiveRun } from '../live.ts';
import type { MomentRun } from '../results.ts';
import { createGaussianCpuBackend } from './gaussian_cpu.ts';
import { createGaussianGpuBackend } from './gaussian_gpu.ts';
import type { MomentRunOptions } from './loop.ts';
import { openMoments } from './loop.ts';
import type { MomentProgram } from './simulation.ts';

export interface GaussianRunOptions extends MomentRunOptions {
  /** The stable point, for the distance to it; null or left out where none is known. */
  readonly stable?: Pick<MomentSolveResult, 'stablePoint' | 'stableCovariance'> | null | undefined;
}

/**
 * Runs replicates of a Gaussian ecosystem side by side, each with its own parameters and random stream. Throws what `runMoments` throws; where
 * variances run away, with the threshold of blow-up if it is known.
 */
export async function runGaussian(
  ensemble: GaussianEnsemble,
  options: GaussianRunOptions,
): Promise<MomentRun> {
  const run = await openGaussian(ensemble, options);
  try {
    return await run.toTheEnd();
  } finally {
    run.destroy();
  }
}

/** The same, driven by the caller. */
export async function openGaussian(
  ensemble: GaussianEnsemble,
  options: GaussianRunOptions,
): Promise<LiveRun<MomentRun>> {
  const program = gaussianProgram(ensemble, lawsOf(options.stable));
  return openMoments(program, options, () => {
    const reason = blowUpReason(ensemble.ecosystem);
    return reason === '' ? '' : ` The variance of this loop has no stable point${reason}.`;
  });
}

export function gaussianProgram(
  ensemble: GaussianEnsemble,
  stable: readonly GaussianLaw[] | null,
): MomentProgram {
  const plan = planGaussian(ensemble);
  const whyNoGpu = reasonAgainstGpu(ensemble, plan);
  return {
    ecosystem: ensemble.ecosystem,
    replicates: ensemble.stream.length,
    // A mean over several rounds takes short steps long before it has settled.
    canRest:
      ensemble.ecosystem.retention.every(({ kind }) => kind === 'replace') &&
      ensemble.variants.every(({ population }) => population.every((n) => n === 0)),
    cpuRoundMs: cpuRoundMs(ensemble, plan),
    openCpu: (platform) => createGaussianCpuBackend(ensemble, plan, stable, platform),
    openGpu: whyNoGpu === null ? (device) => createGaussianGpuBackend(ensemble, plan, stable, device) : null,
    whyNoGpu,
  };
}

function lawsOf(stable: GaussianRunOptions['stable']): GaussianLaw[] | null {
  const covariances = stable?.stableCovariance;
  if (stable === null || stable === undefined || covariances === null || covariances === undefined)
    return null;
  return stable.stablePoint.map((mean, i) => ({ mean, covariance: covariances[i] }));
}

/** Draws that one workgroup may make in a dispatch: a driver's watchdog stops what takes seconds. */
const MOST_DRAWS = 2 ** 26;

/** The kernel draws samples; what needs none, or all of them kept, is for the CPU. */
function reasonAgainstGpu({ ecosystem, variants }: GaussianEnsemble, plan: GaussianPlan): string | null {
  if (variants.some(({ population }) => population.includes(0))) {
    return 'models in the population limit have closed forms, which the CPU computes in float64';
  }
  if (ecosystem.retention.some(({ kind }) => kind === 'accumulate-subsample')) {
    return 'the retention "accumulate-subsample" keeps every sample, which the GPU kernel does not';
  }
  const draws = Math.max(...plan.variants.map((variant) => mostDraws(variant, plan)));
  if (draws > MOST_DRAWS) {
    return `one model's ${draws.toExponential(1)} candidates a round are more than one workgroup draws before a driver's watchdog stops it`;
  }
  return null;
}

/** Most candidates that a model may have to draw in a round. */
function mostDraws({ parameters, candidates }: GaussianVariant, { sourceStart }: GaussianPlan): number {
  return Math.max(
    ...Array.from(parameters.population, (n, i) =>
      candidates.subarray(sourceStart[i], sourceStart[i + 1]).reduce((most, k) => Math.max(most, n * k), n),
    ),
  );
}

const WORDS_MS = 120e-6;
const NORMAL_MS = 25e-6;
const PRODUCT_MS = 5e-6;
/** A fit, its factors and its metrics. */
const MODEL_MS = 3e-3;

/** From times measured on one core of a 2020s server. */
function cpuRoundMs({ variants, variantOf }: GaussianEnsemble, plan: GaussianPlan): number {
  const d = plan.dimension;
  const candidateMs = blocksPerCandidate(d) * WORDS_MS + d * NORMAL_MS + d * d * PRODUCT_MS;
  const cost = variants.map(({ population, edgeWeight }, v) => {
    const { candidates } = plan.variants[v];
    let ms = 0;
    for (let i = 0; i < plan.models; i++) {
      let shown = 1;
      for (let s = plan.sourceStart[i] + 1; s < plan.sourceStart[i + 1]; s++) {
        shown += edgeWeight[s - i - 1] * (candidates[s] - 1);
      }
      ms += population[i] * (shown * candidateMs + d * d * PRODUCT_MS) + MODEL_MS * d * d;
    }
    return ms;
  });
  return variantOf.reduce((sum, v) => sum + cost[v], 0);
}
