/** `<bf-chart-numbers>`: the present value of every metric of every model, as a table that can be opened. */
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { shortText } from '../../../src/report/number_text.ts';
import { printable } from '../../../src/report/text_table.ts';
import { modelColour } from '../../model_colours.ts';
import type { ShownRun } from '../../services/run_service.ts';
import { LabElement } from '../lab_element.ts';
import { sharedStyles } from '../shared_styles.ts';
import { MOST_LINES } from './crowd.ts';
import { metricShown, metricsOf } from './metrics.ts';
import type { MetricInfo } from './metrics.ts';

const MOST_ROWS = 100;
/** While a run plays, the table is renewed this often. */
const RENEW_MS = 250;

export class ChartNumbers extends LabElement {
  static override readonly properties = {
    ...LabElement.properties,
    open: { state: true },
    filter: { state: true },
  };
  static override readonly styles = [
    sharedStyles,
    css`
      summary {
        padding-block: 0.5rem;
        color: var(--accent);
        font-weight: 550;
        cursor: pointer;
      }
      .scroll {
        max-height: 22rem;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--card);
      }
      .follow {
        min-height: 1.75rem;
        padding: 0 0.5rem;
        font-weight: 550;
      }
      tr.chosen {
        background: var(--hover);
      }
      @media (pointer: coarse) {
        .follow {
          min-height: 2.5rem;
        }
      }
    `,
  ];

  declare private open: boolean;
  declare private filter: string;
  private renewed = -Infinity;

  constructor() {
    super();
    this.open = false;
    this.filter = '';
  }

  protected override shouldUpdate(changed: Map<PropertyKey, unknown>): boolean {
    if (changed.size > 0) return true;
    if (!this.open) return false;
    return this.lab.run.stage !== 'playing' || performance.now() - this.renewed > RENEW_MS;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { shown } = this.lab.run;
    return html`<details
      @toggle=${(event: Event) => {
        if (event.target instanceof HTMLDetailsElement) this.open = event.target.open;
      }}
    >
      <summary>Numbers</summary>
      ${this.open && shown !== null ? this.table(shown) : nothing}
    </details>`;
  }

  private table(shown: ShownRun): TemplateResult {
    this.renewed = performance.now();
    const { brief, track, round } = shown;
    const { prediction } = this.lab.theory;
    const metrics = metricsOf(brief.family).filter(({ id }) => id !== 'homogenisation');
    const reward = prediction?.models.length === brief.models.length ? prediction.reward : null;
    const found = this.found(shown);
    const rows = found.slice(0, MOST_ROWS);
    const whole = track.band('homogenisation')?.mean.at(-1) ?? NaN;
    return html`<div class="stack">
      <p class="note">
        After round
        ${round.toLocaleString('en-US')}${
          brief.replicates > 1 ? `, mean of ${brief.replicates.toLocaleString('en-US')} replicates` : ''
        }.
        ${Number.isFinite(whole) ? `Mean distance between models (total variation): ${shortText(whole)}.` : ''}
        Choose a model to follow it through all views.
      </p>
      ${
        brief.models.length > MOST_LINES
          ? html`<label class="row"
              >Only models with
              <input type="search" .value=${this.filter} @input=${this.onFilter} />
              in their name</label
            >`
          : nothing
      }
      <div class="scroll" tabindex="0" role="region" aria-label="Numbers of every model">
        <table>
          <thead>
            <tr>
              <th scope="col">Model</th>
              ${metrics.map((metric) => html`<th scope="col" title=${metric.meaning}>${metric.axis}</th>`)}
              ${reward === null ? nothing : html`<th scope="col">predicted reward</th>`}
            </tr>
          </thead>
          <tbody>
            ${rows.map((model) => this.row(shown, metrics, model, reward))}
          </tbody>
        </table>
      </div>
      ${
        found.length > rows.length
          ? html`<p class="note">
              The first ${rows.length} of ${found.length.toLocaleString('en-US')} models; those of the chosen
              metric’s largest values come first.
            </p>`
          : nothing
      }
    </div>`;
  }

  /** Models that the filter leaves; of many, the largest values of the chosen metric first. */
  private found({ brief, track }: ShownRun): number[] {
    const wanted = this.filter.trim().toLowerCase();
    const all = [...brief.models.keys()];
    if (all.length <= MOST_LINES) return all;
    const { id } = metricShown(brief.family, this.lab.state.metric);
    const key = id === 'homogenisation' ? 'reward' : id;
    const value = (model: number): number => {
      const last = track.last(key, model);
      return Number.isNaN(last) ? -Infinity : last;
    };
    const values = new Map(all.map((model) => [model, value(model)]));
    return all
      .filter((model) => brief.models[model].toLowerCase().includes(wanted))
      .sort((a, b) => (values.get(b) ?? 0) - (values.get(a) ?? 0) || a - b);
  }

  private row(
    { brief, track }: ShownRun,
    metrics: readonly MetricInfo[],
    model: number,
    reward: Float64Array | null,
  ): TemplateResult {
    const followed = model === this.lab.followed;
    const colour = brief.models.length > MOST_LINES ? 'currentColor' : modelColour(model);
    return html`<tr class=${followed ? 'chosen' : ''}>
      <th scope="row">
        <button
          class="follow quiet"
          type="button"
          aria-pressed=${followed ? 'true' : 'false'}
          @click=${() => {
            this.lab.follow(model);
          }}
        >
          <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
            <circle cx="5" cy="5" r="4" fill=${colour}></circle>
          </svg>
          ${printable(brief.models[model])}
        </button>
      </th>
      ${metrics.map(({ id }) => html`<td>${shortText(track.last(id, model))}</td>`)}
      ${reward === null ? nothing : html`<td>${shortText(reward[model])}</td>`}
    </tr>`;
  }

  private readonly onFilter = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) this.filter = event.target.value;
  };
}

customElements.define('bf-chart-numbers', ChartNumbers);
