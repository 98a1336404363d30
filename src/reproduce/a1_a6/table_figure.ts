/** The table of hue and saturation: what the models paint, and how the settings compare with three outcomes. */
import { CROWD, INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { FigurePanel } from '../../report/figure.ts';
import type { Figure } from '../reproduction.ts';
import { SATURATIONS, hueOf, saturationOf } from './hues.ts';
import { CURATED, MODELS, SETTINGS, publishedFinal } from './settings.ts';
import type { Values } from './values.ts';

/** A law over hue and saturation. */
export interface Painted {
  readonly title: string;
  readonly law: Float64Array;
}

export async function hueFigure(
  painted: readonly Painted[],
  values: Values,
  threeStates: Values,
): Promise<Figure> {
  const most = painted.reduce((high, { law }) => law.reduce((top, mass) => Math.max(top, mass), high), 0);
  return {
    name: 'hue_table',
    caption:
      'Above: laws over hue and saturation, averaged over ten classes; the area of a disc is the probability of the colour it shows. Below: effects of θ’s curation against those of the model of three outcomes, and rewards against the published ones.',
    svg: await figureSvg({
      title: 'Pictures instead of three outcomes: same order, same edge case',
      subtitle:
        'Ten classes, twelve hues, four saturations, the published colour score. θ’s users like warm hues (orange bands), φ’s cool ones (blue).',
      columns: 3,
      width: 1120,
      panelHeight: 250,
      panels: [
        ...painted.map((one) => lawPanel(one, most)),
        effectPanel(values, threeStates),
        ...MODELS.map((_, m) => rewardPanel(values, m)),
      ],
    }),
  };
}

function lawPanel({ title, law }: Painted, most: number): FigurePanel {
  const cells = Array.from(law, (mass, o) => {
    const hue = hueOf(Math.floor(o / SATURATIONS));
    const saturation = saturationOf(o % SATURATIONS);
    return { hue, saturation, mass, colour: colourOf(hue, saturation) };
  });
  return {
    title,
    grid: false,
    plot: (plot) => ({
      x: { label: 'hue in turns', domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: String },
      y: { label: 'saturation', domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: String },
      r: { domain: [0, most], range: [0, 14], type: 'sqrt' },
      marks: [
        ...BANDS.map(({ from, to, colour }) =>
          plot.rect([from], {
            x1: () => from,
            x2: () => to,
            y1: () => 0,
            y2: () => 1,
            fill: colour,
            fillOpacity: 0.09,
          }),
        ),
        plot.dot(cells, {
          x: 'hue',
          y: 'saturation',
          r: 'mass',
          fill: 'colour',
          stroke: CROWD,
          strokeWidth: 0.6,
        }),
      ],
    }),
  };
}

/** Hues that θ's users like, and those that φ's like. */
const BANDS = [
  { from: 0, to: 0.17, colour: MODEL_COLOURS[1].line },
  { from: 0.92, to: 1, colour: MODEL_COLOURS[1].line },
  { from: 0.5, to: 0.72, colour: MODEL_COLOURS[0].line },
];

/** sRGB of a hue and saturation at full value, as in the HSV model. */
function colourOf(hue: number, saturation: number): string {
  const channel = (shift: number): string => {
    const k = (shift + hue * 6) % 6;
    const value = 1 - saturation * Math.max(0, Math.min(k, 4 - k, 1));
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(5)}${channel(3)}${channel(1)}`;
}

function effectPanel(values: Values, threeStates: Values): FigurePanel {
  const dots = MODELS.flatMap((_, m) =>
    SETTINGS.map(({ name }, s) => ({
      name,
      m,
      x: threeStates.effect[m][s],
      y: values.effect[m][s],
    })),
  );
  const own = dots.filter(({ m }) => m === 0);
  return {
    title: 'Effects of θ’s curation',
    subtitle: 'Blue: on θ itself. Orange: on φ',
    plot: (plot) => ({
      x: { label: 'dJ/dλ with three outcomes', domain: [-0.1, 1.1], ticks: [0, 0.5, 1] },
      y: { label: 'dJ/dλ on the table', domain: [-0.15, 1.25], ticks: [0, 0.5, 1] },
      marks: [
        plot.ruleX([0], { stroke: CROWD }),
        plot.ruleY([0], { stroke: CROWD }),
        plot.dot(dots, {
          x: 'x',
          y: 'y',
          r: 4,
          fill: ({ m }: (typeof dots)[number]) => MODEL_COLOURS[m].line,
          stroke: 'white',
        }),
        plot.text(own, {
          x: 'x',
          y: 'y',
          text: 'name',
          dx: -8,
          dy: -4,
          textAnchor: 'end',
          fill: INK,
          stroke: 'white',
          strokeWidth: 3,
        }),
      ],
    }),
  };
}

function rewardPanel({ reward }: Values, m: number): FigurePanel {
  const model = MODELS[m];
  const greek = m === 0 ? 'θ' : 'φ';
  const dots = SETTINGS.flatMap(({ name }, s) =>
    CURATED.map((curated, k) => ({
      name,
      k,
      x: publishedFinal(name, model, curated),
      y: reward[m][k][s],
    })),
  );
  const moves = SETTINGS.map((_, s) => ({ from: dots[2 * s], to: dots[2 * s + 1] }));
  return {
    title: `Reward of ${greek}`,
    subtitle: 'Ring: λ = 0.5, dot: λ = 0.6 of θ',
    plot: (plot) => ({
      x: { label: 'published, one run', inset: 10, nice: true },
      y: { label: 'stable colour score', zero: true, inset: 8 },
      marks: [
        plot.link(moves, {
          x1: ({ from }: (typeof moves)[number]) => from.x,
          x2: ({ to }: (typeof moves)[number]) => to.x,
          y1: ({ from }: (typeof moves)[number]) => from.y,
          y2: ({ to }: (typeof moves)[number]) => to.y,
          stroke: MODEL_COLOURS[m].line,
          strokeOpacity: 0.4,
          strokeWidth: 2,
        }),
        plot.dot(dots, {
          x: 'x',
          y: 'y',
          r: 4,
          fill: ({ k }: (typeof dots)[number]) => (k === 0 ? 'white' : MODEL_COLOURS[m].line),
          stroke: MODEL_COLOURS[m].line,
          strokeWidth: 1.5,
        }),
        plot.text(
          dots.filter(({ k }) => k === 0),
          { x: 'x', y: 'y', text: 'name', dy: 13, fill: INK, stroke: 'white', strokeWidth: 3 },
        ),
      ],
    }),
  };
}
