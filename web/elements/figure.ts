/** `<bf-figure>`: a scene on the page, as wide as its place, with numbers under the pointer. Fires `follow` for a model. */
import { css, html, LitElement, nothing, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import { spotAt } from '../figures/scene.ts';
import type { GridMark, Ink, Mark, Scene, Spot } from '../figures/scene.ts';
import { resolvedColours } from '../model_colours.ts';
import { sharedStyles } from './shared_styles.ts';

interface Tip {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly clickable: boolean;
}

const colourOf = (ink: Ink): string => (ink === 'none' ? 'none' : `var(--${ink})`);

export class Figure extends LitElement {
  static override readonly properties = {
    build: { attribute: false },
    label: { type: String },
    glide: { type: Boolean },
    width: { state: true },
    tip: { state: true },
  };
  static override readonly styles = [
    sharedStyles,
    css`
      .frame {
        position: relative;
        min-height: 2rem;
      }
      svg {
        display: block;
        position: relative;
        max-width: 100%;
        overflow: visible;
      }
      svg.model {
        cursor: pointer;
      }
      text {
        font-variant-numeric: tabular-nums;
      }
      text.strong {
        font-weight: 650;
      }
      canvas {
        position: absolute;
        image-rendering: pixelated;
      }
      .glide rect {
        transition:
          x 0.7s ease-in-out,
          y 0.7s ease-in-out,
          width 0.7s ease-in-out,
          height 0.7s ease-in-out;
      }
      .tip {
        position: absolute;
        z-index: 3;
        width: max-content;
        max-width: min(20rem, 90%);
        padding: 0.375rem 0.5rem;
        border: 1px solid var(--line-strong);
        border-radius: 0.375rem;
        background: var(--card);
        box-shadow: var(--shadow);
        font-size: 0.8125rem;
        line-height: 1.4;
        pointer-events: none;
        white-space: pre-line;
      }
    `,
  ];

  /** The scene for a width in CSS pixels. */
  declare build: ((width: number) => Scene) | null;
  /** What the picture shows, for people who do not see it. */
  declare label: string;
  declare glide: boolean;
  declare private width: number;
  declare private tip: Tip | null;
  private scene: Scene | null = null;
  private readonly drawn = new WeakMap<HTMLCanvasElement, Float32Array>();
  private readonly theme = matchMedia('(prefers-color-scheme: dark)');
  private themeOf = '';
  private readonly sizes = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (Math.abs(width - this.width) > 1) this.width = width;
  });
  private readonly themes = new MutationObserver(() => {
    this.requestUpdate();
  });

  constructor() {
    super();
    this.build = null;
    this.label = '';
    this.glide = false;
    this.width = 0;
    this.tip = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.sizes.observe(this);
    this.theme.addEventListener('change', this.onTheme);
    this.themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
    this.themes.disconnect();
    this.theme.removeEventListener('change', this.onTheme);
  }

  private readonly onTheme = (): void => {
    this.requestUpdate();
  };

  protected override willUpdate(): void {
    this.scene = this.width > 0 && this.build !== null ? this.build(this.width) : null;
  }

  protected override render(): TemplateResult {
    const { scene, tip } = this;
    if (scene === null) return html`<div class="frame"></div>`;
    const grids = scene.marks.filter((mark) => mark.kind === 'grid');
    const { width, height } = scene;
    return html`<div
      class="frame"
      @pointermove=${this.point}
      @pointerdown=${this.point}
      @pointerleave=${this.leave}
      @pointerup=${this.choose}
    >
      ${grids.map(
        (grid) =>
          html`<canvas
            aria-hidden="true"
            width=${grid.columns}
            height=${grid.rows}
            .style=${`left:${grid.x}px;top:${grid.y}px;width:${grid.width}px;height:${grid.height}px`}
          ></canvas>`,
      )}
      <svg
        class="${this.glide ? 'glide' : ''} ${tip?.clickable === true ? 'model' : ''}"
        width=${width}
        height=${height}
        viewBox="0 0 ${width} ${height}"
        role="img"
        aria-label=${this.label}
      >
        ${scene.marks.map(markOf)}
      </svg>
      ${tip === null ? nothing : html`<div class="tip" .style=${this.tipPlace(tip, width)}>${tip.text}</div>`}
    </div>`;
  }

  private tipPlace({ x, y }: Tip, width: number): string {
    const side = x < width / 2 ? `left:${x + 12}px` : `right:${width - x + 12}px`;
    return `${side};top:${y + 14}px`;
  }

  protected override updated(): void {
    const { scene } = this;
    if (scene === null) return;
    const grids = scene.marks.filter((mark) => mark.kind === 'grid');
    if (grids.length === 0) return;
    const root = document.documentElement;
    const theme = `${String(this.theme.matches)} ${root.dataset['theme'] ?? ''}`;
    const canvases = [...this.renderRoot.querySelectorAll('canvas')];
    canvases.forEach((canvas, k) => {
      if (this.drawn.get(canvas) === grids[k].values && this.themeOf === theme) return;
      this.paint(canvas, grids[k]);
      this.drawn.set(canvas, grids[k].values);
    });
    this.themeOf = theme;
  }

  private paint(canvas: HTMLCanvasElement, { columns, rows, values, high, low = high }: GridMark): void {
    const context = canvas.getContext('2d');
    if (context === null) return;
    const [card, top, bottom] = resolvedColours(this, ['--card', `--${high}`, `--${low}`]).map(channelsOf);
    const image = context.createImageData(columns, rows);
    for (let k = 0; k < values.length; k++) {
      const value = values[k];
      if (Number.isNaN(value)) continue;
      const ink = value < 0 ? bottom : top;
      const share = Math.min(1, Math.abs(value));
      for (let c = 0; c < 3; c++) image.data[4 * k + c] = Math.round(card[c] + share * (ink[c] - card[c]));
      image.data[4 * k + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  private spotOf(event: MouseEvent): { readonly spot: Spot | null; readonly x: number; readonly y: number } {
    const frame = event.currentTarget;
    if (!(frame instanceof HTMLElement) || this.scene === null) return { spot: null, x: 0, y: 0 };
    const box = frame.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    return { spot: spotAt(this.scene, x, y), x, y };
  }

  private readonly point = (event: PointerEvent): void => {
    const { spot, x, y } = this.spotOf(event);
    this.tip =
      spot === null
        ? null
        : {
            x,
            y,
            text: spot.tip((x - spot.x) / spot.width, (y - spot.y) / spot.height),
            clickable: spot.model !== undefined,
          };
  };

  private readonly leave = (): void => {
    this.tip = null;
  };

  private readonly choose = (event: MouseEvent): void => {
    const { spot } = this.spotOf(event);
    if (spot?.model !== undefined)
      this.dispatchEvent(new CustomEvent('follow', { detail: spot.model, bubbles: true, composed: true }));
  };
}

/** Channels of `rgb(…)`, or of a `color(srgb …)` that a mixed colour resolves to. */
function channelsOf(colour: string): number[] {
  const found = [...colour.matchAll(/[\d.]+(?:e-?\d+)?/g)].slice(0, 3).map(([text]) => Number(text));
  return colour.startsWith('color(') ? found.map((channel) => 255 * channel) : found;
}

function markOf(mark: Mark): SVGTemplateResult | typeof nothing {
  switch (mark.kind) {
    case 'rect':
      return svg`<rect x=${mark.x} y=${mark.y} width=${Math.max(0, mark.width)} height=${Math.max(0, mark.height)} rx=${mark.radius ?? 0}
        fill=${colourOf(mark.fill ?? 'none')} stroke=${colourOf(mark.stroke ?? 'none')} stroke-width=${mark.strokeWidth ?? 1}
        stroke-dasharray=${mark.dash ?? 'none'} opacity=${mark.opacity ?? 1}></rect>`;
    case 'path':
      return svg`<path d=${mark.d} fill=${colourOf(mark.fill ?? 'none')} stroke=${colourOf(mark.stroke ?? 'none')}
        stroke-width=${mark.strokeWidth ?? 1} stroke-dasharray=${mark.dash ?? 'none'} opacity=${mark.opacity ?? 1}
        stroke-linejoin="round"></path>`;
    case 'text':
      return svg`<text class=${mark.strong === true ? 'strong' : ''} x=${mark.x} y=${mark.y} font-size=${mark.size ?? 12}
        fill=${colourOf(mark.fill ?? 'ink')} text-anchor=${mark.anchor ?? 'start'}
        transform=${mark.turn === undefined ? 'rotate(0)' : `rotate(${mark.turn} ${mark.x} ${mark.y})`}>${mark.text}</text>`;
    case 'grid':
      return nothing;
  }
}

customElements.define('bf-figure', Figure);
