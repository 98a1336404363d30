/** The files that `backfire run --out` writes, made from the run on the page. */
import { isOutcomeRun } from '../../src/engine/results.ts';
import type { AnyRun } from '../../src/engine/results.ts';
import { finalCsv, finalParquet } from '../../src/report/final_table.ts';
import { jsonPieces } from '../../src/report/json_text.ts';
import { metricsCsv } from '../../src/report/metrics_csv.ts';
import { momentCsv } from '../../src/report/moment_table.ts';
import { momentRunDocument, runDocument } from '../../src/report/run_document.ts';
import { runRecord } from '../../src/report/run_record.ts';
import type { RunOrigin } from '../../src/report/run_record.ts';
import { BackfireError } from '../../src/errors.ts';
import type { ExportKind, ExportedFile } from './protocol.ts';

/** Lines are joined to parts of about this many characters: a Blob of a million parts is slow. */
const PART_LENGTH = 2 ** 20;

/** Throws `bad-input` where the family has no such file. */
export async function exportFile(result: AnyRun, kind: ExportKind, origin: RunOrigin): Promise<ExportedFile> {
  switch (kind) {
    case 'metrics.csv':
      return { name: kind, type: 'text/csv', parts: joined(metricsCsv(result)) };
    case 'final.csv':
      return {
        name: kind,
        type: 'text/csv',
        parts: joined(isOutcomeRun(result) ? finalCsv(result) : momentCsv(result)),
      };
    case 'final.parquet': {
      if (!isOutcomeRun(result)) {
        throw new BackfireError(
          'bad-input',
          'Models that are means have few numbers, for which there is no Parquet file — take final.csv.',
        );
      }
      const bytes = await finalParquet(result);
      return { name: kind, type: 'application/vnd.apache.parquet', parts: [new Uint8Array(bytes)] };
    }
    case 'run.json':
      return {
        name: kind,
        type: 'application/json',
        parts: [`${JSON.stringify(runRecord(result, origin), null, 2)}\n`],
      };
    case 'result.json': {
      const document = isOutcomeRun(result)
        ? runDocument(result, origin.version)
        : momentRunDocument(result, origin.version);
      return { name: kind, type: 'application/json', parts: joined(jsonPieces(document)) };
    }
    case 'chart.svg':
      throw new BackfireError('internal', 'charts are drawn by the page');
  }
}

function joined(pieces: Iterable<string>): string[] {
  const parts: string[] = [];
  let part = '';
  for (const piece of pieces) {
    part += piece;
    if (part.length < PART_LENGTH) continue;
    parts.push(part);
    part = '';
  }
  parts.push(part);
  return parts;
}
