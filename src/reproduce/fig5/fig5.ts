/** Domain mismatch: two models with disjoint inputs that train on nothing but each other's output. */
import type { Outcome, Reproduction, ReproductionContext } from '../reproduction.ts';
import { engineChecks, forgettingChecks, realDataChecks, rewardChecks, swapChecks } from './checks.ts';
import { MEASURED, exactCurves, sampledCurves } from './curves.ts';
import type { Measured, SampledCurves } from './curves.ts';
import { forgettingTable, poolTable, rewardTable } from './data_tables.ts';
import { forgettingFigure, poolsFigure, rewardsFigure } from './figures.ts';
import type { RewardData } from './figures.ts';
import { comparisons, findings } from './findings.ts';
import { poolCurve } from './pools.ts';
import { CURATED, POPULATION, REAL, RUNS, SHARED } from './settings.ts';

export const fig5: Reproduction = {
  name: 'fig5',
  title: 'Two models with disjoint inputs that train only on each other',
  summary:
    'The language-model experiment as tables: a summariser and a paraphraser exchange all their data, with and without curation; rewards on their own and on the other’s task, the swap of their inputs, and what ends it.',
  source:
    'Zhang, Wei and Zhang 2026, When and How Human Curation Backfires: Preference Alignment under Multi-Model Self-Consuming Loop, arXiv 2605.29267',
  run: (context) => exchangeOutcome(context, RUNS),
};

/** Everything with `runs` runs of finite training sets per curve. */
export async function exchangeOutcome(context: ReproductionContext, runs: number): Promise<Outcome> {
  const exact = await Promise.all(CURATED.map((curated) => exactCurves({ real: 0, curated, shared: 0 })));
  const forgetting = await Promise.all(
    SHARED.map(async (shared) => ({ shared, exact: await exactCurves({ real: 0, curated: 0, shared }) })),
  );
  const most = forgetting[forgetting.length - 1].exact;
  const sampled: Record<Measured, SampledCurves[]> = { own: [], cross: [] };
  for (const measured of MEASURED) {
    for (const curated of CURATED) {
      const done = MEASURED.indexOf(measured) / 2 + CURATED.indexOf(curated) / 4;
      context.onProgress(0.8 * done, `${runs} runs of ${POPULATION} samples`);
      sampled[measured].push(
        await sampledCurves({ real: 0, curated, shared: 0 }, measured, POPULATION, runs, context),
      );
    }
  }
  context.onProgress(0.8, 'the swap of inputs');
  const pools = await Promise.all(REAL.map(poolCurve));
  const data: RewardData = { exact, sampled, population: POPULATION };
  return {
    checks: [
      ...rewardChecks(exact),
      ...(await swapChecks(context)),
      ...(await realDataChecks(pools)),
      ...forgettingChecks(most),
      ...(await engineChecks(data, context)),
    ],
    comparisons: comparisons(exact, most),
    figures: [await rewardsFigure(data), await poolsFigure(pools), await forgettingFigure(forgetting)],
    tables: [rewardTable(data), poolTable(pools), forgettingTable(forgetting)],
    findings: findings(data, most),
  };
}
