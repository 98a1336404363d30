/** The eight panels of the authors' figure. */
import { CARD, CROWD, FAINT_INK, INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { FigurePanel } from '../../report/figure.ts';
import type { Figure } from '../reproduction.ts';
import { blockContributions, crossingsAt, flippedBlocks, parabolas, SCALES } from './curves.ts';
import type { Curves } from './curves.ts';
import { FLIP, label, P, Q } from './marks.ts';
import type { Model, Point } from './marks.ts';
import { BLOCKS, CURATION } from './mechanism.ts';
import reference from './reference.json' with { type: 'json' };
import type { Simulated, SweepPoint } from './simulate.ts';
import { FINITE_N, FINITE_SCALES, SWEEP_N, SWEEP_SCALES } from './simulate.ts';

/** Light to dark for n = 4, 12, 64. */
const SHADES = {
  p: ['#9CCBE8', '#3F95CB', '#004B75'],
  q: ['#F5C49B', '#E0813A', '#8A3D00'],
} as const;
const SCALE_COLOURS = [MODEL_COLOURS[2], MODEL_COLOURS[7]] as const;
const NAME = { p: 'θ', q: 'φ' } as const;

/** The reproduction of the authors' figure. */
export async function mechanismFigure(curves: Curves, simulated: Simulated): Promise<Figure> {
  const crossing = crossingsAt(CURATION).q[0];
  const svg = await figureSvg({
    title: 'Curation that looks right at once turns against φ in the long run',
    subtitle:
      'Two Gaussians of 24 dimensions train on each other. A share λ of θ’s training data is curated; φ learns from θ through twelve rotations, scaled by t.',
    legend: [
      { label: 'θ, reward J_p', colour: P.line },
      { label: 'φ, reward J_q', colour: Q.line },
      { label: 'theory', colour: INK, shape: 'dashed' },
      { label: 'simulation, mean and 95 % band', colour: CROWD, shape: 'area' },
      { label: 'published simulation, n = 64', colour: CROWD, shape: 'dot' },
    ],
    panelHeight: 270,
    panels: [
      proxies(curves),
      effects(curves, crossing),
      finite('p', simulated),
      finite('q', simulated),
      blocks('p'),
      blocks('q'),
      sweep('p', simulated.sweep),
      sweep('q', simulated.sweep),
    ],
  });
  const { runs, backend, ms } = simulated;
  return {
    name: 'gaussian-mechanism',
    caption:
      `All eight panels of the published figure (λ₀ = ${CURATION}, δ = 0.02), theory over simulation: ${runs.toLocaleString('en-US')} runs of 100 rounds,` +
      ` ${(ms / 1000).toFixed(1)} s on ${backend.description}. Bands are 1.96 standard errors of the seeds’ mean (40 seeds for derivatives, 20 for rewards).`,
    svg,
  };
}

function proxies({ proxyP, proxyQ }: Curves): FigurePanel {
  return {
    title: 'At first, curation points along both rewards …',
    subtitle: 'cosine of the reward’s gradient with the push of curation, over t',
    plot: (plot) => ({
      x: { label: 'scale t of the loop' },
      y: { label: 'cosine', domain: [0, 0.25] },
      marks: [
        plot.ruleY([0], { stroke: FAINT_INK }),
        plot.lineY(pairs(proxyP), { x: 'x', y: 'y', stroke: P.line, strokeWidth: 2.5 }),
        plot.lineY(pairs(proxyQ), { x: 'x', y: 'y', stroke: Q.line, strokeWidth: 2.5 }),
        label(plot, 0.2, 0.175, 'θ: ∇J_p and θ*', P.text),
        label(plot, 0.98, 0.216, 'φ: ∇J_q and A a', Q.text, 'end'),
      ],
    }),
  };
}

function effects(curves: Curves, crossing: number): FigurePanel {
  const sparse = (values: readonly number[]): Point[] => pairs(values).filter((_, k) => k % 12 === 4);
  return {
    title: `… but beyond t = ${crossing.toFixed(4)} more of it lowers J_q`,
    subtitle: 'dJ/dλ: explicit (line), theorem (dashes), finite differences (dots)',
    plot: (plot) => ({
      x: { label: 'scale t of the loop' },
      y: { label: 'effect dJ/dλ' },
      marks: [
        plot.ruleY([0], { stroke: FAINT_INK }),
        ...(
          [
            [curves.effectP, curves.theoremP, curves.differenceP, P],
            [curves.effectQ, curves.theoremQ, curves.differenceQ, Q],
          ] as const
        ).flatMap(([explicit, theorem, difference, colour]) => [
          plot.lineY(pairs(explicit), {
            x: 'x',
            y: 'y',
            stroke: colour.line,
            strokeWidth: 4,
            strokeOpacity: 0.45,
          }),
          plot.lineY(pairs(theorem), {
            x: 'x',
            y: 'y',
            stroke: INK,
            strokeWidth: 1.2,
            strokeDasharray: '5,4',
          }),
          plot.dot(sparse(difference), {
            x: 'x',
            y: 'y',
            r: 2.6,
            fill: colour.line,
            stroke: CARD,
            strokeWidth: 0.8,
          }),
        ]),
        plot.dot([{ x: crossing, y: 0 }], { x: 'x', y: 'y', r: 5, fill: CARD, stroke: FLIP, strokeWidth: 2 }),
        label(plot, crossing - 0.02, -0.75, `t = ${crossing.toFixed(4)}`, FLIP, 'end'),
        label(plot, 0.2, 3.0, 'θ', P.text),
        label(plot, 0.2, 0.75, 'φ', Q.text),
      ],
    }),
  };
}

function finite(model: Model, { finite: points }: Simulated): FigurePanel {
  const reward = `J_${model}`;
  const theirs = reference.finite[reference.finite.length - 1];
  const [means, sems] = model === 'p' ? [theirs.p, theirs.semP] : [theirs.q, theirs.semQ];
  const published = FINITE_SCALES.map((x, k) => ({
    x,
    mean: means[k],
    low: means[k] - 1.96 * sems[k],
    high: means[k] + 1.96 * sems[k],
  }));
  return {
    title:
      model === 'p'
        ? 'Finite samples: θ gains at every scale'
        : 'Finite samples: the loss of φ stands out of the noise',
    subtitle: `d${reward}/dλ by central differences; n = 4, 12, 64 from light to dark, 40 seeds; dashes: exact expectation`,
    plot: (plot) => ({
      x: { label: 'scale t of the loop' },
      y: { label: `effect d${reward}/dλ` },
      marks: [
        plot.ruleX(published, { x: 'x', y1: 'low', y2: 'high', stroke: CROWD, strokeWidth: 1.2 }),
        plot.dot(published, { x: 'x', y: 'mean', r: 2.4, fill: CROWD }),
        ...FINITE_N.flatMap((n, k) => {
          const series = points
            .filter((point) => point.n === n)
            .map((point) => ({ x: point.scale, ...point[model] }));
          const colour = SHADES[model][k];
          return [
            plot.areaY(series, {
              x: 'x',
              y1: ({ mean, band }: Banded) => mean - band,
              y2: ({ mean, band }: Banded) => mean + band,
              fill: colour,
              fillOpacity: k === 0 ? 0.3 : 0.4,
            }),
            plot.lineY(series, { x: 'x', y: 'mean', stroke: colour, strokeWidth: 1.6 }),
            plot.dot(series, { x: 'x', y: 'mean', r: 2.4, fill: colour }),
          ];
        }),
        ...FINITE_N.map((n) =>
          plot.lineY(
            points
              .filter((point) => point.n === n)
              .map((point) => ({ x: point.scale, y: point[model].expected })),
            { x: 'x', y: 'y', stroke: INK, strokeWidth: 1.4, strokeDasharray: '5,4' },
          ),
        ),
        plot.ruleY([0], { stroke: FAINT_INK }),
      ],
    }),
  };
}

interface Banded {
  readonly mean: number;
  readonly band: number;
}

function blocks(model: Model): FigurePanel {
  const contributions = blockContributions(0.9);
  const [raw, distorted] =
    model === 'p'
      ? [contributions.rawP, contributions.distortedP]
      : [contributions.rawQ, contributions.distortedQ];
  const flipped = flippedBlocks(raw, distorted);
  const colour = model === 'p' ? P : Q;
  const data = Array.from({ length: BLOCKS }, (_, block) => ({
    block,
    raw: raw[block],
    distorted: distorted[block],
    colour: flipped.includes(block) ? FLIP : colour.line,
  }));
  const sum = (values: Float64Array): string =>
    values
      .reduce((total, value) => total + value, 0)
      .toFixed(2)
      .replace('-', '−');
  return {
    title: `The loop flips the sign of blocks ${flipped.join(' and ')} of ${NAME[model]}`,
    subtitle: `g·${model === 'p' ? 'a' : 'Aa'} per block at t = 0.9: at first (ring), after the loop (dot); sums ${sum(raw)} → ${sum(distorted)}`,
    plot: (plot) => ({
      x: { label: 'block', domain: [-0.5, BLOCKS - 0.5], ticks: BLOCKS },
      y: { label: 'contribution to dJ/dλ', nice: true },
      marks: [
        plot.ruleY([0], { stroke: FAINT_INK }),
        plot.link(data, {
          x1: 'block',
          x2: 'block',
          y1: 'raw',
          y2: 'distorted',
          stroke: 'colour',
          strokeWidth: 2,
          strokeOpacity: 0.55,
        }),
        plot.dot(data, { x: 'block', y: 'raw', r: 4, fill: CARD, stroke: 'colour', strokeWidth: 1.8 }),
        plot.dot(data, { x: 'block', y: 'distorted', r: 4.6, fill: 'colour' }),
        ...flipped.map((block) =>
          label(plot, block, Math.max(raw[block], distorted[block], 0), 'flips', FLIP, 'middle', -12),
        ),
      ],
    }),
  };
}

function sweep(model: Model, points: readonly SweepPoint[]): FigurePanel {
  const reward = `J_${model}`;
  const last = Math.max(...points.map(({ curation }) => curation));
  const { best } = parabolas(SWEEP_SCALES[1])[model];
  return {
    title:
      model === 'p'
        ? 'θ: rewards rise with curation, up to a point'
        : `φ: at t = 0.9, curation beyond λ = ${best.toFixed(2)} hurts`,
    subtitle: `${reward} against λ; n = 4 (wide band) and 32 (narrow), 20 seeds; dashes: exact expectation, dots: no noise`,
    plot: (plot) => ({
      marginRight: 52,
      x: { label: 'curated share λ' },
      y: { label: `reward ${reward}` },
      marks: [
        plot.ruleY([0], { stroke: FAINT_INK }),
        ...SWEEP_SCALES.flatMap((scale, s) =>
          SWEEP_N.flatMap((n, k) => {
            const series = points
              .filter((point) => point.scale === scale && point.n === n)
              .map((point) => ({ x: point.curation, ...point[model] }));
            return [
              plot.areaY(series, {
                x: 'x',
                y1: ({ mean, band }: Banded) => mean - band,
                y2: ({ mean, band }: Banded) => mean + band,
                fill: SCALE_COLOURS[s].line,
                fillOpacity: k === 0 ? 0.22 : 0.45,
              }),
              plot.lineY(series, {
                x: 'x',
                y: 'mean',
                stroke: SCALE_COLOURS[s].line,
                strokeWidth: 0.8,
                strokeOpacity: 0.7,
              }),
            ];
          }),
        ),
        ...SWEEP_SCALES.flatMap((scale) =>
          SWEEP_N.map((n) =>
            plot.lineY(
              points
                .filter((point) => point.scale === scale && point.n === n)
                .map((point) => ({ x: point.curation, y: point[model].expected })),
              { x: 'x', y: 'y', stroke: INK, strokeWidth: 1.4, strokeDasharray: '5,4' },
            ),
          ),
        ),
        ...SWEEP_SCALES.flatMap((scale, s) => {
          const { slope, bend } = parabolas(scale)[model];
          const limit = points
            .filter((point) => point.scale === scale && point.n === SWEEP_N[0])
            .map(({ curation }) => ({ x: curation, y: slope * curation - bend * curation ** 2 }));
          return [
            plot.lineY(limit, {
              x: 'x',
              y: 'y',
              stroke: SCALE_COLOURS[s].text,
              strokeWidth: 1.6,
              strokeDasharray: '1,3',
            }),
            label(
              plot,
              last,
              limit[limit.length - 1].y,
              `t = ${scale}`,
              SCALE_COLOURS[s].text,
              'start',
              0,
              6,
            ),
          ];
        }),
      ],
    }),
  };
}

function pairs(values: readonly number[]): Point[] {
  return values.map((y, k) => ({ x: SCALES[k], y }));
}
