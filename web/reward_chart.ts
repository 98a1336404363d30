/** The reward of every model over the rounds as SVG that fits its place: a pure function of lines and width. */
import { html, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import type { RunResult } from '../src/engine/results.ts';
import { chartLines, MAX_NAMED_MODELS, panelsOf, quantile, rewardRange } from '../src/report/chart_data.ts';
import type { ChartLine } from '../src/report/chart_data.ts';
import { spreadLabels } from '../src/report/chart_labels.ts';
import { fixedText } from '../src/report/number_text.ts';
import { namedLines } from './model_colours.ts';
import type { NamedLine } from './model_colours.ts';
import { decimalsOf, ticksBetween, wholeTicks } from './ticks.ts';

const LABEL_SIZE = 13;
const GLYPH_WIDTH = 0.57 * LABEL_SIZE;
const LABEL_GAP = 18;
/** Narrower charts leave the names to the legend below. */
const WIDE = 560;
const MAX_CROWD_LINES = 200;
const MAX_LABEL_LENGTH = 18;

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: (round: number) => number;
  readonly y: (reward: number) => number;
}

/** `width` in CSS pixels. */
export function rewardChart(result: RunResult, width: number): TemplateResult {
  const lines = chartLines(result);
  const named = namedLines(lines);
  const crowded = lines.length > MAX_NAMED_MODELS;
  const panels = crowded ? [lines] : panelsOf(lines);
  const wide = width >= WIDE;
  const panelHeight = (wide ? 350 : 270) - 60 * (Math.min(panels.length, 3) - 1);
  const height = panels.length * panelHeight + 26;
  const labelWidth = Math.max(...named.map(({ line }) => GLYPH_WIDTH * labelOf(line).length));
  const right = width - (wide ? labelWidth + 26 : 12);
  const drawn = panels.map((panel, index) => {
    const top = index * panelHeight;
    return drawPanel(result, panel, named, {
      crowded,
      labelled: wide,
      left: 56,
      right,
      top: top + 34,
      bottom: top + panelHeight - 18,
      axis: index === panels.length - 1,
      end: width,
    });
  });
  return html`
    <svg
      viewBox="0 0 ${width} ${height}"
      width=${width}
      height=${height}
      role="img"
      aria-label=${described(lines)}
    >
      ${drawn}
    </svg>
    ${wide ? '' : legend(named)}
  `;
}

/** How to read the chart. */
export function chartNote({ ecosystem, predictedReward }: RunResult): string {
  const count = ecosystem.models.length;
  const parts = ['Each model is rated by its own curator.'];
  if (count > MAX_NAMED_MODELS) {
    const shown = Math.ceil(count / crowdStep(count)).toLocaleString('en-US');
    parts.push(
      `Grey: ${shown} of ${count.toLocaleString('en-US')} models; in colour: the extremes; heavy: the median.`,
    );
  }
  if (predictedReward !== null) parts.push('Dashed: the predicted stable value.');
  return parts.join(' ');
}

function crowdStep(count: number): number {
  return Math.ceil(count / MAX_CROWD_LINES);
}

function described(lines: readonly ChartLine[]): string {
  const shown = lines.length > MAX_NAMED_MODELS ? namedLines(lines).map(({ line }) => line) : lines;
  const ends = shown.map(
    (line) => `${line.name} from ${fixedText(line.start, 3)} to ${fixedText(line.end, 3)}`,
  );
  const extremes = shown.length < lines.length ? `${lines.length} models, among them ` : '';
  return `Reward over rounds: ${extremes}${ends.join(', ')}`;
}

function labelOf(line: ChartLine): string {
  return `${shortName(line.name)} ${fixedText(line.end, 3)}`;
}

function shortName(name: string): string {
  return name.length > MAX_LABEL_LENGTH ? `${name.slice(0, MAX_LABEL_LENGTH - 1)}…` : name;
}

interface PanelOptions {
  readonly crowded: boolean;
  readonly labelled: boolean;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Whether the rounds are written below. */
  readonly axis: boolean;
  readonly end: number;
}

function drawPanel(
  { ecosystem, rounds }: RunResult,
  lines: readonly ChartLine[],
  all: readonly NamedLine[],
  options: PanelOptions,
): SVGTemplateResult {
  const { crowded, left, right, top, bottom } = options;
  const named = all.filter(({ line }) => lines.includes(line));
  const [low, high] = padded(rewardRange(lines));
  const frame: Frame = {
    left,
    right,
    top,
    bottom,
    x: (round) => left + (round / Math.max(rounds, 1)) * (right - left),
    y: (reward) => bottom - ((reward - low) / (high - low)) * (bottom - top),
  };
  const curators = [...new Set(lines.map(({ scale }) => ecosystem.parameters.curators[scale].name))];
  const title = curators.length === 1 ? `reward by “${curators[0]}”` : 'reward, each by its own curator';
  return svg`
    <text class="axis-title" x="0" y=${top - 16}>${title}</text>
    ${rewardAxis(frame, low, high)}
    ${options.axis ? roundAxis(frame, rounds) : ''}
    ${crowded ? crowd(frame, lines) : ''}
    ${named
      .filter(({ line }) => Number.isFinite(line.predicted))
      .map(
        ({ line, colour }) => svg`<line class="predicted" style="stroke:${colour}" x1=${left} x2=${right}
        y1=${frame.y(line.predicted)} y2=${frame.y(line.predicted)} />`,
      )}
    ${named.map(({ line, colour }) => svg`<path class="model" style="stroke:${colour}" d=${pathOf(frame, line)} />`)}
    ${options.labelled ? labels(frame, named) : ''}
  `;
}

/** A little air above and below; a flat line gets a range of its own. */
function padded([low, high]: readonly [number, number]): [number, number] {
  const air = high > low ? 0.06 * (high - low) : Math.max(Math.abs(high) * 0.1, 0.1);
  return [low - air, high + air];
}

function pathOf(frame: Frame, { points }: Pick<ChartLine, 'points'>): string {
  return points
    .filter(({ reward }) => Number.isFinite(reward))
    .map(
      ({ round, reward }, k) =>
        `${k === 0 ? 'M' : 'L'}${frame.x(round).toFixed(1)},${frame.y(reward).toFixed(1)}`,
    )
    .join('');
}

function rewardAxis({ left, right, y }: Frame, low: number, high: number): SVGTemplateResult[] {
  const ticks = ticksBetween(low, high, 5);
  const decimals = decimalsOf(ticks);
  return ticks.map(
    (tick) => svg`
      <line class="grid" x1=${left} x2=${right} y1=${y(tick)} y2=${y(tick)} />
      <text class="tick" x=${left - 8} y=${y(tick) + 4} text-anchor="end">${fixedText(tick, decimals)}</text>`,
  );
}

function roundAxis({ left, right, bottom, x }: Frame, rounds: number): SVGTemplateResult {
  const ticks = wholeTicks(rounds, (right - left) / 80);
  return svg`
    ${ticks.map(
      (tick) =>
        svg`<text class="tick" x=${x(tick)} y=${bottom + 18} text-anchor="middle">${tick.toLocaleString('en-US')}</text>`,
    )}
    <text class="axis-title" x=${(left + right) / 2} y=${bottom + 36} text-anchor="middle">round</text>`;
}

function crowd(frame: Frame, lines: readonly ChartLine[]): SVGTemplateResult {
  const step = crowdStep(lines.length);
  const shown = lines.filter((_, k) => k % step === 0);
  const median = lines[0].points.map(({ round }, k) => {
    const sorted = lines.map(({ points }) => points[k].reward).sort((a, b) => a - b);
    return { round, reward: quantile(sorted, 0.5), low: NaN, high: NaN };
  });
  return svg`
    ${shown.map((line) => svg`<path class="crowd" d=${pathOf(frame, line)} />`)}
    <path class="median" d=${pathOf(frame, { points: median })} />`;
}

function labels({ right, top, bottom, y }: Frame, named: readonly NamedLine[]): SVGTemplateResult[] {
  const ends = named.map(({ line }) => y(line.end));
  const places = spreadLabels(ends, LABEL_GAP, top, bottom);
  return named.map(
    ({ line, colour }, k) => svg`
      <path class="leader" style="stroke:${colour}" d="M${right + 3},${ends[k]}L${right + 13},${places[k]}" />
      <text class="label" style="fill:${colour}" x=${right + 17} y=${places[k] + 4}>${shortName(line.name)}
        <tspan class="value">${fixedText(line.end, 3)}</tspan></text>`,
  );
}

function legend(named: readonly NamedLine[]): TemplateResult {
  return html`<ul class="legend">
    ${named.map(
      ({ line, colour }) =>
        html`<li>
          <span class="swatch" style="background:${colour}"></span>${line.name} ${fixedText(line.end, 3)}
        </li>`,
    )}
  </ul>`;
}
