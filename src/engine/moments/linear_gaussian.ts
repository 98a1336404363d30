/** Running linear-Gaussian ensembles: one plan, two backends, the loop of moments. */
import { planLinear } from '../../plan/linear_plan.ts';
import type { LinearPlan } from '../../plan/linear_plan.ts';
import type { LinearGaussianEnsemble } from '../../scenario/linear_gaussian.ts';
import type { LiveRun } from '../live.ts';
import type { MomentRun } from '../results.ts';
import { createLinearCpuBackend } from './linear_gaussian_cpu.ts';
import { createLinearGpuBackend } from './linear_gaussian_gpu.ts';
import type { MomentRunOptions } from './loop.ts';
import { openMoments, runMoments } from './loop.ts';
import type { MomentProgram } from './simulation.ts';

export interface LinearGaussianRunOptions extends MomentRunOptions {
  /** Stable mean of every model, for the distance to it; null or left out where none is known. */
  readonly stable?: readonly Float64Array[] | null | undefined;
}

/**
 * Runs replicates of a linear-Gaussian ecosystem side by side, each with its own parameters and random stream. Throws what
 * `runMoments` throws.
 */
export function runLinearGaussian(
  ensemble: LinearGaussianEnsemble,
  options: LinearGaussianRunOptions,
): Promise<MomentRun> {
  return runMoments(linearGaussianProgram(ensemble, options.stable ?? null), options);
}

/** The same, driven by the caller. */
export function openLinearGaussian(
  ensemble: LinearGaussianEnsemble,
  options: LinearGaussianRunOptions,
): Promise<LiveRun<MomentRun>> {
  return openMoments(linearGaussianProgram(ensemble, options.stable ?? null), options);
}

export function linearGaussianProgram(
  ensemble: LinearGaussianEnsemble,
  stable: readonly Float64Array[] | null,
): MomentProgram {
  const plan = planLinear(ensemble);
  return {
    ecosystem: ensemble.ecosystem,
    replicates: ensemble.stream.length,
    canRest: ensemble.variants.every(({ population }) => population.every((n) => n === 0)),
    cpuRoundMs: cpuRoundMs(ensemble, plan),
    openCpu: (platform) => createLinearCpuBackend(ensemble, plan, stable, platform),
    openGpu: (device) => createLinearGpuBackend(ensemble, plan, stable, device),
  };
}

const ENTRY_MS = 4e-6;
const COORDINATE_MS = 5e-6;
const NORMAL_MS = 25e-6;
const WORD_MS = 20e-6;

/** From times measured on one core of a 2020s server. */
function cpuRoundMs(ensemble: LinearGaussianEnsemble, plan: LinearPlan): number {
  const plain = plan.columns.length * ENTRY_MS + plan.coordinates * COORDINATE_MS;
  const cost = Float64Array.from(ensemble.variants, (_, k) => {
    let ms = plain;
    for (let at = k * plan.models; at < (k + 1) * plan.models; at++) {
      if (plan.scale[at] > 0) ms += plan.dimension * NORMAL_MS;
      // A binomial number looks at about two bits a sample, and at a word for each of some log2(n) levels.
      if (plan.drawn[at] > 0) ms += (plan.drawn[at] / 16 + 1 + Math.log2(plan.drawn[at])) * WORD_MS;
    }
    return ms;
  });
  return ensemble.variantOf.reduce((sum, variant) => sum + cost[variant], 0);
}
