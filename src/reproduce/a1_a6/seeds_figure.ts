/** How noisy the settings are: finite training sets under many seeds, the prediction, and the published scatter. */
import { CROWD, INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import type { ChartColour } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { FigurePanel } from '../../report/figure.ts';
import { runsNeeded } from '../../theory/power.ts';
import type { Figure } from '../reproduction.ts';
import type { CellResult } from './seeds.ts';
import { deviationOf } from './seeds.ts';
import {
  CURATED,
  LEARNING_RATE_FALLS,
  MODELS,
  SETTINGS,
  fluctuation,
  publishedFinal,
  publishedSeries,
} from './settings.ts';

const [BLUE, ORANGE, GREEN] = MODEL_COLOURS;
/** The setting whose reward falls. */
export const A4 = SETTINGS.findIndex(({ name }) => name === 'A4');

/** The change of θ's reward from λ = 0.5 to 0.6 in A4, with its noise. */
export interface Contrast {
  readonly samples: number;
  /** Per seed: after − before, two independent runs. */
  readonly changes: readonly number[];
  /** Change in the population limit, and the standard deviation of one pair's change by linear noise. */
  readonly limit: number;
  /** Change of the stable reward. */
  readonly stable: number;
  readonly deviation: number;
  /** Standard deviations of the two arms by linear noise. */
  readonly arms: readonly [number, number];
}

export function contrasts(cells: readonly CellResult[]): Contrast[] {
  const pick = (samples: number, level: number): CellResult | undefined =>
    cells.find((cell) => cell.samples === samples && cell.setting === A4 && cell.level === level);
  return [...new Set(cells.map(({ samples }) => samples))].flatMap((samples): Contrast[] => {
    const before = pick(samples, 0);
    const after = pick(samples, 1);
    if (before === undefined || after === undefined) return [];
    const arms: [number, number] = [before.predictedDeviation[0], after.predictedDeviation[0]];
    return [
      {
        samples,
        changes: Array.from(after.final[0], (value, s) => value - before.final[0][s]),
        limit: after.limit[0] - before.limit[0],
        stable: after.stable[0] - before.stable[0],
        deviation: Math.hypot(...arms),
        arms,
      },
    ];
  });
}

/** −0.038. */
const PUBLISHED_CHANGE =
  publishedFinal('A4', 'theta', CURATED[1]) - publishedFinal('A4', 'theta', CURATED[0]);

export async function seedsFigure(cells: readonly CellResult[]): Promise<Figure> {
  const pairs = contrasts(cells);
  const seeds = pairs[0].changes.length;
  return {
    name: 'seeds',
    caption: `Noise of the six settings. ${seeds} seeds per setting, curated share and size of the training sets, against the linear-noise prediction, and against what the published runs do from epoch to epoch.`,
    svg: await figureSvg({
      title: 'The published change of −0.038 is smaller than what one epoch does',
      subtitle:
        'Redrawing 8,000 training images a round would move θ’s reward by 0.005. The published runs move by 0.12 from epoch to epoch; that is the training of networks, and only repeated runs average it out.',
      panels: [publishedPanel(), changePanel(pairs, seeds), scatterPanel(cells), powerPanel(pairs)],
      panelHeight: 290,
    }),
  };
}

function publishedPanel(): FigurePanel {
  const lines = CURATED.flatMap((curated) =>
    publishedSeries('A4', 'theta', curated).map((reward, epoch) => ({ epoch, reward, curated })),
  );
  const ends = lines.filter(({ epoch }) => epoch === 54);
  return {
    title: 'A4 as published: two runs that move together',
    subtitle: 'One run each. Grey: the learning rate halves every epoch.',
    plot: (plot) => ({
      x: { label: 'epoch' },
      y: { label: 'mean reward', nice: true },
      marginRight: 62,
      color: { domain: [...CURATED], range: [BLUE.line, ORANGE.line] },
      marks: [
        plot.rect([0], { x1: () => LEARNING_RATE_FALLS, x2: () => 54, fill: CROWD, fillOpacity: 0.18 }),
        plot.line(lines, { x: 'epoch', y: 'reward', stroke: 'curated', strokeWidth: 2 }),
        plot.dot(ends, { x: 'epoch', y: 'reward', fill: 'curated', r: 3.5 }),
        ...ends.map((end) =>
          plot.text([end], {
            x: 'epoch',
            y: 'reward',
            text: () => `λ = ${end.curated}`,
            fill: end.curated === CURATED[0] ? BLUE.text : ORANGE.text,
            dx: 8,
            dy: end.curated === CURATED[0] ? -6 : 8,
            textAnchor: 'start',
            fontWeight: 600,
          }),
        ),
      ],
    }),
  };
}

function changePanel(pairs: readonly Contrast[], seeds: number): FigurePanel {
  const name = (samples: number): string => `n = ${grouped(samples)}`;
  const dots = pairs.flatMap(({ samples, changes }) =>
    changes.map((change, s) => ({ change, row: name(samples), lift: 0.5 + 0.62 * jitter(s) })),
  );
  return {
    title: 'Change of θ’s reward in A4, three-state model',
    subtitle: `${seeds} pairs of runs a row, n images a round. Bars: predicted ± 2 SD.`,
    plot: (plot) => ({
      marginLeft: 72,
      marginTop: 22,
      x: { label: 'reward at λ = 0.6 minus reward at 0.5' },
      y: { axis: null, domain: [1, 0] },
      fy: { label: null, domain: pairs.map(({ samples }) => name(samples)), padding: 0.12, axis: 'left' },
      marks: [
        plot.dot(dots, { x: 'change', y: 'lift', fy: 'row', r: 2, fill: BLUE.line, fillOpacity: 0.45 }),
        plot.ruleX([PUBLISHED_CHANGE], { stroke: ORANGE.line, strokeWidth: 2 }),
        plot.text([PUBLISHED_CHANGE], {
          x: (value: number) => value,
          frameAnchor: 'top',
          fy: () => name(pairs[0].samples),
          text: () => 'published −0.038',
          dy: -14,
          fill: ORANGE.text,
          fontWeight: 600,
        }),
        plot.ruleY(pairs, {
          x1: ({ limit, deviation }: Contrast) => limit - 2 * deviation,
          x2: ({ limit, deviation }: Contrast) => limit + 2 * deviation,
          y: () => 0.5,
          fy: ({ samples }: Contrast) => name(samples),
          stroke: INK,
          strokeWidth: 2,
        }),
        plot.tickX(pairs, {
          x: 'limit',
          fy: ({ samples }: Contrast) => name(samples),
          stroke: INK,
          strokeWidth: 2,
          insetTop: 14,
          insetBottom: 14,
        }),
      ],
    }),
  };
}

/** The fractional parts of multiples of the golden ratio, centred: even, and the same every time. */
function jitter(index: number): number {
  return ((index * 0.6180339887498949) % 1) - 0.5;
}

function scatterPanel(cells: readonly CellResult[]): FigurePanel {
  const dots = cells.flatMap((cell) =>
    MODELS.map((_, m) => ({
      predicted: cell.predictedDeviation[m],
      simulated: deviationOf(cell.final[m]),
      samples: cell.samples,
    })),
  );
  const observed = SETTINGS.flatMap(({ name }) =>
    MODELS.flatMap((model) => {
      const [before, after] = CURATED.map((curated) => publishedSeries(name, model, curated));
      return fluctuation(before, after).deviation;
    }),
  );
  const [low, high] = [Math.min(...observed), Math.max(...observed)];
  const domain = [0.002, 0.4];
  return {
    title: 'Scatter of the final reward, all settings',
    subtitle: 'On the diagonal, linear-noise prediction and simulation agree.',
    plot: (plot) => ({
      x: { type: 'log', domain, label: 'predicted standard deviation', ticks: TICKS, tickFormat: String },
      y: {
        type: 'log',
        domain,
        label: 'simulated (or observed) standard deviation',
        ticks: TICKS,
        tickFormat: String,
      },
      marks: [
        plot.rect([0], {
          x1: () => domain[0],
          x2: () => domain[1],
          y1: () => low,
          y2: () => high,
          fill: ORANGE.line,
          fillOpacity: 0.15,
        }),
        plot.text([0], {
          x: () => 0.0023,
          y: () => Math.sqrt(low * high),
          text: () => 'published, epoch to epoch',
          fill: ORANGE.text,
          textAnchor: 'start',
          fontWeight: 600,
        }),
        plot.line(
          [domain, domain].map((_, k) => domain[k]),
          { x: (v: number) => v, y: (v: number) => v, stroke: INK, strokeWidth: 1.5 },
        ),
        plot.dot(dots, { x: 'predicted', y: 'simulated', r: 3, fill: BLUE.line, fillOpacity: 0.7 }),
        ...[...new Set(cells.map(({ samples }) => samples))].map((samples) => {
          const own = dots.filter((dot) => dot.samples === samples);
          const x = Math.exp(own.reduce((sum, { predicted }) => sum + Math.log(predicted), 0) / own.length);
          return plot.text([0], {
            x: () => x,
            y: () => x / 1.6,
            text: () => `n = ${grouped(samples)}`,
            textAnchor: 'start',
            dx: 8,
            fill: BLUE.text,
            fontWeight: 600,
          });
        }),
      ],
    }),
  };
}

const TICKS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4];

interface PowerCurve {
  readonly label: string;
  /** Standard deviations of the two arms, or of their difference and 0. */
  readonly arms: readonly [number, number];
  readonly colour: ChartColour;
  /** Marked on the curve. */
  readonly effect: number;
  /** The effect at which the label stands, above and right of the curve or below and left of it. */
  readonly labelAt: number;
  readonly side: 'above' | 'below';
}

function powerPanel(pairs: readonly Contrast[]): FigurePanel {
  const largest = pairs.reduce((one, other) => (other.samples > one.samples ? other : one));
  const { deviation, ofDifference } = published('A4');
  const curves: PowerCurve[] = [
    {
      label: 'published scatter, independent runs',
      arms: deviation,
      colour: ORANGE,
      effect: -PUBLISHED_CHANGE,
      labelAt: 0.0021,
      side: 'above',
    },
    {
      label: 'with shared seeds',
      arms: [ofDifference, 0],
      colour: GREEN,
      effect: -PUBLISHED_CHANGE,
      labelAt: 0.0045,
      side: 'below',
    },
    {
      label: 'redrawn data',
      arms: largest.arms,
      colour: BLUE,
      effect: -largest.stable,
      labelAt: 0.003,
      side: 'above',
    },
  ];
  const effects = Array.from({ length: 121 }, (_, k) => 5e-4 * 600 ** (k / 120));
  const runsAt = (effect: number, [a, b]: readonly [number, number]): number => runsNeeded(effect, a, b);
  return {
    title: 'Runs per arm that such an effect needs',
    subtitle: `Two-sided test at 5 %, power 80 %, setting A4. Blue: n = ${grouped(largest.samples)}.`,
    plot: (plot) => ({
      marginLeft: 72,
      x: {
        type: 'log',
        label: 'size of the effect on θ’s reward',
        ticks: [0.001, 0.01, 0.1],
        tickFormat: String,
        domain: [5e-4, 0.3],
      },
      y: {
        type: 'log',
        label: 'runs per arm',
        domain: [1, 1e6],
        ticks: [1, 10, 100, 1e3, 1e4, 1e5, 1e6],
        tickFormat: grouped,
      },
      marks: curves.flatMap(({ label, arms, colour, effect, labelAt, side }) => {
        const points = effects
          .map((size) => ({ size, runs: runsAt(size, arms) }))
          .filter(({ runs }) => runs >= 1);
        const runs = runsAt(effect, arms);
        return [
          plot.line(points, { x: 'size', y: 'runs', stroke: colour.line, strokeWidth: 2.5 }),
          plot.text([labelAt], {
            x: () => labelAt,
            y: () => runsAt(labelAt, arms),
            text: () => label,
            dx: side === 'above' ? 10 : -8,
            dy: side === 'above' ? -4 : 4,
            textAnchor: side === 'above' ? 'start' : 'end',
            fill: colour.text,
            stroke: 'white',
            strokeWidth: 3,
            fontWeight: 600,
          }),
          plot.dot([effect], {
            x: () => effect,
            y: () => runs,
            r: 5,
            fill: colour.line,
            stroke: 'white',
            strokeWidth: 1.5,
          }),
          plot.text([effect], {
            x: () => effect,
            y: () => runs,
            text: () => `${effect.toFixed(3)}: ${grouped(Math.ceil(runs))} runs`,
            dx: effect > 0.01 ? 9 : 8,
            dy: 0,
            textAnchor: 'start',
            fill: INK,
            stroke: 'white',
            strokeWidth: 3,
          }),
        ];
      }),
    }),
  };
}

function grouped(value: number): string {
  return value.toLocaleString('en');
}

/** How θ's published runs of a setting fluctuate. */
function published(setting: string) {
  return fluctuation(
    publishedSeries(setting, 'theta', CURATED[0]),
    publishedSeries(setting, 'theta', CURATED[1]),
  );
}
