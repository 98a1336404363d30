/** Signed effects as colours: blue for gains, orange for losses, deeper with size; sizes of several powers of ten stay apart. */
import { unsafeCSS } from 'lit';
import type { CSSResult } from 'lit';
import { mixed } from '../../colour_math.ts';
import type { Rgb } from '../../colour_math.ts';

/** The deepest colours by theme; text in the theme's ink reads on them. */
export const HEAT = {
  gain: { light: '#6fb1e8', dark: '#0f5c93' },
  loss: { light: '#f0a163', dark: '#96440a' },
  undefined: { light: '#d3d7dd', dark: '#3c434c' },
} as const;

const token = (kind: keyof typeof HEAT): string => `light-dark(${HEAT[kind].light}, ${HEAT[kind].dark})`;

/** `--heat-gain`, `--heat-loss` and `--heat-undefined`. */
export function heatTokens(): CSSResult {
  return unsafeCSS(
    `--heat-gain: ${token('gain')}; --heat-loss: ${token('loss')}; --heat-undefined: ${token('undefined')};`,
  );
}

/** Effects below this part of the largest are drawn in proportion; larger ones by their power of ten. */
const LINEAR_PART = 30;

/** −1 … 1 for an effect where the largest is `most` (beyond it, ±1): asinh, which is linear about 0 and a logarithm far from it. */
export function heatOf(effect: number, most: number): number {
  if (!(most > 0)) return 0;
  const share = Math.min(1, Math.max(-1, effect / most));
  return Math.asinh(LINEAR_PART * share) / Math.asinh(LINEAR_PART);
}

/** Largest size of any effect that is defined; 0 of none. */
export function mostOf(effects: Float64Array): number {
  let most = 0;
  for (const effect of effects) if (Math.abs(effect) > most) most = Math.abs(effect);
  return most;
}

export interface HeatInks {
  readonly card: Rgb;
  readonly gain: Rgb;
  readonly loss: Rgb;
  readonly undefined: Rgb;
}

const STEPS = 128;

/** Colours of −1 … 1 in 2·128+1 steps, [step][r, g, b]. */
export function heatTable({ card, gain, loss }: HeatInks): Uint8ClampedArray {
  const table = new Uint8ClampedArray(3 * (2 * STEPS + 1));
  for (let step = -STEPS; step <= STEPS; step++) {
    table.set(mixed(card, step < 0 ? loss : gain, Math.abs(step) / STEPS), 3 * (step + STEPS));
  }
  return table;
}

export function heatStep(heat: number): number {
  return Math.round(Math.min(1, Math.max(-1, heat)) * STEPS) + STEPS;
}

/** CSS for a cell's background. */
export function heatBackground(effect: number, most: number): string {
  if (!Number.isFinite(effect)) return 'var(--heat-undefined)';
  const percent = Math.round(1000 * Math.abs(heatOf(effect, most))) / 10;
  return `color-mix(in oklab, var(--heat-${effect < 0 ? 'loss' : 'gain'}) ${percent}%, var(--card))`;
}

/** Effects worth labelling along the scale, from the largest loss to the largest gain. */
export function heatTicks(most: number): number[] {
  return most > 0 ? [-most, -most / 10, 0, most / 10, most] : [0];
}
