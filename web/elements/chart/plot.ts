/** A panel of the chart on a canvas, by uPlot: fetched when the first chart is drawn. */
import UPlot from 'uplot';
import type uPlot from 'uplot';
import { shortText } from '../../../src/report/number_text.ts';
import { wholeTicks } from '../../ticks.ts';
import { padded, ticksOf } from './axis.ts';
import { LABEL_GAP, placeLabels } from './end_labels.ts';
import type { EndLabel } from './end_labels.ts';
import { FONT, paintBands, paintLabels, paintPredicted, scaledFont } from './paint.ts';
import type { Palette } from './paint.ts';
import { nearestIndex } from './readout.ts';
import type { ChartView, Line, Panel } from './view.ts';

const TOP = 26;
/** From the end of a line to its label. */
const LABEL_INDENT = 14;
const PIXELS_PER_ROUND_TICK = 70;
const PIXELS_PER_TICK = 48;

export interface PlotSize {
  readonly width: number;
  readonly height: number;
  /** Room for labels beside the lines. */
  readonly labels: number;
  /** Whether the rounds are written below. */
  readonly roundAxis: boolean;
}

/** What is under the pointer. */
export interface Hit {
  readonly round: number;
  /** Value of the axis at the pointer. */
  readonly value: number;
  /** Half of what a finger covers, in units of the axis at the pointer: from value / reach to value · reach where it is logarithmic. */
  readonly reach: number;
  /** The label that was hit. */
  readonly label: Line | null;
}

/** One set of axes with its lines; made anew when other lines, colours or sizes are wanted. */
export class Plot {
  private readonly plot: uPlot;
  private labels: readonly EndLabel[] = [];

  constructor(
    private readonly host: HTMLElement,
    private view: ChartView,
    private panel: Panel,
    private readonly followed: number | null,
    private readonly palette: Palette,
    private readonly size: PlotSize,
  ) {
    this.plot = new UPlot(this.options(), dataOf(view, panel), host);
  }

  /** New numbers for the same lines. */
  update(view: ChartView, panel: Panel): void {
    this.view = view;
    this.panel = panel;
    this.plot.batch(() => {
      this.plot.setData(dataOf(view, panel));
    });
  }

  /** Puts the crosshair at a round, or takes it away. */
  point(round: number | null): void {
    const left = round === null ? -10 : this.plot.valToPos(round, 'x');
    this.plot.setCursor({ left, top: round === null ? -10 : 1 }, false);
  }

  /** Pixels from the left of the host to a round. */
  position(round: number): number {
    return this.plot.over.offsetLeft + this.plot.valToPos(round, 'x');
  }

  /** What is at these coordinates of the window; null outside of the panel. */
  hit(clientX: number, clientY: number): Hit | null {
    const { plot, view } = this;
    const box = this.host.getBoundingClientRect();
    if (clientY < box.top || clientY > box.bottom) return null;
    const inside = plot.over.getBoundingClientRect();
    const [x, y] = [clientX - inside.left, clientY - inside.top];
    const index = nearestIndex(view.rounds, plot.posToVal(Math.min(Math.max(x, 0), inside.width), 'x'));
    if (index === null) return null;
    const value = plot.posToVal(y, 'y');
    const further = plot.posToVal(y - 14, 'y');
    const label =
      x > inside.width
        ? this.labels.find((one) => Math.abs(one.y - TOP - y) <= LABEL_GAP / 2 + 1)
        : undefined;
    return {
      round: view.rounds[index],
      value,
      reach: view.metric.log ? further / value : further - value,
      label: label?.line ?? null,
    };
  }

  destroy(): void {
    this.plot.destroy();
  }

  private options(): uPlot.Options {
    const { palette, size, panel, view } = this;
    const nothing = (): null => null;
    return {
      width: size.width,
      height: size.height,
      padding: [TOP, size.labels, 0, 0],
      legend: { show: false },
      cursor: {
        x: true,
        y: false,
        drag: { x: false, y: false, setScale: false },
        points: { size: 7, width: 2, stroke: palette.card, fill: (_, k) => this.strokeOf(k) },
        bind: {
          mousedown: nothing,
          mouseup: nothing,
          click: nothing,
          dblclick: nothing,
          mousemove: nothing,
          mouseleave: nothing,
          mouseenter: nothing,
        },
      },
      scales: {
        x: { time: false, range: () => this.xRange() },
        y: { distr: view.metric.log ? 3 : 1, range: () => [...this.yRange()] },
      },
      axes: [this.xAxis(), this.yAxis()],
      series: [{}, ...panel.lines.map((line) => this.series(line))],
      hooks: {
        drawAxes: [
          (plot) => {
            paintBands(plot, this.view, this.panel, palette);
            this.paintTitle(plot);
          },
        ],
        draw: [
          (plot) => {
            paintPredicted(plot, this.panel, palette);
            this.labels = this.placed(plot);
            paintLabels(plot, this.labels, palette, size.labels - LABEL_INDENT);
          },
        ],
      },
    };
  }

  private strokeOf(series: number): string {
    const line = this.panel.lines[series - 1];
    return line.colour === null
      ? this.palette.ink
      : this.palette.models[line.colour % this.palette.models.length];
  }

  private series(line: Line): uPlot.Series {
    const { followed } = this;
    const behind = followed !== null && line.model !== followed && line.role === 'model';
    const ahead = followed !== null && line.model === followed;
    return {
      label: line.key,
      stroke: (_, k) => this.strokeOf(k),
      width: line.pinned ? 1.5 : ahead ? 3.25 : 2.25,
      alpha: line.pinned ? 0.6 : behind ? 0.4 : 1,
      spanGaps: true,
      points: { show: this.view.rounds.length < 2, size: 7 },
      ...(line.pinned ? { dash: [2, 4] } : {}),
    };
  }

  private xRange(): [number, number] {
    const { rounds } = this.view;
    return [0, Math.max(1, rounds[rounds.length - 1] ?? 1)];
  }

  private yRange(): readonly [number, number] {
    return padded(this.panel.range ?? [0.1, 1], this.view.metric.log);
  }

  private xAxis(): uPlot.Axis {
    const { palette, size } = this;
    const last = (plot: uPlot): number => plot.scales['x'].max ?? 1;
    const most = Math.max(2, Math.floor((size.width - size.labels) / PIXELS_PER_ROUND_TICK));
    return {
      show: size.roundAxis,
      stroke: palette.faint,
      font: FONT,
      grid: { show: false },
      ticks: { stroke: palette.faint, width: 1, size: 4 },
      border: { show: true, stroke: palette.faint, width: 1 },
      size: 28,
      gap: 4,
      splits: (plot) => wholeTicks(last(plot), most),
      values: (_, splits) => splits.map((round) => round.toLocaleString('en-US')),
      label: 'round',
      labelFont: FONT,
      labelSize: 18,
      labelGap: 0,
    };
  }

  private yAxis(): uPlot.Axis {
    const { palette, size } = this;
    const most = Math.max(3, Math.floor(size.height / PIXELS_PER_TICK));
    const ticks = (): ReturnType<typeof ticksOf> => ticksOf(this.yRange(), this.view.metric.log, most);
    return {
      stroke: palette.faint,
      font: FONT,
      grid: { stroke: palette.grid, width: 1 },
      ticks: { show: false },
      gap: 6,
      size: (_, values) => 14 + 7 * Math.max(2, ...(values ?? []).map((text) => text.length)),
      splits: () => ticks().map(({ value }) => value),
      filter: (_, splits) => splits,
      values: () => ticks().map(({ text }) => text),
    };
  }

  private placed(plot: uPlot): readonly EndLabel[] {
    const scale = UPlot.pxRatio;
    const toPixel = (value: number): number => plot.valToPos(value, 'y', true) / scale;
    const { top, height } = plot.bbox;
    return placeLabels(this.panel.lines, this.followed, toPixel, top / scale + 2, (top + height) / scale - 2);
  }

  private paintTitle(plot: uPlot): void {
    const { ctx } = plot;
    const scale = UPlot.pxRatio;
    ctx.save();
    ctx.font = scaledFont(scale);
    ctx.fillStyle = this.palette.faint;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'alphabetic';
    const title = [this.view.metric.axis, this.panel.title.replace(/^reward /, '')].filter(
      (part) => part !== '',
    );
    ctx.fillText(title.join(' '), 2 * scale, 14 * scale);
    ctx.restore();
  }
}

function dataOf({ rounds }: ChartView, { lines }: Panel): uPlot.AlignedData {
  return [[...rounds], ...lines.map(({ values }) => [...values])];
}

/** Pixels that the labels beside the lines need, at most `most`; the same while only numbers change. */
export function labelRoom(lines: readonly Line[], most: number): number {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return most;
  context.font = `600 ${FONT}`;
  const number = context.measureText(` ${shortText(-0.12345)}`).width;
  const names = lines.map((line) => {
    const glyphs = [...(line.pinned ? 'pinned' : line.name)];
    return context.measureText(glyphs.slice(0, 20).join('')).width;
  });
  return Math.min(most, Math.ceil(Math.max(0, ...names) + number + LABEL_INDENT + 6));
}
