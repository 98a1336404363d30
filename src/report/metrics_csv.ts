import { csvFormatValue } from 'd3-dsv';
import { MODEL_METRICS } from '../engine/results.ts';
import type { RunResult } from '../engine/results.ts';
import { exactText } from './number_text.ts';

/** The columns of metrics.csv. Unknown values are empty cells. */
export const METRICS_CSV_HEADER = [
  'round',
  'model',
  'replicate',
  ...MODEL_METRICS,
  'homogenisation',
] as const;

/** metrics.csv, one piece per round: a header, then one line per round 1 … n, model and replicate, in that order. */
export function* metricsCsv(result: RunResult): Generator<string> {
  const { replicates, rounds, series, homogenisation } = result;
  const names = result.ecosystem.models.map((name) => csvFormatValue(name));
  yield `${METRICS_CSV_HEADER.join(',')}\n`;
  for (let round = 1; round <= rounds; round++) {
    let lines = '';
    for (let model = 0; model < names.length; model++) {
      for (let replicate = 0; replicate < replicates; replicate++) {
        const ensemble = round * replicates + replicate;
        const values = MODEL_METRICS.map((metric) =>
          exactText(series[metric][ensemble * names.length + model]),
        );
        lines += `${round},${names[model]},${replicate},${values.join(',')},${exactText(homogenisation[ensemble])}\n`;
      }
    }
    yield lines;
  }
}
