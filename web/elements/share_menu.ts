/** `<bf-share>`: the link that repeats what is shown, the command line that does, and the run's numbers as files. */
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { Download, Link2, X, icon } from '../icons.ts';
import type { RepeatingCommand } from '../services/command.ts';
import { saveFile } from '../services/files.ts';
import type { ExportKind } from '../worker/protocol.ts';
import { LabElement } from './lab_element.ts';
import { sharedStyles } from './shared_styles.ts';

const FILES: readonly { readonly kind: ExportKind; readonly what: string }[] = [
  { kind: 'metrics.csv', what: 'Every metric of every model and round' },
  { kind: 'final.csv', what: 'The models after the last round' },
  { kind: 'final.parquet', what: 'The same, for many outcomes' },
  { kind: 'result.json', what: 'Everything, as “backfire run --json” prints it' },
  { kind: 'run.json', what: 'How it was made: scenario, seed, version, adapter, timing' },
];

export class ShareMenu extends LabElement {
  static override readonly properties = {
    ...LabElement.properties,
    link: { state: true },
    command: { state: true },
    said: { state: true },
  };
  static override readonly styles = [
    sharedStyles,
    css`
      .copy {
        display: flex;
        gap: 0.5rem;
        align-items: center;
      }
      .copy input {
        flex: 1;
        min-width: 0;
        font-family: ui-monospace, monospace;
        font-size: 0.8125rem;
      }
      .title {
        display: flex;
        justify-content: space-between;
        align-items: center;
      }
      dialog[open] {
        display: grid;
        gap: 1rem;
        width: 40rem;
      }
      .files {
        display: grid;
        gap: 0.25rem;
      }
      .files li {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 0.75rem;
        align-items: center;
      }
      .files button {
        min-width: 10.5rem;
        justify-content: start;
      }
    `,
  ];

  /** Null while the dialog is closed, or where the scenario is too large for a link. */
  declare private link: string | null;
  declare private command: RepeatingCommand | null;
  /** What was just copied or saved, or what went wrong. */
  declare private said: string;

  constructor() {
    super();
    this.link = null;
    this.command = null;
    this.said = '';
  }

  protected override render(): TemplateResult {
    const { run } = this.lab;
    const live = run.shown !== null && run.stage !== 'stored' && run.stage !== 'opening';
    return html`<button type="button" @click=${this.open}>${icon(Link2)} Share and save</button>
      <dialog aria-labelledby="title" @close=${this.onClose}>
        <div class="title">
          <h2 id="title">Share and save</h2>
          <button class="quiet icon-only" type="button" aria-label="Close" @click=${this.close}>
            ${icon(X)}
          </button>
        </div>
        <section class="stack">
          <h3>A link to what you see</h3>
          <p class="note">It holds the scenario and its seed, so it repeats the run.</p>
          ${
            this.link === null
              ? html`<p class="problem">${this.lab.store.linkProblem}</p>`
              : this.copyLine('Link', this.link)
          }
          ${this.fileNote()}
        </section>
        ${
          this.command === null
            ? nothing
            : html`<section class="stack">
                <h3>The command that repeats the run</h3>
                ${this.copyLine('Command', this.command.text)}
                ${
                  this.command.file === null
                    ? nothing
                    : html`<p class="note">
                        It reads the scenario from a file:
                        <button type="button" @click=${this.saveScenario}>
                          ${icon(Download)} ${this.command.file}
                        </button>
                      </p>`
                }
              </section>`
        }
        <section class="stack">
          <h3>The numbers</h3>
          <ul class="files">
            ${FILES.map(
              ({ kind, what }) =>
                html`<li>
                  <button type="button" ?disabled=${!live} @click=${() => this.save(kind)}>
                    ${icon(Download)} ${kind}
                  </button>
                  <span class="note">${what}</span>
                </li>`,
            )}
          </ul>
          <p class="note">Pictures are saved at each view, by the arrow beside its title.</p>
        </section>
        <p role="status">${this.said}</p>
      </dialog>`;
  }

  /** Files stay on the machine they were opened on. */
  private fileNote(): TemplateResult | typeof nothing {
    const path = csvOf(this.lab.state.scenario.document);
    if (path === null) return nothing;
    return html`<p class="problem">
      The scenario reads ${path}, which the link does not hold: whoever opens it has to open that file too.
    </p>`;
  }

  private copyLine(label: string, text: string): TemplateResult {
    return html`<div class="copy">
      <input type="text" readonly aria-label=${label} .value=${text} />
      <button type="button" @click=${() => this.copy(label, text)}>Copy</button>
    </div>`;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  private readonly open = async (): Promise<void> => {
    const { lab } = this;
    this.said = '';
    try {
      this.link = await lab.store.link();
    } catch (error) {
      this.link = null;
      lab.store.linkProblem = error instanceof Error ? error.message : String(error);
    }
    const { shown } = lab.run;
    if (shown !== null) {
      const { repeatingCommand } = await import('../services/command.ts');
      this.command = await repeatingCommand(lab.state.scenario, shown);
    }
    await this.updateComplete;
    this.dialog?.showModal();
  };

  private readonly close = (): void => {
    this.dialog?.close();
  };

  private readonly onClose = (): void => {
    this.link = null;
    this.command = null;
  };

  private async copy(label: string, text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.said = `${label} copied.`;
    } catch {
      this.said = `This browser does not let a page copy: select the text and copy it yourself.`;
    }
  }

  private readonly saveScenario = (): void => {
    const { document } = this.lab.state.scenario;
    saveFile('scenario.json', 'application/json', [`${JSON.stringify(document, null, 2)}\n`]);
  };

  private async save(kind: ExportKind): Promise<void> {
    this.said = `Making ${kind} …`;
    try {
      const command = this.command?.text ?? '';
      const { name, type, parts } = await this.lab.run.exportFile(
        kind,
        command,
        this.lab.state.scenario.document,
      );
      saveFile(name, type, parts);
      this.said = `${name} saved.`;
    } catch (error) {
      this.said = error instanceof Error ? error.message : String(error);
    }
  }
}

/** The CSV file that a scenario reads, or null. */
function csvOf(document: unknown): string | null {
  const outcomes = memberOf(document, 'outcomes');
  const path = memberOf(outcomes, 'csv');
  return typeof path === 'string' ? path : null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

customElements.define('bf-share', ShareMenu);
