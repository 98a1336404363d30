/** `solve`: where an ecosystem settles, how fast, and who gains or loses when a model's users curate more. */
import { InputError } from '../errors.ts';
import type { Ecosystem } from '../scenario/ecosystem.ts';
import { curationOf } from '../scenario/ecosystem.ts';
import { certificate } from './certificate.ts';
import { chebyshevInfluence } from './chebyshev.ts';
import type { Eigenvalues } from './eigenvalues.ts';
import { eliminatedInfluence, influenceMatrix } from './influence.ts';
import { LOCAL_OUTCOMES } from './local_resolvent.ts';
import { lump, restrictToSupport } from './lump.ts';
import type { Lumped } from './lump.ts';
import { modelClasses } from './model_classes.ts';
import type { ModelClasses } from './model_classes.ts';
import { createPace } from './pace.ts';
import type { Pace, SolveProgress } from './pace.ts';
import type { Compensation, Influence, SolveResult, Verdict } from './results.ts';
import { retainedPace } from './retention.ts';
import { classify, multipliers } from './spectrum.ts';
import type { Spectrum } from './spectrum.ts';
import { findStablePoint } from './stable_point.ts';
import type { StablePoint } from './stable_point.ts';
import { createSystem, largestVariation } from './system.ts';
import type { Linearisation, System } from './system.ts';
import { DENSE_UNKNOWNS, tangentSize } from './tangent.ts';
import type { ResolventCache } from './tangent.ts';
import { refineStablePoint, withinClassMultipliers } from './within_class.ts';

export interface SolveOptions {
  /** What is given up when curation grows. Default `proportional`. */
  readonly compensation?: Compensation;
  /**
   * Whether to compute influence. Default true. Left out, `influence`, `isolated`, `local` and `influenceResidual` are NaN, verdicts null,
   * `influenceOmitted` is true, and the rate of large ecosystems is only estimated; `when-cheap` leaves it out where it takes more than a few seconds.
   */
  readonly influence?: boolean | 'when-cheap';
  /** Largest ½Σ|D(x) − x| of any model that counts as converged. Default 1e-12; 1e-13 is usually reached. */
  readonly tolerance?: number;
  readonly onProgress?: (progress: SolveProgress) => void;
  /** Aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Stable point, multipliers, certificate and influence matrix in the population limit (population sizes are ignored).
 *
 * The stable point is the one the loop leads to from its initial state; where the loop does not settle, the unstable point it
 * circles. `converged` is false, and everything derived is NaN, where none was found.
 * Throws InputError where preferences adapt: rewards then move with the models, and their stable point is not that of any fixed ones.
 * Cost: outcomes that all curators reward alike and models that cannot be told apart count once. Up to 700 unknowns everything is
 * dense algebra; beyond, influence goes by block elimination where the network allows it, by Krylov methods or local relaxation elsewhere.
 */
export async function solve(ecosystem: Ecosystem, options: SolveOptions = {}): Promise<SolveResult> {
  refuseDrift(ecosystem);
  const tolerance = options.tolerance ?? 1e-12;
  const pace = createPace(options.onProgress, options.signal);
  const bound = certificate(ecosystem);
  const support = restrictToSupport(ecosystem);
  const lumped = lump(support.ecosystem);
  const cache: ResolventCache = {};
  // Models stay alike in a loop that treats them alike; one that updates them in turn leads there where nothing else is stable.
  const symmetric = ecosystem.update === 'synchronous' || bound < 1;
  const classes = symmetric ? modelClasses(support.ecosystem) : null;
  const few = classes === null ? support.ecosystem : classes.ecosystem;
  const fewLumped = classes === null ? lumped : lump(few);
  const fewSystem = createSystem(fewLumped.ecosystem);
  const quick = options.influence !== undefined && options.influence !== true;
  const found = await settle(fewSystem, fewLumped, { tolerance, quick }, pace, cache);
  const full = await overOutcomes(few, fewLumped, fewSystem, found, tolerance, pace);
  const whole =
    classes === null
      ? { ...found, system: fewSystem, state: found.point.state }
      : overModels(lumped, classes, found, quick);
  const { system, linear, spectrum, state } = whole;
  const modelCount = ecosystem.models.length;
  const defined = full.residual <= tolerance && !spectrum.neutral;
  const effects: Effects = defined
    ? await influences(system, linear, state, options, pace, cache)
    : undefinedEffects(modelCount);
  const retained = full.residual <= tolerance ? retainedPace(ecosystem, spectrum.multipliers) : null;
  const points = full.state.map((p) => scatter(p, support.outcomes, ecosystem.outcomeCount));
  return {
    converged: full.residual <= tolerance,
    rounds: found.point.rounds + full.rounds,
    residual: full.residual,
    stability: spectrum.stability,
    stablePoint: classes === null ? points : Array.from(classes.classOf, (c) => points[c].slice()),
    reward: system.reward(state),
    curation: curationOf(ecosystem),
    influence: effects.influence,
    isolated: effects.isolated,
    local: effects.local,
    verdict: verdicts(effects),
    rate: full.residual <= tolerance ? spectrum.rate : NaN,
    ...(retained === null ? {} : { retained }),
    certificate: bound,
    influenceResidual: effects.residual,
    ...(effects.omitted === true ? { influenceOmitted: true } : {}),
  };
}

function refuseDrift({ drift }: Ecosystem): void {
  const group = drift?.groups[0];
  if (group === undefined) return;
  throw new InputError(
    `curators.${group.name}.adaptation`,
    `${group.adaptation} lets its preference follow what the models generate, so rewards do not stay, and stable points and influences` +
      ' of fixed rewards say nothing about it — only a run shows where it goes; set "adaptation" to 0 for a preference that stays',
  );
}

interface Whole {
  readonly system: System;
  readonly linear: Linearisation;
  readonly spectrum: Spectrum;
  readonly state: Float64Array;
}

/** From one model per class back to all of them: deviations that tell models of a class apart have multipliers of their own. */
function overModels(lumped: Lumped, classes: ModelClasses, found: Settled, quick: boolean): Whole {
  const system = createSystem(lumped.ecosystem);
  const { modelCount, outcomeCount, ecosystem } = system;
  const state = new Float64Array(modelCount * outcomeCount);
  classes.classOf.forEach((c, i) =>
    state.set(found.point.state.subarray(c * outcomeCount, (c + 1) * outcomeCount), i * outcomeCount),
  );
  const linear = system.linearise(state);
  const synchronous = ecosystem.update === 'synchronous';
  const all = roundMultipliers(system, linear, quick, synchronous ? found.spectrum.rate : 0);
  const parts = [all, withinClassMultipliers(system, linear, lumped.size)];
  if (synchronous) parts.push(...found.parts);
  return { system, linear, state, spectrum: classify(parts, slowestRate(ecosystem)) };
}

/** Relative accuracy of the rate that goes with a stable point alone, unless it is so near 1 that stability hangs on it. */
const QUICK_RATE = 1e-3;
const NEARLY_UNSTABLE = 0.98;

function roundMultipliers(system: System, linear: Linearisation, quick: boolean, floor: number): Eigenvalues {
  if (quick) {
    const rough = multipliers(system, linear, { floor, tolerance: QUICK_RATE });
    if (classify([rough], 1).rate < NEARLY_UNSTABLE) return rough;
  }
  return multipliers(system, linear, { floor });
}

function slowestRate(ecosystem: Ecosystem): number {
  return ecosystem.parameters.trainingRate.reduce((low, s) => Math.min(low, s), 1);
}

/** Multiplications and additions that influence may take where it is asked for when cheap: about two seconds. */
const CHEAP_WORK = 4e9;
/** The same for other ways, which cost some operations per pair of models and outcome. */
const CHEAP_COLUMNS = 1e7;

interface Effects extends Influence {
  readonly omitted?: boolean;
}

/** Large outcome spaces are first tried on the coordinate that their curators share. */
async function influences(
  system: System,
  linear: Linearisation,
  state: Float64Array,
  { influence = true, compensation = 'proportional' }: SolveOptions,
  pace: Pace,
  cache: ResolventCache,
): Promise<Effects> {
  const { modelCount, outcomeCount, ecosystem } = system;
  const omitted = { ...undefinedEffects(modelCount), omitted: true };
  if (influence === false) return omitted;
  const large = tangentSize(system) > DENSE_UNKNOWNS;
  const cheap = influence === 'when-cheap';
  if (system.places !== null) {
    if (cheap && modelCount ** 2 * outcomeCount > CHEAP_COLUMNS) return omitted;
    return influenceMatrix(system, linear, state, compensation, pace, cache);
  }
  if (cheap && large) {
    const eliminated = await eliminatedInfluence(system, linear, state, compensation, CHEAP_WORK, pace);
    if (eliminated !== null) return eliminated;
  }
  if (large && outcomeCount > LOCAL_OUTCOMES) {
    const reduced = await chebyshevInfluence(ecosystem, state, compensation, pace);
    if (reduced !== null) return reduced;
  }
  if (cheap && large && modelCount ** 2 * outcomeCount > CHEAP_COLUMNS) return omitted;
  return influenceMatrix(system, linear, state, compensation, pace, cache);
}

/** Equal effects are told apart only beyond rounding: a model outside every loop through others is not "amplified". */
const SAME = 1e-9;

/** An effect below this part of the largest one is rounding and has no sign. */
const NOTHING = 1e-12;

/** Verdicts from the effects, rounding taken for no effect. */
export function verdicts({ influence, isolated, local }: Influence): (Verdict | null)[] {
  const count = isolated.length;
  const largest = influence.reduce((high, value) => (Math.abs(value) > high ? Math.abs(value) : high), 0);
  const clean = (value: number): number => (Math.abs(value) <= NOTHING * largest ? 0 : value);
  return Array.from(isolated, (alone, j) =>
    verdictOf(clean(influence[j * count + j]), clean(alone), local[j]),
  );
}

/** Null where the effect is undefined. */
export function verdictOf(effect: number, isolated: number, local: number): Verdict | null {
  if (Number.isNaN(effect) || Number.isNaN(isolated) || Number.isNaN(local)) return null;
  if (effect < 0) return isolated > 0 && local > 0 ? 'inverted' : 'misdirected';
  return effect - isolated > SAME * Math.abs(isolated) ? 'amplified' : 'attenuated';
}

interface Settled {
  readonly point: StablePoint;
  readonly linear: Linearisation;
  readonly parts: readonly Eigenvalues[];
  readonly spectrum: Spectrum;
}

/**
 * An early hand-over to Newton may land on a point that the loop only passes by. If the point found repels, the loop is
 * followed much further before Newton is allowed to finish.
 */
async function settle(
  system: System,
  lumped: Lumped,
  { tolerance, quick }: { readonly tolerance: number; readonly quick: boolean },
  pace: Pace,
  cache: ResolventCache,
): Promise<Settled> {
  const size = system.modelCount * system.outcomeCount;
  const maxRounds = size <= 2000 ? 20_000 : size <= 100_000 ? 3000 : 400;
  const slowest = slowestRate(lumped.ecosystem);
  const attempt = async (handOver: number): Promise<Settled> => {
    const point = await findStablePoint(
      system,
      system.initial(),
      { tolerance, handOver, maxRounds, cache },
      pace,
    );
    const linear = system.linearise(point.state);
    await pace('rate', 0, 1);
    const parts = [
      roundMultipliers(system, linear, quick, 0),
      withinClassMultipliers(system, linear, lumped.size),
    ];
    return { point, linear, parts, spectrum: classify(parts, slowest) };
  };
  const early = await attempt(1e-3 * slowest);
  const repels = early.spectrum.stability === 'unstable' || early.spectrum.stability === 'period-2';
  if (!repels || !early.point.approached) return early;
  const late = await attempt(1e-10 * slowest);
  return late.point.residual <= tolerance ? late : early;
}

interface FullPoint {
  readonly state: readonly Float64Array[];
  readonly residual: number;
  readonly rounds: number;
}

/** The point over outcomes: exact per class where it is isolated, followed from the initial state where it is not. */
async function overOutcomes(
  ecosystem: Ecosystem,
  lumped: Lumped,
  system: System,
  found: Settled,
  tolerance: number,
  pace: Pace,
): Promise<FullPoint> {
  const { point, linear, spectrum } = found;
  const outcomes = ecosystem.outcomeCount;
  const rows = (x: Float64Array, length: number): Float64Array[] =>
    Array.from({ length: system.modelCount }, (_, i) => x.slice(i * length, (i + 1) * length));
  if (system.outcomeCount === outcomes) {
    const state = rows(point.state, outcomes).map((p) => Float64Array.from(lumped.classOf, (c) => p[c]));
    return { state, residual: point.residual, rounds: 0 };
  }
  const full = createSystem(ecosystem);
  if (!spectrum.neutral) {
    const refined = refineStablePoint(ecosystem, lumped, system, linear, point.state);
    if (refined !== null) {
      const x = new Float64Array(system.modelCount * outcomes);
      refined.forEach((p, i) => x.set(p, i * outcomes));
      const mixture = new Float64Array(x.length);
      full.mixtures(x, mixture);
      return { state: refined, residual: largestVariation(mixture, x, outcomes), rounds: 1 };
    }
  }
  const options = { tolerance, handOver: 0, maxRounds: 5000, cache: {} };
  const reached = await findStablePoint(full, full.initial(), options, pace);
  return { state: rows(reached.state, outcomes), residual: reached.residual, rounds: reached.rounds };
}

function scatter(p: Float64Array, outcomes: Uint32Array, outcomeCount: number): Float64Array {
  if (outcomes.length === outcomeCount) return p;
  const out = new Float64Array(outcomeCount);
  outcomes.forEach((v, k) => (out[v] = p[k]));
  return out;
}

export function undefinedEffects(modelCount: number): Influence {
  return {
    influence: new Float64Array(modelCount * modelCount).fill(NaN),
    isolated: new Float64Array(modelCount).fill(NaN),
    local: new Float64Array(modelCount).fill(NaN),
    residual: NaN,
  };
}
