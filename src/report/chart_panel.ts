import type * as Plot from '@observablehq/plot';
import { quantile, rewardRange } from './chart_data.ts';
import type { ChartLine } from './chart_data.ts';
import { spreadLabels } from './chart_labels.ts';
import { CARD, CROWD, FAINT_INK, GRID, INK, MODEL_COLOURS, escapeXml } from './chart_style.ts';
import { shortText } from './number_text.ts';

export interface PanelOptions {
  readonly document: Document;
  readonly lines: readonly ChartLine[];
  /** Those drawn in colour and labelled. */
  readonly named: readonly ChartLine[];
  readonly crowded: boolean;
  /** Names of the rewards the lines are measured by. */
  readonly scales: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly marginRight: number;
  readonly labelSize: number;
  readonly withRoundAxis: boolean;
}

const MARGIN = { top: 26, left: 64, bottom: 44, bottomWithoutAxis: 14 };
/** Names longer than this are cut in the labels beside the lines. */
const MAX_NAME_LENGTH = 22;
const MAX_CROWD_LINES = 300;

/** One chart panel as the inside of an SVG group. */
export function drawPanel(plot: typeof Plot, options: PanelOptions): string {
  const { lines, named, crowded, height, labelSize } = options;
  const marginBottom = options.withRoundAxis ? MARGIN.bottom : MARGIN.bottomWithoutAxis;
  const domain = paddedRange(rewardRange(lines));
  const ticks = height > 300 ? 7 : 4;
  const decimals = tickDecimals(domain[1] - domain[0], ticks);
  const rounds = Math.max(1, lines[0].points[lines[0].points.length - 1].round);
  const [bottom, top] = [height - marginBottom, MARGIN.top];
  const toPixel = (reward: number): number =>
    bottom - ((reward - domain[0]) / (domain[1] - domain[0])) * (bottom - top);
  const places = spreadLabels(
    named.map((line) => toPixel(line.end)),
    labelSize + 4,
    top + 4,
    bottom - 4,
  );
  const colourOf = (line: ChartLine): (typeof MODEL_COLOURS)[number] =>
    MODEL_COLOURS[(crowded ? named.indexOf(line) : line.model) % MODEL_COLOURS.length];
  const right = options.width - options.marginRight;
  const labels = named.map((line, index) => {
    const [end, y] = [toPixel(line.end), places[index]];
    return (
      `<path d="M${right + 4},${end.toFixed(1)}L${right + 12},${y.toFixed(1)}" fill="none" stroke="${colourOf(line).line}" stroke-width="1"/>` +
      `<text x="${right + 15}" y="${(y + 0.35 * labelSize).toFixed(1)}" text-anchor="start" font-size="${labelSize}" ` +
      `font-weight="600" fill="${colourOf(line).text}">${escapeXml(nameOf(line))}` +
      `<tspan dx="6" font-weight="400">${shortText(line.end)}</tspan></text>`
    );
  });

  const figure = plot.plot({
    document: options.document,
    width: options.width,
    height,
    marginTop: MARGIN.top,
    marginLeft: MARGIN.left,
    marginBottom,
    marginRight: options.marginRight,
    x: { domain: [0, rounds], axis: null },
    y: { domain },
    marks: [
      plot.gridY({ stroke: GRID, strokeOpacity: 1, ticks }),
      plot.axisY({
        label: rewardTitle(options.scales),
        labelArrow: 'none',
        labelOffset: MARGIN.left - 2,
        tickSize: 0,
        ticks,
        tickFormat: (reward: number) => reward.toFixed(decimals).replace('-', '−'),
        color: FAINT_INK,
        fontSize: 12,
      }),
      plot.ruleX([0], { stroke: FAINT_INK, strokeWidth: 0.75 }),
      ...(options.withRoundAxis
        ? [
            plot.axisX({
              label: 'round',
              labelAnchor: 'center' as const,
              labelArrow: 'none',
              tickSize: 4,
              ticks: roundTicks(rounds),
              tickFormat: (round: number) => round.toLocaleString('en-US'),
              color: FAINT_INK,
              fontSize: 12,
            }),
          ]
        : []),
      ...(crowded ? crowdMarks(plot, lines) : []),
      ...named.map((line) =>
        plot.areaY(line.points, {
          x: 'round',
          y1: 'low',
          y2: 'high',
          fill: colourOf(line).line,
          fillOpacity: 0.16,
        }),
      ),
      ...named
        .filter((line) => Number.isFinite(line.predicted))
        .map((line) =>
          plot.ruleY([line.predicted], {
            x1: 0,
            x2: rounds,
            stroke: colourOf(line).line,
            strokeWidth: 1.25,
            strokeDasharray: '5,4',
            ariaLabel: () => `predicted ${line.name}`,
          }),
        ),
      ...named.map((line) =>
        plot.lineY(line.points, {
          x: 'round',
          y: 'reward',
          stroke: colourOf(line).line,
          strokeWidth: 2.25,
          strokeLinejoin: 'round',
          strokeLinecap: 'round',
          ariaLabel: () => `reward ${line.name}`,
        }),
      ),
      plot.dot(named, {
        x: rounds,
        y: 'end',
        r: 3.5,
        fill: (line: ChartLine) => colourOf(line).line,
        stroke: CARD,
        strokeWidth: 1.25,
      }),
    ],
  });
  figure.querySelector('style')?.remove();
  return `<g font-family="inherit" fill="currentColor" color="${INK}" text-anchor="middle">${figure.innerHTML}</g>${labels.join('')}`;
}

/** What stands beside the end of a line, for its width. */
export function labelOf(line: ChartLine): string {
  return `${nameOf(line)}  ${shortText(line.end)}`;
}

function nameOf(line: ChartLine): string {
  const glyphs = [...line.name];
  return glyphs.length > MAX_NAME_LENGTH ? `${glyphs.slice(0, MAX_NAME_LENGTH - 1).join('')}…` : line.name;
}

function crowdMarks(plot: typeof Plot, lines: readonly ChartLine[]): Plot.Markish[] {
  const drawn = evenly(
    [...lines].sort((a, b) => a.end - b.end),
    MAX_CROWD_LINES,
  );
  const band = lines[0].points.map(({ round }, at) => {
    const sorted = lines.map((line) => line.points[at].reward).sort((a, b) => a - b);
    return { round, low: quantile(sorted, 0.1), middle: quantile(sorted, 0.5), high: quantile(sorted, 0.9) };
  });
  return [
    ...drawn.map((line) =>
      plot.lineY(line.points, {
        x: 'round',
        y: 'reward',
        stroke: CROWD,
        strokeWidth: 0.6,
        strokeOpacity: 0.45,
        ariaLabel: () => `reward ${line.name}`,
      }),
    ),
    plot.areaY(band, { x: 'round', y1: 'low', y2: 'high', fill: CROWD, fillOpacity: 0.28 }),
    plot.lineY(band, {
      x: 'round',
      y: 'middle',
      stroke: INK,
      strokeWidth: 1.75,
      ariaLabel: () => 'median reward',
    }),
  ];
}

function evenly<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from(
    { length: most },
    (_, index) => items[Math.round((index * (items.length - 1)) / (most - 1))],
  );
}

function rewardTitle(scales: readonly string[]): string {
  return scales.length === 1 ? `expected reward ${scales[0]}` : 'expected reward';
}

/** A little air above and below; a flat line gets an axis too. */
function paddedRange([low, high]: readonly [number, number]): [number, number] {
  const air = 0.06 * (high - low) || 0.05 * Math.abs(high) || 0.05;
  return [low - air, high + air];
}

function roundTicks(rounds: number): number[] {
  const step = [1, 2, 5].flatMap((unit) => [0, 1, 2, 3, 4, 5, 6].map((power) => unit * 10 ** power));
  const chosen = step.sort((a, b) => a - b).find((size) => rounds / size <= 10) ?? rounds;
  return Array.from({ length: Math.floor(rounds / chosen) + 1 }, (_, index) => index * chosen);
}

/** Decimals of the steps between about `ticks` ticks, which Plot (by d3-array) puts at 1, 2 or 5 times a power of ten. */
function tickDecimals(range: number, ticks: number): number {
  const power = Math.floor(Math.log10(range / ticks));
  const rounded = range / ticks / 10 ** power >= Math.sqrt(50) ? power + 1 : power;
  return Math.min(20, Math.max(0, -rounded));
}
