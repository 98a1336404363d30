/** The key of the reward scale. */
import { css, html, unsafeCSS } from 'lit';
import type { TemplateResult } from 'lit';
import { fixedText } from '../../../src/report/number_text.ts';
import { RAMP } from './reward_scale.ts';
import type { RewardScale } from './reward_scale.ts';

export const rampStyles = css`
  .ramp {
    display: grid;
    grid-template-columns: auto minmax(8rem, 18rem);
    gap: 0 0.625rem;
    align-items: start;
    font-size: 0.8125rem;
  }
  .ramp .bar {
    height: 0.75rem;
    margin-top: 0.25rem;
    border: 1px solid var(--control);
    border-radius: 0.25rem;
    background: linear-gradient(to right, ${unsafeCSS(RAMP.filter((_, k) => k % 7 === 0).join(', '))});
  }
  .ramp .ticks {
    position: relative;
    grid-column: 2;
    height: 1.25rem;
    color: var(--faint);
    font-variant-numeric: tabular-nums;
  }
  .ramp .ticks span {
    position: absolute;
    transform: translateX(-50%);
    white-space: nowrap;
  }
  .ramp .ticks span:first-child {
    transform: none;
  }
  .ramp .ticks span:last-child {
    transform: translateX(-100%);
  }
`;

export function rampKey(scale: RewardScale): TemplateResult {
  const { low, high, ticks, decimals } = scale;
  const shown = ticks.length <= 4 ? ticks : ticks.filter((_, k) => k === 0 || k === ticks.length - 1);
  return html`<div class="ramp">
    <span>Reward</span>
    <span class="bar"></span>
    <span class="ticks"
      >${shown.map(
        (tick) =>
          html`<span .style=${`left: ${(100 * (tick - low)) / (high - low)}%`}
            >${fixedText(tick, decimals)}</span
          >`,
      )}</span
    >
  </div>`;
}
