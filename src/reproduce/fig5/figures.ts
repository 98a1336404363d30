/** The figures of the exchange: rewards beside the published ones, pools that swap, and inputs that both tasks share. */
import { CROWD, FAINT_INK, INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { FigurePanel, LegendEntry, PlotLibrary } from '../../report/figure.ts';
import type { Figure } from '../reproduction.ts';
import { MEASURED, MODELS, ROUNDS } from './curves.ts';
import type { ExactCurves, Measured, SampledCurves } from './curves.ts';
import type { PoolCurve } from './pools.ts';
import { PUBLISHED, PUBLISHED_EPOCHS } from './published.ts';

const [BLUE, ORANGE, GREEN, PINK] = MODEL_COLOURS;
const COLOURS = { domain: [...MODELS], range: [BLUE.line, ORANGE.line] };
const TEXT_COLOURS = [BLUE.text, ORANGE.text];
const SHARES = [0, 0.2] as const;

interface Point {
  readonly round: number;
  readonly reward: number;
  readonly model: string;
  readonly curated: number;
}

export interface RewardData {
  /** Per curated share of SHARES. */
  readonly exact: readonly ExactCurves[];
  readonly sampled: Readonly<Record<Measured, readonly SampledCurves[]>>;
  readonly population: number;
}

const DOMAINS: Readonly<Record<Measured, [number, number]>> = { own: [-0.06, 0.9], cross: [-0.22, 0.9] };

export async function rewardsFigure(data: RewardData): Promise<Figure> {
  const { runs } = data.sampled.own[0];
  const titles: Readonly<Record<Measured, string>> = {
    own: 'On its own task: never below the start',
    cross: 'On the other’s task: up at once',
  };
  return {
    name: 'rewards',
    caption: `Two models that train on nothing but each other's output, with and without a fifth of it curated (best of 4). Lines: population limit. Dots and bars: mean and 95 % of ${runs} runs with ${data.population.toLocaleString('en-US')} samples a round. Below: the published language models.`,
    svg: await figureSvg({
      title: 'Trading only with each other, both models keep their skill and take over the other’s',
      subtitle:
        'A table learns a text without forgetting another; language models dip in odd rounds, when they have just trained on the other task, and recover in even ones.',
      legend: [
        { label: 'summariser', colour: BLUE.line },
        { label: 'paraphraser', colour: ORANGE.line },
        { label: 'no curation', colour: INK, shape: 'dashed' },
        { label: '20 % curated', colour: INK },
        { label: `${runs} runs: mean, bar 95 %`, colour: CROWD, shape: 'dot' },
      ],
      panels: [
        ...MEASURED.map((measured) => ourPanel(titles[measured], measured, data)),
        publishedPanel('own', 'Published: own task'),
        publishedPanel('cross', 'Published: the other’s task'),
      ],
      panelHeight: 270,
    }),
  };
}

function ourPanel(title: string, measured: Measured, data: RewardData): FigurePanel {
  const lines = SHARES.flatMap((curated, c) => pointsOf(data.exact[c][measured], curated));
  const bars = SHARES.flatMap((curated, c) => {
    const { mean, deviation } = data.sampled[measured][c];
    return MODELS.flatMap((model, i) =>
      mean[i].map((reward, round) => ({
        round: round + (c === 0 ? -0.08 : 0.08),
        reward,
        model,
        curated,
        low: reward - 1.96 * deviation[i][round],
        high: reward + 1.96 * deviation[i][round],
      })),
    ).filter(({ round }) => round > 0.5);
  });
  return {
    title,
    subtitle:
      measured === 'own'
        ? 'Reward by its own readers'
        : 'Reward by the other model’s readers, on their texts',
    plot: (plot) => ({
      ...axes('round', measured),
      marks: [
        ...curves(plot, lines),
        plot.ruleX(bars, {
          x: 'round',
          y1: 'low',
          y2: 'high',
          stroke: 'model',
          strokeOpacity: 0.55,
          strokeWidth: 1.5,
        }),
        plot.dot(bars, { x: 'round', y: 'reward', fill: 'model', r: 2.6 }),
        ...endLabels(plot, lines),
      ],
    }),
  };
}

function publishedPanel(measured: Measured, title: string): FigurePanel {
  const points = PUBLISHED.filter(({ task }) => task === measured).flatMap(({ model, curated, rewards }) =>
    rewards.map((reward, k): Point => ({ round: PUBLISHED_EPOCHS[k], reward, model, curated })),
  );
  return {
    title,
    subtitle: 'Qwen2.5-0.5B, one run, read off the authors’ figure',
    plot: (plot) => ({
      ...axes('epoch', measured),
      marks: [
        ...curves(plot, points.filter(isEvaluated)),
        ...curves(plot, points.filter(isLater), FAINT),
        plot.dot(points, { x: 'round', y: 'reward', fill: 'model', r: 2.6 }),
        ...endLabels(plot, points),
      ],
    }),
  };
}

function axes(label: string, measured: Measured) {
  return {
    marginRight: 88,
    x: { label, domain: [0, ROUNDS], ticks: [0, 2, 4, 6, 8, 10, 12] },
    y: { label: 'mean reward', domain: DOMAINS[measured] },
    color: COLOURS,
  };
}

function curves(plot: PlotLibrary, points: readonly Point[], strokeOpacity = 1) {
  return SHARES.map((curated) =>
    plot.line(
      points.filter((point) => point.curated === curated),
      {
        x: 'round',
        y: 'reward',
        stroke: 'model',
        strokeWidth: 2,
        strokeOpacity,
        ...(curated === 0 ? { strokeDasharray: '5,4' } : {}),
      },
    ),
  );
}

/** Epochs up to this one were all evaluated. */
const EVALUATED = 6;
const FAINT = 0.35;
const isEvaluated = ({ round }: { readonly round: number }): boolean => round <= EVALUATED;
const isLater = ({ round }: { readonly round: number }): boolean => round >= EVALUATED;

/** The models' names at the right end of their curves. */
function endLabels(plot: PlotLibrary, points: readonly Point[]) {
  return MODELS.map((model, i) => {
    const last = points.filter((point) => point.model === model && point.round === ROUNDS);
    const height = last.reduce((sum, { reward }) => sum + reward / last.length, 0);
    return plot.text([height], {
      x: () => ROUNDS,
      y: (value: number) => value,
      text: () => model,
      fill: TEXT_COLOURS[i],
      textAnchor: 'start',
      dx: 8,
      fontWeight: 600,
    });
  });
}

function pointsOf(curve: readonly (readonly number[])[], curated: number): Point[] {
  return MODELS.flatMap((model, i) => curve[i].map((reward, round) => ({ round, reward, model, curated })));
}

export async function poolsFigure(pools: readonly PoolCurve[]): Promise<Figure> {
  const colours = [INK, PINK.line, GREEN.line, BLUE.line];
  const labels = pools.map(({ real }) => (real === 0 ? 'no real data' : `${percent(real)} real data`));
  const share = pools.flatMap(({ own }, k) =>
    own.map((value, round) => ({ round, value, label: labels[k] })),
  );
  const distance = pools.flatMap(({ distance: values }, k) =>
    values.map((value, round) => ({ round, value, label: labels[k] })),
  );
  const predicted = pools.flatMap(({ real, distance: [first] }, k) =>
    Array.from({ length: ROUNDS + 1 }, (_, round) => ({
      round,
      value: first * (1 - real) ** round,
      label: labels[k],
    })),
  );
  const settled = pools.flatMap(({ settled: value }, k) =>
    Number.isNaN(value) ? [] : [{ value, label: labels[k] }],
  );
  const color = { domain: labels, range: colours };
  const legend: LegendEntry[] = labels.map((label, k) => ({ label, colour: colours[k] }));
  return {
    name: 'pools',
    caption:
      'What the summariser is given to work on: the inputs of its last training set. Without real data the two pools change hands for ever, an exact cycle of period 2; with a share w of real data the swing shrinks by the factor 1 − w a round.',
    svg: await figureSvg({
      title: 'Without real data the two models swap their inputs every round, for ever',
      subtitle: 'Curation chooses among outputs for the same input, so it has no say in this.',
      legend,
      panels: [
        {
          title: 'Articles in the summariser’s training set',
          subtitle: 'Dotted: the settled share, from the shares of real data alone',
          plot: (plot) => ({
            x: { label: 'round', ticks: [0, 2, 4, 6, 8, 10, 12] },
            y: { label: 'share', domain: [0, 1], tickFormat: '.0%' },
            color,
            marks: [
              plot.ruleY(settled, { y: 'value', stroke: 'label', strokeDasharray: '2,4', strokeWidth: 1.5 }),
              plot.line(share, { x: 'round', y: 'value', stroke: 'label', strokeWidth: 2 }),
              plot.dot(share, { x: 'round', y: 'value', fill: 'label', r: 3 }),
            ],
          }),
        },
        {
          title: 'Distance to the settled share',
          subtitle: 'Dots: the loop. Lines: (1 − w)ᵗ, w the share of real data',
          plot: (plot) => ({
            x: { label: 'round', ticks: [0, 2, 4, 6, 8, 10, 12] },
            y: { label: 'distance', type: 'log', ticks: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5], tickFormat: '~g' },
            color,
            marks: [
              plot.line(predicted, { x: 'round', y: 'value', stroke: 'label', strokeWidth: 2 }),
              plot.dot(distance, { x: 'round', y: 'value', fill: 'label', r: 3 }),
            ],
          }),
        },
      ],
      panelHeight: 290,
    }),
  };
}

export async function forgettingFigure(
  curvesByShare: readonly { readonly shared: number; readonly exact: ExactCurves }[],
): Promise<Figure> {
  const ours = (model: number): FigurePanel => {
    const points = curvesByShare.flatMap(({ shared, exact }) =>
      exact.own[model].map((reward, round) => ({ round, change: reward - exact.own[model][0], shared })),
    );
    const published = PUBLISHED.filter(
      (curve) => curve.model === MODELS[model] && curve.task === 'own' && curve.curated === 0,
    ).flatMap(({ rewards }) =>
      rewards.map((reward, k) => ({ round: PUBLISHED_EPOCHS[k], change: reward - rewards[0] })),
    );
    return {
      title: MODELS[model] === 'summariser' ? 'Summariser' : 'Paraphraser',
      subtitle: 'Reward on its own task, change since the start; no curation',
      plot: (plot) => ({
        x: { label: 'round', ticks: [0, 2, 4, 6, 8, 10, 12] },
        y: { label: 'change of mean reward', domain: [-0.2, 0.04] },
        color: {
          domain: curvesByShare.map(({ shared }) => shared),
          range: [PINK.line, BLUE.line, GREEN.line],
        },
        marks: [
          plot.ruleX([1, 3, 5, 7, 9, 11], { stroke: CROWD, strokeOpacity: 0.16, strokeWidth: 22 }),
          plot.line(points, { x: 'round', y: 'change', stroke: 'shared', strokeWidth: 2 }),
          plot.dot(points, { x: 'round', y: 'change', fill: 'shared', r: 2.8 }),
          ...[isEvaluated, isLater].map((chosen, k) =>
            plot.line(published.filter(chosen), {
              x: 'round',
              y: 'change',
              stroke: FAINT_INK,
              strokeDasharray: '5,4',
              strokeWidth: 1.8,
              strokeOpacity: k === 0 ? 1 : FAINT,
            }),
          ),
          plot.dot(published, { x: 'round', y: 'change', fill: FAINT_INK, r: 2.8 }),
        ],
      }),
    };
  };
  const colours = [PINK.line, BLUE.line, GREEN.line];
  return {
    name: 'forgetting',
    caption:
      'A table never forgets inputs that it is not trained on. Let the two tasks share some inputs, which each model answers as it was trained to last, and own-task rewards dip in every odd round, when a model has just trained on the other task.',
    svg: await figureSvg({
      title: 'Inputs in common make rewards dip in odd rounds, as the published ones do at first',
      subtitle:
        'Grey bands: odd rounds, right after training on the other model’s inputs. The share of inputs in common stands in for weights in common; it is ours, not the authors’.',
      legend: [
        ...curvesByShare.map(({ shared }, k) => ({
          label: shared === 0 ? 'no input in common' : `${percent(shared)} of inputs in common`,
          colour: colours[k],
        })),
        { label: 'published', colour: FAINT_INK, shape: 'dashed' },
      ],
      panels: MODELS.map((_, i) => ours(i)),
      panelHeight: 290,
    }),
  };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
