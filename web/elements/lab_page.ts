/** `<bf-lab-page>`: the scenario beside its run, on one screen. */
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import './chart_view.ts';
import { LabElement } from './lab_element.ts';
import { sharedStyles } from './shared_styles.ts';
import './graph_view.ts';
import './influence_view.ts';
import './compare_view.ts';
import './laws_view.ts';
import './phases_view.ts';
import './scenario_view.ts';
import './transport.ts';
import './verdict_view.ts';

export class LabPage extends LabElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(19rem, 24rem) minmax(0, 1fr);
        gap: 1rem;
        align-items: start;
      }
      .views {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr));
        gap: 1rem;
        min-width: 0;
      }
      .wide {
        grid-column: 1 / -1;
      }
      .transport {
        position: sticky;
        top: 0;
        z-index: 2;
        grid-column: 1 / -1;
        padding: 0.75rem 1rem;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--card);
      }
      @media (max-width: 62rem) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { lab } = this;
    return html`
      <bf-scenario .lab=${lab}></bf-scenario>
      <div class="views">
        <div class="transport"><bf-transport .lab=${lab}></bf-transport></div>
        ${lab.run.phases === null ? nothing : html`<bf-phases class="wide" .lab=${lab}></bf-phases>`}
        <bf-verdict class="wide" .lab=${lab}></bf-verdict>
        ${lab.pinned === null ? nothing : html`<bf-compare class="wide" .lab=${lab}></bf-compare>`}
        <bf-chart .lab=${lab}></bf-chart>
        <bf-graph .lab=${lab}></bf-graph>
        <bf-laws .lab=${lab}></bf-laws>
        <bf-influence .lab=${lab}></bf-influence>
      </div>
    `;
  }
}

customElements.define('bf-lab-page', LabPage);
