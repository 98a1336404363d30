/** Compiled scenarios of all families. */
import { BackfireError } from '../errors.ts';
import type { Ecosystem } from './ecosystem.ts';
import type { GaussianEcosystem } from './gaussian.ts';
import type { LinearGaussianEcosystem } from './linear_gaussian.ts';

export type AnyEcosystem = Ecosystem | LinearGaussianEcosystem | GaussianEcosystem;

/** Whether the models of a scenario are distributions over outcomes, rather than means and covariances. */
export function hasOutcomes(ecosystem: AnyEcosystem): ecosystem is Ecosystem {
  return ecosystem.family === 'categorical' || ecosystem.family === 'conditional';
}

/** The ecosystem as one of outcomes, for callers that know it to be one. Throws `internal` otherwise. */
export function outcomesOf(ecosystem: AnyEcosystem): Ecosystem {
  if (hasOutcomes(ecosystem)) return ecosystem;
  throw new BackfireError('internal', `a scenario of the family "${ecosystem.family}" has no outcomes`);
}
