/** `<backfire-run>`: choose a preset and a backend, run it in this browser, and see what came of it. */
import { html, LitElement, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { BackendRequest, DoctorReport, RunProgress } from '../src/engine/index.ts';
import { examine } from '../src/engine/index.ts';
import { BackfireError } from '../src/errors.ts';
import { browserPlatform } from '../src/platform/browser.ts';
import { durationText } from '../src/report/number_text.ts';
import type { Preset } from '../src/scenario/presets/presets.ts';
import { modelTable, runLine, verdicts, words } from './result_view.ts';
import { chartNote, rewardChart } from './reward_chart.ts';
import { PAGE_PRESETS, runPreset } from './run_preset.ts';
import type { PresetOutcome } from './run_preset.ts';
import { styles } from './styles.ts';

type Stage =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly progress: RunProgress | null; readonly stop: AbortController }
  | { readonly kind: 'done'; readonly outcome: PresetOutcome }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly message: string };

const BACKENDS: readonly { readonly request: BackendRequest; readonly label: string }[] = [
  { request: 'auto', label: 'Automatic' },
  { request: 'webgpu', label: 'WebGPU' },
  { request: 'cpu', label: 'CPU' },
];

export class BackfireRun extends LitElement {
  static override readonly styles = styles;
  static override readonly properties = {
    preset: { state: true },
    backend: { state: true },
    stage: { state: true },
    machine: { state: true },
    chartWidth: { state: true },
  };

  declare private preset: Preset;
  declare private backend: BackendRequest;
  declare private stage: Stage;
  /** Null while the adapter is being looked for. */
  declare private machine: DoctorReport | null;
  declare private chartWidth: number;
  private readonly platform = browserPlatform();
  private readonly resized = new ResizeObserver(([entry]) => {
    this.chartWidth = Math.floor(entry.contentRect.width);
  });

  constructor() {
    super();
    this.preset = presetInAddress() ?? PAGE_PRESETS[0];
    this.backend = 'auto';
    this.stage = { kind: 'idle' };
    this.machine = null;
    this.chartWidth = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.onAddress);
    void examine(this.platform).then((report) => {
      this.machine = report;
    }, this.fail);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.onAddress);
    this.resized.disconnect();
    if (this.stage.kind === 'running') this.stage.stop.abort();
  }

  protected override updated(): void {
    const frame = this.renderRoot.querySelector('.chart');
    this.resized.disconnect();
    if (frame !== null) this.resized.observe(frame);
  }

  private readonly onAddress = (): void => {
    const preset = presetInAddress();
    if (preset !== null && preset !== this.preset) this.choose(preset);
  };

  private choose(preset: Preset): void {
    if (this.stage.kind === 'running') this.stage.stop.abort();
    this.preset = preset;
    this.stage = { kind: 'idle' };
    history.replaceState(null, '', `#${preset.id}`);
  }

  private readonly start = async (): Promise<void> => {
    const stop = new AbortController();
    const { signal } = stop;
    this.stage = { kind: 'running', progress: null, stop };
    try {
      const outcome = await runPreset({
        preset: this.preset,
        backend: this.backend,
        platform: this.platform,
        signal,
        onProgress: (progress) => {
          if (this.runs(stop)) this.stage = { kind: 'running', progress, stop };
        },
      });
      if (this.runs(stop)) this.stage = { kind: 'done', outcome };
    } catch (error) {
      if (!this.runs(stop)) return;
      if (signal.aborted) this.stage = { kind: 'cancelled' };
      else this.fail(error);
    }
  };

  /** False once another preset was chosen. */
  private runs(stop: AbortController): boolean {
    return this.stage.kind === 'running' && this.stage.stop === stop;
  }

  private readonly fail = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    this.stage = {
      kind: 'failed',
      message:
        error instanceof BackfireError ? message : `An error nobody foresaw — ${message}. Please report it.`,
    };
  };

  private get webgpuMissing(): boolean {
    return this.machine !== null && !this.machine.webgpu.available;
  }

  protected override render(): TemplateResult {
    return html`
      ${this.presetList()}
      <div class="main">
        ${this.scenario()} ${this.stage.kind === 'done' ? this.results(this.stage.outcome) : nothing}
      </div>
    `;
  }

  private presetList(): TemplateResult {
    return html`<fieldset class="presets">
      <legend>Scenarios</legend>
      <div class="list">
        ${PAGE_PRESETS.map(
          (preset) =>
            html`<label>
              <input
                type="radio"
                name="preset"
                value=${preset.id}
                .checked=${preset === this.preset}
                @change=${() => {
                  this.choose(preset);
                }}
              />
              <span>${preset.title}</span>
            </label>`,
        )}
      </div>
    </fieldset>`;
  }

  private scenario(): TemplateResult {
    const { title, document, expectation } = this.preset;
    const running = this.stage.kind === 'running';
    const description: unknown = Reflect.get(document, 'description');
    return html`<section class="card" aria-labelledby="scenario">
      <h2 id="scenario">${title}</h2>
      <p>${typeof description === 'string' ? description : nothing}</p>
      <p class="expectation"><span>Expect</span> ${expectation}</p>
      <div class="controls">
        <fieldset class="segments" ?disabled=${running}>
          <legend>Run on</legend>
          ${BACKENDS.map(
            ({ request, label }) =>
              html`<label>
                <input
                  type="radio"
                  name="backend"
                  value=${request}
                  .checked=${request === this.backend}
                  ?disabled=${request === 'webgpu' && this.webgpuMissing}
                  @change=${() => {
                    this.backend = request;
                  }}
                />
                <span>${label}</span>
              </label>`,
          )}
        </fieldset>
        ${
          running
            ? html`<button class="quiet" type="button" @click=${this.cancel}>Cancel</button>`
            : html`<button type="button" @click=${this.start}>Run</button>`
        }
      </div>
      ${this.progress()} ${this.alert()}
      <p class="machine" id="machine">${this.machineLine()}</p>
    </section>`;
  }

  private readonly cancel = (): void => {
    if (this.stage.kind === 'running') this.stage.stop.abort();
  };

  private progress(): TemplateResult {
    const { stage } = this;
    const progress = stage.kind === 'running' ? stage.progress : null;
    const bar =
      progress === null
        ? html`<progress aria-label="Progress"></progress>`
        : html`<progress aria-label="Progress" max=${progress.rounds} value=${progress.round}></progress>`;
    return html`<div class="progress" role="status">
      ${stage.kind === 'running' ? bar : nothing} <span>${this.statusText()}</span>
    </div>`;
  }

  private statusText(): string {
    const { stage } = this;
    switch (stage.kind) {
      case 'idle':
      case 'failed':
        return '';
      case 'cancelled':
        return 'Cancelled before the first round.';
      case 'done':
        return runLine(stage.outcome.run);
      case 'running': {
        if (stage.progress === null) return 'Getting ready …';
        const { round, rounds, etaMs } = stage.progress;
        const left = etaMs === null ? '' : `, at most ${durationText(etaMs)} to go`;
        return `Round ${round.toLocaleString('en-US')} of ${rounds.toLocaleString('en-US')}${left}`;
      }
    }
  }

  private machineLine(): string {
    if (this.stage.kind === 'done') {
      const { kind, description, reason } = this.stage.outcome.run.backend;
      return `Ran on ${kind === 'webgpu' ? `WebGPU, ${description}` : description} — ${reason}.`;
    }
    if (this.machine === null) return 'Looking for a WebGPU adapter …';
    const { webgpu, cpu } = this.machine;
    if (!webgpu.available)
      return `WebGPU cannot be used: ${webgpu.reason}. Scenarios run on ${cpu.description}.`;
    const [adapter] = webgpu.adapters;
    return `WebGPU adapter: ${adapter.description}${adapter.software ? ', a software adapter' : ''} · self-test ${adapter.selfTest}`;
  }

  private alert(): TemplateResult {
    const { stage } = this;
    return html`<div role="alert">
      ${
        stage.kind === 'failed'
          ? html`<div class="failure">
              <h3>This did not work</h3>
              <p>${stage.message}</p>
            </div>`
          : nothing
      }
    </div>`;
  }

  private results(outcome: PresetOutcome): TemplateResult {
    return html`
      <section class="card" aria-labelledby="verdict">
        <h3 id="verdict">If a model’s users curate more, who gains?</h3>
        ${verdicts(outcome)}
      </section>
      <section class="card" aria-labelledby="reward">
        <h3 id="reward">Reward over the rounds</h3>
        <p class="note">${chartNote(outcome.run)}</p>
        <div class="chart">${this.chartWidth > 0 ? rewardChart(outcome.run, this.chartWidth) : nothing}</div>
      </section>
      <section class="card" aria-labelledby="numbers">
        <h3 id="numbers">Every model, before and after</h3>
        ${modelTable(outcome.run)}
      </section>
      ${words(outcome.run)}
    `;
  }
}

/** The preset that the address names, as in `#a4`. */
function presetInAddress(): Preset | null {
  const id = decodeURIComponent(location.hash.slice(1));
  return PAGE_PRESETS.find((preset) => preset.id === id) ?? null;
}

customElements.define('backfire-run', BackfireRun);
