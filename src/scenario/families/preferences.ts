/** Preference vectors and the features they judge by. */
import type { Outcomes } from '../outcomes.ts';
import type { FeaturesSpec } from './curator_schema.ts';

/** φ, [outcome][feature]; null for one-hot features, of which no table is kept. */
export function featureTable(features: FeaturesSpec): Float64Array | null {
  if (features === 'one-hot') return null;
  const count = features[0].length;
  const table = new Float64Array(features.length * count);
  features.forEach((row, v) => table.set(row, v * count));
  return table;
}

/** Length of a vector. */
export function lengthOf(vector: readonly number[] | Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}

/** The outcome that "e:label" names, or -1. */
export function namedOutcome(text: string, { labels, count }: Outcomes): number {
  const label = text.slice(2);
  if (labels !== null) return labels.indexOf(label);
  const index = /^\d+$/.test(label) ? Number(label) : -1;
  return index < count ? index : -1;
}

/** w, length F, from a preference that is free of problems; `table` as `featureTable` gives it. */
export function preferenceVector(
  preference: string | readonly number[],
  table: Float64Array | null,
  outcomes: Outcomes,
): Float64Array {
  if (typeof preference !== 'string') return Float64Array.from(preference);
  const outcome = namedOutcome(preference, outcomes);
  if (table !== null) {
    const count = table.length / outcomes.count;
    return table.slice(outcome * count, (outcome + 1) * count);
  }
  const unit = new Float64Array(outcomes.count);
  unit[outcome] = 1;
  return unit;
}
