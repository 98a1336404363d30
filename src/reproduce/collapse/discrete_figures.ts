/** Figures of the discrete laws: drift and fixation, entities, and what memory is worth. */
import { CROWD, INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import type { ChartColour } from '../../report/chart_style.ts';
import type { FigurePanel } from '../../report/figure.ts';
import { figureSvg } from '../../report/figure.ts';
import type { Figure } from '../reproduction.ts';
import type { CuratedResult } from './curated.ts';
import { GAP } from './curated.ts';
import type { DriftResult, Fixation } from './discrete.ts';
import { FIXATION_START, fixationError, SAMPLES } from './discrete.ts';
import type { EntitiesResult } from './entities.ts';
import { PRIVATE, TARGETS } from './entities.ts';
import type { Law } from './estimates.ts';
import { MOST_SEM } from './estimates.ts';
import { LAW_LEGEND, lawPanel } from './law_panel.ts';
import type { HalfLife } from './memory.ts';

const [BLUE, ORANGE, GREEN, PINK, , SKY] = MODEL_COLOURS;
const RULE_COLOURS = [ORANGE, PINK, GREEN, BLUE];

export async function driftFigure(
  { laws, absorbed, paths }: DriftResult,
  fixation: Fixation,
): Promise<Figure> {
  const replicates = laws[0].measured.replicates.toLocaleString('en-US');
  return {
    name: 'drift',
    caption: `A distribution over two outcomes that trains on ${SAMPLES} samples of itself: single runs, expected heterozygosity, absorption, and which of six outcomes takes over.`,
    svg: await figureSvg({
      title: 'Sampling alone ends in one outcome; a model that keeps all its data stops drifting',
      subtitle: `Models that train on nothing but ${SAMPLES} samples of their own a round, ${replicates} replicates, no curation.`,
      legend: LAW_LEGEND,
      columns: 3,
      width: 1120,
      panels: [
        pathPanel('Replaced: every run is absorbed', paths.replaced, ORANGE),
        pathPanel('All rounds kept: every run comes to rest', paths.kept, BLUE),
        lawPanel({
          title: 'One outcome is left',
          laws: [{ law: absorbed, colour: ORANGE }],
          yLabel: 'probability',
          yDomain: [0, 1],
        }),
        lawPanel({
          title: 'Expected heterozygosity 2p(1−p)',
          laws: laws.map((law, k) => ({ law, colour: RULE_COLOURS[k], labelDy: [0, 0, 5, -5][k] })),
          yLabel: 'E 2p(1−p)',
          yDomain: [0, 0.45],
          marginRight: 122,
          columns: 2,
        }),
        fixationPanel(fixation),
      ],
    }),
  };
}

function pathPanel(title: string, paths: readonly Float64Array[], colour: ChartColour): FigurePanel {
  const rows = paths.flatMap((path, run) => Array.from(path, (p, t) => ({ t, p, run })));
  return {
    title,
    plot: (plot) => ({
      x: { label: 'round' },
      y: { label: 'share p of the first outcome', domain: [0, 1] },
      marks: [
        plot.line(rows, {
          x: 't',
          y: 'p',
          z: 'run',
          stroke: colour.line,
          strokeWidth: 0.9,
          strokeOpacity: 0.55,
        }),
      ],
    }),
  };
}

function fixationPanel({ shares, replicates }: Fixation): FigurePanel {
  const rows = FIXATION_START.map((p, v) => ({
    p,
    share: shares[v],
    low: shares[v] - MOST_SEM * fixationError(p, replicates),
    high: shares[v] + MOST_SEM * fixationError(p, replicates),
  }));
  return {
    title: 'An outcome wins with its first share',
    plot: (plot) => ({
      x: { label: 'first share', domain: [0, 0.45] },
      y: { label: 'wins', domain: [0, 0.45] },
      marks: [
        plot.line([0, 0.45], {
          x: (v: number) => v,
          y: (v: number) => v,
          stroke: ORANGE.line,
          strokeWidth: 1.8,
        }),
        plot.ruleX(rows, {
          x: 'p',
          y1: 'low',
          y2: 'high',
          stroke: ORANGE.line,
          strokeOpacity: 0.5,
          strokeWidth: 3,
        }),
        plot.dot(rows, { x: 'p', y: 'share', r: 3.2, fill: ORANGE.line, stroke: 'white' }),
      ],
    }),
  };
}

export async function entitiesFigure(results: readonly EntitiesResult[]): Promise<Figure> {
  const colours = [SKY, GREEN, PINK];
  const laws: Law[] = results.map(({ variance }) => variance);
  const ends = laws.map((law) => ({ law, last: law.exact[law.exact.length - 1] }));
  return {
    name: 'entities',
    caption: `Four entities that mix private data (β = ${PRIVATE}), public data and a share α of everybody's synthetic data: the way to their stable points without noise, and the variance noise gives them.`,
    svg: await figureSvg({
      title: 'Shared synthetic data pull entities together by exactly 1 − α',
      subtitle: `Least squares on whitened inputs. Squares: what private and public data teach without synthetic data; dots: stable points; lines: the way there from private data alone. β = ${PRIVATE}.`,
      columns: 4,
      width: 1160,
      panelHeight: 240,
      panels: [
        ...results.map((result) => entitiesPanel(result)),
        lawPanel({
          title: 'Variance of a coordinate',
          laws: ends.map(({ law }, k) => ({ law, colour: colours[k], labelDy: 0 })),
          yLabel: 'variance',
          yDomain: [0, 0.016],
          marginRight: 58,
        }),
      ],
    }),
  };
}

function entitiesPanel({ share, points, path, spread }: EntitiesResult): FigurePanel {
  const lines = TARGETS.flatMap((_, k) =>
    path.slice(0, 25).map((state) => ({ x: state[k][0], y: state[k][1], k })),
  );
  const anchors = TARGETS.map((target, k) => ({ x: PRIVATE * target[0], y: PRIVATE * target[1], k }));
  const stable = points.map((point, k) => ({ x: point[0], y: point[1], k }));
  const colour = (row: { readonly k: number }): string => MODEL_COLOURS[row.k].line;
  return {
    title: `α = ${share}`,
    subtitle: `root mean square distance ${spread.toFixed(2)}`,
    plot: (plot) => ({
      x: { label: 'θ₁', domain: [-2.2, 2.2], ticks: [-2, 0, 2], tickFormat: whole },
      y: { label: 'θ₂', domain: [-2.2, 2.2], ticks: [-2, 0, 2], tickFormat: whole },
      marks: [
        plot.line(lines, { x: 'x', y: 'y', z: 'k', stroke: CROWD, strokeWidth: 1.2 }),
        plot.dot(anchors, {
          x: 'x',
          y: 'y',
          symbol: 'square',
          r: 4,
          stroke: colour,
          fill: 'white',
          strokeWidth: 1.6,
        }),
        plot.dot(stable, { x: 'x', y: 'y', r: 4.5, fill: colour }),
      ],
    }),
  };
}

export async function memoryFigure(curated: CuratedResult, halfLives: readonly HalfLife[]): Promise<Figure> {
  return {
    name: 'memory',
    caption:
      'What keeping old data is worth: rounds until half of the diversity is drifted away, against the length of the window; and the share that curation leaves to the worse of two outcomes.',
    svg: await figureSvg({
      title: 'Keeping data saves a model from chance, not from choice',
      subtitle:
        'Left: sampling without curation. A window of w rounds lengthens life ((w+1)/2)² times; all data make it endless. Right: curation without sampling or real data. Keeping all data turns exponential loss into a power law, no more.',
      panels: [halfLifePanel(halfLives), curatedPanel(curated)],
      panelHeight: 300,
    }),
  };
}

function halfLifePanel(halfLives: readonly HalfLife[]): FigurePanel {
  const sizes = [...new Set(halfLives.map(({ population }) => population))];
  return {
    title: 'Rounds until half the diversity is gone',
    subtitle: 'Dots: exact second moments. Lines: ln 2 · n · ((w+1)/2)².',
    plot: (plot) => ({
      marginRight: 84,
      x: { label: 'window w, in rounds', type: 'log', ticks: [1, 2, 5, 10, 20] },
      y: {
        label: 'rounds',
        type: 'log',
        ticks: [10, 100, 1000, 10_000],
        tickFormat: grouped,
      },
      marks: sizes.flatMap((population, k) => {
        const rows = halfLives.filter((one) => one.population === population);
        const { line, text } = MODEL_COLOURS[[4, 1, 7][k]];
        return [
          plot.line(rows, { x: 'window', y: 'predicted', stroke: line, strokeWidth: 1.8 }),
          plot.dot(rows, { x: 'window', y: 'rounds', fill: line, r: 3.2, stroke: 'white', strokeWidth: 0.8 }),
          plot.text(rows.slice(-1), {
            x: 'window',
            y: 'predicted',
            text: () => `n = ${population}`,
            fill: text,
            fontWeight: 600,
            textAnchor: 'start',
            dx: 8,
          }),
        ];
      }),
    }),
  };
}

function curatedPanel({ replaced, kept, predicted, rounds }: CuratedResult): FigurePanel {
  const shown = [...new Set(Array.from({ length: 46 }, (_, k) => Math.round(rounds ** (k / 45))))];
  const row = (values: Float64Array) =>
    shown.map((t) => ({ t, share: values[t] })).filter(({ share }) => share > 1e-9);
  const label = (values: Float64Array, at: number, text: string, colour: ChartColour) => ({
    t: at,
    share: values[at],
    text,
    colour,
  });
  const labels = [
    label(kept, 40, 'all rounds kept: ∝ t^−(1−μ)', BLUE),
    label(replaced, 9, 'replaced: ∝ e^−Δt', ORANGE),
  ];
  return {
    title: 'Share of the worse outcome under curation',
    subtitle: `K = ∞, reward gap Δ = ${GAP} τ, μ = e^−Δ. Dashed: theory.`,
    plot: (plot) => ({
      x: {
        label: 'round',
        type: 'log',
        ticks: [1, 10, 100, 1000],
        tickFormat: grouped,
      },
      y: {
        label: 'share',
        type: 'log',
        domain: [1e-9, 2e-3],
        ticks: [1e-9, 1e-7, 1e-5, 1e-3],
        tickFormat: (value: number) => `10⁻${'⁰¹²³⁴⁵⁶⁷⁸⁹'[Math.round(-Math.log10(value))]}`,
      },
      marks: [
        plot.line(row(predicted), {
          x: 't',
          y: 'share',
          stroke: INK,
          strokeWidth: 1.4,
          strokeDasharray: '4,4',
        }),
        plot.dot(row(kept), { x: 't', y: 'share', fill: BLUE.line, r: 2.8 }),
        plot.line(row(replaced), { x: 't', y: 'share', stroke: ORANGE.line, strokeWidth: 1 }),
        plot.dot(row(replaced), { x: 't', y: 'share', fill: ORANGE.line, r: 2.8 }),
        ...labels.map((one) =>
          plot.text([one], {
            x: 't',
            y: 'share',
            text: 'text',
            fill: one.colour.text,
            fontWeight: 600,
            textAnchor: 'start',
            dx: 8,
            dy: -10,
          }),
        ),
      ],
    }),
  };
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function whole(value: number): string {
  return String(value).replace('-', '−');
}
