/** A finished reproduction as report.json, as text for people, and its tables as CSV. */
import { csvFormatValue } from 'd3-dsv';
import { jsonNumber } from '../report/json_text.ts';
import type { JsonNumber } from '../report/json_text.ts';
import { durationText, exactText, shortText } from '../report/number_text.ts';
import type { Paint } from '../report/paint.ts';
import { textTable } from '../report/text_table.ts';
import type { Cell } from '../report/text_table.ts';
import type { Check, Comparison, Outcome, Reproduction, Table } from './reproduction.ts';

/** What report.json holds, and `reproduce --json` prints. Field names are stable; fields may be added. */
export interface ReproductionDocument {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly source: string;
  /** Whether every check passed. */
  readonly pass: boolean;
  readonly checks: readonly CheckDocument[];
  /** Published numbers beside ours; nothing is required of them. */
  readonly comparisons: readonly ComparisonDocument[];
  readonly findings: readonly string[];
  readonly figures: readonly { readonly name: string; readonly caption: string; readonly files: string[] }[];
  readonly tables: readonly string[];
  readonly timeMs: number;
  readonly version: string;
}

interface CheckDocument {
  readonly name: string;
  readonly expected: JsonNumber;
  readonly got: JsonNumber;
  readonly tolerance: JsonNumber;
  readonly source: string;
  readonly pass: boolean;
  readonly note?: string;
}

interface ComparisonDocument {
  readonly name: string;
  readonly published: JsonNumber;
  readonly got: JsonNumber;
  readonly source: string;
  readonly note?: string;
}

export function reproductionDocument(
  reproduction: Reproduction,
  outcome: Outcome,
  made: { readonly timeMs: number; readonly version: string },
): ReproductionDocument {
  const { name, title, summary, source } = reproduction;
  return {
    name,
    title,
    summary,
    source,
    pass: outcome.checks.length > 0 && outcome.checks.every(({ pass }) => pass),
    checks: outcome.checks.map(checkDocument),
    comparisons: outcome.comparisons.map(comparisonDocument),
    findings: outcome.findings,
    figures: outcome.figures.map((figure) => ({
      name: figure.name,
      caption: figure.caption,
      files: [`${figure.name}.svg`, `${figure.name}.png`],
    })),
    tables: outcome.tables.map((table) => `${table.name}.csv`),
    timeMs: Math.round(made.timeMs),
    version: made.version,
  };
}

function checkDocument(check: Check): CheckDocument {
  return {
    ...check,
    expected: jsonNumber(check.expected),
    got: jsonNumber(check.got),
    tolerance: jsonNumber(check.tolerance),
  };
}

function comparisonDocument(comparison: Comparison): ComparisonDocument {
  return {
    ...comparison,
    published: jsonNumber(comparison.published),
    got: jsonNumber(comparison.got),
  };
}

/** A header line, then a line per row; text is quoted where CSV needs it, unknown numbers are empty. */
export function* tableCsv({ columns, rows }: Table): Generator<string> {
  yield `${columns.map((column) => csvFormatValue(column)).join(',')}\n`;
  for (const row of rows) {
    const cells = row.map((cell) => (typeof cell === 'number' ? exactText(cell) : csvFormatValue(cell)));
    yield `${cells.join(',')}\n`;
  }
}

/** The report for people: every check with what was expected, published numbers beside ours, and what was found. */
export function reproductionText(
  reproduction: Reproduction,
  outcome: Outcome,
  timeMs: number,
  paint: Paint,
): string {
  const { checks, comparisons, findings } = outcome;
  const failed = checks.filter(({ pass }) => !pass).length;
  const verdict =
    failed === 0
      ? paint.gain(`all ${checks.length} checks passed`)
      : paint.loss(`${failed} of ${checks.length} checks FAILED`);
  const parts = [
    [
      paint.strong(`${reproduction.name} · ${reproduction.title}`),
      paint.faint(reproduction.source),
      `${verdict} in ${durationText(timeMs)}`,
    ].join('\n'),
    textTable(
      ['check', 'expected', 'got', 'tolerance', ''],
      checks.map((check): Cell[] => [
        check.name,
        shortText(check.expected, 7),
        shortText(check.got, 7),
        shortText(check.tolerance, 2),
        check.pass
          ? { text: 'pass', style: paint.gain }
          : { text: 'FAIL', style: (text) => paint.strong(paint.loss(text)) },
      ]),
      paint,
      72,
    ),
  ];
  if (comparisons.length > 0) {
    parts.push(
      textTable(
        ['published beside ours (not required to agree)', 'published', 'got', 'difference'],
        comparisons.map(({ name, published, got }) => [
          name,
          shortText(published),
          shortText(got),
          shortText(got - published, 2),
        ]),
        paint,
        72,
      ),
    );
  }
  if (findings.length > 0) parts.push(findings.map((finding) => `• ${finding}`).join('\n'));
  return `${parts.join('\n\n')}\n`;
}
