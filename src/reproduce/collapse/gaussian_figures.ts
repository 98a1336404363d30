/** Figures of the Gaussian laws: variance and mean, the mean alone, and loops with fresh data. */
import { CROWD, FAINT_INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { Figure } from '../reproduction.ts';
import type { Law } from './estimates.ts';
import type { FreshResult } from './fresh.ts';
import type { GaussianResult } from './gaussian.ts';
import { SAMPLES } from './gaussian.ts';
import { LAW_LEGEND, lawPanel } from './law_panel.ts';
import * as means from './means.ts';

const [BLUE, ORANGE, GREEN, PINK] = MODEL_COLOURS;

export async function gaussianFigure({
  variance,
  mean,
  logVariance,
  paths,
}: GaussianResult): Promise<Figure> {
  const colours = [ORANGE, PINK, BLUE];
  const lines = paths.flatMap((path, run) => Array.from(path, (value, t) => ({ t, value, run })));
  const means10 = [logVariance[1]].flatMap((law) =>
    law.x.map((t, k) => ({ t, value: law.exact[k] / Math.LN10 })),
  );
  return {
    name: 'gaussian',
    caption: `A Gaussian fitted to its own samples: expected variance and variance of the mean, replaced and with all data kept; single runs at n = ${SAMPLES[0]} without bias.`,
    svg: await figureSvg({
      title:
        'A Gaussian that replaces its data loses its variance and wanders; one that keeps all does neither',
      subtitle: `σ₀ = 1, ${variance[0].measured.replicates.toLocaleString('en-US')} replicates. With all data kept, the first law counts as the data of round 0.`,
      legend: LAW_LEGEND,
      columns: 3,
      width: 1120,
      panels: [
        lawPanel({
          title: 'Expected variance',
          subtitle: 'Replaced, it falls like (1 − 1/n)^t.',
          laws: variance.map((law, k) => ({ law, colour: colours[k], labelDy: [-2, 2, 0][k] })),
          yLabel: 'E σ² / σ₀²',
          yDomain: [0, 1.05],
          marginRight: 104,
        }),
        lawPanel({
          title: 'Variance of the mean',
          subtitle: 'Its growth is what the variance loses.',
          laws: mean.map((law, k) => ({ law, colour: colours[k] })),
          yLabel: 'Var μ / σ₀²',
          yDomain: [0, 1.25],
        }),
        {
          title: 'Without bias, every run dies too',
          subtitle: `n = ${SAMPLES[0]}; E σ² stays 1. Line: mean, by theory.`,
          plot: (plot) => ({
            x: { label: 'round' },
            y: { label: `log₁₀ σ² of ${paths.length} runs` },
            marks: [
              plot.line(lines, {
                x: 't',
                y: 'value',
                z: 'run',
                stroke: CROWD,
                strokeWidth: 0.8,
                strokeOpacity: 0.8,
              }),
              plot.ruleY([0], { stroke: FAINT_INK, strokeDasharray: '3,3' }),
              plot.line(means10, { x: 't', y: 'value', stroke: GREEN.line, strokeWidth: 2.5 }),
            ],
          }),
        },
      ],
    }),
  };
}

export async function meansFigure(laws: readonly Law[]): Promise<Figure> {
  const colours = [ORANGE, PINK, GREEN, BLUE];
  const rounds = laws[0].x.length;
  const limits = [
    { value: (Math.PI ** 2 / 3 - 1) / means.SAMPLES, label: '(π²/3 − 1)/n', colour: GREEN },
    { value: Math.PI ** 2 / 6 / means.SAMPLES, label: 'π²/6n', colour: BLUE },
  ];
  return {
    name: 'means',
    caption: `Variance of an estimated mean, σ known, n = ${means.SAMPLES}: replaced, the last ${means.WINDOW} rounds, a subsample of all rounds, all rounds.`,
    svg: await figureSvg({
      title: 'Keeping all data bounds the error of a mean; a window only slows it down',
      subtitle: `A Gaussian mean with known σ, estimated from n = ${means.SAMPLES} samples a round of its own making. Errors add up as t without memory, as Σ 1/i² with all of it.`,
      legend: LAW_LEGEND,
      panels: [
        lawPanel({
          title: 'All four ways',
          laws: laws.map((law, k) => ({ law, colour: colours[k], labelDy: [0, -4, -6, 5][k] })),
          yLabel: 'Var μ / σ²',
          yDomain: [0, 6.6],
          marginRight: 112,
        }),
        lawPanel({
          title: 'The two that are bounded, magnified',
          laws: [2, 3].map((k) => ({ law: laws[k], colour: colours[k] })),
          yLabel: 'Var μ / σ²',
          yDomain: [0.08, 0.26],
          marginRight: 84,
          below: (plot) =>
            limits.flatMap(({ value, label, colour }) => [
              plot.line(
                [
                  { x: 1, y: value },
                  { x: rounds, y: value },
                ],
                { x: 'x', y: 'y', stroke: colour.line, strokeDasharray: '4,4' },
              ),
              plot.text([{ x: rounds, y: value }], {
                x: 'x',
                y: 'y',
                text: () => label,
                fill: colour.text,
                textAnchor: 'start',
                fontWeight: 600,
                dx: 8,
              }),
            ]),
        }),
      ],
    }),
  };
}

export async function freshFigure(results: readonly FreshResult[]): Promise<Figure> {
  const colours = [BLUE, GREEN, ORANGE];
  const limitLines =
    (pick: (result: FreshResult) => number) =>
    (plot: Parameters<NonNullable<Parameters<typeof lawPanel>[0]['below']>>[0]) =>
      results
        .filter(({ real }) => real > 0)
        .map((result, k) =>
          plot.line(
            [1, 30].map((x) => ({ x, y: pick(result) })),
            { x: 'x', y: 'y', stroke: colours[k].line, strokeDasharray: '4,4' },
          ),
        );
  return {
    name: 'fresh-data',
    caption:
      'Loops that add fresh real samples every round: expected variance and squared error of the mean, with samples of their own that are as varied as the model or less so (λ_b = 0.8).',
    svg: await figureSvg({
      title: 'Fresh real data every round stop the collapse',
      subtitle:
        'A Gaussian fitted by maximum likelihood to 100 samples a round. “Less varied”: own samples have 0.8 of the model’s variance. Dashed: fixed points of the exact recursion.',
      legend: LAW_LEGEND,
      panels: [
        lawPanel({
          title: 'Expected variance',
          laws: results.map(({ variance }, k) => ({ law: variance, colour: colours[k], labelDy: 0 })),
          yLabel: 'E σ² / σ₀²',
          yDomain: [0, 1.05],
          marginRight: 190,
          below: limitLines(({ limit }) => limit.variance),
        }),
        lawPanel({
          title: 'Squared error of the mean',
          laws: results.map(({ drift }, k) => ({ law: drift, colour: colours[k] })),
          yLabel: 'E (μ − μ₀)² / σ₀²',
          yDomain: [0, 0.06],
          below: limitLines(({ limit }) => limit.drift),
        }),
      ],
    }),
  };
}
