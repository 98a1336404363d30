import { csvFormatValue } from 'd3-dsv';
import { MODEL_METRICS, MOMENT_METRICS, isOutcomeRun } from '../engine/results.ts';
import type { AnyRun } from '../engine/results.ts';
import { exactText } from './number_text.ts';

/** The columns of metrics.csv, by family. Unknown values are empty cells. */
const KEYS = ['round', 'model', 'replicate'] as const;
export const METRICS_CSV_HEADER = [...KEYS, ...MODEL_METRICS, 'homogenisation'] as const;
export const MOMENT_METRICS_CSV_HEADER = [...KEYS, ...MOMENT_METRICS] as const;

/** metrics.csv, one piece per round: a header, then one line per round 1 … n, model and replicate, in that order. */
export function* metricsCsv(result: AnyRun): Generator<string> {
  const { replicates, rounds } = result;
  const names = result.ecosystem.models.map((name) => csvFormatValue(name));
  yield `${(isOutcomeRun(result) ? METRICS_CSV_HEADER : MOMENT_METRICS_CSV_HEADER).join(',')}\n`;
  const columns: readonly Float64Array[] = isOutcomeRun(result)
    ? MODEL_METRICS.map((metric) => result.series[metric])
    : MOMENT_METRICS.map((metric) => result.series[metric]);
  for (let round = 1; round <= rounds; round++) {
    let lines = '';
    for (let model = 0; model < names.length; model++) {
      for (let replicate = 0; replicate < replicates; replicate++) {
        const member = round * replicates + replicate;
        const cells = columns.map((values) => exactText(values[member * names.length + model]));
        if (isOutcomeRun(result)) cells.push(exactText(result.homogenisation[member]));
        lines += `${round},${names[model]},${replicate},${cells.join(',')}\n`;
      }
    }
    yield lines;
  }
}
