/** The plane of cross shares: where more curation backfires, and how little that depends on the curators. */
import { INK } from '../../report/chart_style.ts';
import type { ChartColour } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { PlotLibrary } from '../../report/figure.ts';
import type { Figure } from '../reproduction.ts';
import { SETTINGS } from './settings.ts';
import type { SignMap } from './sign_map.ts';

/** Bands of dJ_θ/dλ_θ and their colours: orange below zero, blues above. */
const THRESHOLDS = [-0.1, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const BANDS = [
  '#E08214',
  '#FDC586',
  '#F1F5F9',
  '#E2EBF4',
  '#CFE0EE',
  '#B8D3E7',
  '#9DC4DF',
  '#7FB2D5',
  '#609FC9',
  '#438BBC',
  '#2A77AE',
  '#14639C',
];

export interface SignLine {
  readonly label: string;
  readonly colour: ChartColour;
  /** Of the line, where its label stands; right by default. */
  readonly side?: 'left' | 'right';
  readonly points: readonly { readonly crossPhi: number; readonly crossTheta: number }[];
}

export async function mapFigure(map: SignMap, own: SignLine, others: readonly SignLine[]): Promise<Figure> {
  return {
    name: 'backfire_map',
    caption:
      'Left: the effect of θ’s curated share λ on θ’s own stable reward, dJ/dλ at λ = 0.5 for both models, over the cross shares (reward gap 3 temperatures, four candidates). Right: the line of no effect for other gaps and candidate counts.',
    svg: await figureSvg({
      title: 'Curation backfires where most of it is the other side’s',
      subtitle:
        'What more curation does to θ’s own stable reward. Data that come from φ are chosen by φ’s users, whose taste is opposite.',
      panelHeight: 440,
      panels: [
        {
          title: 'Effect dJ/dλ of θ on itself',
          subtitle: 'Gap 3 temperatures, K = 4. Black: no effect. Dots: settings.',
          plot: (plot) => ({
            ...AXES,
            color: { type: 'threshold', domain: THRESHOLDS, range: BANDS },
            marks: [
              bands(plot, map),
              zeroLine(plot, own, INK, 2.5),
              contourLabels(plot, map),
              words(plot, 0.85, 0.12, 'θ gets worse', '#7A3E00'),
              words(plot, 0.17, 0.62, 'θ gets better', '#FFFFFF'),
              ...settingDots(plot),
            ],
          }),
        },
        {
          title: 'Where the sign changes, for other curators',
          subtitle: 'To the right of its line, more curation at θ makes θ worse.',
          plot: (plot) => ({
            ...AXES,
            x: { ...AXES.x, domain: [0.5, 1] },
            marginRight: 92,
            marks: [
              ...others.map((line) => zeroLine(plot, line, line.colour.line, 2)),
              zeroLine(plot, own, INK, 3),
              ...[own, ...others].map((line) => lineLabel(plot, line)),
            ],
          }),
        },
      ],
    }),
  };
}

const AXES = {
  x: { label: 'share of θ’s curated data that comes from φ', domain: [0, 1] },
  y: { label: 'share of φ’s curated data that comes from θ', domain: [0, 1] },
};

/** Filled contours; the raster is continued by one cell on every side so that bands run to the edge. */
function bands(plot: PlotLibrary, { at, effect }: SignMap) {
  const cells = at.length;
  const inside = (k: number): number => Math.min(Math.max(k - 1, 0), cells - 1);
  const size = cells + 2;
  const values = Array.from(
    { length: size * size },
    (_, o) => effect[inside(o % size)][inside(Math.floor(o / size))],
  );
  const [low, high] = [-1 / cells, 1 + 1 / cells];
  return plot.contour(values, {
    width: size,
    height: size,
    x1: low,
    x2: high,
    y1: low,
    y2: high,
    fill: (value: number) => value,
    thresholds: [-1, ...THRESHOLDS],
    stroke: 'white',
    strokeWidth: 0.6,
    clip: true,
  });
}

/** Values of every second contour, where it crosses a low row. */
function contourLabels(plot: PlotLibrary, { at, effect }: SignMap) {
  const row = Math.floor(0.06 * at.length);
  const labels = [0.2, 0.4, 0.6, 0.8].map((value) => {
    const a = effect.findIndex((column) => column[row] < value);
    const part = (effect[a - 1][row] - value) / (effect[a - 1][row] - effect[a][row]);
    return { x: at[a - 1] + part * (at[a] - at[a - 1]), y: at[row], text: `+${value}` };
  });
  return plot.text(labels, {
    x: 'x',
    y: 'y',
    text: 'text',
    fill: INK,
    stroke: 'white',
    strokeWidth: 3,
    fontSize: 11,
  });
}

function words(plot: PlotLibrary, x: number, y: number, text: string, fill: string) {
  return plot.text([text], { x: () => x, y: () => y, text: () => text, fill, fontSize: 13, fontWeight: 600 });
}

function settingDots(plot: PlotLibrary) {
  const at = { x: 'crossTheta', y: 'crossPhi' };
  return [
    plot.dot(SETTINGS, { ...at, r: 5, fill: INK, stroke: 'white', strokeWidth: 1.5 }),
    plot.text(SETTINGS, {
      ...at,
      text: 'name',
      dx: 10,
      dy: 8,
      textAnchor: 'start',
      fill: INK,
      stroke: 'white',
      strokeWidth: 3,
      fontWeight: 600,
    }),
  ];
}

function zeroLine(plot: PlotLibrary, { points }: SignLine, stroke: string, strokeWidth: number) {
  return plot.line(points, { x: 'crossTheta', y: 'crossPhi', stroke, strokeWidth });
}

/** At the upper end of its line. */
function lineLabel(plot: PlotLibrary, { label, points, colour, side = 'right' }: SignLine) {
  const known = points.filter(({ crossTheta }) => Number.isFinite(crossTheta));
  return plot.text(known.slice(-1), {
    x: 'crossTheta',
    y: 'crossPhi',
    text: () => label,
    dx: side === 'right' ? 6 : -6,
    dy: 6,
    textAnchor: side === 'right' ? 'start' : 'end',
    fill: colour.text,
    stroke: 'white',
    strokeWidth: 3,
    fontWeight: 600,
  });
}
