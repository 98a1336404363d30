import { csvFormatValue } from 'd3-dsv';
import type { ColumnSource } from 'hyparquet-writer';
import type { RunResult } from '../engine/results.ts';
import { exactText } from './number_text.ts';
import { finalCountsOf, finalSharesOf } from './series.ts';

/** One column of the final table; its cells are read where they lie, so a large table is never copied whole. */
interface FinalColumn {
  readonly name: string;
  readonly kind: 'label' | 'index' | 'share' | 'count';
  readonly cell: (replicate: number, outcome: number) => string | number;
}

/** Above this many outcomes the final table is written as Parquet. */
export const MAX_OUTCOMES_IN_CSV = 10_000;

export function finalTableFormat(result: RunResult): 'csv' | 'parquet' {
  return result.ecosystem.outcomeCount > MAX_OUTCOMES_IN_CSV ? 'parquet' : 'csv';
}

/**
 * final.csv: one line per outcome (and per replicate when there are several), a column per model with its final share,
 * and a column `count:MODEL` for each model with a finite population.
 */
export function* finalCsv(result: RunResult): Generator<string> {
  const precision = precisionOf(result);
  const columns = columnsOf(result);
  yield `${columns.map(({ name }) => csvFormatValue(name)).join(',')}\n`;
  for (let replicate = 0; replicate < result.replicates; replicate++) {
    for (let outcome = 0; outcome < result.ecosystem.outcomeCount; outcome++) {
      const cells = columns.map(({ kind, cell }) => {
        const value = cell(replicate, outcome);
        if (typeof value === 'string') return csvFormatValue(value);
        return exactText(value, kind === 'share' ? precision : 'float64');
      });
      yield `${cells.join(',')}\n`;
    }
  }
}

/** final.parquet: the columns and rows of final.csv; shares keep the precision they were computed in. */
export async function finalParquet(result: RunResult): Promise<Uint8Array> {
  const { ByteWriter, parquetWrite } = await import('hyparquet-writer');
  const outcomes = result.ecosystem.outcomeCount;
  const rows = result.replicates * outcomes;
  const columnData = columnsOf(result).map(({ name, kind, cell }): ColumnSource => {
    const at = (row: number): string | number => cell(Math.floor(row / outcomes), row % outcomes);
    const numberAt = (_: unknown, row: number): number => Number(at(row));
    const shared = { name, nullable: false };
    if (kind === 'label') {
      return { ...shared, type: 'STRING', data: Array.from({ length: rows }, (_, row) => String(at(row))) };
    }
    if (kind === 'count') {
      const data = BigInt64Array.from({ length: rows }, (_, row) => BigInt(at(row)));
      return { ...shared, type: 'INT64', data };
    }
    if (kind === 'index') {
      return { ...shared, type: 'INT32', data: Int32Array.from({ length: rows }, numberAt) };
    }
    return precisionOf(result) === 'float32'
      ? { ...shared, type: 'FLOAT', data: Float32Array.from({ length: rows }, numberAt) }
      : { ...shared, type: 'DOUBLE', data: Float64Array.from({ length: rows }, numberAt) };
  });
  const writer = new ByteWriter();
  await parquetWrite({ writer, columnData, createdBy: 'backfire' });
  return writer.getBytes();
}

function precisionOf(result: RunResult): 'float32' | 'float64' {
  return result.distributions instanceof Float32Array ? 'float32' : 'float64';
}

function columnsOf(result: RunResult): FinalColumn[] {
  const { models, labels } = result.ecosystem;
  const outcome: FinalColumn =
    labels === null
      ? { name: 'outcome', kind: 'index', cell: (_, index) => index }
      : { name: 'outcome', kind: 'label', cell: (_, index) => labels[index] };
  const columns: FinalColumn[] = [outcome];
  if (result.replicates > 1) {
    columns.push({ name: 'replicate', kind: 'index', cell: (replicate) => replicate });
  }
  const taken = new Set(['outcome', 'replicate']);
  models.forEach((name, model) => {
    const shares = Array.from({ length: result.replicates }, (_, r) => finalSharesOf(result, r, model));
    columns.push({
      name: taken.has(name) ? `share:${name}` : name,
      kind: 'share',
      cell: (replicate, index) => shares[replicate][index],
    });
  });
  models.forEach((name, model) => {
    const counts = Array.from({ length: result.replicates }, (_, r) => finalCountsOf(result, r, model));
    if (counts.some((row) => row === null)) return;
    columns.push({
      name: `count:${name}`,
      kind: 'count',
      cell: (replicate, index) => counts[replicate]?.[index] ?? 0,
    });
  });
  return columns;
}
