/** Published numbers beside ours, and what was found, in words. */
import type { Comparison } from '../reproduction.ts';
import type { Steepest } from './checks.ts';
import {
  guaranteedShare,
  printedInDistribution,
  printedInPreference,
  sharpInDistribution,
  sharpInPreference,
} from './constants.ts';
import { READINGS, ROUNDS, roundsToLose } from './curves.ts';
import type { PartialRun, PartialRuns, Protection, TwoGroups } from './curves.ts';
import { designAt, PROBLEMS } from './design.ts';
import { balanceLost, foldAt } from './equilibria.ts';
import { CLASS_NAMES } from './loop.ts';
import { PUBLISHED_DESIGN, PUBLISHED_PROTECTION, PUBLISHED_SHARES } from './published.ts';
import type { PublishedShare } from './published.ts';
import { SETTINGS } from './trajectories.ts';

const PAPER = 'Wei, Xie, Zhu and Zhang 2026, arXiv 2610.09415';

/** The run of that setting, or undefined. */
function runOf(
  runs: readonly PartialRun[],
  reading: number,
  published: PublishedShare,
): PartialRun | undefined {
  return runs.find(
    (run) =>
      run.selection === READINGS[reading].selection &&
      run.synthetic === published.synthetic &&
      run.inverseTemperature === published.inverseTemperature,
  );
}

export function comparisons(partial: PartialRuns, protections: readonly Protection[]): Comparison[] {
  const all: Comparison[] = [];
  for (const published of PUBLISHED_SHARES) {
    READINGS.forEach(({ name }, reading) => {
      const exact = runOf(partial.exact, reading, published);
      const fitted = runOf(partial.fitted, reading, published);
      if (exact === undefined || fitted === undefined) return;
      const source = `${PAPER}, ${published.source}`;
      const value = (published.low + published.high) / 2;
      all.push(
        {
          name: `airplane share, ${published.name}: exact fit, ${name}`,
          published: value,
          got: exact.share[published.round],
          source,
          note: 'a model fitted exactly each round goes much further than 1,000 training steps do',
        },
        {
          name: `airplane share, ${published.name}: ${percent(fitted.trainingRate)} of the way a round, ${name}`,
          published: value,
          got: fitted.share[published.round],
          source,
          note: 'one training rate for all settings, fitted to the diffusion model at round 10',
        },
      );
    });
  }
  all.push(...constantComparisons());
  const problem = PROBLEMS[0];
  for (const [synthetic, cost] of Object.entries(PUBLISHED_DESIGN.A.at)) {
    all.push({
      name: `design A: J at η = ${synthetic}`,
      published: cost,
      got: designAt(problem, Number(synthetic))?.totalCost ?? NaN,
      source: `${PAPER}, setting A`,
      note: 'the published features are not exactly one-hot',
    });
  }
  for (const published of PUBLISHED_PROTECTION) {
    const ours = protections.find(({ name }) => name === published.name);
    if (ours === undefined) continue;
    published.shares.forEach((share, k) => {
      all.push({
        name: `${published.name}: ${CLASS_NAMES[6 + k]} after ${ROUNDS} rounds`,
        published: share,
        got: ours.exact[k],
        source: `${PAPER}, ${published.source}`,
        note: `exact fit, K = ∞; ${percent(partial.fittedRate[0])} of the way a round from a balanced model gives ${ours.partial[k].toFixed(3)}`,
      });
    });
  }
  return all;
}

function constantComparisons(): Comparison[] {
  const source = `${PAPER}, Lemma 3.6`;
  const note = 'an upper bound, not sharp';
  const printed = guaranteedShare(printedInDistribution(1), printedInPreference(1));
  return [
    {
      name: 'L_p at 1/τ = 1, K = ∞',
      published: printedInDistribution(1),
      got: sharpInDistribution(1, Infinity),
      source,
      note,
    },
    {
      name: 'L_p at 1/τ = 1, K = 2',
      published: printedInDistribution(1),
      got: sharpInDistribution(1, 2),
      source,
      note,
    },
    { name: 'L_w at 1/τ = 1', published: printedInPreference(1), got: sharpInPreference(1), source, note },
    ...[Infinity, 2].map((candidates) => ({
      name: `largest η with one equilibrium guaranteed, 1/τ = 1, K = ${candidates === Infinity ? '∞' : candidates}`,
      published: printed,
      got: guaranteedShare(sharpInDistribution(1, candidates), sharpInPreference(1)),
      source: `${PAPER}, Theorem 3.9 with the printed and with the sharp constants`,
      note: 'the same argument; only the constants differ',
    })),
  ];
}

export function findings(
  partial: PartialRuns,
  found: readonly Steepest[],
  tightestBound: number,
  groups: readonly TwoGroups[],
  plateau: number,
): string[] {
  const [all, half] = partial.fittedRate;
  const at = (reading: number, published: PublishedShare): string =>
    percent(runOf(partial.fitted, reading, published)?.share[published.round] ?? NaN);
  const [strong, middle, low, soft] = PUBLISHED_SHARES;
  const times = groups
    .filter(({ adaptation }) => adaptation > 0)
    .map((run) => [run.adaptation, roundsToLose(run, plateau)] as const);
  const text = times.map(([beta, rounds]) => `${rounds} at β = ${beta}`).join(', ');
  return [
    `The update rule reproduces to rounding: all ${SETTINGS.length} idealised trajectories agree with an independent computation to 10⁻⁹.`,
    `The published image curves are far from this limit. With exact fit and infinitely many candidates airplanes reach 94 % in one round; flow matching needs 20. The likely reason is the fit: a thousand steps move a network part of the way to its new data. A partial step of ${percent(all)} a round (K = ∞) or ${percent(half)} (half of a batch kept) meets the diffusion model’s 58.6 % at round 10.`,
    `No single reading fits everything. With that step K = ∞ gives ${at(0, strong)}, ${at(0, middle)} and ${at(0, low)} for η = 1, 0.5 and 0.1 at round 20, half kept gives ${at(1, strong)}, ${at(1, middle)} and ${at(1, low)}; published are above 95 %, about 50 % and near uniform. Half kept fits η = 1 and η = 0.1 and misses η = 0.5; K = ∞ fits η = 0.5 best. At inverse temperature 1, published as near balanced, the two give ${at(0, soft)} and ${at(1, soft)}: one-hot features set an airplane a full unit of reward apart from everything else, which features of real images may not.`,
    'Every published direction agrees: more synthetic data, more candidates, sharper choice and slower adaptation all raise the airplane’s share, and ten candidates act nearly like infinitely many.',
    `The printed Lipschitz constants at inverse temperature 1 are ${ratio(printedInDistribution(1), sharpInDistribution(1, Infinity))} (L_p) and ${ratio(printedInPreference(1), sharpInPreference(1))} (L_w) times the sharp ones. Among finite K a search found no move in the reward steeper than (1 − 1/K)/(2τ) (${found.map(({ candidates, inPreference }) => `${inPreference.toFixed(3)} at K = ${candidates === Infinity ? '∞' : candidates}`).join(', ')}).`,
    `The lock-in bound was never exceeded; the closest case lay ${percent(1 - tightestBound, 3)} below it. (Equal features void it: two such outcomes keep their proportion for ever.)`,
    `How much synthetic data it takes to lock a taste in is sharp: η = ${foldAt(5).synthetic.toFixed(3)} at inverse temperature 5 and ${foldAt(1).synthetic.toFixed(3)} at 1, where two equilibria appear; balance itself is lost at ${balanceLost(5).toFixed(3)} and ${balanceLost(1).toFixed(3)}. The guarantees end at η = 0.0028 as printed and 0.119 with sharp constants.`,
    `Two groups of users who share a model keep both tastes only while they are fixed: with 70 % and 30 % of the choices the minority’s class rests at ${percent(1 - plateau, 1)}. If preferences follow what the model makes, the minority loses half of it after ${text} rounds, about in proportion to 1/β.`,
    'The cheapest reference data cost what the paper says, and keep what they promise in every round, because real data alone carry it. The published shares of protected classes lie within 0.03 of those of a balanced model that trains part of the way for twenty rounds.',
  ];
}

function percent(value: number, digits = 0): string {
  return `${(100 * value).toFixed(digits)} %`;
}

function ratio(a: number, b: number): string {
  return (a / b).toFixed(0);
}
