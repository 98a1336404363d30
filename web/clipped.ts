import { printable } from '../src/report/text_table.ts';

/** A name for a small place: at most `most` characters, the last an ellipsis where some are missing. */
export function clipped(name: string, most: number): string {
  const glyphs = [...printable(name)];
  return glyphs.length > most ? `${glyphs.slice(0, most - 1).join('')}…` : glyphs.join('');
}
