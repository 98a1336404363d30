import type { RunResult } from '../engine/results.ts';
import { signedText } from './number_text.ts';
import { paintSign } from './paint.ts';
import type { Paint } from './paint.ts';
import { finalSharesOf } from './series.ts';
import { printable } from './text_table.ts';

const MAX_MODELS = 4;
const MIN_OUTCOMES = 50;
const SHOWN = 5;
const MAX_LABEL = 24;

export interface ShareChange {
  readonly outcome: number;
  /** Change of share from the real data to the last round, mean over the replicates. */
  readonly change: number;
}

/** The outcomes whose share grew most and shrank most, from real data to the last round; largest change first. */
export function largestChanges(
  result: RunResult,
  model: number,
  most: number,
): { readonly gained: readonly ShareChange[]; readonly lost: readonly ShareChange[] } {
  const { ecosystem, replicates } = result;
  const change = Float64Array.from(ecosystem.distributions[ecosystem.realOf[model]], (share) => -share);
  for (let replicate = 0; replicate < replicates; replicate++) {
    const shares = finalSharesOf(result, replicate, model);
    for (let outcome = 0; outcome < change.length; outcome++) change[outcome] += shares[outcome] / replicates;
  }
  const largest = (sign: 1 | -1): ShareChange[] => {
    const best: ShareChange[] = [];
    for (let outcome = 0; outcome < change.length; outcome++) {
      const size = sign * change[outcome];
      if (size <= 0 || (best.length === most && size <= sign * best[most - 1].change)) continue;
      const place = best.findIndex((other) => sign * other.change < size);
      best.splice(place < 0 ? best.length : place, 0, { outcome, change: change[outcome] });
      if (best.length > most) best.pop();
    }
    return best;
  };
  return { gained: largest(1), lost: largest(-1) };
}

/** Lines that name the words each model now uses more and less; null without labels, or where a table says it all. */
export function wordChanges(result: RunResult, paint: Paint): string | null {
  const { labels, models, outcomeCount } = result.ecosystem;
  if (labels === null || models.length > MAX_MODELS || outcomeCount < MIN_OUTCOMES) return null;
  const list = (changes: readonly ShareChange[]): string =>
    changes
      .map(({ outcome, change }) => {
        const points = paintSign(change, signedText(100 * change, 2), paint);
        return `${printable(labels[outcome]).slice(0, MAX_LABEL)} ${points}`;
      })
      .join(', ') || 'none';
  const longest = Math.max(...models.map((name) => printable(name).length));
  const names = models.map((name) => printable(name).padEnd(longest));
  const lines = models.flatMap((_, model) => {
    const { gained, lost } = largestChanges(result, model, SHOWN);
    return [
      `${names[model]} gains  ${list(gained)}`,
      `${' '.repeat(names[model].length)} loses  ${list(lost)}`,
    ];
  });
  return [
    paint.faint('Largest changes of share from real data to the last round, in percentage points'),
    ...lines,
  ].join('\n');
}
