/** All runs of the reproduction. */
import type { ReproductionContext } from '../reproduction.ts';
import { foldAt } from './equilibria.ts';
import type { Design, DesignProblem } from './design.ts';
import {
  CLASS_NAMES,
  SAMPLES,
  compiled,
  distributionsOf,
  lastDistribution,
  loopEcosystem,
  shareCurves,
} from './loop.ts';
import type { Loop, Selection } from './loop.ts';
import { PUBLISHED_SHARES } from './published.ts';
import { SETTINGS } from './trajectories.ts';
import type { Setting } from './trajectories.ts';

export const ROUNDS = 20;
const CLASSES = CLASS_NAMES.length;

export interface SettingRun {
  readonly setting: Setting;
  /** Airplane's share after rounds 0 … 20 in the population limit. */
  readonly limit: readonly number[];
  /** The same for models of 5,000 samples, one curve per replicate; null where a batch is needed. */
  readonly sampled: readonly (readonly number[])[] | null;
}

export async function settingRuns(replicates: number, context: ReproductionContext): Promise<SettingRun[]> {
  const runs: SettingRun[] = [];
  for (const [k, setting] of SETTINGS.entries()) {
    context.signal.throwIfAborted();
    context.onProgress(
      (0.5 * k) / SETTINGS.length,
      `${setting.name}, ${replicates} runs of ${SAMPLES} samples`,
    );
    const loop: Loop = setting;
    const [limit] = await shareCurves(loop, ROUNDS);
    const sampled =
      'keep' in loop.selection
        ? null
        : await shareCurves({ ...loop, population: SAMPLES, replicates }, ROUNDS);
    runs.push({ setting, limit, sampled });
  }
  return runs;
}

export const RATES = [1, 0.2, 0.1, 0.05] as const;

export interface PartialRun {
  readonly selection: Selection;
  readonly synthetic: number;
  readonly inverseTemperature: number;
  readonly trainingRate: number;
  readonly share: readonly number[];
}

const ALL: Selection = { candidates: 'infinite' };
const HALF: Selection = { keep: 0.5 };
/** Two readings of how the experiments choose: K = ∞ as written for the figures, or half of a batch without replacement. */
export const READINGS: readonly { readonly name: string; readonly selection: Selection }[] = [
  { name: 'K = ∞', selection: ALL },
  { name: 'half kept', selection: HALF },
];

async function partialRun(
  selection: Selection,
  synthetic: number,
  inverseTemperature: number,
  trainingRate: number,
): Promise<PartialRun> {
  const [share] = await shareCurves(
    { selection, synthetic, inverseTemperature, trainingRate, adaptation: 0.01 },
    ROUNDS,
  );
  return { selection, synthetic, inverseTemperature, trainingRate, share };
}

/** η = 1 at every training rate, and every published setting at the rate that fits the diffusion model. */
export interface PartialRuns {
  readonly byRate: readonly PartialRun[];
  /** Per reading. */
  readonly fittedRate: readonly number[];
  readonly fitted: readonly PartialRun[];
  /** Exact fit of the published settings. */
  readonly exact: readonly PartialRun[];
}

export async function partialRuns(): Promise<PartialRuns> {
  const byRate: PartialRun[] = [];
  const fittedRate: number[] = [];
  const fitted: PartialRun[] = [];
  const exact: PartialRun[] = [];
  const distinct = PUBLISHED_SHARES.filter(({ round }) => round === ROUNDS);
  for (const { selection } of READINGS) {
    for (const rate of RATES) byRate.push(await partialRun(selection, 1, 5, rate));
    const rate = await rateThatFits(selection);
    fittedRate.push(rate);
    for (const { synthetic, inverseTemperature } of distinct) {
      fitted.push(await partialRun(selection, synthetic, inverseTemperature, rate));
      exact.push(await partialRun(selection, synthetic, inverseTemperature, 1));
    }
  }
  return { byRate, fittedRate, fitted, exact };
}

/** The training rate at which η = 1 reaches the diffusion model's share at round 10. */
async function rateThatFits(selection: Selection): Promise<number> {
  const target = PUBLISHED_SHARES[PUBLISHED_SHARES.length - 1];
  const share = (target.low + target.high) / 2;
  let [low, high] = [0.01, 1];
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2;
    const run = await partialRun(selection, 1, 5, middle);
    if (run.share[target.round] < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Airplane's share at round 10, training a tenth of the way, where one thing is changed at a time. */
export interface OrderRun {
  readonly name: 'K = ∞' | 'K = 10' | 'K = 2' | 'β = 0.3' | '1/τ = 1' | 'η = 0.5' | 'η = 0.1';
  readonly share: number;
}

export async function orderRuns(): Promise<OrderRun[]> {
  const base: Loop = {
    selection: ALL,
    synthetic: 1,
    inverseTemperature: 5,
    trainingRate: 0.1,
    adaptation: 0.01,
  };
  const changes: readonly (readonly [OrderRun['name'], Partial<Loop>])[] = [
    ['K = ∞', {}],
    ['K = 10', { selection: { candidates: 10 } }],
    ['K = 2', { selection: { candidates: 2 } }],
    ['β = 0.3', { adaptation: 0.3 }],
    ['1/τ = 1', { inverseTemperature: 1 }],
    ['η = 0.5', { synthetic: 0.5 }],
    ['η = 0.1', { synthetic: 0.1 }],
  ];
  const runs: OrderRun[] = [];
  for (const [name, change] of changes) {
    const [share] = await shareCurves({ ...base, ...change }, 10);
    runs.push({ name, share: share[10] });
  }
  return runs;
}

export interface Equilibrium {
  readonly inverseTemperature: number;
  readonly synthetic: number;
  /** Airplane's share in the long run, from a full and from a weak preference for it. */
  readonly strong: number;
  readonly weak: number;
}

const LONG_RUN = 4000;
const QUICK = 0.3; // β does not move equilibria, only how fast they are reached

export async function equilibria(context: ReproductionContext): Promise<Equilibrium[]> {
  const found: Equilibrium[] = [];
  for (const t of [1, 5]) {
    const fold = foldAt(t).synthetic;
    const shares = [0.15, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, fold - 0.02, fold + 0.02];
    for (const synthetic of shares.sort((a, b) => a - b)) {
      context.signal.throwIfAborted();
      context.onProgress(
        0.6 + 0.2 * (t === 1 ? 0.5 * synthetic : 0.5 + 0.5 * synthetic),
        'where the loop ends',
      );
      const [strong, weak] = [1, 0.05].map((length) => longRun(t, synthetic, length));
      found.push({ inverseTemperature: t, synthetic, strong: await strong, weak: await weak });
    }
  }
  return found;
}

async function longRun(t: number, synthetic: number, length: number): Promise<number> {
  const ecosystem = await compiled({
    version: 1,
    family: 'categorical',
    outcomes: { labels: [...CLASS_NAMES] },
    features: 'one-hot',
    curators: {
      users: {
        preference: CLASS_NAMES.map((_, v) => (v === 0 ? length : 0)),
        adaptation: QUICK,
        temperature: 1 / t,
        candidates: 'infinite',
      },
    },
    models: {
      model: {
        real: 'uniform',
        curator: 'users',
        mix: { real: 1 - synthetic, curated: { model: synthetic } },
      },
    },
  });
  return (await lastDistribution(ecosystem, LONG_RUN))[0];
}

export interface TwoGroups {
  readonly adaptation: number;
  /** Majority's and minority's class after every round. */
  readonly majority: readonly number[];
  readonly minority: readonly number[];
}

export const MAJORITY = 0.7;
export const TWO_GROUP_ROUNDS = 1000;

/** Two groups share one model without real data: 70 % of choices are made for airplanes first, 30 % for automobiles. */
export async function twoGroups(): Promise<TwoGroups[]> {
  const runs: TwoGroups[] = [];
  for (const adaptation of [0, 0.003, 0.01, 0.03, 0.1, 0.3]) {
    const taste = { adaptation, temperature: 0.2, candidates: 'infinite' };
    const ecosystem = await compiled({
      version: 1,
      family: 'categorical',
      outcomes: { labels: [...CLASS_NAMES] },
      features: 'one-hot',
      curators: {
        many: { preference: 'e:airplane', ...taste },
        few: { preference: 'e:automobile', ...taste },
        both: { mixture: { many: MAJORITY, few: 1 - MAJORITY } },
      },
      models: { model: { real: 'uniform', curator: 'both', mix: { curated: { model: 1 } } } },
    });
    const states = await distributionsOf(ecosystem, TWO_GROUP_ROUNDS);
    runs.push({
      adaptation,
      majority: states.map((state) => state[0]),
      minority: states.map((state) => state[1]),
    });
  }
  return runs;
}

/** Rounds until the minority's class has less than half of what fixed tastes leave it; Infinity where it keeps it. */
export function roundsToLose(run: TwoGroups, plateau: number): number {
  const at = run.minority.findIndex((share, round) => round > 0 && share < (1 - plateau) / 2);
  return at < 0 ? Infinity : at;
}

export interface Protection {
  readonly name: string;
  /** Shares of frog, horse, ship and truck after 20 rounds with K = ∞: exact fit, and the fitted rate from a balanced model. */
  readonly exact: readonly number[];
  readonly partial: readonly number[];
  /** Smallest share over all rounds, exact fit. */
  readonly least: readonly number[];
}

/** What a design does in the loop, and what uniform reference data do. */
export async function protection(
  name: string,
  problem: DesignProblem,
  design: Pick<Design, 'synthetic' | 'real'>,
  rate: number,
): Promise<Protection> {
  const loop: Loop = {
    synthetic: design.synthetic,
    inverseTemperature: 5,
    selection: ALL,
    adaptation: 0.01,
    real: design.real,
  };
  const classes = problem.protect.map(({ outcome }) => outcome);
  const states = await distributionsOf(await loopEcosystem(loop), ROUNDS);
  const partial = await lastDistribution(
    await loopEcosystem({ ...loop, trainingRate: rate, initial: 'uniform' }),
    ROUNDS,
  );
  const pick = (state: Float64Array): number[] => classes.map((v) => state[v]);
  return {
    name,
    exact: pick(states[ROUNDS]),
    partial: pick(partial),
    least: classes.map((v) => Math.min(...states.map((state) => state[v]))),
  };
}

/** Reference data that take every class alike. */
export const UNIFORM: readonly number[] = Array.from({ length: CLASSES }, () => 1 / CLASSES);
