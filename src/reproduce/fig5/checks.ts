/** What must hold in the exchange: rewards, the swap of pools and its end, and the engine against the exact loop. */
import { runScenario } from '../../engine/index.ts';
import { solve } from '../../theory/solve.ts';
import type { Check, ReproductionContext } from '../reproduction.ts';
import { holds, near } from '../reproduction.ts';
import { MEASURED, MODELS, ROUNDS, exchangeEcosystem } from './curves.ts';
import type { ExactCurves } from './curves.ts';
import type { RewardData } from './figures.ts';
import { solveExchange } from './pools.ts';
import type { PoolCurve } from './pools.ts';
import { CURATED, POPULATION, SHARED } from './settings.ts';

const POOLS = 'closed form: u′ = w_real u_R + W u, hence u* = (I − W)⁻¹ w_real u_R';

/** Long enough for the tables to come to rest where curation goes on choosing. */
const LONG_RUN = 4000;

/** Standard errors that a mean may be off: 48 comparisons then fail by chance once in 300 reproductions. */
const SIGMAS = 4;

/** Rewards of the exact loop. */
export function rewardChecks(exact: readonly ExactCurves[]): Check[] {
  const [plain, curated] = exact;
  const source = 'tables in the population limit; as the published curves do in the long run';
  return MODELS.flatMap((model, i) => [
    near(
      `${model}, own task, no curation: largest distance from the start over ${ROUNDS} rounds`,
      plain.own[i].reduce((high, reward) => Math.max(high, Math.abs(reward - plain.own[i][0])), 0),
      0,
      1e-13,
      'what the other model has learned comes back unchanged: P_i(t+2) = P_i(t) on the own task',
      'rounding of 12 rounds of sums over 8 outputs',
    ),
    holds(
      `${model}, own task, 20 % curated: never below the start`,
      curated.own[i].every((reward) => reward >= curated.own[i][0] - 1e-13),
      source,
    ),
    near(
      `${model}, the other's task, no curation: reward from round 1 on minus the other model's`,
      plain.cross[i]
        .slice(1)
        .reduce((high, reward) => Math.max(high, Math.abs(reward - plain.own[1 - i][0])), 0),
      0,
      1e-13,
      'one round of exact training hands the whole skill over',
      'rounding of 12 rounds of sums over 8 outputs',
    ),
    ...exact.map((curves, c) =>
      holds(
        `${model}, the other's task, ${c === 0 ? 'no curation' : '20 % curated'}: reward rises`,
        curves.cross[i][ROUNDS] > curves.cross[i][0] && curves.cross[i][1] > curves.cross[i][0],
        source,
      ),
    ),
  ]);
}

/** The swap, found by the solver and by the run loop. */
export async function swapChecks(context: ReproductionContext): Promise<Check[]> {
  const checks: Check[] = [];
  for (const curated of CURATED) {
    const name = curated === 0 ? 'no curation' : '20 % curated';
    const ecosystem = await exchangeEcosystem({ real: 0, curated, shared: 0 });
    const solved = await solve(ecosystem);
    const source = 'W = [[0, 1], [1, 0]] has the eigenvalue −1';
    checks.push(
      holds(
        `no real data, ${name}: solve names the stability "period-2"`,
        solved.stability === 'period-2',
        source,
      ),
      near(`no real data, ${name}: rate`, solved.rate, 1, 1e-9, source, 'accuracy of the eigenvalues'),
      holds(
        `no real data, ${name}: influence is left undefined`,
        solved.influence.every(Number.isNaN),
        'W has the eigenvalue 1 as well: stable pools are not isolated',
      ),
    );
    const run = await runScenario(
      { ...ecosystem, rounds: LONG_RUN, tolerance: 1e-7 },
      { backend: context.backend, platform: context.platform, signal: context.signal },
    );
    context.signal.throwIfAborted();
    checks.push(holds(`no real data, ${name}: the run stops at a cycle`, run.stopped === 'cycle', source));
  }
  return checks;
}

export async function realDataChecks(pools: readonly PoolCurve[]): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { real, own, settled } of pools) {
    if (real === 0) {
      checks.push(
        near(
          'no real data: largest |u(t+2) − u(t)| of the summariser’s pool',
          own.slice(2).reduce((high, value, t) => Math.max(high, Math.abs(value - own[t])), 0),
          0,
          1e-14,
          POOLS,
          'rounding of sums of four numbers',
        ),
      );
      continue;
    }
    const share = `${100 * real} % real data`;
    const plain = await solveExchange(real, 0);
    const curated = await solveExchange(real, 0.2);
    // u = (u₁, u₂) with u₁ = w + (1 − w) u₂ and u₂ = (1 − w) u₁.
    const expected = 1 / (2 - real);
    checks.push(
      holds(`${share}: the swap is gone, stability "stable"`, plain.stability === 'stable', POOLS),
      holds(`${share}, 20 % curated: stability "stable"`, curated.stability === 'stable', POOLS),
      near(
        `${share}: settled share of articles at the summariser`,
        settled,
        expected,
        1e-13,
        POOLS,
        'rounding',
      ),
      near(
        `${share}: rate`,
        plain.rate,
        1 - real,
        1e-9,
        'eigenvalues ±(1 − w) of W',
        'accuracy of the eigenvalues',
      ),
    );
  }
  return checks;
}

export function forgettingChecks(shared: ExactCurves): Check[] {
  const percent = 100 * SHARED[SHARED.length - 1];
  return MODELS.map((model, i) =>
    holds(
      `${model}, own task, ${percent} % of inputs in common: dips in odd rounds, back at the start in even ones`,
      shared.own[i].every((reward, t) =>
        t % 2 === 0 ? Math.abs(reward - shared.own[i][0]) < 1e-13 : reward < shared.own[i][0] - 0.01,
      ),
      'the shared inputs follow the last training set',
    ),
  );
}

/** The engine against the float64 loop, and finite training sets against the population limit. */
export async function engineChecks(
  { exact, sampled }: RewardData,
  context: ReproductionContext,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const measured of MEASURED) {
    const ecosystem = await exchangeEcosystem({ real: 0, curated: 0.2, shared: 0 }, { measured });
    const run = await runScenario(ecosystem, {
      backend: context.backend,
      platform: context.platform,
      signal: context.signal,
    });
    const largest = MODELS.reduce(
      (high, _, i) =>
        exact[1][measured][i].reduce(
          (most, reward, t) => Math.max(most, Math.abs(reward - run.series.reward[2 * t + i])),
          high,
        ),
      0,
    );
    const single = run.backend.kind === 'webgpu';
    checks.push(
      near(
        `${measured === 'own' ? 'own' : 'the other’s'} task, 20 % curated: engine against the float64 loop, largest difference`,
        largest,
        0,
        single ? 2e-5 : 1e-12,
        'population limit of the same scenario',
        single ? 'single precision: 12 rounds of some ten roundings each' : 'rounding',
      ),
    );
    const { mean, deviation, runs } = sampled[measured][0];
    // Without selection a table of counts is an unbiased estimate of what it was drawn from, round after round.
    const furthest = MODELS.reduce(
      (high, _, i) =>
        exact[0][measured][i].reduce((most, reward, t) => {
          // In round 1 the own task is not trained on: nothing varies but rounding.
          const error = Math.max(deviation[i][t] / Math.sqrt(runs), 1e-6);
          return t === 0 ? most : Math.max(most, Math.abs(mean[i][t] - reward) / error);
        }, high),
      0,
    );
    checks.push(
      near(
        `${measured === 'own' ? 'own' : 'the other’s'} task, no curation, ${POPULATION} samples: largest distance of the mean from the population limit, in standard errors`,
        furthest,
        0,
        SIGMAS,
        'without curation E[P(t+1)] = P(t), so the expected reward is that of the population limit',
      ),
    );
  }
  return checks;
}
