/** What a chart over rounds draws, from runs to lines; pure, so that canvas, table, picture and file show the same. */
import type { Track } from '../../services/track.ts';
import type { EcosystemBrief } from '../../worker/protocol.ts';
import { MOST_LINES } from './crowd.ts';
import type { CrowdBands } from './crowd.ts';
import type { MetricInfo } from './metrics.ts';
import { shownRounds } from './rounds.ts';
import { needPanels, scalesOf } from './scales.ts';

/** Numbers per shown round; null where there is none to draw. */
export type Values = readonly (number | null)[];

export interface Line {
  readonly key: string;
  readonly name: string;
  /** Index in the present run; null for what is no model of it. */
  readonly model: number | null;
  /** `whole`: one number for all models; `median`: the middle of a crowd. */
  readonly role: 'model' | 'whole' | 'median';
  readonly pinned: boolean;
  /** Index of a model's colour; null: ink. */
  readonly colour: number | null;
  readonly values: Values;
  /** Over replicates, or over models for the median. */
  readonly low: Values | null;
  readonly high: Values | null;
  /** The predicted stable value; NaN where none is known, or it is another metric. */
  readonly predicted: number;
}

export interface Panel {
  /** Whose reward it is, where panels differ in that; else empty. */
  readonly title: string;
  readonly lines: readonly Line[];
  /** Of the axis; null where there is nothing to draw. */
  readonly range: readonly [low: number, high: number] | null;
}

export interface ChartView {
  readonly metric: MetricInfo;
  readonly rounds: Float64Array;
  readonly panels: readonly Panel[];
  readonly crowded: boolean;
  readonly replicates: number;
  /** Whether the models are judged by different rewards, and this shows rewards. */
  readonly scales: number;
}

export interface RunInput {
  readonly brief: EcosystemBrief;
  readonly track: Track;
  /** Of the metric, where the models are a crowd. */
  readonly crowd: CrowdBands | null;
}

export interface ViewInput {
  readonly metric: MetricInfo;
  readonly now: RunInput;
  readonly pinned: RunInput | null;
  /** Predicted stable rewards by model. */
  readonly predicted: Float64Array | null;
  readonly followed: number | null;
  /** Models of a crowd that get lines of their own. */
  readonly named: readonly number[];
  /** Whether it was in several panels before: then it stays so, for nobody likes charts that jump. */
  readonly split: boolean;
}

/** The view of a metric; entries that a run lacks, and zeros on a logarithmic axis, are null. */
export function chartView(input: ViewInput): ChartView {
  const { metric, now, pinned } = input;
  const shown = shownRounds([now.track.rounds, ...(pinned === null ? [] : [pinned.track.rounds])]);
  const models = now.brief.models.length;
  const crowded = models > MOST_LINES && metric.id !== 'homogenisation';
  const lines = [
    ...(pinned === null ? [] : pinnedLines(input, pinned, shown.entries[1], crowded)),
    ...presentLines(input, shown.entries[0], crowded),
  ];
  const scales = scalesOf(now.brief);
  const differ = metric.id === 'reward' && scales.used > 1;
  return {
    metric,
    rounds: shown.rounds,
    panels: panelsOf(lines, differ && !crowded ? scales : null, input),
    crowded,
    replicates: now.brief.replicates,
    scales: differ ? scales.used : 1,
  };
}

function presentLines(input: ViewInput, entries: Int32Array, crowded: boolean): Line[] {
  const { now, metric, followed, predicted } = input;
  if (metric.id === 'homogenisation') return wholeLine(now, entries, false);
  if (!crowded) {
    return now.brief.models.map((_, model) =>
      modelLine(input, now, entries, model, {
        model,
        colour: model,
        predicted: metric.id === 'reward' ? (predicted?.[model] ?? NaN) : NaN,
      }),
    );
  }
  return [
    ...medianLine(now, entries, false),
    ...chosenOf(input).map((model, k) =>
      modelLine(input, now, entries, model, {
        model,
        colour: k,
        predicted: metric.id === 'reward' && model === followed ? (predicted?.[model] ?? NaN) : NaN,
      }),
    ),
  ];
}

/** The pinned run’s lines for the models that have one now; of small runs also for those that are there no more. */
function pinnedLines(input: ViewInput, pinned: RunInput, entries: Int32Array, crowded: boolean): Line[] {
  const { now, metric } = input;
  if (metric.id === 'homogenisation') return wholeLine(pinned, entries, true);
  const { models } = pinned.brief;
  const present = crowded ? chosenOf(input) : [...now.brief.models.keys()];
  const known = present.flatMap((model, k) => {
    const index = models.indexOf(now.brief.models[model]);
    const colour = crowded ? k : model;
    const drawn = { model, colour, predicted: NaN, pinned: true };
    return index < 0 ? [] : [modelLine(input, pinned, entries, index, drawn)];
  });
  const gone = crowded || models.length > MOST_LINES ? [] : [...models.keys()];
  const others = gone
    .filter((index) => !now.brief.models.includes(models[index]))
    .map((index) =>
      modelLine(input, pinned, entries, index, { model: null, colour: index, predicted: NaN, pinned: true }),
    );
  return [...medianLine(pinned, entries, true), ...known, ...others];
}

/** Models of a crowd with lines of their own. */
function chosenOf({ named, followed }: ViewInput): readonly number[] {
  return [...new Set([...named, ...(followed === null ? [] : [followed])])];
}

interface Drawn extends Pick<Line, 'model' | 'colour' | 'predicted'> {
  readonly pinned?: boolean;
}

function modelLine(
  { metric }: ViewInput,
  { brief, track }: RunInput,
  entries: Int32Array,
  index: number,
  { pinned = false, ...drawn }: Drawn,
): Line {
  const band = track.band(metric.id);
  const name = brief.models[index];
  const pick = (values: Float64Array | null): Values | null =>
    values === null || pinned ? null : at(values, entries, brief.models.length, index, metric.log);
  return {
    ...drawn,
    key: `${pinned ? 'pinned' : 'model'} ${name}`,
    name,
    role: 'model',
    pinned,
    values: band === null ? nothing(entries) : at(band.mean, entries, brief.models.length, index, metric.log),
    low: pick(band?.low ?? null),
    high: pick(band?.high ?? null),
  };
}

function wholeLine({ track }: RunInput, entries: Int32Array, pinned: boolean): Line[] {
  const band = track.band('homogenisation');
  if (band === null) return [];
  const pick = (values: Float64Array | null): Values | null =>
    values === null || pinned ? null : at(values, entries, 1, 0, false);
  return [
    {
      key: pinned ? 'pinned' : 'whole',
      name: 'all models',
      model: null,
      role: 'whole',
      pinned,
      colour: null,
      values: at(band.mean, entries, 1, 0, false),
      low: pick(band.low),
      high: pick(band.high),
      predicted: NaN,
    },
  ];
}

function medianLine({ crowd }: RunInput, entries: Int32Array, pinned: boolean): Line[] {
  if (crowd === null) return [];
  const pick = (values: Float64Array): Values => at(values, entries, 1, 0, false);
  return [
    {
      key: pinned ? 'pinned median' : 'median',
      name: 'median',
      model: null,
      role: 'median',
      pinned,
      colour: null,
      values: pick(crowd.middle),
      low: pinned ? null : pick(crowd.low),
      high: pinned ? null : pick(crowd.high),
      predicted: NaN,
    },
  ];
}

function at(values: Float64Array, entries: Int32Array, width: number, item: number, log: boolean): Values {
  return Array.from(entries, (entry) => {
    const value = entry < 0 ? NaN : values[entry * width + item];
    return Number.isFinite(value) && (value > 0 || !log) ? value : null;
  });
}

const nothing = (entries: Int32Array): Values => Array.from(entries, () => null);

function panelsOf(
  lines: readonly Line[],
  scales: { readonly of: Uint32Array; readonly names: readonly string[] } | null,
  { metric, split }: ViewInput,
): Panel[] {
  const one: Panel[] = [{ title: '', lines, range: rangeOf(lines, metric.log) }];
  if (scales === null) return one;
  const groups = new Map<number, Line[]>();
  for (const line of lines) {
    if (line.model === null) continue; // a model of the pinned run alone has no axis in panels by curator
    const scale = scales.of[line.model];
    groups.set(scale, [...(groups.get(scale) ?? []), line]);
  }
  const panels = [...groups].map(([scale, members]): Panel => {
    return { title: `reward ${scales.names[scale]}`, lines: members, range: rangeOf(members, metric.log) };
  });
  const ranges = panels.flatMap(({ range }) => (range === null ? [] : [range]));
  return ranges.length === panels.length && (split || needPanels(ranges)) ? panels : one;
}

/** Lowest and highest value that an axis has to show; null where there is none. */
export function rangeOf(lines: readonly Line[], log: boolean): readonly [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const { values, low: below, high: above, predicted } of lines) {
    for (const part of [values, below ?? [], above ?? [], [predicted]]) {
      for (const value of part) {
        if (value === null || !Number.isFinite(value) || (log && value <= 0)) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
  }
  return low <= high ? [low, high] : null;
}

/** The last number of a line; NaN where it has none. */
export function lastOf({ values }: Pick<Line, 'values'>): number {
  return values.findLast((value) => value !== null) ?? NaN;
}
