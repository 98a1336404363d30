/** Laws over rounds: theory as lines, simulated means as dots with bands of ± 4 standard errors. */
import type { ChartColour } from '../../report/chart_style.ts';
import { INK } from '../../report/chart_style.ts';
import type { FigurePanel, LegendEntry, PlotLibrary } from '../../report/figure.ts';
import type { Law } from './estimates.ts';
import { MOST_SEM } from './estimates.ts';

export interface ShownLaw {
  readonly law: Law;
  readonly colour: ChartColour;
  /** Shift of the label at the line's end, in pixels; no label where it is left out. */
  readonly labelDy?: number;
  /** Written instead of the law's own label. */
  readonly label?: string;
}

export interface LawPanelOptions {
  readonly title: string;
  readonly subtitle?: string;
  readonly laws: readonly ShownLaw[];
  readonly xLabel?: string;
  readonly yLabel: string;
  readonly yDomain?: readonly [number, number];
  readonly yTicks?: readonly number[];
  /** Room for labels at the right. */
  readonly marginRight?: number;
  readonly columns?: number;
  /** Drawn below everything else. */
  readonly below?: (plot: PlotLibrary) => ReturnType<PlotLibrary['line']>[];
}

export const LAW_LEGEND: readonly LegendEntry[] = [
  { label: 'theory', colour: INK, shape: 'line' },
  { label: 'simulated mean', colour: INK, shape: 'dot' },
  { label: '± 4 standard errors', colour: INK, shape: 'area' },
];

const DOTS = 16;

export function lawPanel(options: LawPanelOptions): FigurePanel {
  const { laws, yDomain } = options;
  const [low, high] = yDomain ?? [-Infinity, Infinity];
  const within = (value: number): boolean => value >= low && value <= high;
  return {
    title: options.title,
    ...(options.subtitle === undefined ? {} : { subtitle: options.subtitle }),
    ...(options.columns === undefined ? {} : { columns: options.columns }),
    plot: (plot) => ({
      marginRight: options.marginRight ?? 14,
      x: { label: options.xLabel ?? 'round' },
      y: {
        label: options.yLabel,
        ...(yDomain === undefined ? {} : { domain: [...yDomain] }),
        ...(options.yTicks === undefined ? {} : { ticks: [...options.yTicks] }),
        tickFormat: shortTick,
      },
      marks: [
        ...(options.below?.(plot) ?? []),
        ...laws.flatMap(({ law, colour, label, labelDy }) => {
          const rows = law.x.map((x, k) => ({
            x,
            exact: law.exact[k],
            mean: law.measured.mean(k),
            low: Math.max(law.measured.mean(k) - MOST_SEM * law.measured.sem(k), low),
            high: Math.min(law.measured.mean(k) + MOST_SEM * law.measured.sem(k), high),
          }));
          const shown = rows.filter(({ exact }) => within(exact));
          const last = shown[shown.length - 1];
          return [
            plot.areaY(rows, { x: 'x', y1: 'low', y2: 'high', fill: colour.line, fillOpacity: 0.22 }),
            plot.line(shown, { x: 'x', y: 'exact', stroke: colour.line, strokeWidth: 1.8 }),
            plot.dot(
              rows.filter(({ mean }, k) => isDotted(k, rows.length) && within(mean)),
              { x: 'x', y: 'mean', r: 2.8, fill: colour.line, stroke: 'white', strokeWidth: 0.8 },
            ),
            ...(labelDy === undefined
              ? []
              : [
                  plot.text([last], {
                    x: 'x',
                    y: 'exact',
                    text: () => label ?? law.label,
                    fill: colour.text,
                    textAnchor: 'start',
                    fontWeight: 600,
                    dx: 8,
                    dy: labelDy,
                  }),
                ]),
          ];
        }),
      ],
    }),
  };
}

/** Every so many rows, and the last, without two close together. */
function isDotted(k: number, count: number): boolean {
  const step = Math.max(1, Math.ceil(count / DOTS));
  return k === count - 1 || (k % step === 0 && count - 1 - k > step / 2);
}

function shortTick(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 0.001 && size < 10_000))
    return String(Number(value.toPrecision(3))).replace('-', '−');
  return `10${superscript(Math.round(Math.log10(size)))}`;
}

function superscript(exponent: number): string {
  return [...String(exponent)].map((digit) => (digit === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)])).join('');
}
