/** `<bf-cloud>`: the graph of many models, on canvases: pan, zoom, point, find. */
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { clipped } from '../../clipped.ts';
import { resolvedColours } from '../../model_colours.ts';
import { LayoutService } from '../../services/layout_service.ts';
import type { Observable } from '../../services/observable.ts';
import type { EcosystemBrief } from '../../worker/protocol.ts';
import { LabElement } from '../lab_element.ts';
import { Place } from '../place.ts';
import { sharedStyles } from '../shared_styles.ts';
import { modelSentence } from './arrows.ts';
import { cloudOf, dotRadii } from './cloud_data.ts';
import type { Cloud } from './cloud_data.ts';
import { Drag, viewAfterKey, viewAfterWheel } from './cloud_gestures.ts';
import { CloudLayers, dotScale } from './cloud_layers.ts';
import type { CloudScene } from './cloud_layers.ts';
import type { CloudInks, Shown } from './cloud_paint.ts';
import { cloudStyles } from './cloud_styles.ts';
import { cloudSentence, linksSentence, modelsNamed } from './cloud_words.ts';
import { graphStyles } from './graph_styles.ts';
import { rampStep } from './reward_scale.ts';
import type { RewardScale } from './reward_scale.ts';
import { nearest, resized, wholeWindow } from './view_window.ts';
import type { ViewWindow } from './view_window.ts';

const REACH = 26;
/** The arrows are drawn anew when the view has rested for this long. */
const REST_MS = 90;

export class CloudView extends LabElement {
  static override readonly properties = {
    ...LabElement.properties,
    scale: { attribute: false },
    view: { state: true },
    pointed: { state: true },
    shown: { state: true },
    search: { state: true },
  };
  static override readonly styles = [sharedStyles, graphStyles, cloudStyles];

  declare scale: RewardScale | null;
  declare private view: ViewWindow;
  declare private pointed: number | null;
  declare private shown: Shown;
  declare private search: string;
  private readonly place = new Place(this);
  private readonly drag = new Drag();
  private layout: LayoutService | null = null;
  private layers: CloudLayers | null = null;
  private known: { readonly brief: EcosystemBrief; readonly cloud: Cloud } | null = null;
  private inks: { readonly of: number; readonly inks: CloudInks } | null = null;
  private radii: { readonly key: string; readonly values: Float32Array } | null = null;
  private arrowsKey: readonly unknown[] = [];
  private overKey: readonly unknown[] = [];
  private resting: ReturnType<typeof setTimeout> | null = null;
  private frame = 0;

  constructor() {
    super();
    this.scale = null;
    this.view = wholeWindow(0, 0);
    this.pointed = null;
    this.shown = { raw: true, curated: true };
    this.search = '';
  }

  protected override services(): readonly Observable[] {
    this.layout ??= new LayoutService(this.lab.workers.theory);
    return [...super.services(), this.layout];
  }

  protected override shouldUpdate(): boolean {
    return !this.hasUpdated || this.place.seen;
  }

  /** For files: the places, when they are there. Throws where they could not be worked out. */
  async positions(): Promise<Float32Array> {
    const brief = this.lab.run.shown?.brief;
    if (brief !== undefined) await this.layout?.place(brief);
    const points = this.layout?.points ?? null;
    if (points === null) throw new Error(this.layout?.failure ?? 'the graph is not there yet');
    return points;
  }

  protected override willUpdate(): void {
    const brief = this.lab.run.shown?.brief;
    if (brief === undefined) return;
    if (this.known?.brief !== brief) {
      this.known = { brief, cloud: cloudOf(brief) };
      this.pointed = null;
    }
    void this.layout?.place(brief);
    const width = this.place.width;
    const height = Math.round(Math.min(width, Math.max(340, Math.min(0.85 * width, 600))));
    if (width > 0 && (width !== this.view.width || height !== this.view.height)) {
      this.view = resized(this.view, width, height);
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const brief = this.known?.brief;
    if (brief === undefined || this.known === null) return nothing;
    const { cloud } = this.known;
    const { view, layout, pointed } = this;
    const points = layout?.points ?? null;
    const waiting = points === null ? (layout?.failure ?? '') || 'Arranging the models …' : '';
    return html`<div class="stack">
      <div
        class="stage ${view.zoom > 1 ? 'zoomed' : ''} ${pointed === null ? '' : 'pointing'}"
        .style=${`height: ${view.height}px`}
        tabindex="0"
        role="group"
        aria-label="Graph. ${cloudSentence(brief, cloud)} Arrow keys move it, plus and minus zoom, 0 shows all of it. Find a model by name below."
        @keydown=${this.onKey}
        @wheel=${this.onWheel}
        @pointerdown=${this.onPress}
        @pointermove=${this.onMove}
        @pointerup=${this.onRelease}
        @pointercancel=${this.onCancel}
        @pointerleave=${this.onLeave}
      >
        <canvas class="arrows" aria-hidden="true"></canvas>
        <canvas class="dots" aria-hidden="true"></canvas>
        <canvas class="over" aria-hidden="true"></canvas>
        ${waiting === '' ? nothing : html`<p class="waiting faint">${waiting}</p>`}
      </div>
      ${this.tools(brief)}
      <p class="readout">${this.readout(brief, cloud)}</p>
    </div>`;
  }

  private tools(brief: EcosystemBrief): TemplateResult {
    const share = brief.edges.meaning === 'share';
    const found = modelsNamed(brief.models, this.search);
    const zoomButton = (key: string, label: string, text: string): TemplateResult =>
      html`<button
        type="button"
        aria-label=${label}
        title="${label} (${key})"
        @click=${() => {
          this.move(viewAfterKey(this.view, key));
        }}
      >
        ${text}
      </button>`;
    return html`<div class="tools">
        <span class="row zoom">
          ${zoomButton('+', 'Zoom in', '+')}${zoomButton('-', 'Zoom out', '−')}${zoomButton('0', 'Show all', 'All')}
        </span>
        ${share ? html`${this.kind('curated', 'curated output')}${this.kind('raw', 'raw output')}` : nothing}
        <label class="find"
          >Find a model
          <input
            type="search"
            autocomplete="off"
            .value=${this.search}
            @input=${this.onSearch}
            @keydown=${(event: KeyboardEvent) => {
              if (event.key === 'Enter' && found.length > 0) this.choose(found[0]);
            }}
          />
        </label>
      </div>
      ${
        this.search.trim() === ''
          ? nothing
          : html`<div class="row found" role="group" aria-label="Models found">
              ${
                found.length === 0
                  ? html`<span class="faint">No model has this in its name.</span>`
                  : found.map(
                      (model) =>
                        html`<button
                          type="button"
                          aria-pressed=${model === this.lab.followed ? 'true' : 'false'}
                          @pointerenter=${() => {
                            this.pointed = model;
                          }}
                          @focus=${() => {
                            this.pointed = model;
                          }}
                          @click=${() => {
                            this.choose(model);
                          }}
                        >
                          ${clipped(brief.models[model], 24)}
                        </button>`,
                    )
              }
            </div>`
      }`;
  }

  private kind(kind: 'raw' | 'curated', text: string): TemplateResult {
    return html`<label class="key ${kind}"
      ><input
        type="checkbox"
        .checked=${this.shown[kind]}
        @change=${() => {
          this.shown = { ...this.shown, [kind]: !this.shown[kind] };
        }}
      />
      <svg width="30" height="10" aria-hidden="true">
        <path
          class="line"
          d="M1 5H22"
          stroke-width="2"
          stroke-dasharray=${kind === 'raw' ? '5 3' : nothing}
        />
        <path class="head" d="M21 1L29 5L21 9Z" />
      </svg>
      ${text}</label
    >`;
  }

  private readout(brief: EcosystemBrief, cloud: Cloud): TemplateResult | string {
    const model = this.pointed ?? this.lab.followed;
    const run = this.lab.run.shown;
    if (model === null || model >= brief.models.length || run === null) {
      return html`${cloudSentence(brief, cloud)}
        <span class="faint"
          >Larger dots have more links; shares of a model’s own output are not drawn. Point at a model for its
          numbers, click it to follow it. The wheel zooms once the graph is clicked; drag to move.</span
        >`;
    }
    const { prediction } = this.lab.theory;
    const predicted =
      prediction?.models.length === brief.models.length ? prediction.reward?.[model] : undefined;
    const reward = run.track.last('reward', model);
    const now = modelSentence(brief, model, { reward, predicted: predicted ?? NaN, round: run.round });
    return `${now}. ${linksSentence(brief, cloud, model)}`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const scene = this.scene();
    if (scene === null) return;
    this.layers ??= this.canvases();
    const { layers } = this;
    if (layers === null) return;
    const arrowsKey = [scene.cloud, scene.points, scene.view, scene.inks, scene.shown];
    if (!same(arrowsKey, this.arrowsKey)) {
      const onlyMoved = scene.cloud === this.arrowsKey[0] && scene.points === this.arrowsKey[1];
      this.arrowsKey = arrowsKey;
      layers.carryArrows(scene.view);
      if (this.resting !== null) clearTimeout(this.resting);
      const rest = (): void => void layers.drawArrows(scene);
      this.resting = setTimeout(rest, onlyMoved ? REST_MS : 0);
    }
    layers.drawDots(scene);
    const overKey = [...arrowsKey, scene.pointed, scene.followed];
    if (same(overKey, this.overKey)) return;
    this.overKey = overKey;
    layers.drawOver(scene);
  }

  private canvases(): CloudLayers | null {
    const [arrows, dots, over] = this.renderRoot.querySelectorAll('canvas');
    return arrows === undefined ? null : new CloudLayers({ arrows, dots, over });
  }

  private scene(): CloudScene | null {
    const { known, scale, view } = this;
    const points = this.layout?.points ?? null;
    const run = this.lab.run.shown;
    if (known === null || points === null || run === null || view.width === 0) return null;
    if (points.length !== 2 * known.brief.models.length || run.brief !== known.brief) return null;
    const steps = new Int8Array(known.brief.models.length).fill(-1);
    if (scale !== null)
      steps.forEach((_, model) => (steps[model] = rampStep(scale, run.track.last('reward', model))));
    if (this.inks?.of !== this.place.theme) {
      const names = ['--ink', '--card', '--accent', '--raw', '--curated'];
      const [ink, card, accent, raw, curated] = resolvedColours(this, names);
      this.inks = { of: this.place.theme, inks: { ink, card, accent, raw, curated } };
    }
    return {
      cloud: known.cloud,
      points,
      radii: this.radiiOf(known.cloud, view),
      view,
      names: known.brief.models,
      shown: this.shown,
      inks: this.inks.inks,
      steps,
      pointed: this.pointed,
      followed: this.lab.followed,
    };
  }

  private radiiOf({ degree }: Cloud, { width, height }: ViewWindow): Float32Array {
    const key = `${width} ${height}`;
    if (this.radii?.key !== key || this.radii.values.length !== degree.length) {
      this.radii = { key, values: dotRadii(degree, width * height) };
    }
    return this.radii.values;
  }

  private move(view: ViewWindow | null): void {
    if (view !== null) this.view = view;
  }

  private choose(model: number): void {
    this.pointed = null;
    this.lab.follow(model);
  }

  private readonly onSearch = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.search = event.target.value;
    const [first] = modelsNamed(this.known?.brief.models ?? [], this.search);
    this.pointed = first ?? null;
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && this.pointed !== null) {
      this.choose(this.pointed);
      return;
    }
    const view = viewAfterKey(this.view, event.key);
    if (view === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.move(view);
  };

  private readonly onWheel = (event: WheelEvent): void => {
    // Until people have turned to the graph, the wheel is the page's.
    if (!event.ctrlKey && this.shadowRoot?.activeElement !== event.currentTarget) return;
    event.preventDefault();
    const [x, y] = at(event);
    this.move(viewAfterWheel(this.view, event, x, y));
  };

  private readonly onPress = (event: PointerEvent): void => {
    const [x, y] = at(event);
    this.drag.press(event.pointerId, x, y);
  };

  private readonly onMove = (event: PointerEvent): void => {
    const [x, y] = at(event);
    if (this.drag.active) {
      this.move(this.drag.move(this.view, event.pointerId, x, y));
      return;
    }
    this.pointed = this.modelAt(x, y);
  };

  private readonly onRelease = (event: PointerEvent): void => {
    if (!this.drag.release(event.pointerId)) return;
    const [x, y] = at(event);
    const model = this.modelAt(x, y);
    if (model !== null) this.lab.follow(model);
  };

  private readonly onCancel = (event: PointerEvent): void => {
    this.drag.release(event.pointerId);
  };

  private readonly onLeave = (event: PointerEvent): void => {
    this.drag.release(event.pointerId);
    this.pointed = null;
  };

  private modelAt(x: number, y: number): number | null {
    const points = this.layout?.points ?? null;
    if (points === null || this.layers === null) return null;
    const reach = REACH + 4 * dotScale(this.view);
    return nearest(this.layers.pixelsIn({ points, view: this.view }), x, y, reach);
  }

  /** For measurements: milliseconds that the dots took last. */
  get dotsMs(): number {
    return this.layers?.dotsMs ?? NaN;
  }
}

function at(event: MouseEvent): readonly [number, number] {
  const stage = event.currentTarget;
  const box = stage instanceof HTMLElement ? stage.getBoundingClientRect() : { left: 0, top: 0 };
  return [event.clientX - box.left, event.clientY - box.top];
}

function same(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, k) => value === other[k]);
}

declare global {
  interface HTMLElementTagNameMap {
    'bf-cloud': CloudView;
  }
}
customElements.define('bf-cloud', CloudView);
