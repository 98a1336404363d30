/** From the lab to the view of its chart, keeping what need not be worked out again. */
import type { Lab } from '../../services/lab.ts';
import type { Track } from '../../services/track.ts';
import { Crowd, MOST_LINES, extremeModels } from './crowd.ts';
import type { CrowdBands } from './crowd.ts';
import { metricShown } from './metrics.ts';
import type { MetricInfo } from './metrics.ts';
import { chartView } from './view.ts';
import type { ChartView, RunInput } from './view.ts';

/** Time that quantiles of a crowd may take out of one drawing; the rest follows in the next ones. */
const CROWD_MS = 4;
/** While a run goes on, the extremes of a crowd keep their names this long. */
const EXTREMES_MS = 700;

export class ChartSource {
  /** Null before there is a run. */
  view: ChartView | null = null;
  /** Whether quantiles are still to be worked out. */
  unfinished = false;
  private readonly crowds = new WeakMap<Track, Map<string, Crowd>>();
  private readonly split = new WeakMap<Track, Set<string>>();
  private extremes: {
    readonly track: Track;
    readonly metric: string;
    readonly at: number;
    readonly models: readonly number[];
  } | null = null;
  private seen: readonly unknown[] = [];

  /** Brings the view up to date; whether it changed. */
  refresh(lab: Lab): boolean {
    const { shown, stage } = lab.run;
    if (shown === null) return false;
    const { brief, track } = shown;
    const metric = metricShown(brief.family, lab.state.metric);
    const pinned = lab.pinned?.run ?? null;
    const { prediction } = lab.theory;
    const seen = [
      track,
      track.rounds.length,
      metric,
      pinned?.track,
      pinned?.track.rounds.length,
      prediction,
      lab.followed,
    ];
    if (!this.unfinished && seen.every((part, k) => part === this.seen[k])) return false;
    this.seen = seen;
    this.unfinished = false;
    const splits = this.split.get(track) ?? new Set<string>();
    this.split.set(track, splits);
    this.view = chartView({
      metric,
      now: this.input({ brief, track }, metric),
      pinned: pinned === null || pinned.brief.family !== brief.family ? null : this.input(pinned, metric),
      predicted: prediction !== null && sameNames(prediction.models, brief.models) ? prediction.reward : null,
      followed: lab.followed,
      named: this.named(track, metric, stage === 'playing'),
      split: splits.has(metric.id),
    });
    if (this.view.panels.length > 1) splits.add(metric.id);
    return true;
  }

  private input({ brief, track }: Omit<RunInput, 'crowd'>, metric: MetricInfo): RunInput {
    return { brief, track, crowd: this.crowdOf(track, metric) };
  }

  private crowdOf(track: Track, { id, log }: MetricInfo): CrowdBands | null {
    const mean = track.band(id)?.mean;
    if (track.models <= MOST_LINES || id === 'homogenisation' || mean === undefined) return null;
    const known = this.crowds.get(track) ?? new Map<string, Crowd>();
    this.crowds.set(track, known);
    const crowd = known.get(id) ?? new Crowd(track.models, log);
    known.set(id, crowd);
    if (!crowd.advance(mean, CROWD_MS)) this.unfinished = true;
    return crowd.view;
  }

  private named(track: Track, { id }: MetricInfo, playing: boolean): readonly number[] {
    const mean = track.band(id)?.mean;
    if (track.models <= MOST_LINES || id === 'homogenisation' || mean === undefined) return [];
    const { extremes } = this;
    const now = performance.now();
    const kept = extremes !== null && extremes.track === track && extremes.metric === id;
    if (playing && kept && now - extremes.at < EXTREMES_MS) return extremes.models;
    this.extremes = { track, metric: id, at: now, models: extremeModels(mean, track.models) };
    return this.extremes.models;
  }
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((name, k) => name === b[k]));
}
