/** Rewards as colours: one even scale from violet over teal to yellow, ever lighter, so that no kind of colour vision mixes up two ends. */
import type { Track } from '../../services/track.ts';
import { decimalsOf, ticksBetween } from '../../ticks.ts';
import { contrast, hexOf, rgbOf, rgbOfOklab } from '../../colour_math.ts';
import type { Rgb } from '../../colour_math.ts';

export const RAMP_STEPS = 64;

/** Colour at 0 ≤ share ≤ 1: lightness and hue move evenly in OKLCH. */
export function rampColour(share: number): Rgb {
  const lightness = 0.33 + 0.57 * share;
  const hue = ((292 - 187 * share) * Math.PI) / 180;
  const chroma = 0.1;
  return rgbOfOklab([lightness, chroma * Math.cos(hue), chroma * Math.sin(hue)]);
}

export const RAMP: readonly string[] = Array.from({ length: RAMP_STEPS }, (_, k) =>
  hexOf(rampColour(k / (RAMP_STEPS - 1))),
);

/** Of models without a reward. */
export const UNKNOWN = '#9aa1ab';
const DARK_INK = '#14171b';
const LIGHT_INK = '#ffffff';

export interface RewardScale {
  readonly low: number;
  readonly high: number;
  /** Values to label, and their decimals. */
  readonly ticks: readonly number[];
  readonly decimals: number;
}

const TICKS = 4;

/** A scale over [low, high], widened to round numbers. */
export function rewardScale(low: number, high: number): RewardScale {
  const middle = (low + high) / 2;
  const half = Math.max((high - low) / 2, 1e-6 * Math.max(1, Math.abs(middle)));
  const inner = ticksBetween(middle - half, middle + half, TICKS);
  const step = inner.length > 1 ? inner[1] - inner[0] : 2 * half;
  const first = Math.floor((middle - half) / step + 1e-9);
  const last = Math.ceil((middle + half) / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, k) => (first + k) * step);
  return { low: first * step, high: last * step, ticks, decimals: Math.min(8, decimalsOf(ticks)) };
}

/** Step of the ramp for a reward; −1 for none. */
export function rampStep({ low, high }: RewardScale, reward: number): number {
  if (!Number.isFinite(reward)) return -1;
  const share = (reward - low) / (high - low);
  return Math.round(Math.min(1, Math.max(0, share)) * (RAMP_STEPS - 1));
}

export function rewardColour(scale: RewardScale, reward: number): string {
  const step = rampStep(scale, reward);
  return step < 0 ? UNKNOWN : RAMP[step];
}

/** The ink that reads better on a colour. */
export function inkOn(background: string): string {
  const behind = rgbOf(background);
  return contrast(behind, rgbOf(DARK_INK)) >= contrast(behind, rgbOf(LIGHT_INK)) ? DARK_INK : LIGHT_INK;
}

/** Smallest and largest reward of any model so far; looks at each round once. */
export class RewardRange {
  private track: Track | null = null;
  private seen = 0;
  private low = Infinity;
  private high = -Infinity;

  /** The scale of a run and of what is predicted for it; null before there is a number. */
  scale(track: Track, predicted: Float64Array | null): RewardScale | null {
    const mean = track.band('reward')?.mean;
    if (track !== this.track) {
      this.track = track;
      this.seen = 0;
      this.low = Infinity;
      this.high = -Infinity;
    }
    if (mean !== undefined) {
      this.widen(mean.subarray(this.seen));
      this.seen = mean.length;
    }
    if (predicted !== null && predicted.length === track.models) this.widen(predicted);
    return this.low <= this.high ? rewardScale(this.low, this.high) : null;
  }

  private widen(values: Float64Array): void {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      if (value < this.low) this.low = value;
      if (value > this.high) this.high = value;
    }
  }
}
