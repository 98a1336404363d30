/** `<bf-bench-page>`: what this machine offers, and how fast it is. */
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Observable } from '../../services/observable.ts';
import type { BenchReport } from '../../worker/protocol.ts';
import { LabElement } from '../lab_element.ts';
import { sharedStyles } from '../shared_styles.ts';
import '../view_card.ts';
import './adapter_card.ts';
import './measure_card.ts';
import './results.ts';
import './scaling.ts';

const AXES = ['population', 'outcomes', 'models'] as const;

export class BenchPage extends LabElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(20rem, 30rem) minmax(0, 1fr);
        gap: 1rem;
        align-items: start;
      }
      .results,
      .charts {
        display: grid;
        gap: 1rem;
        min-width: 0;
      }
      .charts {
        grid-template-columns: repeat(2, minmax(0, 1fr));
      }
      .charts > :last-child:nth-child(odd) {
        grid-column: 1 / -1;
      }
      .missing li {
        padding-block: 0.25rem;
        border-bottom: 1px solid var(--line);
        overflow-wrap: anywhere;
      }
      @media (max-width: 75rem) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      @media (max-width: 48rem) {
        .charts {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.lab.bench.askAdapter();
  }

  protected override services(): readonly Observable[] {
    return [this.lab.bench];
  }

  protected override render(): TemplateResult {
    const { lab } = this;
    const { report, stage } = lab.bench;
    const axes = AXES.filter((axis) => report?.scaling.some((one) => one.axis === axis));
    return html`<bf-bench-adapter .lab=${lab}></bf-bench-adapter>
      <div class="results">
        <bf-bench-measure .lab=${lab}></bf-bench-measure>
        <bf-bench-results .lab=${lab}></bf-bench-results>
        ${
          axes.length === 0
            ? nothing
            : html`<div class="charts">
                ${axes.map((axis) => html`<bf-bench-scaling .lab=${lab} axis=${axis}></bf-bench-scaling>`)}
              </div>`
        }
        ${report === null || report.missing.length === 0 ? nothing : this.missing(report, stage === 'cancelled')}
      </div>`;
  }

  private missing({ missing }: BenchReport, early: boolean): TemplateResult {
    const because = this.lab.bench.cancelling ? 'it was cancelled' : 'the run needed the machine';
    return html`<bf-card heading="What is missing, and why" .files=${null}>
      ${early ? html`<p class="early">The measurement ended early: ${because}. What was measured stays.</p>` : nothing}
      <ul class="missing">
        ${missing.map(({ what, reason }) => html`<li>${what} <span class="faint">— ${reason}</span></li>`)}
      </ul>
    </bf-card>`;
  }
}

customElements.define('bf-bench-page', BenchPage);
