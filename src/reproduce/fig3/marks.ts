/** What the panels of the figures share. */
import type * as Plot from '@observablehq/plot';
import { CARD, MODEL_COLOURS } from '../../report/chart_style.ts';
import type { PlotLibrary } from '../../report/figure.ts';

export type Model = 'p' | 'q';
export const P = MODEL_COLOURS[0];
export const Q = MODEL_COLOURS[1];
/** For what turns against a reward. */
export const FLIP = '#B3261E';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A word on the plot, readable over lines. */
export function label(
  plot: PlotLibrary,
  x: number,
  y: number,
  text: string,
  fill: string,
  textAnchor: 'start' | 'middle' | 'end' = 'start',
  dy = 0,
  dx = 0,
): Plot.Markish {
  return plot.text([{ x, y, text }], {
    x: 'x',
    y: 'y',
    text: 'text',
    fill,
    textAnchor,
    dy,
    dx,
    stroke: CARD,
    strokeWidth: 4,
    fontWeight: 600,
  });
}
