/** `<bf-heat-map>`: the matrix of many models as a picture, with a cursor for pointer and keys. Fires `follow` for a model. */
import { css, html, LitElement } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { rgbOf } from '../../colour_math.ts';
import { resolvedColours } from '../../model_colours.ts';
import { Place } from '../place.ts';
import { sharedStyles } from '../shared_styles.ts';
import { heatTable, heatTokens } from './effect_scale.ts';
import { heatPixels } from './heat_pixels.ts';
import { effectSentence } from './influence_data.ts';
import type { Effects } from './influence_data.ts';

/** An entry by its place in the picture. */
interface Spot {
  readonly row: number;
  readonly column: number;
}

const LARGEST = 620;
const PAGE = 10;

export class HeatMap extends LitElement {
  static override readonly properties = {
    effects: { attribute: false },
    order: { attribute: false },
    most: { attribute: false },
    followed: { attribute: false },
    spot: { state: true },
  };
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        ${heatTokens()}
      }
      .map {
        display: grid;
        grid-template-columns: 1.25rem minmax(0, 1fr);
        max-width: ${LARGEST + 20}px;
        color: var(--faint);
        font-size: 0.8125rem;
      }
      .across {
        grid-column: 2;
      }
      .down {
        writing-mode: vertical-rl;
        transform: rotate(180deg);
        text-align: right;
      }
      .stage {
        position: relative;
        overflow: hidden;
        aspect-ratio: 1;
        border: 1px solid var(--line-strong);
        cursor: crosshair;
        touch-action: pan-y;
      }
      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        image-rendering: pixelated;
      }
      .readout {
        min-height: 2.9em;
        margin-top: 0.5rem;
        color: var(--ink);
        font-size: 0.8125rem;
        line-height: 1.45;
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare effects: Effects;
  /** Which model stands where. */
  declare order: Uint32Array;
  declare most: number;
  declare followed: number | null;
  declare private spot: Spot | null;
  private readonly place = new Place(this);
  private drawnOf: readonly unknown[] = [];

  constructor() {
    super();
    this.effects = { models: [], effect: new Float64Array(0), alone: new Float64Array(0), verdict: [] };
    this.order = new Uint32Array(0);
    this.most = 0;
    this.followed = null;
    this.spot = null;
  }

  protected override shouldUpdate(): boolean {
    return !this.hasUpdated || this.place.seen;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('effects') || changed.has('order')) this.spot = null;
  }

  protected override render(): TemplateResult {
    const { models } = this.effects;
    return html`<div class="map">
        <span class="across">More curation at …</span>
        <span class="down">Reward of …</span>
        <div
          class="stage"
          tabindex="0"
          role="group"
          aria-label="Influence of ${models.length.toLocaleString('en-US')} models on each other. Arrow keys move a cursor over the entries, Page Up and Page Down by ten rows, Enter follows the model whose curation grows."
          @pointermove=${this.onPoint}
          @pointerdown=${this.onPoint}
          @pointerleave=${this.onLeave}
          @click=${this.onChoose}
          @keydown=${this.onKey}
        >
          <canvas class="cells" aria-hidden="true"></canvas>
          <canvas class="marks" aria-hidden="true"></canvas>
        </div>
      </div>
      <p class="readout" aria-live="polite">${this.readout()}</p>`;
  }

  private readout(): string {
    const { spot, order, effects } = this;
    if (spot !== null) return `${effectSentence(effects, order[spot.row], order[spot.column])}.`;
    return 'Every dot is an effect: its row says whose reward, its column whose curation grows. Point at one, or use the arrow keys, for names and numbers; click it to follow the model of its column. Where there are more models than pixels, a dot shows the strongest of its effects, and gains and losses take turns.';
  }

  protected override updated(): void {
    const [cells, marks] = this.renderRoot.querySelectorAll('canvas');
    const size = Math.round(Math.min(LARGEST, Math.max(0, this.place.width - 22)) * window.devicePixelRatio);
    const { length: count } = this.order;
    if (cells === undefined || size < 10 || count === 0) return;
    const key = [this.effects, this.order, this.most, size, this.place.theme];
    if (key.some((value, k) => value !== this.drawnOf[k])) {
      this.drawnOf = key;
      this.drawCells(cells, Math.min(size, count));
    }
    this.drawMarks(marks, size);
  }

  private drawCells(canvas: HTMLCanvasElement, size: number): void {
    const names = ['--card', '--heat-gain', '--heat-loss', '--heat-undefined'];
    const [card, gain, loss, blank] = resolvedColours(this, names).map(rgbOf);
    const table = heatTable({ card, gain, loss, undefined: blank });
    const pixels = heatPixels(this.effects.effect, this.order, size, this.most, table, blank);
    canvas.width = size;
    canvas.height = size;
    canvas.getContext('2d')?.putImageData(new ImageData(pixels, size, size), 0, 0);
  }

  /** Row and column of the followed model, and those of the cursor. */
  private drawMarks(canvas: HTMLCanvasElement, size: number): void {
    const context = canvas.getContext('2d');
    if (context === null) return;
    const [accent, ink] = resolvedColours(this, ['--accent', '--ink']);
    canvas.width = size;
    canvas.height = size;
    const cell = size / this.order.length;
    const line = (position: number, along: 'row' | 'column', colour: string): void => {
      const width = Math.max(cell, 1);
      const from = Math.min(size - 1, position * cell);
      context.strokeStyle = colour;
      context.lineWidth = Math.max(1, Math.round(window.devicePixelRatio));
      const box = along === 'row' ? [-2, from, size + 4, width] : [from, -2, width, size + 4];
      context.strokeRect(box[0], box[1], box[2], box[3]);
    };
    const followed = this.followed === null ? -1 : this.order.indexOf(this.followed);
    if (followed >= 0) {
      line(followed, 'row', accent);
      line(followed, 'column', accent);
    }
    if (this.spot === null) return;
    line(this.spot.row, 'row', ink);
    line(this.spot.column, 'column', ink);
  }

  private readonly onPoint = (event: PointerEvent): void => {
    const stage = event.currentTarget;
    if (!(stage instanceof HTMLElement)) return;
    const box = stage.getBoundingClientRect();
    const count = this.order.length;
    const index = (part: number): number => Math.min(count - 1, Math.max(0, Math.floor(part * count)));
    this.spot = {
      row: index((event.clientY - box.top) / box.height),
      column: index((event.clientX - box.left) / box.width),
    };
  };

  private readonly onLeave = (): void => {
    this.spot = null;
  };

  private readonly onChoose = (): void => {
    if (this.spot === null) return;
    const detail = this.order[this.spot.column];
    this.dispatchEvent(new CustomEvent<number>('follow', { detail, bubbles: true, composed: true }));
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageUp: [-PAGE, 0],
      PageDown: [PAGE, 0],
    };
    if (event.key === 'Enter') {
      this.onChoose();
      return;
    }
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    const last = this.order.length - 1;
    const [down, right] = this.spot === null ? [0, 0] : moves[event.key];
    const start = this.followed === null ? 0 : this.order.indexOf(this.followed);
    const { row, column } = this.spot ?? { row: start, column: start };
    this.spot = {
      row: Math.min(last, Math.max(0, row + down)),
      column: Math.min(last, Math.max(0, column + right)),
    };
  };
}

customElements.define('bf-heat-map', HeatMap);
