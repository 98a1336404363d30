/** Densities over rounds as small multiples. */
import { INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { FigurePanel } from '../../report/figure.ts';
import type { Figure } from '../reproduction.ts';
import { SIDE } from './densities.ts';
import type { Plane } from './densities.ts';
import type { Study } from './study.ts';

const ROUNDS = [0, 1, 3, 10] as const;
/** Densities relative to the densest cell of the data; a factor of two per band. */
const THRESHOLDS = [0.01, 0.03, 0.08, 0.2, 0.45, 0.9, 1.6, 2.6];
const BANDS = [
  '#FFFFFF',
  '#E7F0F8',
  '#CADEEF',
  '#A3C8E2',
  '#72ADD3',
  '#4390C1',
  '#1F72AA',
  '#0B5389',
  '#08335C',
];

export async function densityFigure(studies: readonly Study[]): Promise<Figure> {
  const rows = studies.flatMap(({ plane, pure, mixed }) => {
    const alone = pure.find(({ candidates }) => candidates === 4);
    const held = mixed.find(({ candidates, lambda }) => candidates === 4 && lambda === 1);
    return [
      { plane, states: alone?.states ?? [], name: 'own output only' },
      { plane, states: held?.states ?? [], name: 'half real data' },
    ];
  });
  return {
    name: 'densities',
    caption:
      'Density of one model over rounds, K = 4. Within the dashed disc all outputs have the best reward. On its own output alone the model forgets what lies outside and keeps the proportions inside; with half of real data it keeps every mode.',
    svg: await figureSvg({
      title: 'Curation empties everything outside the best region, unless real data flow back',
      subtitle:
        'Four candidates; rewards fall by 10 per unit of length outside the dashed disc. Darker is denser, on the scale of the data.',
      columns: 4,
      panelHeight: 206,
      panels: rows.flatMap(({ plane, states, name }) => {
        const scale = states[0].reduce((high, value) => Math.max(high, value), 0);
        return ROUNDS.map((round) =>
          densityPanel(plane, states[round], scale, round === 0 ? 'Data, round 0' : `Round ${round}`, name),
        );
      }),
    }),
  };
}

function densityPanel(plane: Plane, p: Float64Array, scale: number, when: string, name: string): FigurePanel {
  const { left, bottom, width, centre, radius } = plane;
  const circle = Array.from({ length: 121 }, (_, k) => ({
    x: centre[0] + radius * Math.cos((k * Math.PI) / 60),
    y: centre[1] + radius * Math.sin((k * Math.PI) / 60),
  }));
  return {
    title: when,
    subtitle: `${plane.title}, ${name}`,
    plot: (plot) => ({
      marginLeft: 1,
      marginRight: 1,
      marginTop: 10,
      marginBottom: 1,
      x: { axis: null, domain: [left, left + width] },
      y: { axis: null, domain: [bottom, bottom + width] },
      color: { type: 'threshold', domain: THRESHOLDS, range: BANDS },
      marks: [
        plot.contour(
          Array.from(p, (mass) => mass / scale),
          {
            width: SIDE,
            height: SIDE,
            x1: left,
            y1: bottom,
            x2: left + width,
            y2: bottom + width,
            fill: (value: number) => value,
            thresholds: THRESHOLDS,
            clip: true,
          },
        ),
        plot.line(circle, {
          x: 'x',
          y: 'y',
          stroke: MODEL_COLOURS[1].line,
          strokeDasharray: '4,3',
          strokeWidth: 1.5,
          clip: true,
        }),
        plot.frame({ stroke: INK, strokeOpacity: 0.35 }),
      ],
    }),
  };
}
