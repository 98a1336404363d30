/** Running a scenario of any family beside what the theory predicts for it. */
import type { AnyEcosystem } from '../scenario/any_ecosystem.ts';
import { gaussianEnsembleOf } from '../scenario/gaussian.ts';
import { linearGaussianEnsembleOf } from '../scenario/linear_gaussian.ts';
import { isMomentSolve } from '../theory/results.ts';
import type { AnySolveResult } from '../theory/results.ts';
import { runGaussian } from './moments/gaussian.ts';
import { runLinearGaussian } from './moments/linear_gaussian.ts';
import type { AnyRun } from './results.ts';
import { runScenario } from './run.ts';
import type { RunOptions } from './run_loop.ts';

export interface AnyRunOptions extends Pick<RunOptions, 'backend' | 'platform' | 'signal' | 'onProgress'> {
  /** What `solve` says about the scenario; distances to a stable point that was not found are left out. */
  readonly prediction: AnySolveResult | null;
}

/** Throws what the run of the family throws: `too-large`, `no-adapter`, `bad-adapter`, `device-lost`, `not-converged`. */
export async function runAnyScenario(
  ecosystem: AnyEcosystem,
  { prediction, ...options }: AnyRunOptions,
): Promise<AnyRun> {
  const known = prediction?.converged === true ? prediction : null;
  const predictedReward = known?.reward ?? null;
  switch (ecosystem.family) {
    case 'linear-gaussian': {
      const stable = known?.stablePoint ?? null;
      return runLinearGaussian(linearGaussianEnsembleOf(ecosystem), { ...options, stable, predictedReward });
    }
    case 'gaussian': {
      const stable = known !== null && isMomentSolve(known) ? known : null;
      return runGaussian(gaussianEnsembleOf(ecosystem), { ...options, stable, predictedReward });
    }
    default:
      return runScenario(ecosystem, {
        ...options,
        predictedStable: known?.stablePoint ?? null,
        predictedReward,
      });
  }
}
