import { csvParse } from 'd3-dsv';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { MODEL_METRICS } from '../../src/engine/results.ts';
import type { RunResult } from '../../src/engine/results.ts';
import { finalCsv, finalParquet, finalTableFormat } from '../../src/report/final_table.ts';
import { METRICS_CSV_HEADER, metricsCsv } from '../../src/report/metrics_csv.ts';
import { exactText } from '../../src/report/number_text.ts';
import { fixtureRun, fixtureValue } from './report_fixture.ts';

function joined(pieces: Iterable<string>): string {
  return [...pieces].join('');
}

describe('metrics.csv', () => {
  it('has one row per round 1 … n, model and replicate with every metric', () => {
    const run = fixtureRun({ models: ['theta', 'p,h"i'], rounds: 3, replicates: 2 });
    const rows = csvParse(joined(metricsCsv(run)));
    expect(rows.columns).toEqual([...METRICS_CSV_HEADER]);
    expect(rows.length).toBe(3 * 2 * 2);
    const keys = rows.map(({ round, model, replicate }) => `${round} ${model} ${replicate}`);
    expect(new Set(keys).size).toBe(12);
    const row = rows.find(
      ({ round, model, replicate }) => round === '2' && model === 'p,h"i' && replicate === '1',
    );
    for (const metric of MODEL_METRICS) {
      const expected = metric === 'tvToStable' ? '' : String(fixtureValue(metric, 2, 1, 1));
      expect(row?.[metric], metric).toBe(expected);
    }
    expect(row?.['homogenisation']).toBe(String((2 * 2 + 1) / 64));
  });
});

describe('the table of final shares', () => {
  const labels = ['warm', 'a,b', '=1+1'];

  it('is outcome × model, with a count column for each finite population', () => {
    const run = fixtureRun({ models: ['theta', 'phi'], labels, population: 10 });
    const rows = csvParse(joined(finalCsv(run)));
    expect(rows.columns).toEqual(['outcome', 'theta', 'phi', 'count:theta']);
    expect(rows.map(({ outcome }) => outcome)).toEqual(labels);
    rows.forEach((row, outcome) => {
      expect(Number(row['theta'])).toBe(run.distributions[outcome]);
      expect(Number(row['phi'])).toBe(run.distributions[3 + outcome]);
      expect(Number(row['count:theta'])).toBe(4_000_000_000 + outcome);
    });
  });

  it('has a replicate column for several replicates and never two columns of one name', () => {
    const run = fixtureRun({ models: ['outcome', 'replicate'], replicates: 2 });
    const rows = csvParse(joined(finalCsv(run)));
    expect(rows.columns).toEqual(['outcome', 'replicate', 'share:outcome', 'share:replicate']);
    expect(rows.map(({ replicate }) => replicate)).toEqual(['0', '0', '0', '1', '1', '1']);
    expect(Number(rows[4]['share:replicate'])).toBe(run.distributions[(1 * 2 + 1) * 3 + 1]);
  });

  it('is CSV up to 10,000 outcomes and Parquet above', () => {
    expect(finalTableFormat(fixtureRun({ models: ['m'], outcomes: 10_000, rounds: 1 }))).toBe('csv');
    expect(finalTableFormat(fixtureRun({ models: ['m'], outcomes: 10_001, rounds: 1 }))).toBe('parquet');
  });

  it.each([true, false])('reads back from Parquet as it was (float32: %s)', async (float32) => {
    const outcomes = 10_001;
    const words = Array.from({ length: outcomes }, (_, index) => `word ${index}`);
    const run = fixtureRun({
      models: ['theta', 'phi'],
      outcomes,
      labels: words,
      population: 9,
      replicates: 2,
      rounds: 1,
      float32,
    });
    const { rows, types } = await readParquet(run);
    expect(types).toEqual({
      outcome: 'BYTE_ARRAY',
      replicate: 'INT32',
      theta: float32 ? 'FLOAT' : 'DOUBLE',
      phi: float32 ? 'FLOAT' : 'DOUBLE',
      'count:theta': 'INT64',
    });
    expect(rows.length).toBe(2 * outcomes);
    const wrong = rows.filter((row, index) => {
      const [replicate, outcome] = [Math.floor(index / outcomes), index % outcomes];
      const start = replicate * 2 * outcomes;
      return (
        row['outcome'] !== words[outcome] ||
        row['replicate'] !== replicate ||
        row['theta'] !== run.distributions[start + outcome] ||
        row['phi'] !== run.distributions[start + outcomes + outcome] ||
        row['count:theta'] !== BigInt(4_000_000_000 + start + outcome)
      );
    });
    expect(wrong).toEqual([]);
  });
});

async function readParquet(
  run: RunResult,
): Promise<{ rows: Record<string, unknown>[]; types: Record<string, unknown> }> {
  const bytes = await finalParquet(run);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const columns = parquetMetadata(file).schema.slice(1);
  return {
    rows: await parquetReadObjects({ file }),
    types: Object.fromEntries(columns.map(({ name, type }) => [name, type])),
  };
}

describe('exact number texts', () => {
  it('read back as the same float32, with 9 digits at most', () => {
    fc.assert(
      fc.property(fc.float({ min: 0, max: 1, noNaN: true }), (value) => {
        const text = exactText(value, 'float32');
        expect(Math.fround(Number(text))).toBe(Object.is(value, -0) ? 0 : value);
        expect(
          text
            .replace(/e.*/, '')
            .replace(/^-?0*\.?0*/, '')
            .replace('.', '').length,
        ).toBeLessThanOrEqual(9);
      }),
    );
    expect(exactText(Math.fround(0.2), 'float32')).toBe('0.2');
  });

  it('are empty for what is unknown', () => {
    expect([NaN, Infinity, -Infinity].map((value) => exactText(value))).toEqual(['', '', '']);
  });
});
