/** The figure of trajectories: exact fit, partial training, and what is published. */
import { CROWD, INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import type { ChartColour } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { FigurePanel, PlotLibrary } from '../../report/figure.ts';
import type { Figure } from '../reproduction.ts';
import { RATES, READINGS, ROUNDS } from './curves.ts';
import type { PartialRuns, SettingRun } from './curves.ts';
import { SAMPLES } from './loop.ts';
import { PUBLISHED_SHARES } from './published.ts';

const [BLUE, ORANGE, GREEN, PINK, AMBER, SKY, GREY, VIOLET] = MODEL_COLOURS;
const SHARE = { label: 'airplane share', domain: [0, 1], percent: false, tickFormat: '.0%' };
const ROUND = { label: 'round', domain: [0, ROUNDS] };

interface Line {
  readonly label: string;
  readonly colour: ChartColour;
  readonly dashed?: boolean;
  readonly values: readonly number[];
}

/** Lines over rounds, each with its label at its right end, moved apart where they would overlap. */
function labelledLines(plot: PlotLibrary, lines: readonly Line[], last: number, apart: number) {
  const ends = lines
    .map((line) => ({ line, y: line.values[last], early: line.values[3] }))
    .sort((a, b) => (Math.abs(a.y - b.y) > 0.01 ? a.y - b.y : a.early - b.early));
  let below = -Infinity;
  const placed = ends.map(({ line, y }) => {
    below = Math.max(y, below + apart);
    return { line, y: below };
  });
  // Pushed beyond the top they move down together.
  for (let k = placed.length - 1, limit = 1.02; k >= 0; k--, limit -= apart) {
    placed[k].y = Math.min(placed[k].y, limit);
  }
  return [
    ...lines.map(({ values, colour, dashed }) =>
      plot.line(
        values.map((value, round) => ({ round, value })),
        {
          x: 'round',
          y: 'value',
          stroke: colour.line,
          strokeWidth: 2,
          ...(dashed === true ? { strokeDasharray: '5,4' } : {}),
        },
      ),
    ),
    plot.text(placed, {
      x: () => last,
      y: 'y',
      text: ({ line }: { line: Line }) => line.label,
      fill: ({ line }: { line: Line }) => line.colour.text,
      dx: 6,
      textAnchor: 'start',
    }),
  ];
}

export async function trajectoryFigure(runs: readonly SettingRun[], partial: PartialRuns): Promise<Figure> {
  const replicates = runs.find(({ sampled }) => sampled !== null)?.sampled?.length ?? 0;
  const fitted = partial.fittedRate.map((rate) => `${(100 * rate).toFixed(0)} %`);
  return {
    name: 'trajectories',
    caption: `Share of airplanes when users prefer them first and adapt to what the model makes. Top left: exact fit; lines are the population limit, dots and bars means and 95 % ranges of ${replicates} runs with ${SAMPLES.toLocaleString('en-US')} training samples. Others: training that goes part of the way a round, against the published image models.`,
    svg: await figureSvg({
      title: 'A taste takes over at once; partial training spreads it over twenty rounds',
      subtitle:
        'Ten classes, one-hot features, uniform reference data; rewards follow a preference for airplanes that adapts by β = 0.01 a round. η: share of curated output in the training set.',
      columns: 2,
      panelHeight: 290,
      legend: [
        {
          label: `${replicates} runs of ${SAMPLES.toLocaleString('en-US')} samples: mean and 95 % range`,
          colour: CROWD,
          shape: 'dot',
        },
        {
          label: 'published: diffusion model (round 10), flow matching (round 20, at least)',
          colour: INK,
          shape: 'dot',
        },
      ],
      panels: [
        exactPanel(runs),
        readingPanel(partial, 0, `η = 1, K = ∞: ${fitted[0]} a round meets the diffusion model`),
        readingPanel(partial, 1, `η = 1, half kept: ${fitted[1]} a round does`),
        fittedPanel(partial),
      ],
    }),
  };
}

function exactPanel(runs: readonly SettingRun[]): FigurePanel {
  const shown = [
    ['η = 1, 1/τ = 5, K = ∞', 'η = 1, K = ∞', BLUE],
    ['η = 1, 1/τ = 1, K = ∞', '1/τ = 1', SKY],
    ['η = 1, 1/τ = 5, K = 2', 'K = 2', VIOLET],
    ['η = 1, 1/τ = 5, half kept', 'half kept', PINK],
    ['η = 0.5, 1/τ = 5, K = ∞', 'η = 0.5', ORANGE],
    ['η = 0.5, 1/τ = 5, half kept', 'η = 0.5, half kept', AMBER],
    ['η = 0.1, 1/τ = 5, K = ∞', 'η = 0.1', GREEN],
  ] as const;
  const lines = shown.flatMap(([name, label, colour]) => {
    const run = runs.find(({ setting }) => setting.name === name);
    return run === undefined ? [] : [{ run, label, colour }];
  });
  const dots = lines.flatMap(({ run, colour }) =>
    Array.from({ length: ROUNDS + 1 }, (_, round) => {
      const values = (run.sampled ?? []).map((curve) => curve[round]).sort((a, b) => a - b);
      return { round, values, colour: colour.line };
    }).filter(({ values, round }) => values.length > 0 && round > 0),
  );
  const quantile = (values: readonly number[], part: number): number =>
    values[Math.min(values.length - 1, Math.max(0, Math.round(part * (values.length - 1))))];
  return {
    title: 'Exact fit: over in one to seven rounds',
    subtitle: 'Lines: population limit. 1/τ = 5 unless said.',
    plot: (plot) => ({
      marginRight: 118,
      x: ROUND,
      y: SHARE,
      marks: [
        ...labelledLines(
          plot,
          lines.map(({ run, label, colour }) => ({ label, colour, values: run.limit })),
          ROUNDS,
          0.062,
        ),
        plot.ruleX(dots, {
          x: 'round',
          y1: ({ values }: { values: readonly number[] }) => quantile(values, 0.025),
          y2: ({ values }: { values: readonly number[] }) => quantile(values, 0.975),
          stroke: 'colour',
          strokeWidth: 1.5,
        }),
        plot.dot(dots, {
          x: 'round',
          y: ({ values }: { values: readonly number[] }) =>
            values.reduce((sum, value) => sum + value, 0) / values.length,
          r: 2.6,
          fill: 'white',
          stroke: 'colour',
          strokeWidth: 1.4,
        }),
      ],
    }),
  };
}

function readingPanel(partial: PartialRuns, reading: number, title: string): FigurePanel {
  const { selection } = READINGS[reading];
  const colours = [GREY, GREEN, BLUE, SKY];
  const lines = RATES.flatMap((rate, k): Line[] => {
    const run = partial.byRate.find((one) => one.selection === selection && one.trainingRate === rate);
    if (run === undefined) return [];
    const label = rate === 1 ? 'exact fit' : `${100 * rate} % a round`;
    return [{ label, colour: colours[k], values: run.share, dashed: rate === 1 }];
  });
  const fit = partial.fitted.find(
    (one) => one.selection === selection && one.synthetic === 1 && one.inverseTemperature === 5,
  );
  if (fit !== undefined) {
    lines.push({
      label: `${(100 * fit.trainingRate).toFixed(0)} % a round`,
      colour: ORANGE,
      values: fit.share,
    });
  }
  return {
    title,
    subtitle: 'Partial training: P′ = (1 − s)·P + s·D.',
    plot: (plot) => ({
      marginRight: 90,
      x: ROUND,
      y: SHARE,
      marks: [...labelledLines(plot, lines, ROUNDS, 0.062), publishedDot(plot)],
    }),
  };
}

function publishedPoints() {
  return PUBLISHED_SHARES.filter(
    ({ synthetic, inverseTemperature }) => synthetic === 1 && inverseTemperature === 5,
  );
}

function publishedDot(plot: PlotLibrary) {
  return plot.dot(publishedPoints(), { x: 'round', y: 'low', r: 4.5, fill: INK, stroke: 'white' });
}

function fittedPanel(partial: PartialRuns): FigurePanel {
  const settings = PUBLISHED_SHARES.filter(({ round }) => round === ROUNDS);
  const rows = settings.flatMap((published) =>
    READINGS.map(({ name, selection }, reading) => {
      const run = partial.fitted.find(
        (one) =>
          one.selection === selection &&
          one.synthetic === published.synthetic &&
          one.inverseTemperature === published.inverseTemperature,
      );
      return { setting: labelOf(published), name, value: run?.share[ROUNDS] ?? NaN, reading };
    }),
  );
  return {
    title: 'At round 20, with those steps: no reading fits all',
    subtitle: 'Black: published (at least that for η = 1).',
    plot: (plot) => ({
      marginLeft: 96,
      marginRight: 30,
      x: { ...SHARE, label: 'airplane share at round 20' },
      y: { label: null, domain: settings.map(labelOf), padding: 0.45 },
      marks: [
        plot.gridX({ stroke: '#E3E6EA', strokeOpacity: 1 }),
        plot.link(
          settings.map((published) => ({
            setting: labelOf(published),
            low: Math.min(
              published.low,
              ...rows.filter((r) => r.setting === labelOf(published)).map((r) => r.value),
            ),
            high: Math.max(
              published.low,
              ...rows.filter((r) => r.setting === labelOf(published)).map((r) => r.value),
            ),
          })),
          { x1: 'low', x2: 'high', y1: 'setting', y2: 'setting', stroke: '#C9CED4', strokeWidth: 3 },
        ),
        plot.dot(rows, {
          x: 'value',
          y: 'setting',
          r: 6,
          fill: ({ reading }: { reading: number }) => (reading === 0 ? BLUE.line : PINK.line),
        }),
        plot.dot(settings, { x: 'low', y: labelOf, r: 5, fill: INK, symbol: 'diamond' }),
        plot.text(
          rows.filter(({ setting }) => setting === labelOf(settings[1])),
          {
            x: 'value',
            y: 'setting',
            text: 'name',
            fill: ({ reading }: { reading: number }) => (reading === 0 ? BLUE.text : PINK.text),
            dy: -15,
          },
        ),
      ],
    }),
  };
}

function labelOf({
  synthetic,
  inverseTemperature,
}: {
  synthetic: number;
  inverseTemperature: number;
}): string {
  return `η = ${synthetic}${inverseTemperature === 5 ? '' : `, 1/τ = ${inverseTemperature}`}`;
}
