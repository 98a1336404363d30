/** The numbers under the crosshair and the key of the marks, as templates. */
import { html, nothing, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import { shortText, signedText } from '../../../src/report/number_text.ts';
import { clipped } from '../../clipped.ts';
import { modelColour } from '../../model_colours.ts';
import { keyOf } from './key.ts';
import type { KeyEntry } from './key.ts';
import type { Readout, ReadoutRow } from './readout.ts';
import type { ChartView } from './view.ts';

const MOST_NAME = 24;

/** A model of a crowd that has no line of its own. */
export interface PointedModel {
  readonly name: string;
  readonly value: number;
}

export function readoutTable(
  readout: Readout,
  { metric }: ChartView,
  followed: number | null,
  pointed: PointedModel | null,
  place: string,
): TemplateResult {
  const { rows, banded, pinned, predicted } = readout;
  return html`<div class="readout" .style=${place} aria-hidden="true">
    <p><span class="strong">Round ${readout.round.toLocaleString('en-US')}</span> · ${metric.axis}</p>
    <table>
      ${
        banded || pinned || predicted
          ? html`<thead>
              <tr>
                <th></th>
                <th>now</th>
                ${banded ? html`<th>10–90 %</th>` : nothing} ${predicted ? html`<th>predicted</th>` : nothing}
                ${
                  pinned
                    ? html`<th>pinned</th>
                        <th>difference</th>`
                    : nothing
                }
              </tr>
            </thead>`
          : nothing
      }
      <tbody>
        ${rows.map((row) => rowOf(row, readout, followed))}
        ${
          pointed === null
            ? nothing
            : html`<tr class="strong">
                <th>${swatch(null)} ${clipped(pointed.name, MOST_NAME)}</th>
                <td>${shortText(pointed.value)}</td>
              </tr>`
        }
      </tbody>
    </table>
  </div>`;
}

function rowOf(
  row: ReadoutRow,
  { banded, pinned, predicted }: Readout,
  followed: number | null,
): TemplateResult {
  const band = Number.isFinite(row.low) ? `${shortText(row.low, 3)}–${shortText(row.high, 3)}` : '';
  const ahead = row.model !== null && row.model === followed;
  return html`<tr class=${ahead ? 'strong' : ''}>
    <th>${swatch(row.colour)} ${clipped(row.name, MOST_NAME)}</th>
    <td>${shortText(row.value)}</td>
    ${banded ? html`<td>${band}</td>` : nothing}
    ${predicted ? html`<td>${shortText(row.predicted)}</td>` : nothing}
    ${
      pinned
        ? html`<td>${shortText(row.pinned)}</td>
            <td>${signedText(row.value - row.pinned)}</td>`
        : nothing
    }
  </tr>`;
}

function swatch(colour: number | null): TemplateResult {
  const fill = colour === null ? 'currentColor' : modelColour(colour);
  return html`<svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
    <circle cx="5" cy="5" r="4" fill=${fill}></circle>
  </svg>`;
}

/** What the marks of the chart mean. */
export function keyList(view: ChartView): TemplateResult | typeof nothing {
  const entries = keyOf(view);
  if (entries.length === 0) return nothing;
  return html`<ul class="key note">
    ${entries.map(
      ({ mark, text }) =>
        html`<li>
          <svg width="26" height="10" viewBox="0 0 26 10" aria-hidden="true">${MARKS[mark]}</svg>
          ${text.replace(/^[a-z ]+: /, '')}
        </li>`,
    )}
  </ul>`;
}

const MARKS: Readonly<Record<KeyEntry['mark'], SVGTemplateResult>> = {
  area: svg`<rect width="26" height="10" fill="currentColor" fill-opacity="0.25"></rect>`,
  line: svg`<path d="M0 5H26" stroke="currentColor" stroke-width="2.25"></path>`,
  dashed: svg`<path d="M0 5H26" stroke="currentColor" stroke-width="1.5" stroke-dasharray="7,4"></path>`,
  dotted: svg`<path d="M0 5H26" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2,4"></path>`,
};
