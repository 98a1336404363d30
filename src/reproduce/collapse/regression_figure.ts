/** Figure of regression on labels that the last generation made up. */
import { MODEL_COLOURS } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { Figure } from '../reproduction.ts';
import type { Law } from './estimates.ts';
import { LAW_LEGEND, lawPanel } from './law_panel.ts';
import { DIMENSION, regressionBound, ROWS } from './regression.ts';

const [BLUE, ORANGE] = MODEL_COLOURS;

export async function regressionFigure([replaced, accumulated]: readonly Law[]): Promise<Figure> {
  const bound = regressionBound();
  return {
    name: 'regression',
    caption: `Linear regression in ${DIMENSION} dimensions on ${ROWS} rows a generation, labelled by the generation before: excess squared error, replaced and accumulated.`,
    svg: await figureSvg({
      title: 'Regression on its own labels: errors add up without end, or stay below π²/6 of the first',
      subtitle: `${DIMENSION} dimensions, ${ROWS} new rows a generation, unit noise, labels by the model of the generation before, ${replaced.measured.replicates.toLocaleString('en-US')} replicates.`,
      legend: LAW_LEGEND,
      panels: [
        lawPanel({
          title: 'Both',
          laws: [
            { law: replaced, colour: ORANGE, labelDy: 0 },
            { law: accumulated, colour: BLUE, labelDy: 0 },
          ],
          xLabel: 'generation',
          yLabel: 'excess squared error',
          yDomain: [0, 8],
          marginRight: 88,
        }),
        lawPanel({
          title: 'Accumulated, magnified',
          laws: [{ law: accumulated, colour: BLUE }],
          xLabel: 'generation',
          yLabel: 'excess squared error',
          yDomain: [0.3, 0.65],
          below: (plot) => [
            plot.line(
              [1, 20].map((x) => ({ x, y: bound })),
              { x: 'x', y: 'y', stroke: BLUE.line, strokeDasharray: '4,4' },
            ),
            plot.text([{ x: 20, y: bound }], {
              x: 'x',
              y: 'y',
              text: () => 'bound (π²/6)·d/(T−d−1)',
              fill: BLUE.text,
              fontWeight: 600,
              textAnchor: 'end',
              dy: -9,
            }),
          ],
        }),
      ],
    }),
  };
}
