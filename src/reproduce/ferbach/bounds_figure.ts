/** What the theorems promise, beside what the loops do. */
import { FAINT_INK, INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { FigurePanel, LegendEntry, PlotLibrary } from '../../report/figure.ts';
import type { Figure } from '../reproduction.ts';
import { FINITE_ROUNDS } from './finite.ts';
import type { FiniteLoop } from './finite.ts';
import { modeMasses } from './densities.ts';
import type { Study } from './study.ts';
import { CANDIDATES } from './study.ts';

const COLOURS = [MODEL_COLOURS[5], MODEL_COLOURS[0], MODEL_COLOURS[2], MODEL_COLOURS[1]];
const SHOWN = 10;

interface Point {
  readonly round: number;
  readonly value: number;
}

export const candidatesText = (candidates: number): string =>
  candidates === Infinity ? '∞' : String(candidates);

const LEGEND: readonly LegendEntry[] = CANDIDATES.map((candidates, k) => ({
  label: `K = ${candidatesText(candidates)}`,
  colour: COLOURS[k].line,
}));

/** Points of rounds 0 … SHOWN with a known value. */
function points(values: readonly number[], from = 0): Point[] {
  return values
    .slice(0, SHOWN + 1 - from)
    .map((value, t) => ({ round: t + from, value }))
    .filter(({ value }) => Number.isFinite(value));
}

function line(plot: PlotLibrary, values: readonly Point[], stroke: string, dashed = false) {
  return plot.line(values, {
    x: 'round',
    y: 'value',
    stroke,
    strokeWidth: dashed ? 1.75 : 2.25,
    ...(dashed ? { strokeDasharray: '5,4' } : {}),
  });
}

export async function boundsFigure(study: Study, finite: readonly FiniteLoop[]): Promise<Figure> {
  return {
    name: 'bounds',
    caption: `The loops on the ${study.plane.title.toLowerCase()} against the lower bounds of E[eʳ] (Lemma 2.2, Theorem 2.2) and the upper bound of the divergence (Theorem 2.3). No bound is ever crossed.`,
    svg: await figureSvg({
      title: 'Every bound holds; the one for loops with real data is far from what happens',
      subtitle: `${study.plane.title}. E[eʳ] is relative to the best reward, so 1 is perfection. Dashed: the bound of the same colour.`,
      legend: [
        ...LEGEND,
        { label: 'bound', colour: FAINT_INK, shape: 'dashed' },
        {
          label: `simulated, ${finite[0].samples.toLocaleString('en')} samples a round`,
          colour: FAINT_INK,
          shape: 'dot',
        },
      ],
      panels: [purePanel(study, finite), gainPanel(study), mixedPanel(study, finite), divergencePanel(study)],
    }),
  };
}

function dots(plot: PlotLibrary, finite: readonly FiniteLoop[], pure: boolean) {
  return finite
    .filter(({ lambda }) => (lambda === Infinity) === pure)
    .map((loop) => {
      const colour = COLOURS[CANDIDATES.findIndex((candidates) => candidates === loop.candidates)];
      const values = FINITE_ROUNDS.map((round, k) => ({ round, value: loop.value[k] }));
      return plot.dot(values, { x: 'round', y: 'value', r: 3, fill: colour.line, stroke: 'white' });
    });
}

function purePanel({ pure }: Study, finite: readonly FiniteLoop[]): FigurePanel {
  return {
    title: 'Own output only: E[eʳ] climbs to the best',
    plot: (plot) => ({
      x: { label: 'round' },
      y: { label: 'E[eʳ]', domain: [0.7, 1] },
      marks: [
        ...pure.map(({ moments }, k) => line(plot, points(moments.map(({ mean }) => mean)), COLOURS[k].line)),
        ...dots(plot, finite, true),
      ],
    }),
  };
}

function gainPanel({ pure }: Study): FigurePanel {
  return {
    title: 'Gain of a round over the promised gain (Lemma 2.2)',
    plot: (plot) => ({
      x: { label: 'round', domain: [0, SHOWN] },
      y: { label: 'gain ÷ promise', domain: [1, 2] },
      marks: [
        ...pure.map(({ gainRatio }, k) => line(plot, points(gainRatio, 1), COLOURS[k].line)),
        plot.ruleY([1], { stroke: FAINT_INK, strokeDasharray: '5,4', strokeWidth: 1.75 }),
      ],
    }),
  };
}

function mixedPanel({ mixed }: Study, finite: readonly FiniteLoop[]): FigurePanel {
  const half = mixed.filter(({ lambda }) => lambda === 1);
  return {
    title: 'Half real data: E[eʳ] against its bound (Theorem 2.2)',
    plot: (plot) => ({
      x: { label: 'round' },
      y: { label: 'E[eʳ]', domain: [0.7, 0.9] },
      marks: [
        ...half.map(({ leastValue }, k) =>
          line(
            plot,
            [1, SHOWN].map((round) => ({ round, value: leastValue })),
            COLOURS[k].line,
            true,
          ),
        ),
        ...half.map(({ value }, k) => line(plot, points(value), COLOURS[k].line)),
        ...dots(plot, finite, false),
      ],
    }),
  };
}

/** λ = 0.3, where K = 2 and 4 are bounded and 16 and ∞ are not. */
function divergencePanel({ mixed }: Study): FigurePanel {
  const some = mixed.filter(({ lambda }) => lambda === 0.3);
  const bounded = some.flatMap((loop, k) =>
    loop.largestDivergence === Infinity
      ? []
      : [{ value: loop.largestDivergence, colour: COLOURS[k], candidates: loop.candidates }],
  );
  return {
    title: 'Divergence from the real data, λ = 0.3 (Theorem 2.3)',
    plot: (plot) => ({
      x: { label: 'round', domain: [0, SHOWN] },
      y: {
        type: 'log',
        label: 'KL in nats',
        domain: [1e-3, 5],
        ticks: [1e-3, 1e-2, 0.1, 1],
        tickFormat: String,
      },
      marks: [
        ...bounded.map(({ value, colour }) =>
          plot.ruleY([value], { stroke: colour.line, strokeWidth: 1.75, strokeDasharray: '5,4' }),
        ),
        plot.text(bounded, {
          x: () => SHOWN,
          y: 'value',
          text: ({ candidates }: (typeof bounded)[number]) => `−log(1 − 0.3·${candidates - 1})`,
          dy: -8,
          textAnchor: 'end',
          fill: INK,
        }),
        ...some.map((loop, k) => line(plot, points(loop.divergence.slice(1), 1), COLOURS[k].line)),
      ],
    }),
  };
}

export async function limitFigure(studies: readonly Study[]): Promise<Figure> {
  const [ring] = studies;
  return {
    name: 'limits',
    caption:
      'Where the loops go. Left: without real data, the distance to the real data restricted to the best region; dashed, the least distance that K candidates allow, exact for K = ∞. Middle: with real data and K = ∞, the distance to the Perron vector; dashed, the slowest possible decay. Right: mass of the eight modes in the end.',
    svg: await figureSvg({
      title: 'The loops reach the limits of theory, and no slower than it says',
      subtitle: `${ring.plane.title}. More candidates hasten the start and hardly the end: outputs just outside the best region are hardly worse than the best.`,
      columns: 3,
      width: 1080,
      panelHeight: 270,
      legend: [...LEGEND, { label: 'theory', colour: FAINT_INK, shape: 'dashed' }],
      panels: [approachPanel(ring), anchoredPanel(ring), modePanel(ring)],
    }),
  };
}

const ROUNDS = 60;

function approachPanel({ pure }: Study): FigurePanel {
  const series = (values: readonly number[]): Point[] =>
    values.slice(0, ROUNDS + 1).map((value, round) => ({ round, value }));
  return {
    title: 'Own output only',
    subtitle: 'Distance to data within the best region',
    plot: (plot) => ({
      x: { label: 'round' },
      y: {
        type: 'log',
        label: 'total variation',
        domain: [5e-5, 1],
        ticks: [1e-4, 1e-3, 1e-2, 0.1, 1],
        tickFormat: powerOfTen,
      },
      marks: [
        ...pure.map(({ distance }, k) => line(plot, series(distance), COLOURS[k].line)),
        ...pure.map(({ leastDistance }, k) => line(plot, series(leastDistance), COLOURS[k].text, true)),
      ],
    }),
  };
}

function anchoredPanel({ anchored }: Study): FigurePanel {
  const shades = [MODEL_COLOURS[4], MODEL_COLOURS[1], MODEL_COLOURS[9]];
  const shown = 30;
  const known = anchored.map(({ distance }) =>
    distance
      .slice(0, shown + 1)
      .map((value, round) => ({ round, value }))
      .filter(({ value }) => value > 1e-13),
  );
  return {
    title: 'With real data, K = ∞',
    subtitle: 'Distance to the Perron vector',
    plot: (plot) => ({
      marginRight: 56,
      x: { label: 'round' },
      y: {
        type: 'log',
        label: 'total variation',
        domain: [1e-13, 1],
        ticks: [1e-12, 1e-9, 1e-6, 1e-3, 1],
        tickFormat: powerOfTen,
      },
      marks: anchored.flatMap(({ lambda, expectedRate }, k) => {
        const [start] = known[k];
        const end = known[k].slice(-1);
        const slowest = known[k].map(({ round }) => ({ round, value: start.value * expectedRate ** round }));
        return [
          line(plot, slowest, shades[k].line, true),
          line(plot, known[k], shades[k].line),
          plot.text(end, {
            x: 'round',
            y: 'value',
            text: () => `λ = ${lambda}`,
            dx: 6,
            textAnchor: 'start',
            fill: shades[k].text,
            fontWeight: 600,
          }),
        ];
      }),
    }),
  };
}

function powerOfTen(value: number): string {
  const exponent = Math.round(Math.log10(value));
  const digits = [...String(Math.abs(exponent))].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
  return exponent === 0 ? '1' : `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

function modePanel(study: Study): FigurePanel {
  const { start, limit, pure, mixed } = study;
  const alone = pure.find(({ candidates }) => candidates === 4)?.states.at(-1) ?? start;
  const held =
    mixed.find(({ candidates, lambda }) => candidates === 4 && lambda === 1)?.states.at(-1) ?? start;
  const rows = (p: Float64Array) =>
    modeMasses(study.plane, p)
      .map((mass, mode) => ({ degrees: 45 * (mode <= 4 ? mode : mode - 8), mass }))
      .sort((one, two) => one.degrees - two.degrees);
  const series = [
    { label: 'own output', colour: MODEL_COLOURS[1], rows: rows(alone) },
    { label: 'half real', colour: MODEL_COLOURS[0], rows: rows(held) },
    { label: 'data', colour: MODEL_COLOURS[6], rows: rows(start) },
  ];
  return {
    title: 'Mass of the modes in the end, K = 4',
    subtitle: 'Best: −90° to 90°, and slivers at ±135°',
    plot: (plot) => ({
      marginRight: 74,
      x: { label: 'angle in degrees', ticks: [-90, 0, 90, 180], domain: [-140, 185] },
      y: { label: 'mass', domain: [0, 0.21] },
      marks: [
        plot.line(rows(limit), {
          x: 'degrees',
          y: 'mass',
          stroke: MODEL_COLOURS[1].text,
          strokeDasharray: '5,4',
          strokeWidth: 1.75,
        }),
        ...series.flatMap(({ label, colour, rows: own }) => [
          plot.line(own, {
            x: 'degrees',
            y: 'mass',
            stroke: colour.line,
            strokeWidth: 2,
            strokeOpacity: 0.55,
          }),
          plot.dot(own, { x: 'degrees', y: 'mass', fill: colour.line, r: 3.5 }),
          plot.text(own.slice(-1), {
            x: 'degrees',
            y: 'mass',
            text: () => label,
            dx: 8,
            textAnchor: 'start',
            fill: colour.text,
            fontWeight: 600,
          }),
        ]),
      ],
    }),
  };
}
