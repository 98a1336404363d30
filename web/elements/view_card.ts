/** `<bf-card>`: the frame of a view, with its title, what it means, and its picture and data as files. */
import { css, html, LitElement, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { Download, icon } from '../icons.ts';
import { saveFile, pngOfSvg } from '../services/files.ts';
import { sharedStyles } from './shared_styles.ts';

/** What a view offers as files. */
export interface ViewFiles {
  /** File name without extension. */
  readonly name: string;
  /** The view as a standalone SVG document, light colours, drawn for print; left out where there is no picture. */
  readonly svg?: () => Promise<string>;
  /** Its numbers as CSV. */
  readonly csv?: () => Promise<string> | string;
}

export class ViewCard extends LitElement {
  static override readonly properties = {
    heading: { type: String },
    files: { attribute: false },
    failed: { state: true },
  };
  static override readonly styles = [
    sharedStyles,
    css`
      section {
        display: grid;
        gap: 0.75rem;
        min-width: 0;
        padding: 1rem 1.25rem;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--card);
      }
      header {
        display: flex;
        gap: 0.5rem;
        align-items: center;
        min-height: 2.25rem;
      }
      h2 {
        font-size: 1rem;
      }
      .tools {
        display: flex;
        gap: 0.25rem;
        align-items: center;
        margin-left: auto;
      }
      [popover] {
        position-area: bottom span-left;
      }
      [popover] button {
        display: flex;
        width: 100%;
        justify-content: start;
      }
      @media (max-width: 40rem) {
        section {
          padding: 0.875rem;
        }
      }
    `,
  ];

  declare heading: string;
  declare files: ViewFiles | null;
  declare private failed: string;

  constructor() {
    super();
    this.heading = '';
    this.files = null;
    this.failed = '';
  }

  protected override render(): TemplateResult {
    return html`<section aria-labelledby="heading">
      <header>
        <h2 id="heading">${this.heading}</h2>
        <slot name="title"></slot>
        <div class="tools"><slot name="tools"></slot>${this.menu()}</div>
      </header>
      <slot></slot>
      ${this.failed === '' ? nothing : html`<p class="problem" role="alert">${this.failed}</p>`}
    </section>`;
  }

  private menu(): TemplateResult | typeof nothing {
    const { files } = this;
    if (files === null) return nothing;
    return html`<button
        class="quiet icon-only"
        type="button"
        popovertarget="menu"
        aria-label="Save ${this.heading}"
        title="Save this view"
      >
        ${icon(Download)}
      </button>
      <div id="menu" popover>
        ${files.svg === undefined ? nothing : html`${this.item('SVG picture', this.saveSvg)}${this.item('PNG picture', this.savePng)}`}
        ${files.csv === undefined ? nothing : this.item('CSV numbers', this.saveCsv)}
      </div>`;
  }

  private item(label: string, save: () => Promise<void>): TemplateResult {
    return html`<button class="quiet" type="button" @click=${() => this.attempt(save)}>${label}</button>`;
  }

  private async attempt(save: () => Promise<void>): Promise<void> {
    this.renderRoot.querySelector<HTMLElement>('#menu')?.hidePopover();
    this.failed = '';
    try {
      await save();
    } catch (error) {
      this.failed = `The file could not be made — ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  private readonly saveSvg = async (): Promise<void> => {
    const { files } = this;
    if (files?.svg) saveFile(`${files.name}.svg`, 'image/svg+xml', [await files.svg()]);
  };

  private readonly savePng = async (): Promise<void> => {
    const { files } = this;
    if (files?.svg) saveFile(`${files.name}.png`, 'image/png', [await pngOfSvg(await files.svg())]);
  };

  private readonly saveCsv = async (): Promise<void> => {
    const { files } = this;
    if (files?.csv) saveFile(`${files.name}.csv`, 'text/csv', [await files.csv()]);
  };
}

customElements.define('bf-card', ViewCard);
