/** `solve`: where an ecosystem settles, how fast, and who gains or loses when a model's users curate more. */
import type { Ecosystem } from '../scenario/ecosystem.ts';
import { curationOf } from '../scenario/ecosystem.ts';
import { certificate } from './certificate.ts';
import { chebyshevInfluence } from './chebyshev.ts';
import { influenceMatrix } from './influence.ts';
import type { Influence } from './influence.ts';
import { LOCAL_OUTCOMES } from './local_resolvent.ts';
import { lump, restrictToSupport } from './lump.ts';
import type { Lumped } from './lump.ts';
import { createPace } from './pace.ts';
import type { Pace, SolveProgress } from './pace.ts';
import type { Compensation, SolveResult, Verdict } from './results.ts';
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
 * Cost: dense algebra up to 700 unknowns after lumping equal rewards, Krylov methods or local relaxation beyond.
 */
export async function solve(ecosystem: Ecosystem, options: SolveOptions = {}): Promise<SolveResult> {
  const tolerance = options.tolerance ?? 1e-12;
  const pace = createPace(options.onProgress, options.signal);
  const support = restrictToSupport(ecosystem);
  const lumped = lump(support.ecosystem);
  const system = createSystem(lumped.ecosystem);
  const cache: ResolventCache = {};
  const found = await settle(system, lumped, tolerance, pace, cache);
  const { point, linear, spectrum } = found;
  const full = await overOutcomes(support.ecosystem, lumped, system, found, tolerance, pace);
  const modelCount = ecosystem.models.length;
  const defined = full.residual <= tolerance && !spectrum.neutral;
  const effects = defined
    ? await influences(system, linear, point.state, options.compensation ?? 'proportional', pace, cache)
    : undefinedEffects(modelCount);
  return {
    converged: full.residual <= tolerance,
    rounds: point.rounds + full.rounds,
    residual: full.residual,
    stability: spectrum.stability,
    stablePoint: full.state.map((p) => scatter(p, support.outcomes, ecosystem.outcomeCount)),
    reward: system.reward(point.state),
    curation: curationOf(ecosystem),
    influence: effects.influence,
    isolated: effects.isolated,
    local: effects.local,
    verdict: Array.from({ length: modelCount }, (_, j) =>
      verdictOf(effects.influence[j * modelCount + j], effects.isolated[j], effects.local[j]),
    ),
    rate: full.residual <= tolerance ? spectrum.rate : NaN,
    certificate: certificate(ecosystem),
    influenceResidual: effects.residual,
  };
}

/** Large outcome spaces are first tried on the coordinate that their curators share. */
async function influences(
  system: System,
  linear: Linearisation,
  state: Float64Array,
  compensation: Compensation,
  pace: Pace,
  cache: ResolventCache,
): Promise<Influence> {
  if (tangentSize(system) > DENSE_UNKNOWNS && system.outcomeCount > LOCAL_OUTCOMES) {
    const reduced = await chebyshevInfluence(system.ecosystem, state, compensation, pace);
    if (reduced !== null) return reduced;
  }
  return influenceMatrix(system, linear, state, compensation, pace, cache);
}

/** Equal effects are told apart only beyond rounding: a model outside every loop through others is not "amplified". */
const SAME = 1e-9;

/** Null where the effect is undefined. */
export function verdictOf(effect: number, isolated: number, local: number): Verdict | null {
  if (Number.isNaN(effect) || Number.isNaN(isolated) || Number.isNaN(local)) return null;
  if (effect < 0) return isolated > 0 && local > 0 ? 'inverted' : 'misdirected';
  return effect - isolated > SAME * Math.abs(isolated) ? 'amplified' : 'attenuated';
}

interface Settled {
  readonly point: StablePoint;
  readonly linear: Linearisation;
  readonly spectrum: Spectrum;
}

/**
 * An early hand-over to Newton may land on a point that the loop only passes by. If the point found repels, the loop is
 * followed much further before Newton is allowed to finish.
 */
async function settle(
  system: System,
  lumped: Lumped,
  tolerance: number,
  pace: Pace,
  cache: ResolventCache,
): Promise<Settled> {
  const size = system.modelCount * system.outcomeCount;
  const maxRounds = size <= 2000 ? 20_000 : size <= 100_000 ? 3000 : 400;
  const slowest = lumped.ecosystem.parameters.trainingRate.reduce((low, s) => Math.min(low, s), 1);
  const attempt = async (handOver: number): Promise<Settled> => {
    const point = await findStablePoint(
      system,
      system.initial(),
      { tolerance, handOver, maxRounds, cache },
      pace,
    );
    const linear = system.linearise(point.state);
    await pace('rate', 0, 1);
    const parts = [multipliers(system, linear), withinClassMultipliers(system, linear, lumped.size)];
    return { point, linear, spectrum: classify(parts, slowest) };
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

function undefinedEffects(modelCount: number): Influence {
  return {
    influence: new Float64Array(modelCount * modelCount).fill(NaN),
    isolated: new Float64Array(modelCount).fill(NaN),
    local: new Float64Array(modelCount).fill(NaN),
    residual: NaN,
  };
}
