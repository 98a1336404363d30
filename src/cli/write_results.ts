import { isOutcomeRun } from '../engine/results.ts';
import type { AnyRun } from '../engine/results.ts';
import { rewardChart } from '../report/chart.ts';
import { emptyDocument } from '../report/chart_document.ts';
import { finalCsv, finalParquet, finalTableFormat } from '../report/final_table.ts';
import { momentCsv } from '../report/moment_table.ts';
import { metricsCsv } from '../report/metrics_csv.ts';
import { runRecord } from '../report/run_record.ts';
import type { RunOrigin } from '../report/run_record.ts';
import type { OutputFolder } from './output_folder.ts';

/** Writes metrics.csv, final.csv or final.parquet, chart.svg and run.json, all or none. Returns their names. */
export async function writeResults(
  folder: OutputFolder,
  result: AnyRun,
  origin: RunOrigin,
): Promise<readonly string[]> {
  const format = isOutcomeRun(result) ? finalTableFormat(result) : 'csv';
  folder.add('metrics.csv', metricsCsv(result));
  if (!isOutcomeRun(result)) folder.add('final.csv', momentCsv(result));
  else folder.add(`final.${format}`, format === 'csv' ? finalCsv(result) : await finalParquet(result));
  folder.add('chart.svg', [await rewardChart(result, await emptyDocument())]);
  folder.add('run.json', [`${JSON.stringify(runRecord(result, origin), null, 2)}\n`]);
  return folder.commit([format === 'csv' ? 'final.parquet' : 'final.csv']);
}
