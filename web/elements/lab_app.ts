/** `<bf-app>`: the page's frame: title, pages, what the machine offers, notices, and the keys. */
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { X, icon } from '../icons.ts';
import { keyAction } from '../services/keys.ts';
import { Lab } from '../services/lab.ts';
import type { Page } from '../state/lab_state.ts';
import { LabElement } from './lab_element.ts';
import './lab_page.ts';
import { sharedStyles } from './shared_styles.ts';
import './share_menu.ts';
import './theme_button.ts';

/** The pages there are so far; links may name others of the format, which open the lab. */
const TITLES: ReadonlyMap<Page, string> = new Map([
  ['lab', 'Lab'],
  ['bench', 'Bench'],
]);

/** What the CPU backend may still be able to do. */
const GPU_FAILURES = ['device-lost', 'too-large', 'no-adapter', 'bad-adapter', 'shader'];

export class LabApp extends LabElement {
  static override readonly properties = { ...LabElement.properties, loaded: { state: true } };
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        gap: 1rem;
        max-width: 112rem;
        min-height: 100vh;
        margin: 0 auto;
        padding: 0 1.25rem 2rem;
        grid-template-rows: auto auto 1fr auto;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
        align-items: center;
        padding-top: 0.75rem;
      }
      h1 {
        font-size: 1.25rem;
        letter-spacing: -0.02em;
      }
      .claim {
        flex: 1 1 18rem;
        color: var(--faint);
        font-size: 0.8125rem;
      }
      nav {
        display: flex;
        gap: 0.25rem;
      }
      nav button {
        border-color: transparent;
        background: transparent;
      }
      .notices {
        display: grid;
        gap: 0.5rem;
      }
      .notice {
        display: flex;
        gap: 0.75rem;
        align-items: start;
        justify-content: space-between;
        padding: 0.625rem 0.75rem;
        border-left: 4px solid var(--loss);
        border-radius: 0.375rem;
        background: var(--card);
        overflow-wrap: anywhere;
      }
      .notice p {
        padding-block: 0.375rem;
      }
      footer {
        color: var(--faint);
        font-size: 0.8125rem;
        overflow-wrap: anywhere;
      }
      @media (max-width: 40rem) {
        :host {
          padding-inline: 0.75rem;
        }
        .claim {
          display: none;
        }
      }
    `,
  ];

  /** Pages whose code has arrived. */
  declare private loaded: ReadonlySet<Page>;

  constructor() {
    super();
    this.lab = new Lab();
    this.loaded = new Set<Page>(['lab']);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKey);
    void this.lab.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.onKey);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const action = keyAction(event);
    if (action === null || this.shownPage !== 'lab') return;
    event.preventDefault();
    void action(this.lab);
  };

  private async load(page: Page): Promise<void> {
    if (page === 'bench') await import('./bench/bench_page.ts');
    this.loaded = new Set([...this.loaded, page]);
  }

  protected override willUpdate(): void {
    const page = this.shownPage;
    if (!this.loaded.has(page)) void this.load(page);
  }

  protected override render(): TemplateResult {
    return html`
      <header>
        <h1>Backfire</h1>
        <nav aria-label="Pages">
          ${[...TITLES].map(
            ([page, title]) =>
              html`<button
                type="button"
                aria-current=${page === this.shownPage ? 'page' : 'false'}
                @click=${() => {
                  this.lab.store.set({ page });
                }}
              >
                ${title}
              </button>`,
          )}
        </nav>
        <p class="claim">
          Models train on each other’s output, and people curate some of it. Who ends up better off?
        </p>
        <bf-share .lab=${this.lab}></bf-share>
        <bf-theme></bf-theme>
      </header>
      <div class="notices" role="status">${this.notices()}</div>
      <main>${this.page()}</main>
      <footer>${this.machineLine()}</footer>
    `;
  }

  private get shownPage(): Page {
    const { page } = this.lab.state;
    return TITLES.has(page) ? page : 'lab';
  }

  private page(): TemplateResult | typeof nothing {
    const page = this.shownPage;
    if (!this.loaded.has(page)) return nothing;
    return page === 'bench'
      ? html`<bf-bench-page .lab=${this.lab}></bf-bench-page>`
      : html`<bf-lab-page .lab=${this.lab}></bf-lab-page>`;
  }

  private notices(): TemplateResult[] {
    const { notices, run } = this.lab;
    const { failure } = run;
    return [
      ...(failure === null
        ? []
        : [
            html`<div class="notice" role="alert">
              <p>${failure.message}</p>
              ${
                GPU_FAILURES.includes(failure.code) && this.lab.state.backend !== 'cpu'
                  ? html`<button type="button" @click=${this.runOnCpu}>Run it on the CPU</button>`
                  : nothing
              }
            </div>`,
          ]),
      ...notices.map(
        (text, index) =>
          html`<div class="notice">
            <p>${text}</p>
            <button
              class="quiet icon-only"
              type="button"
              aria-label="Dismiss"
              @click=${() => {
                this.lab.dismiss(index);
              }}
            >
              ${icon(X)}
            </button>
          </div>`,
      ),
    ];
  }

  private readonly runOnCpu = (): void => {
    this.lab.store.set({ backend: 'cpu' });
    void this.lab.openRun();
  };

  private machineLine(): string {
    const { machine, run } = this.lab;
    const backend = run.shown?.backend ?? null;
    const ran =
      backend === null
        ? ''
        : `Runs on ${backend.kind === 'webgpu' ? `WebGPU, ${backend.description}` : backend.description} — ${backend.reason}. `;
    if (machine === null) return `${ran}Looking for a WebGPU adapter …`;
    if (!machine.webgpu.available) return `${ran}WebGPU cannot be used: ${machine.webgpu.reason}.`;
    const [adapter] = machine.webgpu.adapters;
    return `${ran}WebGPU adapter: ${adapter.description}${adapter.software ? ', a software adapter' : ''}, self-test ${adapter.selfTest}.`;
  }
}

customElements.define('bf-app', LabApp);
