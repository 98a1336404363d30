/** The key of the heat map. */
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { effectText } from '../../../src/report/effect.ts';
import { heatOf, heatTicks } from './effect_scale.ts';

export function heatKey(most: number): TemplateResult {
  return html`<div class="heat">
    <span>Loss … gain</span>
    <span class="bar"></span>
    <span class="ticks"
      >${heatTicks(most).map(
        (tick) =>
          html`<span .style=${`left: ${50 + 50 * heatOf(tick, most)}%`}
            >${tick === 0 ? '0' : effectText(tick)}</span
          >`,
      )}</span
    >
  </div>`;
}
