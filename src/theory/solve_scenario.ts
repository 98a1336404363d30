/** Stable points, rates and influences of a scenario of any family. */
import type { AnyEcosystem } from '../scenario/any_ecosystem.ts';
import { solveGaussian } from './solve_gaussian.ts';
import { solveLinearGaussian } from './solve_linear_gaussian.ts';
import type { AnySolveResult } from './results.ts';
import type { SolveOptions } from './solve.ts';
import { solve } from './solve.ts';

/** Throws InputError where the scenario has no stable point to speak of, saying why. */
export async function solveScenario(ecosystem: AnyEcosystem, options: SolveOptions): Promise<AnySolveResult> {
  switch (ecosystem.family) {
    case 'linear-gaussian':
      return solveLinearGaussian(ecosystem);
    case 'gaussian':
      return solveGaussian(ecosystem, options);
    default:
      return solve(ecosystem, options);
  }
}
