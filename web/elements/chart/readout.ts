/** The numbers under the crosshair, as rows and as a sentence. */
import { shortText, signedText } from '../../../src/report/number_text.ts';
import type { ChartView, Line } from './view.ts';

export interface ReadoutRow {
  readonly key: string;
  readonly name: string;
  readonly model: number | null;
  readonly colour: number | null;
  readonly role: Line['role'];
  readonly value: number;
  /** NaN where there is no band. */
  readonly low: number;
  readonly high: number;
  /** Of the pinned run; NaN where it has none at this round. */
  readonly pinned: number;
  readonly predicted: number;
}

export interface Readout {
  readonly round: number;
  readonly rows: readonly ReadoutRow[];
  readonly banded: boolean;
  readonly pinned: boolean;
  readonly predicted: boolean;
}

/** More rows than this are sorted by value. */
const MOST_IN_ORDER = 4;

/** All values at the shown round nearest to `round`; null where nothing is shown. */
export function readoutAt({ panels, rounds }: ChartView, round: number): Readout | null {
  const index = nearestIndex(rounds, round);
  if (index === null) return null;
  const lines = panels.flatMap((panel) => panel.lines);
  const at = (values: Line['low'] | undefined): number => values?.[index] ?? NaN;
  const pinnedOf = (line: Line): Line | undefined =>
    lines.find((one) => one.pinned && one.role === line.role && one.name === line.name);
  const rows = lines
    .filter((line) => !line.pinned)
    .map((line): ReadoutRow => {
      const { key, name, model, colour, role, predicted } = line;
      return {
        ...{ key, name, model, colour, role, predicted },
        value: at(line.values),
        low: at(line.low),
        high: at(line.high),
        pinned: at(pinnedOf(line)?.values),
      };
    });
  if (rows.length > MOST_IN_ORDER) rows.sort((a, b) => order(b.value) - order(a.value));
  return {
    round: rounds[index],
    rows,
    banded: rows.some(({ low }) => Number.isFinite(low)),
    pinned: lines.some(({ pinned }) => pinned),
    predicted: rows.some(({ predicted }) => Number.isFinite(predicted)),
  };
}

const order = (value: number): number => (Number.isNaN(value) ? -Infinity : value);

/** Index of the value nearest to `wanted` among ascending ones; null of none. */
export function nearestIndex(ascending: Float64Array, wanted: number): number | null {
  if (ascending.length === 0) return null;
  let [low, high] = [0, ascending.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= wanted) low = middle;
    else high = middle;
  }
  return Math.abs(ascending[high] - wanted) < Math.abs(ascending[low] - wanted) ? high : low;
}

/** What a screen reader says when the crosshair has moved. */
export function readoutWords({ round, rows }: Readout): string {
  const parts = rows.map(({ name, value, low, high, pinned }) => {
    const band = Number.isFinite(low) ? ` (${shortText(low)} to ${shortText(high)})` : '';
    const before = Number.isFinite(pinned) ? `, ${signedText(value - pinned)} against the pinned run` : '';
    return `${name} ${Number.isFinite(value) ? shortText(value) : 'unknown'}${band}${before}`;
  });
  return `Round ${round.toLocaleString('en-US')}: ${parts.join('; ')}.`;
}
