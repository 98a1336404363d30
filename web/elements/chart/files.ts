/** The chart’s numbers as a file. */
import { exactText } from '../../../src/report/number_text.ts';
import type { Lab } from '../../services/lab.ts';
import type { Track } from '../../services/track.ts';
import type { EcosystemBrief, MetricBand } from '../../worker/protocol.ts';
import type { MetricInfo } from './metrics.ts';

export interface RunNumbers {
  /** "now" or "pinned". */
  readonly run: string;
  readonly brief: Pick<EcosystemBrief, 'models' | 'replicates'>;
  readonly track: Track;
  /** Predicted stable rewards by model; null where none are known or another metric is shown. */
  readonly predicted: Float64Array | null;
}

/** The present run and the pinned one. */
export function chartCsv({ run, pinned, theory }: Lab, metric: MetricInfo): string {
  const rewards = (prediction: typeof theory.prediction, models: number): Float64Array | null =>
    metric.id === 'reward' && prediction?.models.length === models ? prediction.reward : null;
  const numbers = (
    name: string,
    { brief, track }: Pick<RunNumbers, 'brief' | 'track'>,
    prediction: typeof theory.prediction,
  ): RunNumbers => ({
    ...{ run: name, brief, track },
    predicted: rewards(prediction, brief.models.length),
  });
  return seriesCsv(metric, [
    ...(run.shown === null ? [] : [numbers('now', run.shown, theory.prediction)]),
    ...(pinned === null ? [] : [numbers('pinned', pinned.run, pinned.prediction)]),
  ]);
}

/**
 * One line per run, round and model: every round that the page holds, of all models. `low` and `high` are the 10 % and 90 %
 * quantiles over the replicates. Unknown values are empty.
 */
export function seriesCsv({ id }: MetricInfo, runs: readonly RunNumbers[]): string {
  const lines = [`run,round,model,${id},low,high,predicted`];
  for (const { run, brief, track, predicted } of runs) {
    const band = track.band(id);
    if (band === null) continue;
    const names = id === 'homogenisation' ? ['all models'] : brief.models;
    track.rounds.forEach((round, entry) => {
      names.forEach((name, k) => {
        const cells = cellsOf(band, entry * names.length + k, predicted?.[k] ?? NaN);
        lines.push([run, round, quoted(name), ...cells].join(','));
      });
    });
  }
  return `${lines.join('\n')}\n`;
}

function cellsOf({ mean, low, high }: MetricBand, at: number, predicted: number): string[] {
  return [mean[at], low?.[at] ?? NaN, high?.[at] ?? NaN, predicted].map((value) => exactText(value));
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
