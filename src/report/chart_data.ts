import type { AnyRun } from '../engine/results.ts';
import { rewardScales } from './reward_scales.ts';
import { meanOf, replicatesOf, standardErrorOf } from './series.ts';

/** Mean reward over the replicates at one round, with the band mean ± 2 standard errors. */
export interface ChartPoint {
  readonly round: number;
  readonly reward: number;
  readonly low: number;
  readonly high: number;
}

export interface ChartLine {
  readonly name: string;
  readonly model: number;
  /** Index of the reward the model is measured by: models that share one are on the same scale. */
  readonly scale: number;
  /** In the order of rounds; the first is round 0. */
  readonly points: readonly ChartPoint[];
  readonly start: number;
  readonly end: number;
  /** NaN where none is known. */
  readonly predicted: number;
}

/** More models than this are drawn as a crowd, with the extremes picked out. */
export const MAX_NAMED_MODELS = 12;
const MAX_POINTS = 40_000;
const MAX_POINTS_PER_LINE = 500;
const MIN_POINTS_PER_LINE = 60;

/** The reward of every model over the rounds, thinned evenly where there are more rounds than a chart can show. */
export function chartLines(result: AnyRun): ChartLine[] {
  const { ecosystem, rounds, predictedReward } = result;
  const scales = rewardScales(ecosystem);
  const share = Math.floor(MAX_POINTS / ecosystem.models.length);
  const shown = roundsShown(rounds, Math.min(MAX_POINTS_PER_LINE, Math.max(MIN_POINTS_PER_LINE, share)));
  return ecosystem.models.map((name, model) => {
    const points = shown.map((round): ChartPoint => {
      const values = replicatesOf(result, 'reward', round, model);
      const reward = meanOf(values);
      const margin = values.length > 1 ? 2 * standardErrorOf(values) : 0;
      return { round, reward, low: reward - margin, high: reward + margin };
    });
    return {
      name,
      model,
      scale: scales.of[model],
      points,
      start: points[0].reward,
      end: points[points.length - 1].reward,
      predicted: predictedReward === null ? NaN : predictedReward[model],
    };
  });
}

function roundsShown(rounds: number, most: number): number[] {
  if (rounds < most) return Array.from({ length: rounds + 1 }, (_, round) => round);
  const picked = Array.from({ length: most }, (_, index) => Math.round((index * rounds) / (most - 1)));
  return [...new Set(picked)];
}

/** Two lines that start and end this close, as a part of the whole range, look like one. */
const ALIKE = 0.002;

/** Of a crowd, the models worth naming: highest and lowest at the end, largest gain and largest loss; none twice. */
export function extremesOf(lines: readonly ChartLine[]): ChartLine[] {
  if (lines.length === 0) return [];
  const [low, high] = rewardRange(lines);
  const alike = (a: number, b: number): boolean => Math.abs(a - b) <= ALIKE * (high - low);
  const values: readonly ((line: ChartLine) => number)[] = [
    (line) => line.end,
    (line) => -line.end,
    (line) => line.end - line.start,
    (line) => line.start - line.end,
  ];
  const chosen: ChartLine[] = [];
  for (const valueOf of values) {
    const best = lines.reduce((top, line) => (valueOf(line) > valueOf(top) ? line : top));
    if (!chosen.some((other) => alike(other.end, best.end) && alike(other.start, best.start)))
      chosen.push(best);
  }
  return chosen;
}

/** Linear interpolation between order statistics; `sorted` ascending and not empty, `part` in [0,1]. */
export function quantile(sorted: readonly number[], part: number): number {
  const position = part * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/** Lowest and highest value that a panel with these lines has to show. */
export function rewardRange(lines: readonly ChartLine[]): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  const include = (value: number): void => {
    if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  };
  for (const line of lines) {
    include(line.predicted);
    for (const point of line.points) [point.low, point.high, point.reward].forEach(include);
  }
  return low <= high ? [low, high] : [0, 1];
}

/**
 * Lines that belong on one axis. Models may be measured in different rewards; where a shared axis would flatten them
 * (their ranges together fill less than half of it) each reward gets a panel of its own.
 */
export function panelsOf(lines: readonly ChartLine[]): readonly (readonly ChartLine[])[] {
  const byScale = new Map<number, ChartLine[]>();
  for (const line of lines) byScale.set(line.scale, [...(byScale.get(line.scale) ?? []), line]);
  const groups = [...byScale.values()];
  if (groups.length < 2 || groups.length > 4) return [lines];
  const spread = ([low, high]: readonly [number, number]): number => high - low;
  const filled = groups.reduce((total, group) => total + spread(rewardRange(group)), 0);
  return filled < 0.5 * spread(rewardRange(lines)) ? groups : [lines];
}
