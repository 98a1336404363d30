/**
 * Mixing with shared sums. Where most producers reach a consumer with the same weight (complete graphs, hubs), the sum over
 * all of them is formed once and only the exceptions are added per consumer.
 */
import type { Mixing } from './mixing.ts';

export interface MixPlan {
  /** Terms per consumer over the stack's rows, plus row `rowCount` (all raw rows) and `rowCount + 1` (all channels). */
  readonly mixing: Mixing;
  readonly usesRawTotal: boolean;
  readonly usesChannelTotal: boolean;
}

/** Rewrites `mixing` over M raw rows and `channelCount` channels wherever that saves terms. */
export function planMixing(mixing: Mixing, modelCount: number, channelCount: number): MixPlan {
  const rowCount = modelCount + channelCount;
  const start = new Uint32Array(modelCount + 1);
  const row: number[] = [];
  const weight: number[] = [];
  const used = [false, false];
  for (let i = 0; i < modelCount; i++) {
    const terms = new Map<number, number>();
    for (let t = mixing.start[i]; t < mixing.start[i + 1]; t++) terms.set(mixing.row[t], mixing.weight[t]);
    for (const [group, from, to] of [
      [0, 0, modelCount],
      [1, modelCount, rowCount],
    ]) {
      const common = commonWeight(terms, from, to);
      if (common !== null) {
        used[group] = true;
        row.push(rowCount + group);
        weight.push(common);
      }
      const named = common === null ? [...terms.keys()].sort((a, b) => a - b) : span(from, to);
      for (const r of named) {
        const rest = r < from || r >= to ? 0 : (terms.get(r) ?? 0) - (common ?? 0);
        if (rest !== 0) {
          row.push(r);
          weight.push(rest);
        }
      }
    }
    start[i + 1] = row.length;
  }
  return {
    mixing: { start, row: Uint32Array.from(row), weight: Float64Array.from(weight) },
    usesRawTotal: used[0],
    usesChannelTotal: used[1],
  };
}

function span(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, k) => from + k);
}

/** The weight shared by so many of the rows that naming the exceptions is shorter, or null. */
function commonWeight(terms: Map<number, number>, from: number, to: number): number | null {
  const count = new Map<number, number>();
  let present = 0;
  for (const [r, w] of terms) {
    if (r < from || r >= to) continue;
    present++;
    count.set(w, (count.get(w) ?? 0) + 1);
  }
  let best: number | null = null;
  let most = 0;
  for (const [w, c] of count) if (c > most) [best, most] = [w, c];
  return 1 + (to - from - most) < 0.7 * present ? best : null;
}
