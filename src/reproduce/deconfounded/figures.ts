import { figureSvg } from '../../report/figure.ts';
import { FAINT_INK, INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import { wilsonInterval } from '../../theory/proportion.ts';
import type { Figure } from '../reproduction.ts';
import { DEFINITIONS, fateOf } from './census.ts';
import type { Case, Fate, Tally } from './census.ts';
import type { PlaneCell } from './plane.ts';

const FATE_COLOUR: Readonly<Record<Fate, string>> = {
  gain: '#B9BFC7',
  misdirected: MODEL_COLOURS[4].line,
  'self-defeating': MODEL_COLOURS[3].line,
  inverted: MODEL_COLOURS[1].line,
};
const DEFINITION_COLOUR = [MODEL_COLOURS[1].line, MODEL_COLOURS[0].line, MODEL_COLOURS[2].line];
const SHORT = ['all curated,\nfor real data', 'own curated,\nfor real data', 'own curated,\nfor all else'];
const LOSSES: readonly Fate[] = ['misdirected', 'self-defeating', 'inverted'];

const percent = (part: number): number => 100 * part;

/** Of the base condition: how large a part loses, and why. */
export async function censusFigure(tallies: readonly Tally[]): Promise<Figure> {
  const bars = tallies.flatMap(({ fates, systems }, k) =>
    LOSSES.map((fate) => ({ definition: SHORT[k], fate, part: percent(fates[fate] / systems) })),
  );
  const totals = tallies.map(({ fates, systems }, k) => {
    const lost = LOSSES.reduce((sum, fate) => sum + fates[fate], 0);
    const interval = wilsonInterval(lost, systems);
    return {
      definition: SHORT[k],
      end: percent(lost / systems),
      label: `${percent(lost / systems).toFixed(1)} % lose (${percent(interval.low).toFixed(1)}–${percent(interval.high).toFixed(lost === 0 ? 2 : 1)} %), ${fates.inverted} of ${systems.toLocaleString('en-US')} inverted`,
    };
  });
  return {
    name: 'census',
    caption:
      'Share of random two-model ecosystems in which more curation lowers the model’s own reward, by cause, for three meanings of “more curation”.',
    svg: await figureSvg({
      title: 'Most backfiring is misdirected data; true inversion is rare',
      subtitle:
        'Share of random two-model ecosystems in which more curation lowers a model’s own reward in the long run. Rows: what “more curation” means. In brackets: 95 % interval.',
      legend: [
        { label: 'misdirected: worse from the first round', colour: FATE_COLOUR.misdirected, shape: 'box' },
        { label: 'self-defeating: its own loop', colour: FATE_COLOUR['self-defeating'], shape: 'box' },
        {
          label: 'inverted: gains alone, loses through the other model',
          colour: FATE_COLOUR.inverted,
          shape: 'box',
        },
      ],
      columns: 1,
      panelHeight: 210,
      panels: [
        {
          title: '',
          grid: false,
          plot: (plot) => ({
            marginLeft: 110,
            marginRight: 20,
            x: { label: 'ecosystems in which the reward falls (%)', domain: [0, 30], grid: true },
            y: { label: null, domain: SHORT, padding: 0.35 },
            marks: [
              plot.barX(bars, {
                x: 'part',
                y: 'definition',
                fill: ({ fate }: { fate: Fate }) => FATE_COLOUR[fate],
                order: LOSSES.map((fate) => fate),
              }),
              plot.text(totals, {
                x: 'end',
                y: 'definition',
                text: 'label',
                textAnchor: 'start',
                dx: 8,
                fill: INK,
                fontSize: 12.5,
              }),
              plot.ruleX([0], { stroke: FAINT_INK }),
            ],
          }),
        },
      ],
    }),
  };
}

const MOST_DOTS = 900;

/** Isolated against long-run effect, one dot per ecosystem. */
export async function effectsFigure(cases: readonly Case[]): Promise<Figure> {
  const dots = (definition: number) => {
    const all = cases.filter((one) => one.condition === 0 && one.definition === definition);
    const rare = all.filter(({ effect }) => fateOf(effect) === 'inverted');
    const some = all.filter(({ effect, system }) => system < MOST_DOTS && fateOf(effect) !== 'inverted');
    return [...some, ...rare].map(({ effect }) => ({
      isolated: effect.isolated,
      total: effect.total,
      fate: fateOf(effect),
    }));
  };
  const [low, high] = [-1.5, 4];
  return {
    name: 'effects',
    caption:
      'Effect of more curation on the model’s own reward with the loop through the other model cut (horizontal) and in the long run (vertical), one dot per random ecosystem.',
    svg: await figureSvg({
      title: 'The loop mostly multiplies what is already there',
      subtitle: `Effect on the model’s own reward per unit of its training set, alone (horizontal) and with the other model reacting (vertical). Above the dashed line the other model adds to the effect. ${MOST_DOTS.toLocaleString('en-US')} ecosystems and all inverted ones; some lie outside the frame.`,
      legend: LOSSES.concat('gain').map((fate) => ({
        label: fate,
        colour: FATE_COLOUR[fate],
        shape: 'dot',
      })),
      columns: 3,
      panelHeight: 290,
      panels: DEFINITIONS.map(({ name }, definition) => ({
        title: name,
        plot: (plot) => ({
          x: { label: 'effect alone', domain: [low, high] },
          y: { label: 'effect in the long run', domain: [low, high] },
          marks: [
            plot.ruleX([0], { stroke: FAINT_INK, strokeWidth: 0.75 }),
            plot.ruleY([0], { stroke: FAINT_INK, strokeWidth: 0.75 }),
            plot.line(
              [
                [low, low],
                [high, high],
              ],
              { stroke: FAINT_INK, strokeDasharray: '4,4' },
            ),
            plot.dot(
              dots(definition).filter(
                ({ isolated, total }) => isolated > low && isolated < high && total > low && total < high,
              ),
              {
                x: 'isolated',
                y: 'total',
                r: ({ fate }: { fate: Fate }) => (fate === 'inverted' ? 3 : 1.6),
                fill: ({ fate }: { fate: Fate }) => FATE_COLOUR[fate],
                fillOpacity: 0.8,
              },
            ),
          ],
        }),
      })),
    }),
  };
}

/** Losses and inversions under every condition, with intervals. */
export async function conditionsFigure(tallies: readonly (readonly Tally[])[]): Promise<Figure> {
  const names = tallies.map(([{ condition }]) => condition.name);
  const rows = (countOf: (tally: Tally) => number) =>
    tallies.flatMap((row) =>
      row.map((tally, definition) => {
        const { low, high } = wilsonInterval(countOf(tally), tally.systems);
        return {
          condition: tally.condition.name,
          definition,
          part: percent(countOf(tally) / tally.systems),
          low: percent(low),
          high: percent(high),
        };
      }),
    );
  const panel = (title: string, label: string, countOf: (tally: Tally) => number, withNames: boolean) => ({
    title,
    plot: (plot: Parameters<Parameters<typeof figureSvg>[0]['panels'][number]['plot']>[0]) => {
      const data = rows(countOf);
      const shared = {
        y: 'condition',
        stroke: ({ definition }: { definition: number }) => DEFINITION_COLOUR[definition],
        strokeWidth: 2,
      };
      const shift = ({ definition }: { definition: number }): number => definition;
      return {
        marginLeft: withNames ? 190 : 14,
        x: { label, grid: true },
        y: { label: null, domain: names, axis: withNames ? ('left' as const) : null },
        marks: [0, 1, 2].flatMap((k) => {
          const of = data.filter((row) => shift(row) === k);
          const dy = 6 * (k - 1);
          return [
            plot.link(of, { ...shared, x1: 'low', x2: 'high', dy }),
            plot.dot(of, { x: 'part', y: 'condition', fill: DEFINITION_COLOUR[k], r: 3, dy }),
          ];
        }),
      };
    },
  });
  return {
    name: 'conditions',
    caption:
      'Share of ecosystems with losses, and with true inversions, under other conditions; bars are 95 % intervals.',
    svg: await figureSvg({
      title: 'The picture holds for more models, other numbers of candidates and stronger rewards',
      subtitle:
        'Share of random ecosystems; bars are 95 % intervals. Each row changes one thing in the first.',
      legend: DEFINITIONS.map(({ name }, k) => ({ label: name, colour: DEFINITION_COLOUR[k], shape: 'dot' })),
      columns: 2,
      panelHeight: 420,
      panels: [
        panel(
          'More curation lowers the model’s own reward',
          'ecosystems (%)',
          ({ fates, systems }) => systems - fates.gain,
          true,
        ),
        panel('of these: true inversions', 'ecosystems (%)', ({ fates }) => fates.inverted, false),
      ],
    }),
  };
}

export interface BuildUp {
  readonly theory: Float64Array;
  readonly alone: Float64Array;
  readonly simulated: Float64Array;
}

/** The strongest inversion as it builds up. */
export async function buildUpFigure({ theory, alone, simulated }: BuildUp): Promise<Figure> {
  const curve = (values: Float64Array) => Array.from(values, (effect, k) => ({ round: k + 1, effect }));
  return {
    name: 'build-up',
    caption:
      'The strongest inversion of the census: change of the model’s own reward per unit of curation after 1, 2, … rounds, from theory and from a run of the engine.',
    svg: await figureSvg({
      title: 'How a gain turns into a loss',
      subtitle:
        'The strongest inversion found: change of the model’s own reward per unit of curated data, round after round since the share was raised.',
      legend: [
        { label: 'with the other model reacting (theory)', colour: FATE_COLOUR.inverted },
        { label: 'the same, simulated', colour: FATE_COLOUR.inverted, shape: 'dot' },
        { label: 'with the other model frozen (theory)', colour: MODEL_COLOURS[0].line, shape: 'dashed' },
      ],
      columns: 1,
      panelHeight: 280,
      panels: [
        {
          title: '',
          plot: (plot) => ({
            x: { label: 'rounds since curation was raised' },
            y: { label: 'change of reward per unit of curation' },
            marks: [
              plot.ruleY([0], { stroke: FAINT_INK }),
              plot.lineY(curve(alone), {
                x: 'round',
                y: 'effect',
                stroke: MODEL_COLOURS[0].line,
                strokeWidth: 2,
                strokeDasharray: '5,4',
              }),
              plot.lineY(curve(theory), {
                x: 'round',
                y: 'effect',
                stroke: FATE_COLOUR.inverted,
                strokeWidth: 2,
              }),
              plot.dot(
                curve(simulated).filter(({ round }) => round % 4 === 1),
                { x: 'round', y: 'effect', fill: FATE_COLOUR.inverted, r: 3.5 },
              ),
            ],
          }),
        },
      ],
    }),
  };
}

/** The square of cross shares, one map per definition. */
export async function planeFigure(plane: readonly PlaneCell[]): Promise<Figure> {
  const side = Math.sqrt(plane.length);
  const largest = plane.reduce(
    (high, { totals }) =>
      totals.reduce((top, value) => (Math.abs(value) > top ? Math.abs(value) : top), high),
    0,
  );
  return {
    name: 'plane',
    caption:
      'Long-run effect of more curation of θ on θ’s own reward over the square of cross shares, for three meanings of “more curation”.',
    svg: await figureSvg({
      title: 'In the published setting, too, the losses come with the other model’s data',
      subtitle:
        'Long-run effect on θ’s own reward over the cross shares of both models (three-state model of A1 to A6, K = 4). Orange: more curation lowers it. Blue: it raises it.',
      columns: 3,
      panelHeight: 280,
      panels: DEFINITIONS.map(({ name }, definition) => ({
        title: name,
        plot: (plot) => ({
          color: {
            type: 'linear',
            domain: [-largest, -largest / 8, 0, largest / 8, largest],
            range: ['#7A3300', '#E58A4A', '#F7F7F7', '#6FAFD6', '#003F63'],
            interpolate: 'rgb',
          },
          x: { label: 'cross share of θ’s curated data', domain: [0, 1] },
          y: { label: 'cross share of φ’s', domain: [0, 1] },
          marks: [
            plot.rect(plane, {
              x1: ({ crossTheta }: PlaneCell) => crossTheta - 0.5 / side,
              x2: ({ crossTheta }: PlaneCell) => crossTheta + 0.5 / side,
              y1: ({ crossPhi }: PlaneCell) => crossPhi - 0.5 / side,
              y2: ({ crossPhi }: PlaneCell) => crossPhi + 0.5 / side,
              fill: ({ totals }: PlaneCell) => totals[definition],
              shapeRendering: 'crispEdges',
            }),
          ],
        }),
      })),
    }),
  };
}
