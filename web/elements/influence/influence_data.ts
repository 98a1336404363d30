/** What the influence matrix says, in effects per POINTS points more curation. */
import { POINTS, effectText } from '../../../src/report/effect.ts';
import { printable } from '../../../src/report/text_table.ts';
import type { Verdict } from '../../../src/theory/results.ts';
import type { EcosystemBrief, Prediction } from '../../worker/protocol.ts';

export const VERDICTS = [
  'amplified',
  'attenuated',
  'inverted',
  'misdirected',
] as const satisfies readonly Verdict[];

/** A prediction with its matrix. */
export interface Effects {
  readonly models: readonly string[];
  /** [i*M + j]: what POINTS points more curation at model j do to the reward of model i. */
  readonly effect: Float64Array;
  /** Per model: what they would do to its own reward, were the others frozen. */
  readonly alone: Float64Array;
  readonly verdict: readonly (Verdict | null)[];
}

/** Null where there is no matrix, or nothing in it is defined. */
export function effectsOf({ models, influence, isolated, verdict }: Prediction): Effects | null {
  if (influence === null || isolated === null || !influence.some((value) => Number.isFinite(value)))
    return null;
  const perPoints = (values: Float64Array): Float64Array => values.map((value) => (POINTS / 100) * value);
  return { models, effect: perPoints(influence), alone: perPoints(isolated), verdict };
}

/** "10 points more curation at phi: reward of theta −0.0123". */
export function effectSentence({ models, effect }: Effects, row: number, column: number): string {
  const value = effect[row * models.length + column];
  const at = printable(models[column]);
  if (!Number.isFinite(value))
    return `More curation at ${at}: its effect on ${printable(models[row])} is undefined`;
  const whose = row === column ? 'its own reward' : `the reward of ${printable(models[row])}`;
  return `${POINTS} points more curation at ${at} move ${whose} by ${effectText(value)} in the long run`;
}

export interface Strongest {
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

export interface InfluenceSummary {
  readonly ownLosses: readonly Strongest[];
  readonly othersLosses: readonly Strongest[];
  readonly othersGains: readonly Strongest[];
  /** Models by verdict; `none` where it is undefined. */
  readonly counts: Readonly<Record<Verdict | 'none', number>>;
}

const LISTED = 5;

/** Looks at every entry once. */
export function summaryOf({ models, effect, verdict }: Effects): InfluenceSummary {
  const count = models.length;
  const ownLosses = new Best();
  const othersLosses = new Best();
  const othersGains = new Best();
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      const value = effect[row * count + column];
      if (value < 0) (row === column ? ownLosses : othersLosses).offer(row, column, value);
      else if (value > 0 && row !== column) othersGains.offer(row, column, value);
    }
  }
  const counts = { amplified: 0, attenuated: 0, inverted: 0, misdirected: 0, none: 0 };
  for (const said of verdict) counts[said ?? 'none'] += 1;
  return {
    ownLosses: ownLosses.list,
    othersLosses: othersLosses.list,
    othersGains: othersGains.list,
    counts,
  };
}

/** The largest few by size; of equal ones the first. */
class Best {
  readonly list: Strongest[] = [];

  offer(row: number, column: number, value: number): void {
    const size = Math.abs(value);
    const last = this.list[LISTED - 1] as Strongest | undefined;
    if (last !== undefined && size <= Math.abs(last.value)) return;
    const place = this.list.findIndex((other) => Math.abs(other.value) < size);
    this.list.splice(place < 0 ? this.list.length : place, 0, { row, column, value });
    if (this.list.length > LISTED) this.list.pop();
  }
}

export const ORDERS = ['scenario', 'links', 'own', 'name'] as const;
export type Order = (typeof ORDERS)[number];

/** Models in the order of the matrix's rows and columns. */
export function orderOf(order: Order, { models, effect }: Effects, degree: Uint32Array | null): Uint32Array {
  const count = models.length;
  const indices = Array.from(models.keys());
  const own = (model: number): number => {
    const value = effect[model * count + model];
    return Number.isNaN(value) ? Infinity : value;
  };
  switch (order) {
    case 'scenario':
      break;
    case 'links':
      if (degree !== null) indices.sort((a, b) => degree[b] - degree[a] || a - b);
      break;
    case 'own':
      indices.sort((a, b) => (own(a) < own(b) ? -1 : own(a) > own(b) ? 1 : a - b));
      break;
    case 'name':
      indices.sort((a, b) => models[a].localeCompare(models[b], 'en', { numeric: true }) || a - b);
      break;
  }
  return Uint32Array.from(indices);
}

/** Models are compared with whom others are judged by only where they share a curator. */
export function sameModels(
  brief: Pick<EcosystemBrief, 'models'> | undefined,
  models: readonly string[],
): boolean {
  return (
    brief !== undefined &&
    brief.models.length === models.length &&
    brief.models.every((name, k) => name === models[k])
  );
}
