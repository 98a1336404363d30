/** The time of a round against one size, both on logarithmic axes: medians, quartiles, and the line that was fitted. */
import type { BenchScaling } from '../../bench/measure/index.ts';
import { WANTED } from '../../bench/measure/repeat.ts';
import { quantile } from '../../bench/measure/statistics.ts';
import type { Draft, Ink, Scene } from './scene.ts';
import { linePath, newDraft } from './scene.ts';

/** One series of points. */
export interface ScalingSeries {
  readonly name: string;
  readonly scaling: BenchScaling;
}

export const AXIS_LABELS: Readonly<Record<BenchScaling['axis'], string>> = {
  population: 'N, training samples a round of each model',
  outcomes: 'V, outcomes',
  models: 'M, models',
};

const HEIGHT = 260;
const MARGIN = { left: 58, right: 14, top: 26, bottom: 44 };
const SMALL = 11;
const DOT = 7;
const HIT = 22;
/** Room between the data and the frame, as a factor. */
const AIR = 1.25;
/** How the present and the earlier series look: round and filled, square and hollow. */
const LOOKS = [
  { ink: 'model-0', radius: DOT / 2, fill: 'model-0', dash: undefined },
  { ink: 'model-1', radius: 0, fill: 'card', dash: '5 4' },
] as const satisfies readonly { ink: Ink; radius: number; fill: Ink; dash: string | undefined }[];

interface LogScale {
  readonly low: number;
  readonly high: number;
  readonly place: (value: number) => number;
}

/** Whole numbers of people: 1,024 or 1.05M. */
export function sizeText(size: number): string {
  return size < 10_000
    ? size.toLocaleString('en-US')
    : size.toLocaleString('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
}

/** Milliseconds as ns, µs, ms or s. */
export function timeText(ms: number, digits = 3): string {
  const [value, unit] =
    ms >= 1000 ? [ms / 1000, 's'] : ms >= 1 ? [ms, 'ms'] : ms >= 1e-3 ? [ms * 1e3, 'µs'] : [ms * 1e6, 'ns'];
  return `${value.toLocaleString('en-US', { maximumSignificantDigits: digits })} ${unit}`;
}

/** The straight line of a fit through the centroid of the fitted medians: ms at a size; null without a fit. */
export function fittedTime({ sizes, medians, samples, exponent, fittedFrom }: BenchScaling): {
  readonly from: number;
  readonly to: number;
  readonly at: (size: number) => number;
} | null {
  if (exponent === null || fittedFrom === null) return null;
  const used = sizes
    .map((size, k) => ({ size, ms: medians[k], count: samples[k].length }))
    .filter(({ size, count }) => size >= fittedFrom && count >= WANTED);
  if (used.length === 0) return null;
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const x = mean(used.map(({ size }) => Math.log(size)));
  const y = mean(used.map(({ ms }) => Math.log(ms)));
  return {
    from: used[0].size,
    to: used[used.length - 1].size,
    at: (size) => Math.exp(y + exponent * (Math.log(size) - x)),
  };
}

/** `width` in CSS pixels; one series, or two to compare. */
export function scalingScene(all: readonly ScalingSeries[], width: number): Scene {
  const draft = newDraft();
  const sizes = all.flatMap(({ scaling }) => scaling.sizes);
  const times = all.flatMap(({ scaling }) =>
    scaling.samples.flatMap((list) => [quantile(list, 0.25), quantile(list, 0.75)]),
  );
  const x = logScale(sizes, MARGIN.left, width - MARGIN.right);
  const y = logScale(times, HEIGHT - MARGIN.bottom, MARGIN.top);
  drawAxes(draft, x, y, width, AXIS_LABELS[all[0].scaling.axis]);
  if (all.length > 1) drawKey(draft, all);
  for (const [k, series] of [...all.entries()].reverse()) drawSeries(draft, series, x, y, k, all.length > 1);
  return { width, height: HEIGHT, ...draft };
}

function logScale(values: readonly number[], start: number, end: number): LogScale {
  const low = Math.min(...values) / AIR;
  const high = Math.max(...values) * AIR;
  const place = (value: number): number =>
    start + ((end - start) * Math.log(value / low)) / Math.log(high / low);
  return { low, high, place };
}

/** Of the finest grid that leaves `room` pixels between neighbours: 1, 2, 5 · 10^k; 1 · 10^k; every other power, and so on. */
function logTicks({ low, high, place }: LogScale, room: number): number[] {
  const decade = Math.abs(place(10) - place(1));
  const leads = 0.3 * decade >= room ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(room / decade));
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    if (power % every !== 0) continue;
    ticks.push(...leads.map((lead) => lead * 10 ** power).filter((tick) => tick >= low && tick <= high));
  }
  return ticks;
}

function drawAxes({ marks }: Draft, x: LogScale, y: LogScale, width: number, label: string): void {
  const bottom = HEIGHT - MARGIN.bottom;
  const right = width - MARGIN.right;
  for (const tick of logTicks(y, 26)) {
    const at = y.place(tick);
    marks.push({ kind: 'path', d: linePath([MARGIN.left, right], [at, at]), stroke: 'line' });
    marks.push({
      kind: 'text',
      x: MARGIN.left - 8,
      y: at + 4,
      text: timeText(tick, 2),
      size: SMALL,
      fill: 'faint',
      anchor: 'end',
    });
  }
  for (const tick of logTicks(x, 44)) {
    const at = x.place(tick);
    marks.push({ kind: 'path', d: linePath([at, at], [bottom, bottom + 4]), stroke: 'line-strong' });
    marks.push({
      kind: 'text',
      x: at,
      y: bottom + 17,
      text: sizeText(tick),
      size: SMALL,
      fill: 'faint',
      anchor: 'middle',
    });
  }
  marks.push({ kind: 'path', d: linePath([MARGIN.left, right], [bottom, bottom]), stroke: 'line-strong' });
  marks.push({
    kind: 'text',
    x: (MARGIN.left + right) / 2,
    y: HEIGHT - 8,
    text: label,
    size: SMALL,
    fill: 'faint',
    anchor: 'middle',
  });
  marks.push({ kind: 'text', x: 0, y: 11, text: 'Time of a round', size: SMALL, fill: 'faint' });
}

function drawKey({ marks }: Draft, all: readonly ScalingSeries[]): void {
  for (const [k, { name }] of all.entries()) {
    const { ink, radius, fill } = LOOKS[k];
    const left = 110 + 76 * k;
    marks.push({
      kind: 'rect',
      x: left,
      y: 3,
      width: DOT,
      height: DOT,
      radius,
      fill,
      stroke: ink,
      strokeWidth: 1.5,
    });
    marks.push({ kind: 'text', x: left + DOT + 6, y: 11, text: name, size: SMALL, fill: 'faint' });
  }
}

function drawSeries(
  { marks, spots }: Draft,
  { name, scaling }: ScalingSeries,
  x: LogScale,
  y: LogScale,
  index: number,
  named: boolean,
): void {
  const { ink, radius, fill, dash } = LOOKS[index];
  const line = fittedTime(scaling);
  if (line !== null) {
    const ends = [line.from, line.to];
    const d = linePath(
      ends.map((size) => x.place(size)),
      ends.map((size) => y.place(line.at(size))),
    );
    marks.push({
      kind: 'path',
      d,
      stroke: ink,
      strokeWidth: 2,
      opacity: 0.65,
      ...(dash === undefined ? {} : { dash }),
    });
  }
  for (const [k, size] of scaling.sizes.entries()) {
    const list = scaling.samples[k];
    const quartiles = [quantile(list, 0.25), quantile(list, 0.75)];
    const [at, top] = [x.place(size), y.place(scaling.medians[k])];
    const [low, high] = quartiles.map((ms) => y.place(ms));
    const whisker = `${linePath([at, at], [low, high])}${linePath([at - 4, at + 4], [low, low])}${linePath([at - 4, at + 4], [high, high])}`;
    marks.push({ kind: 'path', d: whisker, stroke: ink, strokeWidth: 1.25 });
    marks.push({
      kind: 'rect',
      x: at - DOT / 2,
      y: top - DOT / 2,
      width: DOT,
      height: DOT,
      radius,
      fill,
      stroke: ink,
      strokeWidth: 1.5,
    });
    spots.push({
      x: at - HIT / 2,
      y: top - HIT / 2,
      width: HIT,
      height: HIT,
      tip: () =>
        [
          `${named ? `${name}: ` : ''}${size.toLocaleString('en-US')} ${scaling.axis === 'population' ? 'samples' : scaling.axis}`,
          `${timeText(scaling.medians[k])} a round, median of ${list.length}`,
          `quartiles ${timeText(quartiles[0])} and ${timeText(quartiles[1])}`,
        ].join('\n'),
    });
  }
}
