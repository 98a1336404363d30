/** Models over a few outcomes that train on samples of themselves: drift, fixation, and what keeping data changes. */
import {
  heterozygosityKept,
  subsampledHeterozygosity,
  windowedHeterozygosity,
} from '../../theory/oracles/retention.ts';
import { closedHeterozygosity } from '../../theory/oracles/wright_fisher.ts';
import type { Check, ReproductionContext } from '../reproduction.ts';
import { holds, near } from '../reproduction.ts';
import type { Law } from './estimates.ts';
import { Estimates, MOST_SEM, rangeOf } from './estimates.ts';
import { runDocument } from './scenarios.ts';

export const SAMPLES = 20;
export const WINDOW = 5;
export const START = 0.3;
const ROUNDS = 100;
const REPLICATES = 2000;
const NEUTRAL =
  'neutral drift (Wright–Fisher): Shumailov et al. 2024 (Nature 631) on discrete distributions; exact second moments';

const RULES = [
  { name: 'replaced', retention: 'replace' },
  { name: `last ${WINDOW} rounds`, retention: { window: WINDOW } },
  { name: 'subsample of all', retention: 'accumulate-subsample' },
  { name: 'all rounds', retention: 'accumulate' },
] as const;

export interface DriftResult {
  /** Heterozygosity 2p(1−p), in the order of RULES. */
  readonly laws: readonly Law[];
  /** P(one outcome is left) of the model that replaces its data. */
  readonly absorbed: Law;
  /** p of a few replicates that replace, and of as many that keep all. */
  readonly paths: { readonly replaced: readonly Float64Array[]; readonly kept: readonly Float64Array[] };
}

/** Two outcomes, so that the reward of the first is its probability p. */
export async function driftResult(
  context: ReproductionContext,
  report: (part: number) => void,
  effort = 1,
): Promise<DriftResult> {
  const replicates = Math.round(effort * REPLICATES);
  const model = (retention: (typeof RULES)[number]['retention'], own: string) => ({
    real: [START, 1 - START],
    curator: 'nobody',
    mix: { raw: { [own]: 1 } },
    population: SAMPLES,
    retention,
  });
  const run = await runDocument(
    {
      version: 1,
      name: 'Drift',
      family: 'categorical',
      outcomes: { count: 2 },
      curators: { nobody: { reward: [1, 0], candidates: 1 } },
      models: Object.fromEntries(RULES.map(({ name, retention }) => [name, model(retention, name)])),
      rounds: ROUNDS,
      seed: 71_005,
      replicates,
    },
    context,
    report,
  );
  const shares = (rule: number, replicate: number): Float64Array =>
    Float64Array.from(
      { length: ROUNDS + 1 },
      (_, t) => run.series.reward[(t * replicates + replicate) * RULES.length + rule],
    );
  const start = Float64Array.of(START, 1 - START);
  const x = rangeOf(0, ROUNDS);
  const subsample = subsampledHeterozygosity(start, SAMPLES, ROUNDS).model;
  const exact = [
    x.map((t) => closedHeterozygosity(start, SAMPLES, t)),
    [...windowedHeterozygosity(start, WINDOW, SAMPLES, ROUNDS)],
    [...subsample],
    [...windowedHeterozygosity(start, ROUNDS + 1, SAMPLES, ROUNDS)],
  ];
  const measured = RULES.map(() => new Estimates(ROUNDS + 1));
  const absorbed = new Estimates(ROUNDS + 1);
  for (let replicate = 0; replicate < replicates; replicate++) {
    RULES.forEach((_, rule) => {
      measured[rule].add(shares(rule, replicate).map((p) => 2 * p * (1 - p)));
    });
    absorbed.add(shares(0, replicate).map((p) => Number(p === 0 || p === 1)));
  }
  return {
    laws: RULES.map(({ name }, rule) => ({
      name: `categorical, ${name}: heterozygosity`,
      label: name,
      x,
      measured: measured[rule],
      exact: exact[rule],
      source: NEUTRAL,
      checked: rule === 0 ? [1, 10, 40] : [1, 10, 40, 100], // hardly a run that replaces is undecided at the end
    })),
    absorbed: {
      name: 'categorical, replaced: one outcome is left',
      label: 'replaced',
      x,
      measured: absorbed,
      exact: absorbedBy(ROUNDS),
      source: 'Wright–Fisher chain of 20 samples, its transition matrix raised to powers',
      checked: [10, 30, 60],
    },
    paths: {
      replaced: rangeOf(0, 24).map((replicate) => shares(0, replicate)),
      kept: rangeOf(0, 24).map((replicate) => shares(RULES.length - 1, replicate)),
    },
  };
}

/** P(count is 0 or n) after each round: counts are Binomial(n, count/n), the first Binomial(n, START). */
function absorbedBy(rounds: number): number[] {
  const n = SAMPLES;
  const row = (p: number): number[] => {
    const chances = [(1 - p) ** n];
    for (let k = 1; k <= n; k++) chances.push(choose(n, k) * p ** k * (1 - p) ** (n - k));
    return chances;
  };
  const matrix = rangeOf(0, n).map((count) => row(count / n));
  let law = row(START);
  const absorbed = [0];
  for (let t = 1; t <= rounds; t++) {
    absorbed.push(law[0] + law[n]);
    law = law.map((_, k) => law.reduce((sum, chance, from) => sum + chance * matrix[from][k], 0));
  }
  return absorbed;
}

function choose(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result *= (n - k + i) / i;
  return result;
}

export const FIXATION_START = [0.4, 0.25, 0.15, 0.1, 0.06, 0.04];
const FIXATION_SAMPLES = 10;
const FIXATION_ROUNDS = 200;
const FIXATION_REPLICATES = 4000;

/** In how many replicates each outcome ended up alone. */
export interface Fixation {
  readonly shares: readonly number[];
  readonly undecided: number;
  readonly replicates: number;
}

export async function fixation(
  context: ReproductionContext,
  report: (part: number) => void,
  effort = 1,
): Promise<Fixation> {
  const replicates = Math.round(effort * FIXATION_REPLICATES);
  const run = await runDocument(
    {
      version: 1,
      name: 'Fixation',
      family: 'categorical',
      outcomes: { count: FIXATION_START.length },
      curators: { nobody: { reward: FIXATION_START.map(() => 0), candidates: 1 } },
      models: {
        model: {
          real: FIXATION_START,
          curator: 'nobody',
          mix: { raw: { model: 1 } },
          population: FIXATION_SAMPLES,
        },
      },
      rounds: FIXATION_ROUNDS,
      seed: 71_007,
      replicates,
    },
    context,
    report,
  );
  const counts = run.counts ?? new Uint32Array(0);
  const outcomes = FIXATION_START.length;
  const winners = FIXATION_START.map(() => 0);
  let undecided = 0;
  for (let replicate = 0; replicate < replicates; replicate++) {
    const winner = counts
      .subarray(replicate * outcomes, (replicate + 1) * outcomes)
      .indexOf(FIXATION_SAMPLES);
    if (winner < 0) undecided += 1;
    else winners[winner] += 1;
  }
  return { shares: winners.map((count) => count / replicates), undecided, replicates };
}

/** Standard error of the share of replicates in which an outcome of probability p wins. */
export function fixationError(p: number, replicates: number): number {
  return Math.sqrt((p * (1 - p)) / replicates);
}

export function discreteChecks({ shares, undecided, replicates }: Fixation): Check[] {
  const source = 'neutral fixation: an outcome takes over with its first probability (martingale)';
  return [
    ...FIXATION_START.map((p, v) =>
      near(
        `fixation of outcome ${v + 1}`,
        shares[v],
        p,
        MOST_SEM * fixationError(p, replicates),
        source,
        `${MOST_SEM} binomial standard errors of ${replicates.toLocaleString('en-US')} replicates`,
      ),
    ),
    holds(
      `every replicate has one outcome left after ${FIXATION_ROUNDS} rounds`,
      undecided === 0,
      'absorption of discrete self-consuming loops (Shumailov et al. 2024)',
      `expected number of undecided ones: below ${replicates} · 0.75/0.18 · 0.9^${FIXATION_ROUNDS} = ${(((replicates * 0.75) / 0.18) * 0.9 ** FIXATION_ROUNDS).toExponential(0)}, as an undecided model has heterozygosity of at least 0.18`,
    ),
    near(
      'heterozygosity kept for ever, in parts of the first, n = 20',
      heterozygosityKept(SAMPLES),
      keptByProduct(),
      1e-6,
      'Π_{s≥2}(1 − 1/(n s²)) multiplied out to s = 10⁶',
      'the rest of the product is 1 − 5·10⁻⁸',
    ),
  ];
}

function keptByProduct(): number {
  let product = 1;
  for (let s = 2; s <= 1e6; s++) product *= 1 - 1 / (SAMPLES * s * s);
  return product;
}
