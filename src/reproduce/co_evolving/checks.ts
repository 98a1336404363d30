/** What must hold. */
import { solve } from '../../theory/solve.ts';
import { holds, near } from '../reproduction.ts';
import type { Check } from '../reproduction.ts';
import {
  sharpInDistribution,
  sharpInPreference,
  steepestInDistribution,
  steepestInPreference,
} from './constants.ts';
import type { OrderRun, SettingRun } from './curves.ts';
import { contraction, tightest } from './lock_in.ts';
import type { LockInCase } from './lock_in.ts';
import { SAMPLES, compiled, lastDistribution } from './loop.ts';

const PAPER = 'Wei, Xie, Zhu and Zhang 2026, arXiv 2610.09415';

/** Exact-fit trajectories, and the first round of finite populations. */
export function trajectoryChecks(runs: readonly SettingRun[]): Check[] {
  const checks = runs.map(({ setting, limit }) => {
    let worst = 0;
    setting.share.forEach((expected, k) => {
      const off = (round: number): number => Math.abs(limit[round + 1] - setting.share[round]);
      if (Math.abs(limit[k + 1] - expected) > off(worst)) worst = k;
    });
    return near(
      `airplane share, ${setting.name}`,
      limit[worst + 1],
      setting.share[worst],
      1e-9,
      'the update rule computed independently in float64, 20 rounds',
      `round ${worst + 1}, where it is furthest off`,
    );
  });
  for (const { setting, limit, sampled } of runs) {
    if (sampled === null) continue;
    const mean = sampled.reduce((sum, curve) => sum + curve[1], 0) / sampled.length;
    const deviation = Math.sqrt((limit[1] * (1 - limit[1])) / (SAMPLES * sampled.length));
    checks.push(
      near(
        `first round of ${SAMPLES.toLocaleString('en-US')} samples, ${setting.name}`,
        mean,
        limit[1],
        4.5 * deviation,
        'closed form: the first counts are multinomial around the population limit',
        `mean of ${sampled.length} runs; 4.5 standard deviations of the binomial law, false alarms 7 in a million`,
      ),
    );
  }
  return checks;
}

/** What the paper reports of directions, at a tenth of the way a round and round 10. */
export function orderChecks(runs: readonly OrderRun[]): Check[] {
  const of = (name: OrderRun['name']): number => runs.find((run) => run.name === name)?.share ?? NaN;
  const base = of('K = ∞');
  const text = runs.map(({ name, share }) => `${name}: ${share.toFixed(3)}`).join(', ');
  return [
    holds('two candidates are slower than ten', of('K = 2') < of('K = 10') - 0.1, `${PAPER}, figures`, text),
    near(
      'ten candidates act like infinitely many',
      of('K = 10'),
      base,
      0.05,
      `${PAPER}, figures`,
      'published as equal curves; within 5 points here',
    ),
    holds('faster adaptation slows a taste down', of('β = 0.3') < base - 0.02, `${PAPER}, figures`, text),
    holds('a softer choice is slower', of('1/τ = 1') < base - 0.1, `${PAPER}, figures`, text),
    holds(
      'more synthetic data, more airplanes',
      of('η = 0.1') < of('η = 0.5') && of('η = 0.5') < base,
      `${PAPER}, figures`,
      text,
    ),
  ];
}

export const CANDIDATES = [2, 4, 10, Infinity] as const;

export interface Steepest {
  readonly candidates: number;
  readonly inDistribution: number;
  readonly inPreference: number;
}

/** Steepest moves that a search of `trials` pairs finds at inverse temperature 1. */
export function steepestMoves(trials: number): Steepest[] {
  return CANDIDATES.map((candidates) => ({
    candidates,
    inDistribution: steepestInDistribution(1, candidates, trials, 11),
    inPreference: steepestInPreference(1, candidates, trials, 12),
  }));
}

export function constantChecks(found: readonly Steepest[]): Check[] {
  const rounding =
    'the constant is the limit of pairs ε apart at a corner; ε = 10⁻⁶ leaves up to ε(e^{2/τ} − 1) = 6.4·10⁻⁶';
  return found.flatMap(({ candidates, inDistribution, inPreference }) => {
    const name = candidates === Infinity ? '∞' : String(candidates);
    const bound = sharpInPreference(1);
    return [
      near(
        `steepest move in the distribution ÷ K e^{2/τ}/(e^{2/τ} + K − 1), K = ${name}`,
        inDistribution / sharpInDistribution(1, candidates),
        1,
        1e-5,
        'sharp Lipschitz constant in total variation: never exceeded, and attained',
        rounding,
      ),
      candidates === Infinity
        ? near(
            'steepest move in the reward ÷ 1/(2τ), K = ∞',
            inPreference / bound,
            1,
            1e-6,
            'sharp Lipschitz constant of a softmax: never exceeded, and attained',
          )
        : holds(
            `no reward moves choices by more than 1/(2τ), K = ${name}`,
            inPreference <= bound * (1 + 1e-9),
            'an average of softmaxes moves no further than one',
          ),
    ];
  });
}

export async function theoremChecks(cases: readonly LockInCase[]): Promise<Check[]> {
  const beyond = cases.filter((one) => tightest([one]) > 1 + 1e-9).length;
  return [
    near(
      `lock-in cases beyond the bound, of ${cases.length.toLocaleString('en-US')}`,
      beyond,
      0,
      0,
      `${PAPER}, Theorem 3.3`,
      `random features, starts, K, temperatures and β that meet its conditions, ${cases[0].outside.length - 1} rounds each`,
    ),
    near(
      'λ_∞(δ) at δ = 1/2, inverse temperature 5',
      contraction(5, Infinity, 0.5),
      Math.exp(-2.5),
      1e-15,
      'closed form: e^{−tδ} as K grows',
    ),
    await duplicateCheck(),
    await anchoredCheck(),
  ];
}

/** Corollary 3.5: outcomes with the same features keep their proportion for ever, however small the other one is. */
async function duplicateCheck(): Promise<Check> {
  const ecosystem = await compiled({
    version: 1,
    family: 'categorical',
    outcomes: { count: 3 },
    features: [
      [1, 0],
      [1, 0],
      [0, 1],
    ],
    curators: { users: { preference: [1, 0], adaptation: 0.1, temperature: 0.2, candidates: 'infinite' } },
    models: {
      model: {
        real: [0.9, 0.06, 0.04],
        curator: 'users',
        mix: { curated: { model: 1 } },
      },
    },
  });
  const [share] = await lastDistribution(ecosystem, 200);
  return near(
    'share of one of two outcomes with equal features after 200 rounds',
    share,
    0.9 / 0.96,
    1e-12,
    `${PAPER}, Corollary 3.5: nothing tells them apart, so the third one’s share is divided in proportion`,
  );
}

/** Proposition 3.8: with a fixed preference, K = ∞ and real data, p = (1−η) p_ref Z/(Z − η a). */
async function anchoredCheck(): Promise<Check> {
  const reference = [0.3, 0.25, 0.2, 0.15, 0.1];
  const preference = [0.1, 0.2, 0.9, 0.3, -0.1];
  const [synthetic, t] = [0.6, 3];
  const ecosystem = await compiled({
    version: 1,
    family: 'categorical',
    outcomes: { count: 5 },
    features: 'one-hot',
    curators: { users: { preference, temperature: 1 / t, candidates: 'infinite' } },
    models: {
      model: {
        real: reference,
        curator: 'users',
        mix: { real: 1 - synthetic, curated: { model: synthetic } },
      },
    },
  });
  const { stablePoint } = await solve(ecosystem);
  const a = preference.map((value) => Math.exp(t * value));
  const law = (z: number): number[] =>
    reference.map((p, v) => ((1 - synthetic) * p * z) / (z - synthetic * a[v]));
  let [low, high] = [synthetic * Math.max(...a), Math.max(...a)];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (law(middle).reduce((sum, p) => sum + p, 0) > 1) low = middle;
    else high = middle;
  }
  const expected = law((low + high) / 2);
  const worst = expected.reduce(
    (at, p, v) => (Math.abs(stablePoint[0][v] - p) > Math.abs(stablePoint[0][at] - expected[at]) ? v : at),
    0,
  );
  return near(
    'stable point with a fixed preference and 40 % real data',
    stablePoint[0][worst],
    expected[worst],
    1e-12,
    `${PAPER}, Proposition 3.8: p = (1−η) p_ref Z/(Z − η e^{r/τ})`,
    `outcome ${worst}, which is furthest off`,
  );
}
