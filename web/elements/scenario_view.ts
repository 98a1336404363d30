/** `<bf-scenario>`: choose a scenario, change it, open and save it. */
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Preset } from '../../src/scenario/presets/presets.ts';
import { Download, FolderOpen, icon } from '../icons.ts';
import { saveFile } from '../services/files.ts';
import { BACKENDS } from '../state/lab_state.ts';
import { LabElement } from './lab_element.ts';
import { sharedStyles } from './shared_styles.ts';
import './view_card.ts';

const BACKEND_NAMES = { auto: 'Automatic', webgpu: 'WebGPU', cpu: 'CPU' } as const;
/** Numbers of the document itself that are changed most. */
const SETTINGS = [
  { key: 'rounds', title: 'Rounds', min: 1, usual: 200 },
  { key: 'seed', title: 'Seed', min: 0, usual: 1 },
  { key: 'replicates', title: 'Replicates', min: 1, usual: 1 },
] as const;

export class ScenarioView extends LabElement {
  static override readonly properties = {
    ...LabElement.properties,
    presets: { state: true },
    text: { state: true },
    fileProblem: { state: true },
    dropping: { state: true },
  };
  static override readonly styles = [
    sharedStyles,
    css`
      .stack {
        min-width: 0;
      }
      .gallery {
        display: grid;
        gap: 0.25rem;
        max-height: 24rem;
        margin-top: 0.5rem;
        overflow: auto;
      }
      .gallery button {
        display: grid;
        width: 100%;
        padding: 0.5rem 0.625rem;
        font-weight: 400;
        text-align: left;
        justify-content: stretch;
      }
      .gallery strong {
        font-weight: 600;
      }
      .gallery span {
        color: var(--faint);
        font-size: 0.8125rem;
      }
      summary {
        padding: 0.375rem 0;
        font-weight: 550;
        cursor: pointer;
      }
      .settings {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(6rem, 1fr));
        gap: 0.5rem;
      }
      .settings label {
        display: grid;
        gap: 0.25rem;
        color: var(--faint);
        font-size: 0.8125rem;
      }
      .settings input,
      .settings select {
        width: 100%;
        color: var(--ink);
      }
      textarea {
        width: 100%;
        min-height: 20rem;
        font-family: ui-monospace, monospace;
        font-size: 0.8125rem;
        line-height: 1.45;
        resize: vertical;
      }
      .expectation {
        padding-left: 0.75rem;
        border-left: 3px solid var(--line-strong);
      }
      .dropping {
        outline: 3px dashed var(--accent);
        outline-offset: 4px;
      }
      input[type='file'] {
        display: none;
      }
    `,
  ];

  /** Null until they have arrived. */
  declare private presets: readonly Preset[] | null;
  /** The JSON editor's text while it is being edited; null while it shows the draft. */
  declare private text: string | null;
  declare private fileProblem: string;
  declare private dropping: boolean;

  constructor() {
    super();
    this.presets = null;
    this.text = null;
    this.fileProblem = '';
    this.dropping = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void import('../../src/scenario/presets/presets.ts').then(({ PRESETS }) => {
      this.presets = PRESETS;
    });
  }

  protected override render(): TemplateResult {
    const { draft } = this.lab;
    const preset = this.presets?.find(({ id }) => id === draft.preset);
    const description = memberOf(draft.document, 'description');
    const name = memberOf(draft.document, 'name');
    return html`<bf-card heading="Scenario">
      <div
        class="stack ${this.dropping ? 'dropping' : ''}"
        @dragover=${this.onDragOver}
        @dragleave=${this.onDragLeave}
        @drop=${this.onDrop}
      >
        <h3>${typeof name === 'string' ? name : 'Untitled scenario'}</h3>
        ${typeof description === 'string' && description !== '' ? html`<p>${description}</p>` : nothing}
        ${preset === undefined ? nothing : html`<p class="expectation note">Expect: ${preset.expectation}</p>`}
        <details>
          <summary>Choose another scenario</summary>
          <div class="gallery">${this.presets?.map((each) => this.presetButton(each)) ?? nothing}</div>
        </details>
        ${this.settings()}
        <div class="row">
          <button type="button" @click=${this.chooseFiles}>${icon(FolderOpen)} Open …</button>
          <button type="button" @click=${this.save}>${icon(Download)} Save</button>
          <input
            type="file"
            multiple
            accept=".json,.csv,application/json,text/csv"
            @change=${this.onFiles}
            aria-label="Scenario files"
          />
        </div>
        <p class="note">Scenarios (JSON) and the CSV files they name can be dropped here, too.</p>
        <div role="alert">${this.problems()}</div>
        <details>
          <summary>Edit the scenario as JSON</summary>
          <textarea
            aria-label="Scenario as JSON"
            spellcheck="false"
            .value=${this.text ?? JSON.stringify(draft.document, null, 2)}
            @input=${this.onText}
            @blur=${this.onTextDone}
          ></textarea>
        </details>
      </div>
    </bf-card>`;
  }

  private presetButton(preset: Preset): TemplateResult {
    return html`<button
      class="quiet"
      type="button"
      aria-pressed=${preset.id === this.lab.draft.preset ? 'true' : 'false'}
      data-preset=${preset.id}
      @click=${() => {
        this.text = null;
        this.fileProblem = '';
        void this.lab.openScenario({ preset: preset.id, document: preset.document });
      }}
    >
      <strong>${preset.title}</strong><span>${preset.expectation}</span>
    </button>`;
  }

  private settings(): TemplateResult {
    const { document } = this.lab.draft;
    const { machine, state } = this.lab;
    const missing = machine !== null && !machine.webgpu.available;
    return html`<div class="settings">
      ${SETTINGS.map(
        ({ key, title, min, usual }) =>
          html`<label
            >${title}
            <input
              type="number"
              min=${min}
              step="1"
              name=${key}
              .value=${shown(memberOf(document, key), usual)}
              @input=${(event: Event) => {
                this.setNumber(key, event);
              }}
          /></label>`,
      )}
      <label
        >Run on
        <select @change=${this.setBackend} name="backend">
          ${BACKENDS.map(
            (backend) =>
              html`<option
                value=${backend}
                ?selected=${backend === state.backend}
                ?disabled=${backend === 'webgpu' && missing}
              >
                ${BACKEND_NAMES[backend]}
              </option>`,
          )}
        </select></label
      >
    </div>`;
  }

  private problems(): TemplateResult[] {
    const texts = this.lab.problems.map(({ where, message }) =>
      where === '' || message.startsWith(where) ? message : `${where}: ${message}`,
    );
    if (this.fileProblem !== '') texts.unshift(this.fileProblem);
    return texts.map((text) => html`<p class="problem">${text}</p>`);
  }

  private setNumber(key: string, event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    const { document } = this.lab.draft;
    if (typeof document !== 'object' || document === null) return;
    const { value, valueAsNumber } = event.target;
    this.text = null;
    this.lab.edit({
      preset: this.lab.draft.preset,
      document: { ...document, [key]: Number.isNaN(valueAsNumber) ? value : valueAsNumber },
    });
  }

  private readonly setBackend = (event: Event): void => {
    if (!(event.target instanceof HTMLSelectElement)) return;
    const { value } = event.target;
    const backend = BACKENDS.find((each) => each === value);
    if (backend === undefined) return;
    this.lab.store.set({ backend });
    void this.lab.openRun();
  };

  private readonly onText = (event: Event): void => {
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    this.text = event.target.value;
    void this.takeText(this.text);
  };

  private async takeText(text: string): Promise<void> {
    try {
      const { parseJson } = await import('../../src/scenario/json_text.ts');
      const { value } = parseJson(text, 'scenario');
      if (text !== this.text) return;
      this.fileProblem = '';
      this.lab.edit({ preset: this.lab.draft.preset, document: value });
    } catch (error) {
      if (text === this.text) this.fileProblem = error instanceof Error ? error.message : String(error);
    }
  }

  private readonly onTextDone = (): void => {
    if (this.fileProblem === '') this.text = null;
  };

  private readonly chooseFiles = (): void => {
    this.renderRoot.querySelector<HTMLInputElement>('input[type="file"]')?.click();
  };

  private readonly onFiles = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    const files = [...(event.target.files ?? [])];
    event.target.value = '';
    void this.openFiles(files);
  };

  /** Opens scenario and CSV files; what is wrong with them is said, and the present scenario stays. */
  async openFiles(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    this.text = null;
    try {
      const { readScenarioFiles } = await import('../services/scenario_file.ts');
      const opened = await readScenarioFiles(files);
      this.fileProblem = '';
      await this.lab.openScenario(opened.scenario ?? this.lab.draft, opened.files);
    } catch (error) {
      this.fileProblem = error instanceof Error ? error.message : String(error);
    }
  }

  private readonly onDragOver = (event: DragEvent): void => {
    event.preventDefault();
    this.dropping = true;
  };

  private readonly onDragLeave = (): void => {
    this.dropping = false;
  };

  private readonly onDrop = (event: DragEvent): void => {
    event.preventDefault();
    this.dropping = false;
    void this.openFiles([...(event.dataTransfer?.files ?? [])]);
  };

  private readonly save = (): void => {
    const { document } = this.lab.draft;
    saveFile('scenario.json', 'application/json', [`${JSON.stringify(document, null, 2)}\n`]);
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function shown(value: unknown, usual: number): string {
  if (value === undefined) return String(usual);
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '';
}

customElements.define('bf-scenario', ScenarioView);
