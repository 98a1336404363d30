/** The six settings before and after more curation: model and publication side by side. */
import { MODEL_COLOURS } from '../../report/chart_style.ts';
import { figureSvg } from '../../report/figure.ts';
import type { FigurePanel } from '../../report/figure.ts';
import type { Figure } from '../reproduction.ts';
import { CURATED, MODELS, SETTINGS, publishedFinal } from './settings.ts';
import type { Values } from './values.ts';

const RISE = MODEL_COLOURS[0].line;
const FALL = MODEL_COLOURS[1].line;
const GREEK = { theta: 'θ', phi: 'φ' };

interface Row {
  readonly setting: string;
  readonly before: number;
  readonly after: number;
}

export async function settingsFigure({ reward }: Values): Promise<Figure> {
  const panels = MODELS.flatMap((model, m): FigurePanel[] => {
    const ours = SETTINGS.map(({ name }, s): Row => ({
      setting: name,
      before: reward[m][0][s],
      after: reward[m][1][s],
    }));
    const theirs = SETTINGS.map(({ name }): Row => ({
      setting: name,
      before: publishedFinal(name, model, CURATED[0]),
      after: publishedFinal(name, model, CURATED[1]),
    }));
    return [
      panel(`${GREEK[model]}, three-state model`, `stable reward of ${GREEK[model]}`, ours),
      panel(`${GREEK[model]}, published`, `reward of ${GREEK[model]} after 55 epochs, one run`, theirs),
    ];
  });
  return {
    name: 'settings',
    caption:
      'Rewards of both models in the six settings at a curated share of 0.5 (ring) and 0.6 (dot) of θ. The three-state model orders the settings as the publication does; the sizes of the changes differ, most of all for φ.',
    svg: await figureSvg({
      title: 'Three outcomes are enough for the order of the six settings, not for their sizes',
      subtitle:
        'The curated share λ of θ’s training set grows from 0.5 to 0.6. In brackets: the part of θ’s curated data that comes from φ, and of φ’s that comes from θ.',
      panels,
      panelHeight: 214,
      legend: [
        { label: 'reward rises', colour: RISE, shape: 'line' },
        { label: 'reward falls', colour: FALL, shape: 'line' },
        { label: 'ring: at λ = 0.5, dot: at λ = 0.6', colour: '#5B626C', shape: 'dot' },
      ],
    }),
  };
}

function panel(title: string, label: string, rows: readonly Row[]): FigurePanel {
  const colour = ({ before, after }: Row): string => (after >= before ? RISE : FALL);
  return {
    title,
    plot: (plot) => ({
      marginLeft: 88,
      marginTop: 10,
      x: { label, nice: true, zero: true, inset: 6 },
      y: { label: null, domain: rows.map(({ setting }) => setting), tickFormat: settingLabel },
      marks: [
        plot.link(rows, {
          x1: 'before',
          x2: 'after',
          y1: 'setting',
          y2: 'setting',
          stroke: colour,
          strokeWidth: 3,
        }),
        plot.dot(rows, {
          x: 'before',
          y: 'setting',
          stroke: colour,
          fill: 'white',
          r: 4.5,
          strokeWidth: 2,
        }),
        plot.dot(rows, { x: 'after', y: 'setting', fill: colour, r: 4.5 }),
      ],
    }),
  };
}

function settingLabel(name: string): string {
  const { crossTheta, crossPhi } = SETTINGS.find((one) => one.name === name) ?? SETTINGS[0];
  return `${name} (${crossTheta}, ${crossPhi})`;
}
