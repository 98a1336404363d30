import type { Paint } from './paint.ts';

/** A cell: text, or text with a style that does not change its width. */
export type Cell = string | { readonly text: string; readonly style: (text: string) => string };

/**
 * A table for a terminal: a faint header, the first column left-aligned, the others right-aligned, two spaces between.
 * Cells are cut at `maxWidth` characters.
 */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  paint: Paint,
  maxWidth = 32,
): string {
  const textOf = (cell: Cell): string => clip(typeof cell === 'string' ? cell : cell.text, maxWidth);
  const widths = header.map((name, column) =>
    Math.max(widthOf(clip(name, maxWidth)), ...rows.map((row) => widthOf(textOf(row[column] ?? '')))),
  );
  const line = (cells: readonly Cell[], style: (text: string) => string): string =>
    cells
      .map((cell, column) => {
        const text = textOf(cell);
        const padding = ' '.repeat(widths[column] - widthOf(text));
        const styled = typeof cell === 'string' ? style(text) : cell.style(text);
        return column === 0 ? styled + padding : padding + styled;
      })
      .join('  ')
      .trimEnd();
  return [line(header, paint.faint), ...rows.map((row) => line(row, (text) => text))].join('\n');
}

/** Text with control characters made visible, so that a name cannot move the cursor. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001F\u007F-\u009F]/g, '\uFFFD');
}

function clip(text: string, most: number): string {
  const glyphs = [...printable(text)];
  return glyphs.length > most ? `${glyphs.slice(0, most - 1).join('')}…` : glyphs.join('');
}

/** Columns a text takes: two for East Asian wide characters and emoji, none for combining marks. */
function widthOf(text: string): number {
  let width = 0;
  for (const glyph of text) {
    if (/\p{Mark}/u.test(glyph)) continue;
    width +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]|\p{Emoji_Presentation}/u.test(
        glyph,
      )
        ? 2
        : 1;
  }
  return width;
}
