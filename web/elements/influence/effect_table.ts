/** The matrix of a few models as a table: numbers on colours. */
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { effectText } from '../../../src/report/effect.ts';
import { printable } from '../../../src/report/text_table.ts';
import { VERDICT_MEANING } from '../../../src/report/verdict_text.ts';
import { heatBackground } from './effect_scale.ts';
import type { Effects } from './influence_data.ts';

/** More models are a picture. */
export const MOST_TABLED = 12;

export interface EffectTable {
  readonly effects: Effects;
  readonly most: number;
  readonly followed: number | null;
  readonly follow: (model: number) => void;
  readonly point: (at: { readonly row: number; readonly column: number } | null) => void;
}

export function effectTable({ effects, most, followed, follow, point }: EffectTable): TemplateResult {
  const { models, effect, alone, verdict } = effects;
  const count = models.length;
  const name = (model: number, before: string): TemplateResult =>
    html`<button
      type="button"
      title="${printable(models[model])}: follow it through all views"
      aria-pressed=${followed === model ? 'true' : 'false'}
      aria-label="${before} ${printable(models[model])}"
      @click=${() => {
        follow(model);
      }}
    >
      ${printable(models[model])}
    </button>`;
  const cell = (row: number, column: number): TemplateResult => {
    const value = effect[row * count + column];
    const marked = followed === row || followed === column;
    return html`<td
      class="${row === column ? 'own' : ''} ${marked ? 'marked' : ''}"
      .style=${`background: ${heatBackground(value, most)}`}
      @pointerenter=${() => {
        point({ row, column });
      }}
    >
      ${effectText(value)}
    </td>`;
  };
  return html`<table
    class="matrix"
    @pointerleave=${() => {
      point(null);
    }}
  >
    <caption class="visually-hidden">
      Influence: rows say whose reward, columns whose curation grows
    </caption>
    <thead>
      <tr>
        <th class="axis" scope="col">Reward of ↓ when curation grows at →</th>
        ${models.map((_, j) => html`<th scope="col" aria-label="at ${printable(models[j])}">${name(j, 'at')}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${models.map(
        (_, i) =>
          html`<tr>
            <th scope="row">${name(i, 'reward of')}</th>
            ${models.map((__, j) => cell(i, j))}
          </tr>`,
      )}
    </tbody>
    <tbody>
      ${
        count < 2
          ? nothing
          : html`<tr class="extra">
              <th scope="row">own reward, were the others frozen</th>
              ${Array.from(alone, (value) => html`<td .style=${`background: ${heatBackground(value, most)}`}>${effectText(value)}</td>`)}
            </tr>`
      }
      <tr class="extra">
        <th scope="row">verdict</th>
        ${verdict.map(
          (said) =>
            html`<td class="verdict">
              ${said === null ? '–' : html`<abbr title=${VERDICT_MEANING[said]}>${said}</abbr>`}
            </td>`,
        )}
      </tr>
    </tbody>
  </table>`;
}
