/** How far preferences have moved, one line per curator whose preference adapts. */
import type { RunResult } from '../engine/results.ts';
import { fixedText } from './number_text.ts';
import { meanOf } from './series.ts';
import { printable } from './text_table.ts';

/** Null where no preference adapts. */
export function preferencesText({ preferences, replicates }: RunResult): string | null {
  if (preferences === undefined) return null;
  const { groups, featureCount, initial, final } = preferences;
  return groups
    .map((name, g) => {
      const first = initial[g];
      const lasts = Array.from({ length: replicates }, (_, r) =>
        final.subarray((r * groups.length + g) * featureCount, (r * groups.length + g + 1) * featureCount),
      );
      const length = meanOf(Float64Array.from(lasts, lengthOf));
      const cosine = meanOf(
        Float64Array.from(lasts, (last) => product(first, last) / (lengthOf(first) * lengthOf(last))),
      );
      const turned = Number.isFinite(cosine)
        ? `, turned by ${fixedText((180 / Math.PI) * Math.acos(Math.min(1, Math.max(-1, cosine))), 1)}°`
        : '';
      return `Preference of ${printable(name)}: length ${fixedText(lengthOf(first), 3)} → ${fixedText(length, 3)}${turned}`;
    })
    .join('\n');
}

function product(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, f) => sum + value * b[f], 0);
}

function lengthOf(vector: Float64Array): number {
  return Math.sqrt(product(vector, vector));
}
