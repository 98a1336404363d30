/** Measurements as CSV: one line per result, and per size of a series. */
import { csvFormatRows } from 'd3-dsv';
import { quantile } from '../../../bench/measure/statistics.ts';
import type { BenchReport } from '../../worker/protocol.ts';
import { compared } from './comparison.ts';

type Scaling = BenchReport['scaling'][number];

const RESULT_HEAD = [
  'section',
  'name',
  'title',
  'size',
  'unit',
  'median',
  'iqr',
  'samples',
  'clock',
  'ratio_to_copy',
  'earlier_median',
  'now_over_earlier',
];

export function resultsCsv(report: BenchReport, earlier: BenchReport | null): string {
  const rows = report.results.map((result) => {
    const comparison = compared(result, earlier);
    const { section, name, title, size, unit, median, iqr, samples, clock, ratioToCeiling } = result;
    const numbers = [
      median,
      iqr,
      samples.length,
      clock,
      ratioToCeiling,
      comparison?.earlier.median,
      comparison?.ratio,
    ];
    return [section, name, title, size, unit, ...numbers.map((value) => String(value ?? ''))];
  });
  return `${csvFormatRows([RESULT_HEAD, ...rows])}\n`;
}

export function scalingCsv(series: readonly { readonly name: string; readonly scaling: Scaling }[]): string {
  const rows = series.flatMap(({ name, scaling }) =>
    scaling.sizes.map((size, k) => {
      const list = scaling.samples[k];
      const numbers = [size, scaling.medians[k], quantile(list, 0.25), quantile(list, 0.75), list.length];
      return [name, scaling.axis, ...numbers.map(String)];
    }),
  );
  const head = ['measurement', 'axis', 'size', 'median_ms', 'quartile_1_ms', 'quartile_3_ms', 'samples'];
  return `${csvFormatRows([head, ...rows])}\n`;
}
