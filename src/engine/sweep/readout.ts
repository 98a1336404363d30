/** What a cell runs, and how its value is read from the runs. */
import { BackfireError, InputError } from '../../errors.ts';
import { hintFor } from '../../scenario/suggest.ts';
import type { AnyEcosystem } from '../../scenario/any_ecosystem.ts';
import { hasOutcomes } from '../../scenario/any_ecosystem.ts';
import type { VariantRun } from './batch.ts';
import {
  curationAt,
  DELTA,
  deltaFor,
  extrapolated,
  FINITE_STEPS,
  LIMIT_STEPS,
  meanAndError,
  withCuration,
} from './pairs.ts';
import type { Endpoint } from './pairs.ts';
import type { SweepMeasure, SweepMetric } from './request.ts';
import type { Variant } from './structures.ts';

/** Measures that are read from runs. */
export type RunMeasure = Extract<SweepMeasure, { readonly kind: 'metric' | 'homogenisation' | 'influence' }>;

/** The metrics that a map of this family can show. */
export function sweepMetrics(family: AnyEcosystem['family']): readonly SweepMetric[] {
  switch (family) {
    case 'linear-gaussian':
      return ['reward', 'norm'];
    case 'gaussian':
      return ['reward', 'norm', 'variance', 'distanceToReal'];
    default:
      return ['reward', 'entropy', 'effectiveSupport', 'tvToReal'];
  }
}

/** Throws InputError where an ecosystem has nothing of the kind. */
export function checkMeasure(measure: SweepMeasure, ecosystem: AnyEcosystem): void {
  if (measure.kind === 'metric') {
    modelIndex(ecosystem, measure.model);
    const known = sweepMetrics(ecosystem.family);
    if (known.includes(measure.metric)) return;
    throw new InputError(
      'measure',
      `models of the family ${ecosystem.family} have no ${JSON.stringify(measure.metric)}${hintFor(measure.metric, known)}`,
    );
  }
  if (measure.kind === 'influence') {
    modelIndex(ecosystem, measure.of);
    modelIndex(ecosystem, measure.by);
  } else if (measure.kind === 'verdict') modelIndex(ecosystem, measure.model);
  else if (measure.kind === 'homogenisation' && (!hasOutcomes(ecosystem) || ecosystem.models.length < 2)) {
    throw new InputError(
      'measure',
      'homogenisation compares distributions over outcomes — it needs two models or more of the family categorical or conditional',
    );
  }
}

export function modelIndex({ models }: Pick<AnyEcosystem, 'models'>, name: string): number {
  const index = models.indexOf(name);
  if (index >= 0) return index;
  throw new InputError('measure', `there is no model ${JSON.stringify(name)}${hintFor(name, models)}`);
}

/** Whether chance decides anything: then replicates differ, and a value has a standard error. */
export function isRandom({ parameters }: Pick<Variant, 'parameters'>): boolean {
  return parameters.population.some((n) => n > 0);
}

export interface Plan {
  /** One, or the ends of difference quotients. */
  readonly variants: readonly Variant[];
  readonly delta: number | null;
}

/**
 * The variants that a cell runs. `coarse`: the backend computes in float32. Throws InputError where a model is missing, or cannot
 * curate more and less.
 */
export function planCell(variant: Variant, measure: RunMeasure, coarse: boolean): Plan {
  checkMeasure(measure, variant.ecosystem);
  if (measure.kind !== 'influence') return { variants: [variant], delta: null };
  const model = modelIndex(variant.ecosystem, measure.by);
  const curation = curationAt(variant, model);
  const random = isRandom(variant);
  const wanted = random ? DELTA.finite : coarse ? DELTA.float32 : DELTA.float64;
  const delta = deltaFor(curation, wanted);
  if (delta <= 0) {
    const why =
      curation > 0
        ? 'only curated data, so there is nothing that more of it could replace'
        : 'no curated data';
    throw new InputError(
      'measure',
      `${measure.by} trains on ${why} — influence is the effect of a little more and a little less`,
    );
  }
  const steps = random ? FINITE_STEPS : LIMIT_STEPS;
  return { variants: steps.map((step) => withCuration(variant, model, curation + step * delta)), delta };
}

export interface Readout {
  readonly value: number;
  readonly error: number | null;
  readonly rounds: number;
}

/** The value of a cell from the runs of its variants. */
export function readCell(
  { variants, delta }: Plan,
  runs: readonly VariantRun[],
  measure: RunMeasure,
  seeds: number,
  coarse: boolean,
): Readout {
  const [variant] = variants;
  const rounds = runs.reduce((most, run) => Math.max(most, run.rounds), 0);
  const last = (run: VariantRun, metric: string, model: number): number[] =>
    Array.from({ length: seeds }, (_, seed) => run.at(metric, model, seed, run.rounds));
  switch (measure.kind) {
    case 'homogenisation':
      return { ...meanAndError(last(runs[0], 'homogenisation', 0)), rounds };
    case 'metric':
      return {
        ...meanAndError(last(runs[0], measure.metric, modelIndex(variant.ecosystem, measure.model))),
        rounds,
      };
    case 'influence': {
      if (delta === null) throw new BackfireError('internal', 'a difference quotient without a step');
      const model = modelIndex(variant.ecosystem, measure.of);
      if (isRandom(variant)) {
        const [up, down] = runs.map((run) => last(run, 'reward', model));
        return { ...meanAndError(up.map((value, s) => (value - down[s]) / (2 * delta))), rounds };
      }
      const ends = runs.map((run) => endpoint(run, model, rewardSize(variant, model), coarse));
      return { ...extrapolated(ends, delta), rounds };
    }
  }
}

/** Size of the numbers whose weighted sum J is; of means, at least J itself, which is all that is known without the state. */
function rewardSize(variant: Variant, model: number): number {
  if (variant.family !== 'outcomes') return 1;
  const { reward } = variant.parameters.curators[variant.ecosystem.curatorOf[model]];
  return reward.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Rounding of a mean of rewards, in units in the last place of the largest. */
const ROUNDING = 32;
/** Steps are compared over this many rounds, so that a turn does not look like rest. */
const WINDOW = 4;
/** A loop that closes in more slowly is not told apart from one that does not. */
const SLOWEST = 0.999;

/**
 * J after the last round. What is still to come is estimated from the last steps as of a geometric series, d·q/(1−q), with q
 * from the largest steps of the last four rounds and the four before.
 */
function endpoint(run: VariantRun, model: number, size: number, coarse: boolean): Endpoint {
  const { rounds } = run;
  const at = (round: number): number => run.at('reward', model, 0, Math.max(0, round));
  const largest = (end: number): number =>
    Array.from({ length: WINDOW }, (_, k) => Math.abs(at(end - k) - at(end - k - 1))).reduce(
      (most, step) => Math.max(most, step),
      0,
    );
  const reward = at(rounds);
  const rounding = ROUNDING * Math.max(size, Math.abs(reward)) * (coarse ? 2 ** -24 : 2 ** -53);
  const recent = largest(rounds);
  if (recent <= rounding) return { reward, uncertainty: rounding + recent };
  const before = largest(rounds - WINDOW);
  const q = before > 0 ? Math.min((recent / before) ** (1 / WINDOW), SLOWEST) : SLOWEST;
  return { reward, uncertainty: rounding + (recent * q) / (1 - q) };
}
