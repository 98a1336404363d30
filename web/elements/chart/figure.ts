/** The chart as a standalone SVG document for print: light colours, title, axes, labels and key. */
import {
  CARD,
  FAINT_INK,
  FONT,
  GRID,
  INK,
  MODEL_COLOURS,
  escapeXml,
  textWidth,
} from '../../../src/report/chart_style.ts';
import { wholeTicks } from '../../ticks.ts';
import { padded, ticksOf } from './axis.ts';
import { labelText, placeLabels } from './end_labels.ts';
import { keyOf } from './key.ts';
import type { ChartView, Line, Panel, Values } from './view.ts';

const WIDTH = 860;
const PADDING = 20;
const LEFT = 76;
const MOST_LABELS = 240;

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  x(round: number): number;
  y(value: number): number;
}

/** The view with a title; the same view gives the same text. */
export function chartSvg(view: ChartView, title: string, followed: number | null): string {
  const lines = view.panels.flatMap((panel) => panel.lines);
  const widest = Math.max(0, ...lines.map((line) => textWidth(words(line), 12)));
  const right = WIDTH - PADDING - Math.min(MOST_LABELS, widest + 24);
  const key = keyOf(view);
  const head = [view.metric.meaning, ...(key.length > 0 ? [key.map(({ text }) => text).join(' · ')] : [])];
  const top = PADDING + 24 + 19 * head.length + 14;
  const each = view.panels.length === 1 ? 380 : 210;
  const height = top + each * view.panels.length + 34;
  const parts = view.panels.map((panel, k) =>
    panelSvg(view, panel, followed, { top: top + k * each + 22, bottom: top + (k + 1) * each - 8, right }, k),
  );
  const bottom = top + each * view.panels.length - 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="${escapeXml(FONT)}" role="img" aria-labelledby="title">`,
    `<title id="title">${escapeXml(`${title}. ${head.join(' ')}`)}</title>`,
    `<rect width="${WIDTH}" height="${height}" rx="8" fill="${CARD}"/>`,
    text(PADDING, PADDING + 16, title, `font-size="17" font-weight="600" fill="${INK}"`),
    ...head.map((line, k) =>
      text(PADDING, PADDING + 38 + 19 * k, line, `font-size="12.5" fill="${FAINT_INK}"`),
    ),
    ...parts,
    roundAxis(view, right, bottom),
    '</svg>',
    '',
  ].join('\n');
}

function words(line: Line): string {
  const { name, value } = labelText(line);
  return `${name} ${value}`;
}

function roundAxis({ rounds }: ChartView, right: number, bottom: number): string {
  const last = lastRound(rounds);
  const ticks = wholeTicks(last, 9).map((round) => {
    const x = LEFT + ((right - LEFT) * round) / last;
    return (
      `<path d="M${fixed(x)},${bottom}v5" stroke="${FAINT_INK}"/>` +
      text(
        x,
        bottom + 18,
        round.toLocaleString('en-US'),
        `font-size="12" text-anchor="middle" fill="${FAINT_INK}"`,
      )
    );
  });
  const label = text(
    (LEFT + right) / 2,
    bottom + 34,
    'round',
    `font-size="12" text-anchor="middle" fill="${FAINT_INK}"`,
  );
  return `${ticks.join('')}${label}`;
}

function panelSvg(
  view: ChartView,
  panel: Panel,
  followed: number | null,
  { top, bottom, right }: { readonly top: number; readonly bottom: number; readonly right: number },
  index: number,
): string {
  const { log, axis } = view.metric;
  const heading = text(
    PADDING,
    top - 10,
    [axis, panel.title.replace(/^reward /, '')].filter((part) => part !== '').join(' '),
    `font-size="12" fill="${FAINT_INK}"`,
  );
  if (panel.range === null) {
    return heading + text(LEFT, (top + bottom) / 2, view.metric.absent, `font-size="13" fill="${FAINT_INK}"`);
  }
  const [low, high] = padded(panel.range, log);
  const part = (value: number): number =>
    log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  const last = lastRound(view.rounds);
  const frame: Frame = {
    ...{ left: LEFT, right, top, bottom },
    x: (round) => LEFT + ((right - LEFT) * round) / last,
    y: (value) => bottom - (bottom - top) * part(value),
  };
  const grid = ticksOf([low, high], log, view.panels.length === 1 ? 7 : 4).map(
    ({ value, text: written }) =>
      `<path d="M${LEFT},${fixed(frame.y(value))}H${right}" stroke="${GRID}"/>` +
      text(LEFT - 8, frame.y(value) + 4, written, `font-size="12" text-anchor="end" fill="${FAINT_INK}"`),
  );
  const frameLine = `<path d="M${LEFT},${top}V${bottom}H${right}" fill="none" stroke="${FAINT_INK}" stroke-width="0.75"/>`;
  const labels = placeLabels(panel.lines, followed, (value) => frame.y(value), top + 4, bottom - 4).map(
    ({ line, name, value, end, y }) =>
      `<path d="M${right + 2},${fixed(end)}L${right + 9},${fixed(y)}" stroke="${colour(line).line}"/>` +
      `<text x="${right + 12}" y="${fixed(y + 4)}" font-size="12" font-weight="600" fill="${colour(line).text}">${escapeXml(name)} <tspan font-weight="400">${value}</tspan></text>`,
  );
  return [
    `<g data-panel="${index}">`,
    heading,
    ...grid,
    frameLine,
    ...panel.lines.map((line) => lineSvg(line, view.rounds, frame)),
    ...labels,
    '</g>',
  ].join('');
}

function lineSvg(line: Line, rounds: Float64Array, frame: Frame): string {
  const stroke = colour(line).line;
  const places = (values: Values): string[] =>
    values.flatMap((value, k) =>
      value === null ? [] : [`${fixed(frame.x(rounds[k]))},${fixed(frame.y(value))}`],
    );
  const band =
    line.low === null || line.high === null
      ? ''
      : `<path d="M${[...places(line.high), ...places(line.low).reverse()].join('L')}Z" fill="${stroke}" fill-opacity="0.16"/>`;
  const predicted = Number.isFinite(line.predicted)
    ? `<path d="M${frame.left},${fixed(frame.y(line.predicted))}H${frame.right}" stroke="${stroke}" stroke-width="1.25" stroke-dasharray="7,4" aria-label="predicted ${escapeXml(line.name)}"/>`
    : '';
  const points = places(line.values);
  if (points.length === 0) return band + predicted;
  const name = line.pinned && line.role === 'model' ? `${line.name}, pinned` : line.name;
  const style = line.pinned
    ? 'stroke-width="1.5" stroke-opacity="0.65" stroke-dasharray="2,4"'
    : 'stroke-width="2.25"';
  const drawn =
    points.length === 1
      ? `<circle cx="${points[0].replace(',', '" cy="')}" r="3.5" fill="${stroke}"/>`
      : `<path d="M${points.join('L')}" fill="none" stroke="${stroke}" stroke-linejoin="round" ${style} aria-label="${escapeXml(name)}"/>`;
  return band + predicted + drawn;
}

function colour(line: Line): { readonly line: string; readonly text: string } {
  return line.colour === null ? { line: INK, text: INK } : MODEL_COLOURS[line.colour % MODEL_COLOURS.length];
}

function lastRound(rounds: Float64Array): number {
  return Math.max(1, rounds[rounds.length - 1] ?? 1);
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" ${attributes}>${escapeXml(content)}</text>`;
}

function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
