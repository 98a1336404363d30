/** What the chart paints on uPlot’s canvas: bands, predicted values, and the labels beside the lines. */
import UPlot from 'uplot';
import type uPlot from 'uplot';
import type { EndLabel } from './end_labels.ts';
import type { ChartView, Line, Panel, Values } from './view.ts';

/** Colours that a canvas understands. */
export interface Palette {
  readonly ink: string;
  readonly faint: string;
  readonly grid: string;
  readonly card: string;
  readonly models: readonly string[];
}

export const FONT = '12px system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif';
const PREDICTED_DASH = [7, 4];

/** For a canvas with `scale` pixels to the CSS pixel. */
export function scaledFont(scale: number, weight = 400): string {
  return `${weight} ${FONT.replace('12px', `${12 * scale}px`)}`;
}

function colourOf(line: Line, { ink, models }: Palette): string {
  return line.colour === null ? ink : models[line.colour % models.length];
}

/** Areas between low and high, behind the lines. */
export function paintBands(plot: uPlot, { rounds }: ChartView, { lines }: Panel, palette: Palette): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const line of lines) {
    if (line.low === null || line.high === null) continue;
    ctx.fillStyle = colourOf(line, palette);
    ctx.globalAlpha = 0.16;
    area(plot, rounds, line.low, line.high);
  }
  ctx.restore();
}

function area(plot: uPlot, rounds: Float64Array, low: Values, high: Values): void {
  const { ctx } = plot;
  const edge = (values: Values): [number, number][] =>
    values.flatMap((value, k): [number, number][] =>
      value === null ? [] : [[plot.valToPos(rounds[k], 'x', true), plot.valToPos(value, 'y', true)]],
    );
  const outline = [...edge(high), ...edge(low).reverse()];
  ctx.beginPath();
  outline.forEach(([x, y], k) => {
    if (k === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  });
  ctx.fill();
}

/** Dashed lines at the predicted stable values, across the panel, with a word at their left. */
export function paintPredicted(plot: uPlot, { lines }: Panel, palette: Palette): void {
  const { ctx, bbox } = plot;
  const scale = UPlot.pxRatio;
  const words: number[] = [];
  ctx.save();
  ctx.font = scaledFont(scale);
  ctx.textAlign = 'left';
  ctx.lineWidth = 1.25 * scale;
  for (const line of lines) {
    if (!Number.isFinite(line.predicted)) continue;
    const y = plot.valToPos(line.predicted, 'y', true);
    ctx.strokeStyle = colourOf(line, palette);
    ctx.fillStyle = colourOf(line, palette);
    ctx.setLineDash(PREDICTED_DASH.map((length) => length * scale));
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    if (words.some((other) => Math.abs(other - y) < 15 * scale)) continue;
    words.push(y);
    const above = y - bbox.top > 16 * scale;
    ctx.textBaseline = above ? 'bottom' : 'top';
    ctx.fillText('predicted', bbox.left + 4 * scale, y + (above ? -2 : 2) * scale);
  }
  ctx.restore();
}

/** Names and last values beside the ends of the lines, each joined to its line. */
export function paintLabels(plot: uPlot, labels: readonly EndLabel[], palette: Palette, most: number): void {
  const { ctx, bbox } = plot;
  const scale = UPlot.pxRatio;
  const right = bbox.left + bbox.width;
  ctx.save();
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const { line, name, value, end, y } of labels) {
    ctx.fillStyle = colourOf(line, palette);
    ctx.strokeStyle = colourOf(line, palette);
    ctx.globalAlpha = line.pinned ? 0.9 : 1;
    ctx.lineWidth = scale;
    ctx.beginPath();
    ctx.moveTo(right + 2 * scale, end * scale);
    ctx.lineTo(right + 9 * scale, y * scale);
    ctx.stroke();
    ctx.font = scaledFont(scale);
    const number = value === '' ? '' : ` ${value}`;
    const room = most * scale - ctx.measureText(number).width;
    ctx.font = scaledFont(scale, line.pinned ? 400 : 650);
    const text = fitted(ctx, name, room);
    ctx.fillText(text, right + 12 * scale, y * scale);
    const at = right + 12 * scale + ctx.measureText(text).width;
    ctx.font = scaledFont(scale);
    ctx.fillText(number, at, y * scale);
  }
  ctx.restore();
}

/** The text, cut where it is wider than `room`. */
function fitted(ctx: CanvasRenderingContext2D, text: string, room: number): string {
  if (ctx.measureText(text).width <= room) return text;
  const glyphs = [...text];
  while (glyphs.length > 1 && ctx.measureText(`${glyphs.join('')}…`).width > room) glyphs.pop();
  return `${glyphs.join('')}…`;
}
