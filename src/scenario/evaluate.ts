/** From the way a scenario writes distributions and rewards to numbers, and what can be wrong on the way. */
import { BackfireError } from '../errors.ts';
import { LIMITS } from './limits.ts';
import type { Outcomes } from './outcomes.ts';
import { portableExp, portableLog } from './portable_math.ts';
import { grouped } from './problems.ts';
import { hintFor } from './suggest.ts';
import type { DistributionSpec, RewardSpec } from './values.ts';

/** What is wrong with a distribution for these outcomes, or null. */
export function distributionFault(spec: DistributionSpec, outcomes: Outcomes): string | null {
  if (spec === 'uniform' || 'zipf' in spec) return null;
  if ('peak' in spec) return peakFault(spec.peak.at, outcomes);
  if ('column' in spec) {
    const column = outcomes.table?.columns.get(spec.column);
    return column === undefined
      ? columnFault(spec.column, outcomes)
      : countsFault(column, spec.column, outcomes);
  }
  if (spec.length !== outcomes.count)
    return lengthFault(spec.length, outcomes, 'probability', 'probabilities');
  const sum = sumOf(spec);
  if (Math.abs(sum - 1) <= LIMITS.distributionSum) return null;
  return `the probabilities sum to ${shortNumber(sum)} — they must sum to 1 (within ${LIMITS.distributionSum})`;
}

/** What is wrong with a reward for these outcomes, or null. */
export function rewardFault(spec: RewardSpec, outcomes: Outcomes): string | null {
  if ('linear' in spec) return null;
  if ('peak' in spec) return peakFault(spec.peak.at, outcomes);
  if (!('column' in spec)) {
    return spec.length === outcomes.count ? null : lengthFault(spec.length, outcomes, 'reward', 'rewards');
  }
  const column = outcomes.table?.columns.get(spec.column);
  if (column === undefined) return columnFault(spec.column, outcomes);
  const bad = column.findIndex((value) => !(Math.abs(value) <= LIMITS.reward));
  if (bad < 0) return null;
  return `column "${spec.column}" holds ${column[bad]} at ${labelText(outcomes, bad)} — rewards must lie within ±${grouped(LIMITS.reward)}`;
}

/** Smallest and largest reward, without evaluating it; the spec must be free of faults. */
export function rewardRange(spec: RewardSpec, outcomes: Outcomes): readonly [number, number] {
  if ('linear' in spec) return ordered(spec.linear.from, spec.linear.to);
  if ('peak' in spec) return ordered(0, spec.peak.height);
  const values = 'column' in spec ? columnOf(spec.column, outcomes) : spec;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** The probabilities, normalised; the spec must be free of faults. Length V. */
export function distributionOf(spec: DistributionSpec, outcomes: Outcomes): Float64Array {
  const V = outcomes.count;
  if (spec === 'uniform') return new Float64Array(V).fill(1 / V);
  if ('peak' in spec) return normalised(bell(V, spec.peak.at, spec.peak.width));
  if ('zipf' in spec) return normalised(zipf(V, spec.zipf));
  return 'column' in spec
    ? normalisedColumn(columnOf(spec.column, outcomes))
    : normalised(Float64Array.from(spec));
}

/** Sweeps compile the same columns hundreds of times; what is compiled is never written to. */
const NORMALISED = new WeakMap<Float64Array, Float64Array>();

function normalisedColumn(column: Float64Array): Float64Array {
  const known = NORMALISED.get(column) ?? normalised(Float64Array.from(column));
  NORMALISED.set(column, known);
  return known;
}

/** The rewards; the spec must be free of faults. Length V. */
export function rewardOf(spec: RewardSpec, outcomes: Outcomes): Float64Array {
  const V = outcomes.count;
  if ('peak' in spec) {
    const { at, width, height } = spec.peak;
    return bell(V, at, width).map((value) => height * value);
  }
  if ('linear' in spec) {
    const { from, to } = spec.linear;
    return new Float64Array(V).map((_, v) => from + ((to - from) * v) / (V - 1));
  }
  return Float64Array.from('column' in spec ? columnOf(spec.column, outcomes) : spec);
}

/** Sum with Neumaier's compensation. */
export function sumOf(values: Iterable<number>): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

/** Enough digits to tell a number from the one it should be. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(10)));
}

function normalised(values: Float64Array): Float64Array {
  const sum = sumOf(values);
  if (sum !== 1) for (let v = 0; v < values.length; v++) values[v] /= sum;
  return values;
}

function bell(V: number, at: number, width: number): Float64Array {
  return new Float64Array(V).map((_, v) => portableExp(-0.5 * ((v - at) / width) ** 2));
}

function zipf(V: number, exponent: number): Float64Array {
  return new Float64Array(V).map((_, v) => portableExp(-exponent * portableLog(v + 1)));
}

function columnOf(name: string, outcomes: Outcomes): Float64Array {
  const column = outcomes.table?.columns.get(name);
  if (column === undefined)
    throw new BackfireError('internal', `column "${name}" was not checked before use`);
  return column;
}

function columnFault(name: string, { table }: Outcomes): string {
  if (table === null) {
    return `column "${name}" needs a table — "outcomes" must be {"dataset": name} or {"csv": file}`;
  }
  return `column "${name}" is not in ${table.source}${hintFor(name, table.columns.keys())}`;
}

function countsFault(column: Float64Array, name: string, outcomes: Outcomes): string | null {
  if (NORMALISED.has(column)) return null;
  const bad = column.findIndex((value) => !(value >= 0 && value <= Number.MAX_VALUE));
  if (bad >= 0) {
    return `column "${name}" holds ${column[bad]} at ${labelText(outcomes, bad)} — counts must be 0 or more`;
  }
  const sum = sumOf(column);
  if (sum === 0) return `column "${name}" is zero for every outcome — a distribution needs a positive one`;
  return sum <= Number.MAX_VALUE
    ? null
    : `column "${name}" sums to more than ${Number.MAX_VALUE} — scale it down`;
}

function peakFault(at: number, { count, noun = 'outcome' }: Outcomes): string | null {
  return at <= count - 1
    ? null
    : `the peak is at ${at} — it must be an ${noun} index from 0 to ${grouped(count - 1)}`;
}

function lengthFault(
  length: number,
  { count, noun = 'outcome' }: Outcomes,
  one: string,
  several: string,
): string {
  return `${grouped(length)} ${length === 1 ? one : several} for ${grouped(count)} ${noun}s — one per ${noun} is needed`;
}

function labelText({ labels }: Outcomes, index: number): string {
  return labels === null ? `outcome ${index}` : JSON.stringify(labels[index]);
}

function ordered(a: number, b: number): readonly [number, number] {
  return a < b ? [a, b] : [b, a];
}
