/** `solve` for linear-gaussian scenarios: everything in closed form. */
import type { LinearGaussianEcosystem } from '../scenario/linear_gaussian.ts';
import { expectedReward, spreadOf, stationaryCovariance } from './linear_gaussian/fluctuations.ts';
import { linearInfluence, linearStablePoint, stepAt } from './linear_gaussian/influence.ts';
import { linearCertificate, linearRate } from './linear_gaussian/rates.ts';
import { createLinearResolvent } from './linear_gaussian/resolvent.ts';
import { createLinearSystem, effectiveCuration, meanOf, rewardsAt } from './linear_gaussian/system.ts';
import type { LinearSystem } from './linear_gaussian/system.ts';
import type { MomentSolveResult } from './results.ts';
import { verdicts } from './solve.ts';

/** The stationary covariance is dense: beyond so many coordinates it is left out. */
const COVARIANCE_COORDINATES = 500;
/** A step beyond this part of the means is more than rounding. */
const CONVERGED = 1e-9;

/**
 * Stable point, rewards, influence, rates and what finite populations do in the long run.
 *
 * The stable point, rewards and influence are those of the population limit. Effects of models whose shift is zero are 0, and they
 * have no verdict: there is no curation to raise. A compiled scenario is stable; of another one, the point that its means run away from is
 * returned.
 */
export function solveLinearGaussian(ecosystem: LinearGaussianEcosystem): MomentSolveResult {
  const system = createLinearSystem(ecosystem);
  const { models, parameters } = system;
  const resolvent = createLinearResolvent(system);
  const stable = linearStablePoint(system, parameters.curation, resolvent);
  const effects = linearInfluence(system, stable, resolvent);
  const residual = stepAt(system, stable);
  const size = stable.reduce((high, value) => Math.max(high, Math.abs(value)), 1);
  const rate = linearRate(system);
  const settles = rate < 1;
  const curated = (j: number): boolean => meanOf(system, parameters.shift, j).some((value) => value !== 0);
  return {
    converged: residual <= CONVERGED * size,
    rounds: 1,
    residual,
    stability: settles ? 'stable' : 'unstable',
    stablePoint: Array.from({ length: models }, (_, i) => meanOf(system, stable, i).slice()),
    reward: rewardsAt(system, stable),
    curation: parameters.curation.slice(),
    influence: effects.influence,
    isolated: effects.isolated,
    local: effects.local,
    verdict: verdicts(effects).map((verdict, j) => (curated(j) ? verdict : null)),
    rate,
    certificate: linearCertificate(system, ecosystem.edges),
    influenceResidual: effects.residual,
    stableCovariance: null,
    stationary: settles ? stationaryOf(system, resolvent) : null,
  };
}

function stationaryOf(
  system: LinearSystem,
  resolvent: ReturnType<typeof createLinearResolvent>,
): MomentSolveResult['stationary'] {
  if (system.size > COVARIANCE_COORDINATES || system.parameters.population.every((n) => n === 0)) return null;
  const mean = linearStablePoint(system, effectiveCuration(system), resolvent);
  const meanSpread = spreadOf(system, stationaryCovariance(system));
  return { expectedReward: expectedReward(system, mean, meanSpread), meanSpread };
}
