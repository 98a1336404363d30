/** Beside the picture of many models: how many of each verdict, and the strongest effects. */
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { POINTS, effectText } from '../../../src/report/effect.ts';
import { VERDICT_MEANING } from '../../../src/report/verdict_text.ts';
import { clipped } from '../../clipped.ts';
import { VERDICTS } from './influence_data.ts';
import type { Effects, InfluenceSummary, Strongest } from './influence_data.ts';

export const summaryStyles = css`
  .summary {
    display: grid;
    gap: 1rem;
    align-content: start;
    min-width: 0;
    font-size: 0.8125rem;
  }
  .summary h3 {
    margin-bottom: 0.25rem;
    font-size: 0.8125rem;
  }
  .counts {
    display: grid;
    grid-template-columns: auto minmax(3rem, 1fr) auto;
    gap: 0.25rem 0.625rem;
    align-items: center;
  }
  .counts .bar {
    height: 0.625rem;
    border-radius: 0.1875rem;
    background: var(--control);
  }
  .counts .losing {
    background: var(--loss);
  }
  .counts .gaining {
    background: var(--gain);
  }
  .strongest {
    width: 100%;
    min-width: 0;
    font-size: 0.8125rem;
  }
  .strongest td,
  .strongest th {
    padding: 0.125rem 0.25rem;
    border-bottom: 0;
  }
  .strongest th {
    font-weight: 400;
    text-align: left;
    white-space: normal;
  }
  .strongest button {
    display: inline;
    min-height: 1.5rem;
    padding: 0;
    border: 0;
    background: transparent;
    color: var(--accent);
    font-weight: 550;
    text-decoration: underline;
    text-underline-offset: 2px;
    overflow-wrap: anywhere;
  }
`;

export function summaryView(
  { models }: Effects,
  { counts, ownLosses, othersLosses, othersGains }: InfluenceSummary,
  follow: (model: number) => void,
): TemplateResult {
  const name = (model: number): TemplateResult =>
    html`<button
      type="button"
      title="Follow it through all views"
      @click=${() => {
        follow(model);
      }}
    >
      ${clipped(models[model], 24)}
    </button>`;
  const list = (
    title: string,
    entries: readonly Strongest[],
    own: boolean,
  ): TemplateResult | typeof nothing =>
    entries.length === 0
      ? nothing
      : html`<div>
          <h3>${title}</h3>
          <table class="strongest">
            <tbody>
              ${entries.map(
                ({ row, column, value }) =>
                  html`<tr>
                    <th scope="row">
                      ${own ? name(row) : html`${name(row)}, by curation at ${name(column)}`}
                    </th>
                    <td class=${value < 0 ? 'loss' : 'gain'}>${effectText(value)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`;
  return html`<div class="summary">
    ${verdictCounts(counts)} ${list('Largest own losses', ownLosses, true)}
    ${list('Largest losses of others', othersLosses, false)}
    ${list('Largest gains of others', othersGains, false)}
    <p class="note">Per ${POINTS} points more curation, in the long run.</p>
  </div>`;
}

function verdictCounts(counts: InfluenceSummary['counts']): TemplateResult {
  const most = Math.max(1, ...Object.values(counts));
  const row = (label: TemplateResult | string, count: number, kind: string): TemplateResult =>
    html`<span>${label}</span>
      <span class="bar ${kind}" .style=${`width: ${(100 * count) / most}%`}></span>
      <span class="number">${count.toLocaleString('en-US')}</span>`;
  return html`<div>
    <h3>Models by verdict</h3>
    <div class="counts">
      ${VERDICTS.map((verdict) =>
        row(
          html`<abbr title=${VERDICT_MEANING[verdict]}>${verdict}</abbr>`,
          counts[verdict],
          verdict === 'amplified' || verdict === 'attenuated' ? 'gaining' : 'losing',
        ),
      )}
      ${counts.none === 0 ? nothing : row('no verdict', counts.none, '')}
    </div>
  </div>`;
}
