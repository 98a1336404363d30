/** `<bf-bench-adapter>`: what this machine offers, and which backend would run on it and why. */
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Observable } from '../../services/observable.ts';
import type { AdapterDetails, DoctorReport } from '../../worker/protocol.ts';
import { LabElement } from '../lab_element.ts';
import { sharedStyles } from '../shared_styles.ts';
import '../view_card.ts';
import { limitRows, SOFTWARE } from './words.ts';
import type { LimitRow } from './words.ts';

const UNTOLD = 'the browser does not say';

export class BenchAdapter extends LabElement {
  static override readonly properties = { ...LabElement.properties, said: { state: true } };
  static override readonly styles = [
    sharedStyles,
    css`
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 0.25rem 1rem;
      }
      dt {
        color: var(--faint);
      }
      dd {
        overflow-wrap: anywhere;
      }
      .features {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem;
      }
      .features li {
        padding: 0.0625rem 0.5rem;
        border: 1px solid var(--line);
        border-radius: 1rem;
        font-size: 0.8125rem;
        overflow-wrap: anywhere;
      }
      table {
        width: 100%;
      }
      th,
      td {
        white-space: normal;
        vertical-align: top;
      }
      tbody th {
        font-weight: 400;
        overflow-wrap: anywhere;
      }
      code {
        color: var(--faint);
        font-size: 0.75rem;
      }
      .meaning,
      .exact {
        display: block;
      }
      .exact {
        color: var(--faint);
        font-size: 0.75rem;
      }
      summary {
        font-weight: 600;
        min-height: 2.5rem;
        padding-block: 0.5rem;
        cursor: pointer;
      }
      .software {
        padding: 0.5rem 0.75rem;
        border-left: 4px solid var(--loss);
        border-radius: 0.375rem;
        background: var(--hover);
        font-weight: 600;
      }
      @media (max-width: 40rem) {
        dl {
          grid-template-columns: minmax(0, 1fr);
          gap: 0;
        }
        dd {
          margin-bottom: 0.5rem;
        }
      }
    `,
  ];

  declare private said: string;
  /** Whether there is room for long lists beside the measurements. */
  private readonly roomy = matchMedia('(min-width: 75rem)').matches;

  constructor() {
    super();
    this.said = '';
  }

  protected override services(): readonly Observable[] {
    return [this.lab, this.lab.bench];
  }

  protected override render(): TemplateResult {
    const { machine, bench } = this.lab;
    const known = machine !== null && bench.adapter !== undefined;
    return html`<bf-card heading="This machine">
      <button slot="tools" type="button" ?disabled=${!known} @click=${this.copy}>Copy</button>
      ${known ? this.machine(machine, bench.adapter ?? null) : html`<p class="faint">Asking the machine …</p>`}
      <p class="note" role="status">${this.said}</p>
    </bf-card>`;
  }

  private machine(machine: DoctorReport, details: AdapterDetails | null): TemplateResult {
    const { webgpu, choice } = machine;
    const adapter = webgpu.adapters.at(0);
    return html`<div class="stack">
      ${adapter?.software === true ? html`<p class="software">${SOFTWARE}.</p>` : nothing}
      <dl>
        ${
          adapter === undefined
            ? this.fact('WebGPU', `cannot be used: ${webgpu.reason}`)
            : html`${this.fact('Adapter', adapter.description)} ${this.fact('Vendor', details?.vendor ?? '')}
              ${this.fact('Architecture', details?.architecture ?? '')}
              ${this.fact('Kind', adapter.software ? 'software: the processor plays the GPU' : 'hardware')}
              ${this.fact('Self-test', adapter.selfTest)}`
        }
        ${this.fact('CPU backend', machine.cpu.description)}
        ${this.fact('A large run takes', `${choice.backend === 'webgpu' ? 'WebGPU' : 'the CPU backend'}: ${choice.reason}`)}
        ${this.presentRun()} ${this.fact('Browser', machine.runtime)}
      </dl>
      ${details === null ? nothing : this.offers(details)}
    </div>`;
  }

  private fact(name: string, value: string): TemplateResult {
    return html`<dt>${name}</dt>
      <dd>${value === '' ? html`<span class="faint">${UNTOLD}</span>` : value}</dd>`;
  }

  private presentRun(): TemplateResult | typeof nothing {
    const backend = this.lab.run.shown?.backend ?? null;
    if (backend === null) return nothing;
    const kind = backend.kind === 'webgpu' ? 'WebGPU' : 'the CPU backend';
    return this.fact('The present run has', `${kind}: ${backend.reason}`);
  }

  private offers({ features, limits }: AdapterDetails): TemplateResult {
    const rows = limitRows(limits);
    const [deciding, others] = [
      rows.filter(({ meaning }) => meaning !== ''),
      rows.filter(({ meaning }) => meaning === ''),
    ];
    return html`<details ?open=${this.roomy}>
        <summary>${features.length} features</summary>
        <ul class="features" aria-label="Features">
          ${features.map((feature) => html`<li>${feature}</li>`)}
        </ul>
      </details>
      <details ?open=${this.roomy}>
        <summary>${deciding.length} limits that decide how large a scenario may be</summary>
        ${this.limits(deciding, 'Limits that decide sizes')}
      </details>
      <details>
        <summary>${others.length} more limits</summary>
        ${this.limits(others, 'Further limits')}
      </details>`;
  }

  private limits(rows: readonly LimitRow[], label: string): TemplateResult {
    return html`<table class="limits" aria-label=${label}>
      <thead>
        <tr>
          <th scope="col">Limit</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ name, meaning, value, exact }) =>
            html`<tr>
              <th scope="row">
                ${meaning === '' ? nothing : html`<span class="meaning">${meaning}</span>`}<code
                  >${wrappable(name)}</code
                >
              </th>
              <td>
                ${value}
                ${
                  value === exact.toLocaleString('en-US')
                    ? nothing
                    : html`<span class="exact">${exact.toLocaleString('en-US')}</span>`
                }
              </td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private readonly copy = async (): Promise<void> => {
    const { machine, bench } = this.lab;
    const text = JSON.stringify({ ...machine, adapter: bench.adapter ?? null }, null, 2);
    try {
      await navigator.clipboard.writeText(text);
      this.said = 'Adapter, features and limits copied as JSON.';
    } catch {
      this.said = 'This browser does not let a page copy: select the text and copy it yourself.';
    }
  };
}

/** A name that breaks between its words. */
function wrappable(name: string): TemplateResult[] {
  return name.split(/(?=[A-Z])/).map((word) => html`${word}<wbr />`);
}

customElements.define('bf-bench-adapter', BenchAdapter);
