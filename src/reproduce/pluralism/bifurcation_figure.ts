/** Compromise or pluralism: where the mass goes as two favourites move apart, and how slowly at the border. */
import { FAINT_INK, INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import { criticalVariance, pluralistPosition } from '../../theory/oracles/two_curators.ts';
import type { Figure } from '../reproduction.ts';
import type { LineRun } from './line.ts';
import { POINTS, spread } from './line.ts';

const THRESHOLDS = [0.01, 0.03, 0.1, 0.25, 0.5, 0.8];
const BANDS = ['#FFFFFF', '#E7F0F8', '#CADEEF', '#A3C8E2', '#72ADD3', '#4390C1', '#1F72AA'];
const CRITICAL = Math.SQRT2;

/** Spread over rounds at one distance, and what theory says of it. */
export interface Slowing {
  readonly distance: number;
  readonly label: string;
  readonly rounds: readonly number[];
  /** √(E x²). */
  readonly width: readonly number[];
  readonly predicted: readonly number[];
}

export async function bifurcationFigure(
  runs: readonly LineRun[],
  slowing: readonly Slowing[],
  rounds: number,
): Promise<Figure> {
  const theory = Array.from({ length: 301 }, (_, k) => {
    const distance = 0.5 + (2.5 * k) / 300;
    return { distance, position: pluralistPosition(distance) };
  });
  const upper = theory.filter(({ distance }) => distance >= CRITICAL - 0.01);
  const lowest = runs[0].distance;
  const step = runs[1].distance - lowest;
  // Columns are scaled to their own peak: what matters is where the mass is.
  const values = Array.from({ length: POINTS.length }, (_, v) =>
    runs.map(({ states }) => {
      const p = states[states.length - 1];
      return p[v] / p.reduce((high, mass) => Math.max(high, mass), 0);
    }),
  ).flat();
  return {
    name: 'bifurcation',
    caption: `Rewards −(x ∓ d/2)² of two equal groups, temperature 1, K = ∞. Left: distribution after ${rounds} rounds against the distance d of the two favourites, each column scaled to its peak; lines: the Curie–Weiss equation s = (d/2) tanh(d s). Right: √E x² over rounds, dashed: t^−½ below and t^−¼ at the critical distance.`,
    svg: await figureSvg({
      title: 'Up to a distance of √2 two tastes end in a compromise; beyond, both last',
      subtitle:
        'Two equal groups like x = d/2 and x = −d/2. The model settles on one point or two, like a magnet at its Curie temperature.',
      panelHeight: 380,
      panels: [
        {
          title: `Where the outputs are after ${rounds.toLocaleString('en')} rounds`,
          subtitle: 'Blue: density. Line: theory in the long run. Dots: densest points.',
          plot: (plot) => ({
            x: { label: 'distance d between the favourites', domain: [0.5, 3] },
            y: { label: 'output x', domain: [-1.75, 1.75] },
            color: { type: 'threshold', domain: THRESHOLDS, range: BANDS },
            marks: [
              plot.contour(values, {
                width: runs.length,
                height: POINTS.length,
                x1: lowest - step / 2,
                x2: lowest + step * (runs.length - 0.5),
                y1: POINTS[0],
                y2: POINTS[POINTS.length - 1],
                fill: (value: number) => value,
                thresholds: THRESHOLDS,
                clip: true,
              }),
              plot.ruleX([CRITICAL], { stroke: FAINT_INK, strokeDasharray: '3,3' }),
              plot.text([CRITICAL], {
                x: () => CRITICAL,
                y: () => -1.6,
                text: () => 'd = √2',
                dx: 6,
                textAnchor: 'start',
                fill: INK,
              }),
              plot.line(
                [
                  { distance: 0.5, position: 0 },
                  { distance: CRITICAL, position: 0 },
                ],
                { x: 'distance', y: 'position', stroke: MODEL_COLOURS[1].line, strokeWidth: 2 },
              ),
              ...[1, -1].map((side) =>
                plot.line(upper, {
                  x: 'distance',
                  y: ({ position }: (typeof upper)[number]) => side * position,
                  stroke: MODEL_COLOURS[1].line,
                  strokeWidth: 2,
                }),
              ),
              ...[1, -1].map((side) =>
                plot.dot(
                  runs.filter((_, k) => k % 5 === 0),
                  { x: 'distance', y: ({ position }: LineRun) => side * position, r: 2.5, fill: INK },
                ),
              ),
            ],
          }),
        },
        {
          title: 'How slowly they get there',
          subtitle: 'Dashed: t⁻¹ᐟ² below the critical distance, t⁻¹ᐟ⁴ at it',
          plot: (plot) => ({
            marginRight: 84,
            x: {
              type: 'log',
              label: 'round',
              ticks: [1, 10, 100, 1000, 10_000],
              tickFormat: (value: number) => value.toLocaleString('en'),
            },
            y: {
              type: 'log',
              label: 'width √E x²',
              ticks: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
              tickFormat: String,
            },
            marks: slowing.flatMap(({ label, rounds: at, width, predicted }, k) => {
              const colour = MODEL_COLOURS[[0, 1, 2][k]];
              const points = at.map((round, t) => ({ round, width: width[t], predicted: predicted[t] }));
              return [
                plot.line(points, { x: 'round', y: 'width', stroke: colour.line, strokeWidth: 2.5 }),
                plot.line(
                  points.filter(({ round }) => round >= 10),
                  { x: 'round', y: 'predicted', stroke: INK, strokeWidth: 1.5, strokeDasharray: '5,4' },
                ),
                plot.text(points.slice(-1), {
                  x: 'round',
                  y: 'width',
                  text: () => label,
                  dx: 6,
                  textAnchor: 'start',
                  fill: colour.text,
                  fontWeight: 600,
                }),
              ];
            }),
          }),
        },
      ],
    }),
  };
}

/** Rounds 1, 2, 5, 10, … up to `last`. */
export function slowingRounds(last: number): number[] {
  const rounds: number[] = [];
  for (let power = 1; power <= last; power *= 10) {
    for (const digit of [1, 2, 5]) if (digit * power <= last) rounds.push(digit * power);
  }
  return rounds;
}

export function slowingOf(run: LineRun, label: string, rounds: readonly number[]): Slowing {
  const { distance } = run;
  return {
    distance,
    label,
    rounds,
    width: run.states.map((p) => Math.sqrt(spread(p))),
    // Below: ρ = −(1 − d²/2) x², a Gaussian; at √2: ρ = −x⁴/3.
    predicted: rounds.map((t) =>
      Math.sqrt(distance === CRITICAL ? criticalVariance(t) : 1 / (t * (2 - distance * distance))),
    ),
  };
}
