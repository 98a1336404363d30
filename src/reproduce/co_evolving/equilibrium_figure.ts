/** The figure of where the loop ends, and of two groups that share a model. */
import { CROWD, FAINT_INK, INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { FigurePanel, LegendEntry } from '../../report/figure.ts';
import type { Figure } from '../reproduction.ts';
import { MAJORITY, roundsToLose } from './curves.ts';
import type { Equilibrium, TwoGroups } from './curves.ts';
import { balanceLost, foldAt, syntheticShareAt } from './equilibria.ts';

const [BLUE, ORANGE, GREEN, , , SKY, GREY, VIOLET] = MODEL_COLOURS;
const SHARE = { label: 'airplane share', domain: [0, 1], percent: false, tickFormat: '.0%' };

export async function equilibriumFigure(
  found: readonly Equilibrium[],
  groups: readonly TwoGroups[],
  plateau: number,
): Promise<Figure> {
  const legend: LegendEntry[] = [
    { label: 'stable', colour: INK },
    { label: 'unstable', colour: INK, shape: 'dashed' },
    { label: '4,000 rounds from a full preference', colour: BLUE.line, shape: 'dot' },
    { label: 'from a weak one', colour: ORANGE.line, shape: 'dot' },
  ];
  return {
    name: 'equilibria',
    caption:
      'Top: the airplane share at which model and preference rest, over the share of synthetic data; curves in closed form, dots from runs. Bottom: two groups of users, 70 % and 30 % of all choices, who share one model without real data.',
    svg: await figureSvg({
      title: 'From a sharp share of synthetic data on, a taste locks itself in',
      subtitle:
        'Preferences have come to rest where they equal the mean features of what the model makes. Printed guarantees of a single equilibrium end at η = 0.0028, sharp ones at 0.119 (1/τ = 1).',
      legend,
      panelHeight: 280,
      panels: [
        bifurcationPanel(found, 5),
        bifurcationPanel(found, 1),
        minorityPanel(groups, plateau),
        timePanel(groups, plateau),
      ],
    }),
  };
}

function bifurcationPanel(found: readonly Equilibrium[], t: number): FigurePanel {
  const fold = foldAt(t);
  const lost = balanceLost(t);
  const curve = (from: number, to: number) =>
    Array.from({ length: 201 }, (_, k) => {
      const share = from + ((to - from) * k) / 200;
      return { share, synthetic: syntheticShareAt(share, t) };
    });
  const mine = found.filter(({ inverseTemperature }) => inverseTemperature === t);
  return {
    title: `1/τ = ${t}: two ends from η = ${fold.synthetic.toFixed(3)} on`,
    subtitle: `Balance itself is lost at η = ${lost.toFixed(3)}.`,
    plot: (plot) => ({
      x: { label: 'η: share of synthetic data', domain: [0, 1] },
      y: { ...SHARE, label: 'airplane share in the long run' },
      marks: [
        plot.line(curve(fold.share, 1 - 1e-9), { x: 'synthetic', y: 'share', stroke: INK, strokeWidth: 2 }),
        plot.line(curve(0.1 + 1e-6, fold.share), {
          x: 'synthetic',
          y: 'share',
          stroke: INK,
          strokeWidth: 1.5,
          strokeDasharray: '4,4',
        }),
        plot.link([{ x1: 0, x2: lost }], {
          x1: 'x1',
          x2: 'x2',
          y1: () => 0.1,
          y2: () => 0.1,
          stroke: INK,
          strokeWidth: 2,
        }),
        plot.link([{ x1: lost, x2: 1 }], {
          x1: 'x1',
          x2: 'x2',
          y1: () => 0.1,
          y2: () => 0.1,
          stroke: INK,
          strokeWidth: 1.5,
          strokeDasharray: '4,4',
        }),
        plot.dot(mine, {
          x: 'synthetic',
          y: 'strong',
          r: 5.5,
          fill: 'white',
          stroke: BLUE.line,
          strokeWidth: 2,
        }),
        plot.dot(mine, { x: 'synthetic', y: 'weak', r: 2.8, fill: ORANGE.line }),
        plot.text([fold], {
          x: 'synthetic',
          y: 'share',
          text: () => 'fold',
          fill: FAINT_INK,
          textAnchor: 'end',
          dx: -7,
        }),
      ],
    }),
  };
}

function minorityPanel(groups: readonly TwoGroups[], plateau: number): FigurePanel {
  const colours = [GREY, VIOLET, BLUE, SKY, GREEN, ORANGE];
  const shown = groups.map((run, k) => ({ ...run, colour: colours[k] }));
  return {
    title: 'One model for two tastes: adapting loses one',
    subtitle: `${Math.round(100 * (1 - MAJORITY))} % of the choices are the minority’s. Fixed tastes: β = 0.`,
    plot: (plot) => ({
      marginRight: 70,
      x: { label: 'round', type: 'log', domain: [1, 1000], ticks: [1, 10, 100, 1000], tickFormat: '~s' },
      y: { label: 'minority’s class', domain: [0, 0.35], tickFormat: '.0%' },
      marks: [
        ...shown.map(({ minority, colour }) =>
          plot.line(
            minority.slice(1).map((share, k) => ({ round: k + 1, share })),
            { x: 'round', y: 'share', stroke: colour.line, strokeWidth: 2 },
          ),
        ),
        plot.text(
          shown.map((run) => {
            const half = roundsToLose(run, plateau);
            return run.adaptation === 0
              ? { x: 1000, y: run.minority[1000], text: 'β = 0', colour: run.colour.text, dx: 6 }
              : {
                  x: half,
                  y: (1 - plateau) / 2,
                  text: String(run.adaptation),
                  colour: run.colour.text,
                  dx: 4,
                };
          }),
          {
            x: 'x',
            y: 'y',
            text: 'text',
            fill: 'colour',
            textAnchor: 'start',
            dx: 5,
          },
        ),
      ],
    }),
  };
}

function timePanel(groups: readonly TwoGroups[], plateau: number): FigurePanel {
  const points = groups
    .filter(({ adaptation }) => adaptation > 0)
    .map((run) => ({ beta: run.adaptation, rounds: roundsToLose(run, plateau) }));
  const middle = points[Math.floor(points.length / 2)];
  const scale = middle.beta * middle.rounds;
  return {
    title: 'The slower users adapt, the longer it lasts',
    subtitle: 'Rounds until half of the minority’s class is lost.',
    plot: (plot) => ({
      x: {
        label: 'β: adaptation a round',
        type: 'log',
        ticks: [0.003, 0.01, 0.03, 0.1, 0.3],
        tickFormat: '~g',
        domain: [0.0025, 0.36],
      },
      y: {
        label: 'rounds',
        type: 'log',
        domain: [1.5, 500],
        ticks: [2, 5, 10, 20, 50, 100, 200, 500],
        tickFormat: '~g',
      },
      marks: [
        plot.line(
          [0.0025, 0.36].map((beta) => ({ beta, rounds: scale / beta })),
          { x: 'beta', y: 'rounds', stroke: CROWD, strokeWidth: 1.5, strokeDasharray: '5,4', clip: true },
        ),
        plot.dot(points, { x: 'beta', y: 'rounds', r: 5, fill: BLUE.line, stroke: 'white' }),
        plot.text(points, {
          x: 'beta',
          y: 'rounds',
          text: ({ rounds }: { rounds: number }) => String(rounds),
          fill: BLUE.text,
          dy: -12,
          dx: 8,
        }),
        plot.text([{ beta: 0.045, rounds: scale / 0.045 }], {
          x: 'beta',
          y: 'rounds',
          text: () => '∝ 1/β',
          fill: FAINT_INK,
          textAnchor: 'end',
          dx: -8,
          dy: 8,
        }),
      ],
    }),
  };
}
