/** Who lasts: shares of two groups, adversaries, and outcomes that neither prefers. */
import { FAINT_INK, INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import type { ChartColour } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { FigurePanel } from '../../report/figure.ts';
import { adversaryThreshold, lastingBounds, sharedPlateau } from '../../theory/oracles/two_curators.ts';
import type { Figure } from '../reproduction.ts';
import { OUTSIDE_WEIGHTS } from './outside.ts';
import { GAPS, SHOWN } from './plateau.ts';
import type { PlateauRuns } from './plateau.ts';

const FINE = Array.from({ length: 401 }, (_, k) => k / 400);
const COLOURS: readonly ChartColour[] = [
  MODEL_COLOURS[5],
  MODEL_COLOURS[0],
  MODEL_COLOURS[8],
  MODEL_COLOURS[1],
];

export async function plateauFigure(
  plateau: PlateauRuns,
  outside: readonly (readonly number[])[],
): Promise<Figure> {
  return {
    name: 'plateau',
    caption:
      'Left: long-run mass of the first group’s side against its share of the choices; lines are the closed form, dots the engine in the population limit, bars ± 2 SD of finite training sets. Middle: how much the better of two outcomes keeps when a share of the curators is adversarial. Right: outcomes that neither group prefers.',
    svg: await figureSvg({
      title: 'Two tastes share a model, and the larger share takes more than its part',
      subtitle:
        'No real data, infinitely many candidates. Gaps are differences of reward in temperatures: a large gap means strong feelings.',
      columns: 3,
      width: 1180,
      panelHeight: 320,
      legend: [
        { label: 'closed form', colour: FAINT_INK, shape: 'line' },
        { label: 'engine, population limit', colour: FAINT_INK, shape: 'dot' },
        { label: 'bounds of Lemma 3.5 for gaps 2, 2', colour: MODEL_COLOURS[0].line, shape: 'area' },
      ],
      panels: [sharePanel(plateau), adversaryPanel(), outsidePanel(outside)],
    }),
  };
}

function sharePanel({ runs, samples }: PlateauRuns): FigurePanel {
  const band = FINE.map((share) => {
    const [low, high] = lastingBounds(share, 2, 2);
    return { share, low: Math.max(0, low), high: Math.min(1, high) };
  });
  return {
    title: 'Mass of the first group’s side',
    subtitle: `By the gaps of both groups. Bars: n = ${samples.toLocaleString('en')}, ± 2 SD`,
    plot: (plot) => ({
      x: { label: 'first group’s share of the choices', domain: [0, 1] },
      y: { label: 'long-run mass', domain: [-0.1, 1], ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
      marks: [
        plot.areaY(band, {
          x: 'share',
          y1: 'low',
          y2: 'high',
          fill: MODEL_COLOURS[0].line,
          fillOpacity: 0.12,
        }),
        ...SHOWN.flatMap((gaps, k) => {
          const own = runs.filter((run) => run.gaps === gaps);
          const colour = COLOURS[k];
          return [
            plot.line(FINE, {
              x: (q: number) => q,
              y: (q: number) => sharedPlateau(q, ...gaps),
              stroke: colour.line,
              strokeWidth: 2,
            }),
            plot.ruleX(
              own.filter(({ predictedDeviation }) => !Number.isNaN(predictedDeviation)),
              {
                x: 'share',
                y1: ({ mean, deviation }: (typeof own)[number]) => Math.max(0, mean - 2 * deviation),
                y2: ({ mean, deviation }: (typeof own)[number]) => Math.min(1, mean + 2 * deviation),
                stroke: colour.line,
                strokeOpacity: 0.6,
                strokeWidth: 3,
              },
            ),
            plot.dot(own, {
              x: 'share',
              y: 'limit',
              r: 3,
              fill: colour.line,
              stroke: 'white',
              strokeWidth: 0.8,
            }),
            plot.text([gaps], {
              x: () => [0.255, 0.13, 0.03, 0.385][k],
              y: () => -0.06,
              text: () => gaps.join(', '),
              fill: colour.text,
              fontSize: 11,
              fontWeight: 600,
            }),
          ];
        }),
      ],
    }),
  };
}

function adversaryPanel(): FigurePanel {
  return {
    title: 'Mass of the better outcome under attack',
    subtitle: 'By the gap. It takes all up to the ticks, 1/(1+eᵍᵃᵖ)',
    plot: (plot) => ({
      x: { label: 'share of adversaries', domain: [0, 0.5] },
      y: {
        label: 'long-run mass of the better outcome',
        domain: [0, 1.14],
        ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
      },
      marks: [
        plot.ruleX(GAPS, {
          x: (gap: number) => adversaryThreshold(gap),
          y1: () => 1.005,
          y2: () => 1.04,
          stroke: INK,
          strokeWidth: 1.5,
        }),
        ...GAPS.map((gap, k) =>
          plot.text([gap], {
            x: () => Math.max(0.02, adversaryThreshold(gap)),
            y: () => 1.09,
            text: () => String(gap),
            fill: COLOURS[k].text,
            fontWeight: 600,
          }),
        ),
        ...GAPS.map((gap, k) =>
          plot.line(
            FINE.map((share) => share / 2),
            {
              x: (share: number) => share,
              y: (share: number) => sharedPlateau(1 - share, gap, gap),
              stroke: COLOURS[k].line,
              strokeWidth: 2.25,
            },
          ),
        ),
      ],
    }),
  };
}

function outsidePanel(outside: readonly (readonly number[])[]): FigurePanel {
  const series = outside.map((values, k) => ({
    points: values.map((mass, round) => ({ round, mass })),
    colour: k === 0 ? MODEL_COLOURS[1] : MODEL_COLOURS[0],
    label: `e⁻ᵟ = ${OUTSIDE_WEIGHTS[k]}`,
  }));
  return {
    title: 'Mass that neither group prefers',
    subtitle: 'e⁻ᵍᵃᵖ = 0.59: it takes over if 2e⁻ᵟ > 1.59',
    plot: (plot) => ({
      x: { label: 'round' },
      y: { label: 'mass outside both sides', domain: [0, 1] },
      marks: series.flatMap(({ points, colour, label }, k) => [
        plot.line(points, { x: 'round', y: 'mass', stroke: colour.line, strokeWidth: 2.25 }),
        plot.text(points.slice(Math.floor(points.length * 0.55)).slice(0, 1), {
          x: 'round',
          y: 'mass',
          text: () => label,
          dy: k === 0 ? 16 : -12,
          dx: k === 0 ? 0 : 10,
          textAnchor: 'start',
          fill: colour.text,
          fontWeight: 600,
        }),
      ]),
    }),
  };
}
