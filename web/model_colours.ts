/** The colour of a model in chart, table and legend: a number of the `--model-…` colours of styles.ts. */
import { extremesOf, MAX_NAMED_MODELS } from '../src/report/chart_data.ts';
import type { ChartLine } from '../src/report/chart_data.ts';

export const MODEL_COLOUR_COUNT = 12;

export interface NamedLine {
  readonly line: ChartLine;
  /** CSS value. */
  readonly colour: string;
}

/** The lines worth a name: all of them, or the extremes of a crowd. */
export function namedLines(lines: readonly ChartLine[]): readonly NamedLine[] {
  const crowded = lines.length > MAX_NAMED_MODELS;
  const known = lines.filter(({ end }) => Number.isFinite(end));
  const named = crowded ? extremesOf(known) : known;
  return named.map((line, index) => ({
    line,
    colour: `var(--model-${(crowded ? index : line.model) % MODEL_COLOUR_COUNT})`,
  }));
}
