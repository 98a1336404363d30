/** Running a scenario of any family beside what the theory predicts for it. */
import type { AnyEcosystem } from '../scenario/any_ecosystem.ts';
import { ensembleOf } from '../scenario/ecosystem.ts';
import { gaussianEnsembleOf } from '../scenario/gaussian.ts';
import { linearGaussianEnsembleOf } from '../scenario/linear_gaussian.ts';
import { isMomentSolve } from '../theory/results.ts';
import type { AnySolveResult } from '../theory/results.ts';
import type { LiveRun } from './live.ts';
import type { LoopOptions } from './loop.ts';
import { openGaussian } from './moments/gaussian.ts';
import { openLinearGaussian } from './moments/linear_gaussian.ts';
import type { AnyRun } from './results.ts';
import { openEnsemble } from './run.ts';

export interface AnyRunOptions extends LoopOptions {
  /** What `solve` says about the scenario; distances to a stable point that was not found are left out. */
  readonly prediction: AnySolveResult | null;
  /** Told of the backend whenever a run starts on one; a GPU backend has the device. */
  readonly onBackend?: ((backend: object) => void) | undefined;
}

/** Throws what the run of the family throws: `too-large`, `no-adapter`, `bad-adapter`, `device-lost`, `not-converged`. */
export async function runAnyScenario(ecosystem: AnyEcosystem, options: AnyRunOptions): Promise<AnyRun> {
  const run = await openScenario(ecosystem, options);
  try {
    return await run.toTheEnd();
  } finally {
    run.destroy();
  }
}

/** The same, driven by the caller. */
export async function openScenario(
  ecosystem: AnyEcosystem,
  { prediction, ...options }: AnyRunOptions,
): Promise<LiveRun> {
  const known = prediction?.converged === true ? prediction : null;
  const predictedReward = known?.reward ?? null;
  switch (ecosystem.family) {
    case 'linear-gaussian': {
      const stable = known?.stablePoint ?? null;
      return openLinearGaussian(linearGaussianEnsembleOf(ecosystem), { ...options, stable, predictedReward });
    }
    case 'gaussian': {
      const stable = known !== null && isMomentSolve(known) ? known : null;
      return openGaussian(gaussianEnsembleOf(ecosystem), { ...options, stable, predictedReward });
    }
    default:
      return openEnsemble(ensembleOf(ecosystem), {
        ...options,
        predictedStable: known?.stablePoint ?? null,
        predictedReward,
      });
  }
}
