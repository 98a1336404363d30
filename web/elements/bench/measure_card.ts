/** `<bf-bench-measure>`: starts, follows and ends a measurement, saves it, and takes an earlier one to compare with. */
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { durationText } from '../../../src/report/number_text.ts';
import { Download, FolderOpen, X, icon } from '../../icons.ts';
import { saveFile } from '../../services/files.ts';
import type { BenchService } from '../../services/bench_service.ts';
import type { Observable } from '../../services/observable.ts';
import type { BenchRequest } from '../../worker/protocol.ts';
import { LabElement } from '../lab_element.ts';
import { sharedStyles } from '../shared_styles.ts';
import '../view_card.ts';
import { announcement } from './announcement.ts';
import { nameOfFile, reportText } from './words.ts';

const SECTIONS = ['ceilings', 'kernels', 'rounds', 'scaling'] as const;
const BUDGETS = [
  { label: 'Quick', budgetMs: 12_000, about: 'about 12 s' },
  { label: 'Thorough', budgetMs: 60_000, about: 'about a minute' },
] as const;
const CLOCK_MS = 1000;

export class BenchMeasure extends LabElement {
  static override readonly properties = {
    ...LabElement.properties,
    backend: { state: true },
    budgetMs: { state: true },
  };
  static override readonly styles = [
    sharedStyles,
    css`
      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1.25rem;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        color: var(--faint);
        font-size: 0.8125rem;
        font-weight: 600;
      }
      label.choice {
        display: inline-flex;
        gap: 0.5rem;
        align-items: center;
        min-height: 2.5rem;
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 0.75rem 2.5rem;
      }
      progress {
        width: 100%;
        height: 0.5rem;
        accent-color: var(--accent);
      }
      .progress {
        display: grid;
        gap: 0.25rem;
      }
      .file {
        position: relative;
      }
      .file input {
        position: absolute;
        inset: 0;
        width: 100%;
        opacity: 0;
        cursor: pointer;
      }
      .file:focus-within {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }
    `,
  ];

  /** Null until people choose: then whatever would run. */
  declare private backend: BenchRequest['backend'] | null;
  declare private budgetMs: number;
  private clock: ReturnType<typeof setInterval> | null = null;

  constructor() {
    super();
    this.backend = null;
    this.budgetMs = BUDGETS[0].budgetMs;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopClock();
  }

  protected override services(): readonly Observable[] {
    return [this.lab, this.lab.bench];
  }

  /** Seconds pass between news. */
  protected override updated(): void {
    if (this.lab.bench.stage !== 'measuring') this.stopClock();
    else
      this.clock ??= setInterval(() => {
        this.requestUpdate();
      }, CLOCK_MS);
  }

  private stopClock(): void {
    if (this.clock !== null) clearInterval(this.clock);
    this.clock = null;
  }

  private get hasGpu(): boolean {
    return this.lab.machine?.webgpu.available ?? false;
  }

  private get chosen(): BenchRequest['backend'] {
    return this.backend ?? (this.hasGpu ? 'webgpu' : 'cpu');
  }

  protected override render(): TemplateResult {
    const { bench, machine } = this.lab;
    const measuring = bench.stage === 'measuring';
    return html`<bf-card heading="Measure this machine">
      <div class="stack">
        <p class="note">
          Copy speed and other ceilings, the kernels of a round, whole rounds, and how their time grows with
          the population N, the outcomes V and the models M. The run pauses meanwhile. Leave the machine
          alone: it measures whatever else it does, too.
        </p>
        <div class="choices">${this.backendChoice(measuring)} ${this.budgetChoice(measuring)}</div>
        <div class="row">
          ${
            measuring
              ? html`<button
                  class="cancel"
                  type="button"
                  ?disabled=${bench.cancelling}
                  @click=${() => bench.cancel()}
                >
                  ${icon(X)} ${bench.cancelling ? 'Ending …' : 'Cancel'}
                </button>`
              : html`<button
                  class="primary start"
                  type="button"
                  ?disabled=${machine === null}
                  @click=${this.start}
                >
                  ${bench.report === null ? 'Measure' : 'Measure again'}
                </button>`
          }
          ${measuring || bench.report === null ? nothing : this.afterwards()} ${this.filePicker()}
        </div>
        ${measuring ? this.progress(bench) : nothing}
        ${bench.failure === null ? nothing : html`<p class="problem" role="alert">${bench.failure.message}</p>`}
        ${bench.earlierProblem === '' ? nothing : html`<p class="problem" role="alert">${bench.earlierProblem}</p>`}
        ${this.earlier(bench)}
        <p class="visually-hidden" role="status">${announcement(bench)}</p>
      </div>
    </bf-card>`;
  }

  private backendChoice(disabled: boolean): TemplateResult {
    const { machine } = this.lab;
    const choice = (backend: BenchRequest['backend'], words: string, there: boolean): TemplateResult =>
      html`<label class="choice">
        <input
          type="radio"
          name="backend"
          value=${backend}
          .checked=${this.chosen === backend}
          ?disabled=${disabled || !there}
          @change=${() => {
            this.backend = backend;
          }}
        />
        ${words}
      </label>`;
    const software = machine?.webgpu.adapters.at(0)?.software === true;
    return html`<fieldset>
      <legend>Backend</legend>
      ${choice('webgpu', software ? 'WebGPU (software adapter)' : 'WebGPU', this.hasGpu)}
      ${choice('cpu', 'CPU', true)}
    </fieldset>`;
  }

  private budgetChoice(disabled: boolean): TemplateResult {
    return html`<fieldset>
      <legend>Time</legend>
      ${BUDGETS.map(
        ({ label, budgetMs, about }) =>
          html`<label class="choice">
            <input
              type="radio"
              name="budget"
              value=${budgetMs}
              .checked=${this.budgetMs === budgetMs}
              ?disabled=${disabled}
              @change=${() => {
                this.budgetMs = budgetMs;
              }}
            />
            ${label}, ${about}
          </label>`,
      )}
    </fieldset>`;
  }

  private progress({ progress, startedMs, report }: BenchService): TemplateResult | typeof nothing {
    if (progress === null) return nothing;
    const { done, total, what } = progress;
    const spent = durationText(performance.now() - startedMs);
    const aim = report === null ? '' : ` of about ${durationText(report.budgetMs)}`;
    return html`<div class="progress">
      <progress aria-label="Measurement" max=${Math.max(total, 1)} value=${done}></progress>
      <p class="note number">
        ${total === 0 ? html`${what} …` : html`${Math.min(done + 1, total)} of ${total}: <span class="what">${what}</span>`}
        · ${spent}${aim}
      </p>
    </div>`;
  }

  private afterwards(): TemplateResult {
    return html`<button class="download" type="button" @click=${this.save}>
        ${icon(Download)} Download JSON
      </button>
      <button
        class="keep"
        type="button"
        title="Later measurements are shown beside this one"
        @click=${() => {
          this.lab.bench.keep();
        }}
      >
        Keep to compare
      </button>`;
  }

  private filePicker(): TemplateResult {
    return html`<span class="button file"
      >${icon(FolderOpen)} Compare with a file
      <input
        type="file"
        accept=".json,application/json"
        aria-label="Compare with a file"
        @change=${this.choose}
      />
    </span>`;
  }

  private earlier({ earlier }: BenchService): TemplateResult | typeof nothing {
    if (earlier === null) return nothing;
    return html`<div class="row">
      <p class="earlier">
        Compared with ${earlier.name}: <span class="faint">${reportText(earlier.report)}</span>
      </p>
      <button
        class="quiet icon-only"
        type="button"
        aria-label="Leave the comparison"
        @click=${() => {
          this.lab.bench.leaveComparison();
        }}
      >
        ${icon(X)}
      </button>
    </div>`;
  }

  private readonly start = (): void => {
    void this.lab.bench.measure({ backend: this.chosen, sections: SECTIONS, budgetMs: this.budgetMs });
  };

  private readonly save = (): void => {
    const { report } = this.lab.bench;
    if (report === null) return;
    saveFile(nameOfFile(report), 'application/json', [`${JSON.stringify(report, null, 2)}\n`]);
  };

  private readonly choose = async (event: Event): Promise<void> => {
    const input = event.currentTarget;
    if (!(input instanceof HTMLInputElement)) return;
    const file = input.files?.[0];
    if (file !== undefined) await this.lab.bench.compareWith(file);
    input.value = ''; // the same file may be chosen again
  };
}

customElements.define('bf-bench-measure', BenchMeasure);
