/** Beyond the paper: how much curation is too much, at every scale of the loop. */
import { FAINT_INK } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { FigurePanel } from '../../report/figure.ts';
import type { Figure } from '../reproduction.ts';
import { parabolas } from './curves.ts';
import { FLIP, label, P, Q } from './marks.ts';
import type { Model, Point } from './marks.ts';
import { CURATION } from './mechanism.ts';

/** The effect of curation over the whole plane of scale and curated share. */
export async function optimumFigure(): Promise<Figure> {
  const fine = Array.from({ length: 381 }, (_, k) => 0.05 + k * 0.0025);
  const svg = await figureSvg({
    title: 'How much curation is too much?',
    subtitle:
      'Effect dJ/dλ over scale t and curated share λ, in closed form. In the shaded region more curation lowers the reward; the figure of the paper is the line λ = 0.4.',
    panelHeight: 330,
    panels: (['p', 'q'] as const).map((model) => plane(model, fine)),
  });
  return {
    name: 'too-much-curation',
    caption:
      'Level lines of dJ/dλ. J is a parabola in λ, so every scale has a best share; for φ it falls to zero at t = 0.9301, where the loop has turned the push of curation itself.',
    svg,
  };
}

function plane(model: Model, scales: readonly number[]): FigurePanel {
  const colour = model === 'p' ? P : Q;
  const shapes = scales.map((scale) => ({ scale, ...parabolas(scale)[model] }));
  const levels = model === 'p' ? [4, 3, 2, 1, 0, -1, -2] : [3, 2, 1, 0, -1, -2, -4, -8];
  const runsOf = (level: number): Point[][] =>
    clipped(shapes.map(({ scale, slope, bend }) => ({ x: scale, y: (slope - level) / (2 * bend) })));
  return {
    title:
      model === 'p'
        ? 'θ loses only where most of its data is curated'
        : 'φ loses early where the loop turns far',
    subtitle: `level lines of dJ_${model}/dλ; thick: where curation stops helping`,
    plot: (plot) => ({
      x: { label: 'scale t of the loop', domain: [0.05, 1] },
      y: { label: 'curated share λ', domain: [0, 1] },
      marks: [
        plot.areaY(
          shapes.map(({ scale, best }) => ({ x: scale, y: Math.min(1, Math.max(0, best)) })),
          { x: 'x', y1: 'y', y2: 1, fill: FLIP, fillOpacity: 0.12 },
        ),
        plot.ruleY([CURATION], { stroke: FAINT_INK, strokeDasharray: '2,3' }),
        ...levels.flatMap((level) =>
          runsOf(level).map((run) =>
            plot.lineY(run, {
              x: 'x',
              y: 'y',
              stroke: level === 0 ? FLIP : colour.line,
              strokeWidth: level === 0 ? 2.6 : 1.1,
              strokeOpacity: level === 0 ? 1 : 0.7,
            }),
          ),
        ),
        ...levels.flatMap((level, k) =>
          runsOf(level).map((run) => {
            const at = labelPlace(run, k % 2 === 0 ? 0.32 : 0.68);
            const text = String(level).replace('-', '−');
            return label(plot, at.x, at.y, text, level === 0 ? FLIP : colour.text, 'middle');
          }),
        ),
      ],
    }),
  };
}

/** The parts of a curve with y in [0, 1], cut exactly at the border. */
function clipped(curve: readonly Point[]): Point[][] {
  const runs: Point[][] = [];
  let run: Point[] = [];
  curve.forEach((point, k) => {
    const before = k > 0 ? curve[k - 1] : point;
    const cuts = [0, 1]
      .filter((border) => (before.y - border) * (point.y - border) < 0)
      .map((y) => ({ x: before.x + ((point.x - before.x) * (y - before.y)) / (point.y - before.y), y }))
      .sort((a, b) => a.x - b.x);
    run.push(...cuts);
    if (point.y >= 0 && point.y <= 1) run.push(point);
    else if (run.length > 0) {
      runs.push(run);
      run = [];
    }
  });
  if (run.length > 0) runs.push(run);
  return runs.filter(({ length }) => length > 1);
}

/** Further right a label would stick out of the frame. */
const LABELS_END = 0.97;

/** The point of a run nearest to a height, or one near its middle where it is flat. */
function labelPlace(run: readonly Point[], height: number): Point {
  const heights = run.map(({ y }) => y);
  if (Math.max(...heights) - Math.min(...heights) < 0.5) return run[Math.floor(run.length * 0.4)];
  const inner = run.filter(({ x }) => x < LABELS_END);
  return (inner.length > 0 ? inner : run).reduce((best, point) =>
    Math.abs(point.y - height) < Math.abs(best.y - height) ? point : best,
  );
}
