/** Preferences that co-evolve with the model that serves them. */
import type { Outcome, Reproduction, ReproductionContext } from '../reproduction.ts';
import { boundFigure, designFigure } from './bound_figures.ts';
import { constantChecks, orderChecks, steepestMoves, theoremChecks, trajectoryChecks } from './checks.ts';
import { UNIFORM, equilibria, orderRuns, partialRuns, protection, settingRuns, twoGroups } from './curves.ts';
import { dataTables } from './data_tables.ts';
import { PROBLEMS, cheapestDesign } from './design.ts';
import { equilibriumFigure } from './equilibrium_figure.ts';
import { comparisons, findings } from './findings.ts';
import { designChecks, equilibriumChecks, plateauOfFixedTastes } from './end_checks.ts';
import { lockInCases, tightest } from './lock_in.ts';
import { trajectoryFigure } from './trajectory_figure.ts';

/** How much work goes into what is random. */
export interface Effort {
  readonly replicates: number;
  readonly lockInCases: number;
  readonly pairs: number;
}

const FULL: Effort = { replicates: 30, lockInCases: 2000, pairs: 3000 };

export const coEvolving: Reproduction = {
  name: 'co-evolving',
  title: 'Preferences that co-evolve with the model that serves them',
  summary:
    'Users whose preference follows what a model makes of it: trajectories, how fast a taste locks itself in and from how much synthetic data on, sharp against printed constants, two groups that share a model, and the cheapest reference data that protect a minority.',
  source: 'Wei, Xie, Zhu and Zhang 2026, arXiv 2610.09415',
  run: (context) => coEvolvingOutcome(context, FULL),
};

export async function coEvolvingOutcome(context: ReproductionContext, effort: Effort): Promise<Outcome> {
  const runs = await settingRuns(effort.replicates, context);
  context.onProgress(0.5, 'training that goes part of the way');
  const partial = await partialRuns();
  const ends = await equilibria(context);
  context.onProgress(0.8, 'two groups of users');
  const groups = await twoGroups();
  context.onProgress(0.85, 'reference data that protect');
  const designs = PROBLEMS.map(cheapestDesign);
  const rate = partial.fittedRate[0];
  const protections = [
    ...(await Promise.all(
      [0.5, 0.2].map((synthetic) =>
        protection(`uniform, η = ${synthetic}`, PROBLEMS[0], { synthetic, real: UNIFORM }, rate),
      ),
    )),
    ...(await Promise.all(
      PROBLEMS.map((problem, k) => protection(`design ${problem.name}`, problem, designs[k], rate)),
    )),
  ];
  context.signal.throwIfAborted();
  context.onProgress(0.9, 'bounds in random cases');
  const steepest = steepestMoves(effort.pairs);
  const cases = lockInCases(effort.lockInCases, 20, 5);
  const plateau = plateauOfFixedTastes(groups);
  return {
    checks: [
      ...trajectoryChecks(runs),
      ...orderChecks(await orderRuns()),
      ...constantChecks(steepest),
      ...(await theoremChecks(cases)),
      ...designChecks(designs, protections),
      ...equilibriumChecks(ends, groups),
    ],
    comparisons: comparisons(partial, protections),
    figures: [
      await trajectoryFigure(runs, partial),
      await equilibriumFigure(ends, groups, plateau),
      await boundFigure(steepest, cases),
      await designFigure(designs, protections),
    ],
    tables: dataTables({ runs, partial, steepest, equilibria: ends, groups, designs, protections }),
    findings: findings(partial, steepest, tightest(cases), groups, plateau),
  };
}
