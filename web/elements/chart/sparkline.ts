/** The small picture of a metric on its tab. */
import { svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import { modelColour } from '../../model_colours.ts';
import type { Track } from '../../services/track.ts';
import { MOST_LINES } from './crowd.ts';
import type { MetricInfo } from './metrics.ts';

export const SPARK = { width: 72, height: 22 } as const;
const MOST_POINTS = 32;

export interface Spark {
  readonly model: number;
  readonly points: string;
}

/** Polylines of a metric, of thousands of models twelve spread evenly; none where there is nothing to see. */
export function sparksOf(track: Track, { id, log }: MetricInfo): readonly Spark[] {
  const band = track.band(id);
  const entries = track.rounds.length;
  if (band === null || entries === 0) return [];
  const width = id === 'homogenisation' ? 1 : track.models;
  const lines = Math.min(width, MOST_LINES);
  const models = Array.from({ length: lines }, (_, k) => Math.floor((k * width) / lines));
  const count = Math.min(entries, MOST_POINTS);
  const picked = Array.from({ length: count }, (_, k) =>
    count === 1 ? 0 : Math.round((k * (entries - 1)) / (count - 1)),
  );
  const valueAt = (entry: number, model: number): number => {
    const value = band.mean[entry * width + model];
    return log ? Math.log10(value) : value;
  };
  let [low, high] = [Infinity, -Infinity];
  for (const entry of picked) {
    for (const model of models) {
      const value = valueAt(entry, model);
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return [];
  const end = track.rounds[entries - 1] || 1;
  const range = high - low || 1;
  const base = high === low ? SPARK.height / 2 : SPARK.height - 2;
  return models.map((model) => ({
    model: id === 'homogenisation' ? -1 : model,
    points: picked
      .map((entry): readonly [number, number] => [track.rounds[entry], valueAt(entry, model)])
      .filter(([, value]) => Number.isFinite(value))
      .map(([round, value]) => {
        const x = 1 + ((SPARK.width - 2) * round) / end;
        return `${x.toFixed(1)},${(base - ((SPARK.height - 4) * (value - low)) / range).toFixed(1)}`;
      })
      .join(' '),
  }));
}

/** Lines in the models’ colours; in one colour where they are a sample of many. */
export function sparkline(sparks: readonly Spark[], sample: boolean): SVGTemplateResult {
  return svg`<svg class="spark" width=${SPARK.width} height=${SPARK.height} viewBox="0 0 ${SPARK.width} ${SPARK.height}" aria-hidden="true">
    ${sparks.map(
      ({ model, points }) =>
        svg`<polyline points=${points} fill="none" stroke-width=${sample ? 0.75 : 1.5} stroke-opacity=${sample ? 0.6 : 1} stroke-linejoin="round" stroke=${sample || model < 0 ? 'currentColor' : modelColour(model)}></polyline>`,
    )}
  </svg>`;
}
