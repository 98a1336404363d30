/** `<bf-chart>`: a metric of every model over the rounds, with what theory predicts and the pinned run. */
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { noteOf } from './chart/key.ts';
import type { MetricInfo } from './chart/metrics.ts';
import { nearestModel, nearestOf } from './chart/nearest.ts';
import './chart/numbers.ts';
import { nearestIndex, readoutAt, readoutWords } from './chart/readout.ts';
import { keyList, readoutTable } from './chart/readout_table.ts';
import type { PointedModel } from './chart/readout_table.ts';
import { ChartSource } from './chart/source.ts';
import { Stage } from './chart/stage.ts';
import type { PointedAt } from './chart/stage.ts';
import { chartStyles, plotStyles } from './chart/styles.ts';
import { Sparks, tabList } from './chart/tabs.ts';
import type { ChartView } from './chart/view.ts';
import { LabElement } from './lab_element.ts';
import { sharedStyles } from './shared_styles.ts';
import './view_card.ts';
import type { ViewFiles } from './view_card.ts';

/** Rounds that page keys move the crosshair by. */
const PAGE = 10;

export class Chart extends LabElement {
  static override readonly properties = {
    ...LabElement.properties,
    at: { state: true },
    pointed: { state: true },
    said: { state: true },
  };
  static override readonly styles = [sharedStyles, chartStyles, plotStyles];

  /** Round of the crosshair. */
  declare private at: number | null;
  /** A model of a crowd that is pointed at. */
  declare private pointed: number | null;
  /** What the live region says. */
  declare private said: string;
  private readonly source = new ChartSource();
  private stage: Stage | null = null;
  private readonly sparks = new Sparks();
  private visible = false;
  private drawing = 0;
  private readonly sizes = new ResizeObserver(() => {
    this.redraw();
  });
  private readonly sight = new IntersectionObserver((entries) => {
    this.visible = entries[entries.length - 1].isIntersecting;
    if (this.visible) this.requestUpdate();
  });

  constructor() {
    super();
    this.at = null;
    this.pointed = null;
    this.said = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.sight.observe(this);
    window.addEventListener('backfire-theme', this.recolour);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', this.recolour);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sight.disconnect();
    this.sizes.disconnect();
    cancelAnimationFrame(this.drawing);
    this.drawing = 0;
    this.stage?.clear();
    this.stage = null;
    window.removeEventListener('backfire-theme', this.recolour);
    matchMedia('(prefers-color-scheme: dark)').removeEventListener('change', this.recolour);
  }

  protected override willUpdate(): void {
    if (!this.visible && this.source.view !== null) return;
    const { shown, stage } = this.lab.run;
    this.source.refresh(this.lab);
    if (shown !== null) this.sparks.refresh(shown, stage === 'playing');
  }

  protected override render(): TemplateResult {
    const { view } = this.source;
    const { shown } = this.lab.run;
    if (view === null || shown === null) {
      return html`<bf-card heading="Over the rounds"><p class="faint">Getting ready …</p></bf-card>`;
    }
    const { metric } = view;
    const empty = view.panels.every(({ range }) => range === null);
    const note = noteOf(view, shown.brief.models.length);
    const last = view.rounds.at(-1) ?? 0;
    return html`<bf-card heading="Over the rounds" .files=${this.files(view)}>
      ${tabList(shown, metric, this.sparks, (chosen, focus) => {
        void this.choose(chosen, focus);
      })}
      <div class="panel" role="tabpanel" id="panel" aria-labelledby="tab-${metric.id}">
        <p class="note">${metric.meaning}</p>
        ${keyList(view)} ${empty ? html`<p class="empty faint">${metric.absent}</p>` : nothing}
        <div class="stage" ?hidden=${empty}>
          <div
            class="canvas ${this.pointed === null ? '' : 'hot'}"
            role="slider"
            tabindex="0"
            aria-label="${metric.label} by round"
            aria-valuemin="0"
            aria-valuemax=${last}
            aria-valuenow=${this.at ?? last}
            aria-valuetext="Round ${(this.at ?? last).toLocaleString('en-US')}"
            @keydown=${this.onKey}
            @blur=${this.leave}
            @pointermove=${this.onPointer}
            @pointerdown=${this.onPointer}
            @pointerleave=${this.onLeave}
            @click=${this.onClick}
          ></div>
          ${this.readout(view)}
        </div>
        ${note === '' ? nothing : html`<p class="note">${note}</p>`}
        <p class="visually-hidden" aria-live="polite">${this.said}</p>
        <bf-chart-numbers .lab=${this.lab}></bf-chart-numbers>
      </div>
    </bf-card>`;
  }

  private readout(view: ChartView): TemplateResult | typeof nothing {
    const readout = this.at === null ? null : readoutAt(view, this.at);
    if (readout === null) return nothing;
    return readoutTable(
      readout,
      view,
      this.lab.followed,
      this.extra(view, readout.round),
      this.place(readout.round),
    );
  }

  /** The model of a crowd under the pointer, with its value. */
  private extra(view: ChartView, round: number): PointedModel | null {
    const { shown } = this.lab.run;
    if (!view.crowded || this.pointed === null || shown === null) return null;
    const entry = shown.track.rounds.indexOf(round);
    const value = shown.track.band(view.metric.id)?.mean[entry * shown.track.models + this.pointed] ?? NaN;
    return { name: shown.brief.models[this.pointed], value };
  }

  /** Where the readout stands: beside the crosshair, on the side where there is room. */
  private place(round: number): string {
    const x = this.stage?.position(round) ?? null;
    const host = this.canvas;
    if (x === null || host === null) return '';
    return x > host.clientWidth / 2 ? `right: ${host.clientWidth - x + 12}px` : `left: ${x + 12}px`;
  }

  private get canvas(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.canvas');
  }

  protected override updated(): void {
    const { canvas } = this;
    if (canvas === null) return;
    if (this.stage === null) {
      const stage = (this.stage = new Stage(canvas));
      this.sizes.observe(canvas);
      void stage.load().then(() => {
        this.redraw();
      });
    }
    this.redraw();
  }

  /** Draws once before the next frame. */
  private redraw(): void {
    if (this.drawing !== 0) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      const { view, unfinished } = this.source;
      if (view === null || !this.visible || this.stage?.ready !== true) return;
      this.stage.draw(view, this.lab.followed, this.at);
      if (unfinished) this.requestUpdate();
    });
  }

  private readonly recolour = (): void => {
    this.stage?.clear();
    this.redraw();
  };

  private readonly choose = async (metric: MetricInfo, focus: boolean): Promise<void> => {
    this.leave();
    this.lab.store.set({ metric: metric.id });
    if (!focus) return;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`#tab-${metric.id}`)?.focus();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const { view } = this.source;
    if (view === null || view.rounds.length === 0) return;
    const last = view.rounds.length - 1;
    const index = nearestIndex(view.rounds, this.at ?? view.rounds[last]) ?? last;
    if (event.key === 'Escape') {
      this.leave();
      return;
    }
    const to = new Map([
      ['ArrowLeft', index - 1],
      ['ArrowDown', index - 1],
      ['ArrowRight', index + 1],
      ['ArrowUp', index + 1],
      ['PageDown', index - PAGE],
      ['PageUp', index + PAGE],
      ['Home', 0],
      ['End', last],
    ]).get(event.key);
    if (to === undefined) return;
    event.preventDefault();
    this.at = view.rounds[Math.min(Math.max(to, 0), last)];
    const readout = readoutAt(view, this.at);
    this.said = readout === null ? '' : readoutWords(readout);
  };

  private readonly onPointer = (event: PointerEvent): void => {
    const hit = this.stage?.hit(event.clientX, event.clientY) ?? null;
    if (hit === null) return;
    this.at = hit.round;
    this.pointed = this.modelAt(hit);
  };

  private readonly onLeave = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse') this.leave(); // a finger leaves the numbers where they are
  };

  private readonly leave = (): void => {
    this.at = null;
    this.pointed = null;
    this.said = '';
  };

  private readonly onClick = (event: MouseEvent): void => {
    const hit = this.stage?.hit(event.clientX, event.clientY) ?? null;
    const model = hit === null ? null : this.modelAt(hit);
    if (model !== null) this.lab.follow(model);
  };

  /** The model whose label or line is there. */
  private modelAt(hit: PointedAt): number | null {
    const { view } = this.source;
    const { shown } = this.lab.run;
    if (view === null || shown === null) return null;
    if (hit.label !== null) return hit.label.model;
    const { id, log } = view.metric;
    const pointed = { value: hit.value, reach: hit.reach, log };
    const index = nearestIndex(view.rounds, hit.round);
    const panel = view.panels.filter(({ range }) => range !== null)[hit.panel];
    const lines = index === null ? [] : panel.lines.filter(({ model }) => model !== null);
    const line = nearestOf(pointed, lines, ({ values }) => values[index ?? 0]);
    if (line !== null) return line.model;
    return view.crowded ? nearestModel(shown.track, id, hit.round, pointed) : null;
  }

  private files(view: ChartView): ViewFiles {
    const { lab } = this;
    return {
      name: `backfire-${view.metric.id}`,
      svg: async () => {
        const { chartSvg } = await import('./chart/figure.ts');
        const { shown } = lab.run;
        const title = `${shown?.brief.name ?? 'Backfire'}: ${view.metric.label.toLowerCase()} over the rounds`;
        return chartSvg(view, title, lab.followed);
      },
      csv: async () => {
        const { chartCsv } = await import('./chart/files.ts');
        return chartCsv(lab, view.metric);
      },
    };
  }
}

customElements.define('bf-chart', Chart);
