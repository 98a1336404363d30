/** Figures of what is proved: how far curation can move, lock-in, and the cheapest reference data. */
import { FAINT_INK, INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { FigurePanel, PlotLibrary } from '../../report/figure.ts';
import type { Figure } from '../reproduction.ts';
import { CANDIDATES } from './checks.ts';
import type { Steepest } from './checks.ts';
import {
  guaranteedShare,
  printedInDistribution,
  printedInPreference,
  sharpInDistribution,
  sharpInPreference,
} from './constants.ts';
import type { Protection } from './curves.ts';
import { GRID, PROBLEMS, closedFormCost } from './design.ts';
import type { Design } from './design.ts';
import type { LockInCase } from './lock_in.ts';
import { CLASS_NAMES } from './loop.ts';
import { PUBLISHED_DESIGN, PUBLISHED_PROTECTION } from './published.ts';

const [BLUE, ORANGE, GREEN, PINK, , SKY, GREY] = MODEL_COLOURS;

export async function boundFigure(found: readonly Steepest[], cases: readonly LockInCase[]): Promise<Figure> {
  return {
    name: 'bounds',
    caption:
      'Left: the largest factor by which curation can stretch a difference of two models, as printed and sharp, and the steepest pair that a search found. Middle: the share of synthetic data below which one equilibrium is guaranteed. Right: what remains outside the preferred outcome against the lock-in bound, in random cases that meet its conditions.',
    svg: await figureSvg({
      title:
        'The printed constants are far from sharp; the lock-in bound is never exceeded and nearly reached',
      subtitle: 'Rewards on [−1, 1]; 1/τ is what the paper calls τ.',
      columns: 3,
      width: 1120,
      panelHeight: 300,
      legend: [
        { label: 'as printed', colour: GREY.line, shape: 'dashed' },
        ...CANDIDATES.map((candidates, k) => ({
          label: `sharp, K = ${candidates === Infinity ? '∞' : candidates}`,
          colour: COLOURS[k].line,
        })),
        { label: 'steepest pair found', colour: INK, shape: 'dot' as const },
      ],
      panels: [stretchPanel(found), guaranteePanel(), lockInPanel(cases)],
    }),
  };
}

const COLOURS = [SKY, BLUE, GREEN, ORANGE];
const INVERSE = Array.from({ length: 61 }, (_, k) => 0.05 * k);

function curvePanel(
  plot: PlotLibrary,
  printed: (t: number) => number,
  sharp: (t: number, candidates: number) => number,
) {
  return [
    plot.line(
      INVERSE.map((t) => ({ t, value: printed(t) })),
      { x: 't', y: 'value', stroke: GREY.line, strokeWidth: 2, strokeDasharray: '5,4', clip: true },
    ),
    ...CANDIDATES.map((candidates, k) =>
      plot.line(
        INVERSE.map((t) => ({ t, value: sharp(t, candidates) })),
        { x: 't', y: 'value', stroke: COLOURS[k].line, strokeWidth: 2, clip: true },
      ),
    ),
  ];
}

/** 10⁻⁶ and the like; 1 stays 1. */
function powerOfTen(value: number): string {
  const power = Math.round(Math.log10(value));
  const digits = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
  const raised = [...String(Math.abs(power))].map((digit) => digits[Number(digit)]).join('');
  return power === 0 ? '1' : `10${power < 0 ? '⁻' : ''}${raised}`;
}

function stretchPanel(found: readonly Steepest[]): FigurePanel {
  return {
    title: 'How far curation stretches a difference',
    subtitle: 'Lipschitz constant in total variation.',
    plot: (plot) => ({
      x: { label: '1/τ', domain: [0, 3] },
      y: {
        label: 'largest factor',
        type: 'log',
        domain: [1, 1e5],
        ticks: [1, 10, 100, 1000, 1e4, 1e5],
        tickFormat: '~s',
      },
      marks: [
        ...curvePanel(plot, printedInDistribution, sharpInDistribution),
        plot.dot(found, { x: () => 1, y: 'inDistribution', r: 4, fill: INK, stroke: 'white' }),
      ],
    }),
  };
}

function guaranteePanel(): FigurePanel {
  return {
    title: 'One equilibrium guaranteed below',
    subtitle: 'η (L_p + 2 L_w) < 1, with either constants.',
    plot: (plot) => ({
      x: { label: '1/τ', domain: [0, 3] },
      y: {
        label: 'η: share of synthetic data',
        type: 'log',
        domain: [1e-6, 1],
        ticks: [1e-6, 1e-4, 1e-2, 1],
        tickFormat: powerOfTen,
      },
      marks: curvePanel(
        plot,
        (t) => guaranteedShare(printedInDistribution(t), printedInPreference(t)),
        (t, candidates) => guaranteedShare(sharpInDistribution(t, candidates), sharpInPreference(t)),
      ),
    }),
  };
}

function lockInPanel(cases: readonly LockInCase[]): FigurePanel {
  const points = cases.flatMap(({ outside, bound }) =>
    outside.flatMap((value, round) => (round > 0 && value > 1e-14 ? [{ value, bound: bound[round] }] : [])),
  );
  // A thinned cloud shows the same as all of it.
  const step = Math.max(1, Math.floor(points.length / 2500));
  return {
    title: 'Lock-in: all cases stay below the bound',
    subtitle: `${cases.length.toLocaleString('en-US')} random cases, 20 rounds; every ${step === 1 ? '' : `${step}th `}point.`,
    plot: (plot) => ({
      x: {
        label: 'bound on what is outside',
        type: 'log',
        domain: [1e-14, 1],
        ticks: [1e-12, 1e-8, 1e-4, 1],
        tickFormat: powerOfTen,
      },
      y: {
        label: 'what is outside',
        type: 'log',
        domain: [1e-14, 1],
        ticks: [1e-12, 1e-8, 1e-4, 1],
        tickFormat: powerOfTen,
      },
      marks: [
        plot.dot(
          points.filter((_, k) => k % step === 0),
          { x: 'bound', y: 'value', r: 1.4, fill: PINK.line, fillOpacity: 0.5, clip: true },
        ),
        plot.line(
          [1e-14, 1].map((value) => ({ value })),
          { x: 'value', y: 'value', stroke: INK, strokeWidth: 1.5 },
        ),
        plot.text([{ at: 1e-9 }], {
          x: 'at',
          y: 'at',
          text: () => 'bound',
          fill: INK,
          dy: -10,
          dx: -14,
          rotate: -45,
        }),
      ],
    }),
  };
}

export async function designFigure(
  designs: readonly Design[],
  protections: readonly Protection[],
): Promise<Figure> {
  return {
    name: 'design',
    caption:
      'Left: cost of the reference data over the share of synthetic data, with the promise kept by real data alone; dots are the cheapest on the paper’s grid. Right: shares of the protected classes after 20 rounds.',
    svg: await figureSvg({
      title: 'The cheapest reference data that protect four classes, whatever users come to prefer',
      subtitle:
        'Every synthetic image saves a real one, until the promised shares fill all real data. Protected: frog, horse, ship and truck.',
      legend: [
        { label: 'promised', colour: INK, shape: 'dashed' },
        { label: 'exact fit', colour: BLUE.line, shape: 'dot' },
        { label: 'partial training from a balanced model', colour: PINK.line, shape: 'dot' },
        { label: 'published', colour: INK, shape: 'dot' },
      ],
      columns: 3,
      width: 1120,
      panelHeight: 300,
      panels: [costPanel(designs), ...PROBLEMS.map((_, k) => sharesPanel(k, designs[k], protections))],
    }),
  };
}

function costPanel(designs: readonly Design[]): FigurePanel {
  const colours = [BLUE, ORANGE];
  const lines = PROBLEMS.flatMap((problem, k) =>
    [0.2, ...GRID, 1 - problem.protect.reduce((sum, { share }) => sum + share, 0)]
      .map((synthetic) => ({ synthetic, cost: closedFormCost(problem, synthetic) / 1000, k }))
      .filter(({ cost }) => !Number.isNaN(cost))
      .sort((a, b) => a.synthetic - b.synthetic),
  );
  const printed = Object.entries(PUBLISHED_DESIGN.A.at).map(([synthetic, cost]) => ({
    synthetic: Number(synthetic),
    cost: cost / 1000,
  }));
  return {
    title: 'Cost falls to the edge of what is feasible',
    subtitle: `Cheapest: η = ${designs.map(({ synthetic }) => synthetic.toFixed(4)).join(' and ')}.`,
    plot: (plot) => ({
      x: { label: 'η: share of synthetic data', domain: [0.18, 0.74] },
      y: { label: 'cost of the reference data, thousands', domain: [42, 55] },
      marks: [
        plot.line(lines, {
          x: 'synthetic',
          y: 'cost',
          z: 'k',
          stroke: ({ k }: { k: number }) => colours[k].line,
          strokeWidth: 2,
        }),
        plot.dot(
          designs.map(({ synthetic, totalCost }, k) => ({ synthetic, cost: totalCost / 1000, k })),
          {
            x: 'synthetic',
            y: 'cost',
            r: 6,
            fill: ({ k }: { k: number }) => colours[k].line,
            stroke: 'white',
          },
        ),
        plot.dot(printed, { x: 'synthetic', y: 'cost', r: 4, fill: INK, symbol: 'diamond' }),
        plot.text(
          designs.map(({ synthetic, totalCost }, k) => ({ synthetic, cost: totalCost / 1000, k })),
          {
            x: 'synthetic',
            y: 'cost',
            text: ({ k }: { k: number }) =>
              `${PROBLEMS[k].name}: ${Math.round(designs[k].totalCost).toLocaleString('en-US')}`,
            fill: ({ k }: { k: number }) => colours[k].text,
            textAnchor: 'middle',
            dy: 18,
          },
        ),
      ],
    }),
  };
}

function sharesPanel(k: number, design: Design, protections: readonly Protection[]): FigurePanel {
  const problem = PROBLEMS[k];
  const name = `design ${problem.name}`;
  const ours = protections.find((one) => one.name === name);
  const published = PUBLISHED_PROTECTION.find((one) => one.name === name);
  const classes = problem.protect.map(({ outcome }) => CLASS_NAMES[outcome]);
  const row = (values: readonly number[]) => values.map((share, c) => ({ share, name: classes[c] }));
  return {
    title: `Design ${problem.name}: the promise holds`,
    subtitle: `η = ${design.synthetic.toFixed(4)}, K = ∞, after 20 rounds.`,
    plot: (plot) => ({
      x: { label: null, domain: classes, padding: 0.4 },
      y: { label: 'share of the class', domain: [0, 0.18], tickFormat: '.0%' },
      marks: [
        plot.tickY(row(problem.protect.map(({ share }) => share)), {
          x: 'name',
          y: 'share',
          stroke: INK,
          strokeWidth: 1.5,
          strokeDasharray: '4,3',
        }),
        plot.dot(row(ours?.exact ?? []), { x: 'name', y: 'share', r: 6, fill: BLUE.line, dx: -9 }),
        plot.dot(row(ours?.partial ?? []), { x: 'name', y: 'share', r: 6, fill: PINK.line, dx: 1 }),
        plot.dot(row(published?.shares ?? []), {
          x: 'name',
          y: 'share',
          r: 4.5,
          fill: INK,
          symbol: 'diamond',
          dx: 11,
        }),
        plot.text(k === 0 ? [{ name: classes[0], share: 0.08 }] : [], {
          x: 'name',
          y: 'share',
          text: () => 'promised',
          fill: FAINT_INK,
          dy: 14,
        }),
      ],
    }),
  };
}
