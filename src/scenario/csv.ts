import { csvParseRows } from 'd3-dsv';
import { InputError } from '../errors.ts';
import type { Table } from './table.ts';

/** More rows than this are refused: labels are told apart in a Map, which holds 2^24 entries at most. */
export const MAX_CSV_ROWS = 2 ** 24;

const LABEL_HEADERS: ReadonlySet<string> = new Set(['label', 'word', 'outcome']);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads a CSV file with a header: one column of distinct labels (the one named label, word or outcome, else the first),
 * every other column finite numbers, one per label.
 *
 * `source` is the file's name for messages. Throws InputError naming the file, the line and the column.
 */
export function parseCsv(text: string, source: string): Table {
  const [header, ...rows] = rowsOf(text.replace(/^\uFEFF/, ''));
  if (header === undefined) {
    throw new InputError(source, 'the file is empty — it needs a header line and one line per outcome');
  }
  if (rows.length === 0) {
    throw new InputError(
      `${source} line ${header.line}`,
      'there is a header but no data — it needs one line per outcome',
    );
  }
  if (rows.length > MAX_CSV_ROWS) {
    throw new InputError(
      source,
      `${rows.length} lines of data are too many — at most ${MAX_CSV_ROWS} are allowed`,
    );
  }
  const names = headerNames(header, source);
  const labelled = names.findIndex((name) => LABEL_HEADERS.has(name.toLowerCase()));
  const labelColumn = Math.max(labelled, 0);
  for (const row of rows) checkWidth(row, names, source);
  const columns = new Map<string, Float64Array>();
  names.forEach((name, at) => {
    if (at !== labelColumn) {
      columns.set(
        name,
        Float64Array.from(rows, (row) => numberIn(row, at, name, source)),
      );
    }
  });
  return { source, labels: labelsOf(rows, labelColumn, names[labelColumn], source), columns };
}

/** Rows with the line each starts on (quoted cells may hold line breaks); blank lines at the end are dropped. */
function rowsOf(text: string): Row[] {
  let line = 1;
  const rows = csvParseRows(text, (cells): Row => {
    const row = { line, cells };
    line += 1 + cells.reduce((breaks, cell) => breaks + (cell.match(/\r\n?|\n/g)?.length ?? 0), 0);
    return row;
  });
  while (rows.length > 0 && rows[rows.length - 1].cells.every((cell) => cell.trim() === '')) rows.pop();
  return rows;
}

function headerNames({ line, cells }: Row, source: string): readonly string[] {
  const where = `${source} line ${line}`;
  const names = cells.map((cell) => cell.trim());
  if (names.length === 1 && /[;\t]/.test(names[0])) {
    throw new InputError(
      where,
      'the header has one column, with semicolons or tabs in it — columns are separated by commas here; save the file as comma-separated',
    );
  }
  names.forEach((name, at) => {
    if (name === '') throw new InputError(where, `column ${at + 1} has no name — give every column one`);
    const first = names.indexOf(name);
    if (first !== at) {
      throw new InputError(
        where,
        `columns ${first + 1} and ${at + 1} are both called "${name}" — names must differ`,
      );
    }
  });
  return names;
}

function checkWidth({ line, cells }: Row, names: readonly string[], source: string): void {
  if (cells.length === names.length) return;
  throw new InputError(
    `${source} line ${line}`,
    `${cells.length} cells where the header has ${names.length} (${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}) — ` +
      'give every line one cell per column, and put quotes around a cell with a comma in it',
  );
}

function numberIn({ line, cells }: Row, at: number, name: string, source: string): number {
  const cell = cells[at].trim();
  const value = NUMBER.test(cell) ? Number(cell) : NaN;
  if (Number.isFinite(value)) return value;
  throw new InputError(
    `${source} line ${line}`,
    `column "${name}" holds ${cell === '' ? 'nothing' : `"${shorten(cell)}"`} — it must be a finite number such as 12, -0.5 or 3e-4`,
  );
}

function labelsOf(rows: readonly Row[], at: number, name: string, source: string): readonly string[] {
  const lineOf = new Map<string, number>();
  return rows.map(({ line, cells }) => {
    const label = cells[at];
    const where = `${source} line ${line}`;
    if (label.trim() === '')
      throw new InputError(where, `the label in column "${name}" is empty — name every outcome`);
    const first = lineOf.get(label);
    if (first !== undefined) {
      throw new InputError(
        where,
        `the label "${shorten(label)}" was used on line ${first} — labels must differ; add the two lines up`,
      );
    }
    lineOf.set(label, line);
    return label;
  });
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
