/** CSV (RFC 4180, lines ending in \n); numbers by their shortest exact text, empty where unknown. */
import { exactText } from '../src/report/number_text.ts';

export function csvText(header: readonly string[], rows: Iterable<readonly (string | number)[]>): string {
  const lines = [header.map(cellText).join(',')];
  for (const row of rows) lines.push(row.map(cellText).join(','));
  return `${lines.join('\n')}\n`;
}

function cellText(cell: string | number): string {
  if (typeof cell === 'number') return exactText(cell);
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
