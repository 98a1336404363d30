/** Labels at the ends of lines: which of them fit, and where. */
import { spreadLabels } from '../../../src/report/chart_labels.ts';
import { shortText } from '../../../src/report/number_text.ts';
import { lastOf } from './view.ts';
import type { Line } from './view.ts';

const MOST_GLYPHS = 20;
/** From one label to the next, in pixels. */
export const LABEL_GAP = 15;

export interface EndLabel {
  readonly line: Line;
  readonly name: string;
  readonly value: string;
  /** Where the line ends, and where its label stands, in pixels from the top. */
  readonly end: number;
  readonly y: number;
}

/** What stands beside the end of a line. */
export function labelText(line: Line): { readonly name: string; readonly value: string } {
  const glyphs = [...line.name];
  const name = glyphs.length > MOST_GLYPHS ? `${glyphs.slice(0, MOST_GLYPHS - 1).join('')}…` : line.name;
  const value = lastOf(line);
  return { name: line.pinned ? 'pinned' : name, value: Number.isFinite(value) ? shortText(value) : '' };
}

/**
 * As many labels as fit between `top` and `bottom`, each as near to the end of its line as possible. Where there are more, the
 * followed model comes first, then the present run’s lines in their order, then the pinned ones.
 */
export function placeLabels(
  lines: readonly Line[],
  followed: number | null,
  toPixel: (value: number) => number,
  top: number,
  bottom: number,
): EndLabel[] {
  const rank = (line: Line): number =>
    line.pinned ? 2 : line.model !== null && line.model === followed ? 0 : 1;
  const most = Math.max(1, Math.floor((bottom - top) / LABEL_GAP) + 1);
  const chosen = lines
    .filter((line) => Number.isFinite(lastOf(line)))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, most);
  const ends = chosen.map((line) => toPixel(lastOf(line)));
  const places = spreadLabels(ends, LABEL_GAP, top, bottom);
  return chosen.map((line, k) => ({ line, ...labelText(line), end: ends[k], y: places[k] }));
}
