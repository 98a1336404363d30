import { MODEL_METRICS, MOMENT_METRICS } from '../engine/results.ts';
import type {
  ModelMetric,
  MomentMetric,
  MomentRun,
  Run,
  RunResult,
  RunTiming,
  StopReason,
} from '../engine/results.ts';
import { jsonNumber } from './json_text.ts';
import type { JsonNumber } from './json_text.ts';
import { finalCountsOf, meanOf, replicatesOf, standardErrorOf } from './series.ts';

/** A measured number: plain for one replicate, with its spread for several. */
export type Measured =
  | JsonNumber
  | { readonly mean: JsonNumber; readonly sem: JsonNumber; readonly values: readonly JsonNumber[] };

export type ByModel<T> = Readonly<Record<string, T>>;
type State<Metric extends string> = Readonly<Record<Metric, Measured>>;
type Counts = ByModel<Uint32Array>;

/** What `run --json` prints for any family. Field names are stable; fields may be added. */
interface AnyRunDocument<Metric extends string> {
  readonly name: string;
  readonly models: readonly string[];
  readonly replicates: number;
  /** Rounds done. */
  readonly rounds: number;
  readonly stopped: StopReason;
  /** Before the first round. `step` is null: there is no round before. */
  readonly initial: ByModel<State<Metric>>;
  /** After the last round. */
  readonly final: ByModel<State<Metric>>;
  /** Rounds 1 … n. */
  readonly series: ByModel<Readonly<Record<Metric, readonly Measured[]>>>;
  /** Reward at the stable point, null where none is known. */
  readonly predictedReward: ByModel<JsonNumber> | null;
  readonly timing: RunTiming;
  readonly backend: 'webgpu' | 'cpu';
  readonly adapter: string;
  readonly backendReason: string;
  readonly scenarioHash: string;
  readonly seed: number;
  readonly version: string;
}

export interface RunDocument extends AnyRunDocument<ModelMetric> {
  readonly outcomes: number;
  /** Mean pairwise total variation between the models. */
  readonly homogenisation: {
    readonly initial: Measured;
    readonly final: Measured;
    readonly series: readonly Measured[];
  };
  /** Last integer counts of the models with a finite population; one object per replicate when there are several. */
  readonly counts?: Counts | readonly Counts[];
  /** Preference vectors that adapt, by curator, one number per feature; left out where there are none. */
  readonly preferences?: Readonly<
    Record<string, { readonly initial: Float64Array; readonly final: Measured[] }>
  >;
}

export interface MomentRunDocument extends AnyRunDocument<MomentMetric> {
  readonly dimension: number;
  /** Last means, [d]; one object per replicate when there are several. */
  readonly means: ByModel<Float64Array> | readonly ByModel<Float64Array>[];
  /** Last covariances, [d×d] row-major; of the family `gaussian` alone. */
  readonly covariances?: ByModel<Float64Array> | readonly ByModel<Float64Array>[];
}

/** Above this many outcomes the counts are left to the table of final shares. */
export const MAX_OUTCOMES_WITH_COUNTS = 65_536;

/** The document of `run --json`. */
export function runDocument(result: RunResult, version: string): RunDocument {
  const homogenisation = (round: number): Measured =>
    measured(result.homogenisation.subarray(round * result.replicates, (round + 1) * result.replicates));
  const counts = countsOf(result);
  return {
    ...anyRunDocument(result, MODEL_METRICS, version),
    outcomes: result.ecosystem.outcomeCount,
    homogenisation: {
      initial: homogenisation(0),
      final: homogenisation(result.rounds),
      series: eachRound(result, homogenisation),
    },
    ...(counts === null ? {} : { counts }),
    ...preferencesOf(result),
  };
}

function preferencesOf({ preferences, replicates }: RunResult): Pick<RunDocument, 'preferences'> {
  if (preferences === undefined) return {};
  const { groups, featureCount, initial, final } = preferences;
  const entries = groups.map((name, g) => {
    const at = (replicate: number, feature: number): number =>
      final[(replicate * groups.length + g) * featureCount + feature];
    const features = Array.from({ length: featureCount }, (_, feature) =>
      measured(Float64Array.from({ length: replicates }, (_one, replicate) => at(replicate, feature))),
    );
    return [name, { initial: initial[g], final: features }] as const;
  });
  return { preferences: Object.fromEntries(entries) };
}

/** The document of `run --json` where models are means. */
export function momentRunDocument(result: MomentRun, version: string): MomentRunDocument {
  const { dimension } = result.ecosystem;
  const { means, covariances } = result;
  return {
    ...anyRunDocument(result, MOMENT_METRICS, version),
    dimension,
    means: rowsByModel(result, means, dimension),
    ...(covariances === null ? {} : { covariances: rowsByModel(result, covariances, dimension ** 2) }),
  };
}

function anyRunDocument<Metric extends string>(
  result: Run<Metric>,
  metrics: readonly Metric[],
  version: string,
): AnyRunDocument<Metric> {
  const { ecosystem, rounds, predictedReward } = result;
  const { models } = ecosystem;
  const byModel = <T>(valueOf: (model: number) => T): ByModel<T> =>
    Object.fromEntries(models.map((name, model) => [name, valueOf(model)]));
  const state = (round: number) => (model: number) =>
    byMetric(metrics, (metric) => measured(replicatesOf(result, metric, round, model)));
  return {
    name: ecosystem.name,
    models,
    replicates: result.replicates,
    rounds,
    stopped: result.stopped,
    initial: byModel(state(0)),
    final: byModel(state(rounds)),
    series: byModel((model) =>
      byMetric(metrics, (metric) =>
        eachRound(result, (round) => measured(replicatesOf(result, metric, round, model))),
      ),
    ),
    predictedReward: predictedReward === null ? null : byModel((model) => jsonNumber(predictedReward[model])),
    timing: result.timing,
    backend: result.backend.kind,
    adapter: result.backend.description,
    backendReason: result.backend.reason,
    scenarioHash: ecosystem.scenarioHash,
    seed: ecosystem.seed,
    version,
  };
}

/** Values of rounds 1 … n. */
function eachRound<T>({ rounds }: Run, valueOf: (round: number) => T): T[] {
  return Array.from({ length: rounds }, (_, index) => valueOf(index + 1));
}

/** Rows of `width` numbers, [replicate][model], as one object, or as one per replicate when there are several. */
function rowsByModel(
  { ecosystem, replicates }: Run,
  rows: Float64Array,
  width: number,
): ByModel<Float64Array> | readonly ByModel<Float64Array>[] {
  const { models } = ecosystem;
  const all = Array.from({ length: replicates }, (_, replicate): ByModel<Float64Array> => {
    const rowOf = (model: number): number => (replicate * models.length + model) * width;
    return Object.fromEntries(
      models.map((name, model) => [name, rows.subarray(rowOf(model), rowOf(model) + width)]),
    );
  });
  return replicates === 1 ? all[0] : all;
}

function byMetric<Metric extends string, T>(
  metrics: readonly Metric[],
  valueOf: (metric: Metric) => T,
): Readonly<Record<Metric, T>> {
  const entries = metrics.map((metric): [Metric, T] => [metric, valueOf(metric)]);
  return Object.fromEntries(entries) as Record<Metric, T>;
}

function measured(values: Float64Array): Measured {
  if (values.length === 1) return jsonNumber(values[0]);
  return {
    mean: jsonNumber(meanOf(values)),
    sem: jsonNumber(standardErrorOf(values)),
    values: Array.from(values, jsonNumber),
  };
}

function countsOf(result: RunResult): Counts | readonly Counts[] | null {
  const { models, outcomeCount } = result.ecosystem;
  if (result.counts === null || outcomeCount > MAX_OUTCOMES_WITH_COUNTS) return null;
  const replicates = Array.from({ length: result.replicates }, (_, replicate): Counts => {
    const entries: [string, Uint32Array][] = [];
    models.forEach((name, model) => {
      const counts = finalCountsOf(result, replicate, model);
      if (counts !== null) entries.push([name, counts]);
    });
    return Object.fromEntries(entries);
  });
  return result.replicates === 1 ? replicates[0] : replicates;
}
