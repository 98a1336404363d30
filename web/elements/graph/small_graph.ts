/** The drawing of a few models as a template: what never changes apart from what every frame changes. */
import { html, nothing, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import { clipped } from '../../clipped.ts';
import { fixedText } from '../../../src/report/number_text.ts';
import type { EcosystemBrief } from '../../worker/protocol.ts';
import { arrowSentence, realSentence } from './arrows.ts';
import { LABEL_SIZE, labelSize } from './small_layout.ts';
import type { DrawnArrow, SmallLayout } from './small_layout.ts';
import { inkOn, rewardColour } from './reward_scale.ts';
import type { RewardScale } from './reward_scale.ts';

/** What is pointed at. */
export type Pointed =
  | { readonly kind: 'model'; readonly model: number }
  | { readonly kind: 'arrow'; readonly arrow: number }
  | { readonly kind: 'real'; readonly model: number };

export interface SmallScene {
  readonly brief: EcosystemBrief;
  readonly layout: SmallLayout;
  readonly scale: RewardScale | null;
  /** Present reward per model. */
  readonly reward: (model: number) => number;
  readonly sentence: (model: number) => string;
  readonly pointed: Pointed | null;
  readonly followed: number | null;
  readonly point: (at: Pointed | null) => void;
  readonly follow: (model: number) => void;
}

export function smallGraph(scene: SmallScene): TemplateResult {
  const { left, top, right, bottom } = scene.layout.box;
  const width = Math.round(right - left);
  const height = Math.round(bottom - top);
  return html`<svg
    class="small"
    width=${width}
    height=${height}
    viewBox="${left} ${top} ${width} ${height}"
    role="group"
    aria-label="Who trains on whose output"
  >
    ${scene.layout.reals.map((_, k) => real(scene, k))} ${scene.layout.arrows.map((_, k) => arrow(scene, k))}
    ${scene.layout.arrows.map((each, k) => label(scene, each, k))}
    ${scene.brief.models.map((_, model) => node(scene, model))}
  </svg>`;
}

/** Whether something else is pointed at, so that this steps back. */
function stepsBack(
  { pointed, layout, followed }: SmallScene,
  consumer: number,
  producer: number,
  arrow: number,
): boolean {
  if (pointed === null) {
    return followed !== null && layout.arrows.length > 24 && consumer !== followed && producer !== followed;
  }
  if (pointed.kind === 'arrow') return pointed.arrow !== arrow;
  if (pointed.kind === 'real') return arrow >= 0 || consumer !== pointed.model;
  return consumer !== pointed.model && producer !== pointed.model;
}

function listeners(scene: SmallScene, at: Pointed): { readonly on: () => void; readonly off: () => void } {
  return {
    on: () => {
      scene.point(at);
    },
    off: () => {
      scene.point(null);
    },
  };
}

function arrow(scene: SmallScene, k: number): SVGTemplateResult {
  const { path, head, width, consumer, producer } = scene.layout.arrows[k];
  const { on, off } = listeners(scene, { kind: 'arrow', arrow: k });
  const kind = kindOf(scene.brief, scene.layout.arrows[k]);
  return svg`<g
    class="arrow ${kind} ${stepsBack(scene, consumer, producer, k) ? 'back' : ''}"
    tabindex="0"
    role="img"
    aria-label=${arrowSentence(scene.brief, scene.layout.arrows[k])}
    @pointerenter=${on}
    @pointerleave=${off}
    @focus=${on}
    @blur=${off}
  >
    <path class="hit" d=${path} stroke-width=${Math.max(16, width + 8)} />
    <path class="line" d=${path} stroke-width=${width} stroke-dasharray=${kind === 'raw' ? dashes(width) : nothing} />
    <path class="head" d=${head} />
  </g>`;
}

/** How an arrow is drawn: only raw output is dashed. */
export function kindOf(
  { edges }: Pick<EcosystemBrief, 'edges'>,
  { curator }: Pick<DrawnArrow, 'curator'>,
): 'raw' | 'curated' | 'map' {
  if (edges.meaning === 'map') return 'map';
  return curator < 0 ? 'raw' : 'curated';
}

export function dashes(width: number): string {
  return `${Math.round(4 + width)} ${Math.round(3 + 0.4 * width)}`;
}

function label(scene: SmallScene, each: DrawnArrow, k: number): SVGTemplateResult | typeof nothing {
  const { pointed } = scene;
  const chosen =
    (pointed?.kind === 'arrow' && pointed.arrow === k) ||
    (pointed?.kind === 'model' && (pointed.model === each.consumer || pointed.model === each.producer));
  if (!each.labelled && !chosen) return nothing;
  const back = stepsBack(scene, each.consumer, each.producer, k);
  const { width, height } = labelSize(each.label);
  const { x, y } = each.labelAt;
  return svg`<g class="share ${kindOf(scene.brief, each)} ${back ? 'back' : ''}" aria-hidden="true">
    <rect x=${x - width / 2} y=${y - height / 2} width=${width} height=${height} rx="4" />
    <text x=${x} y=${y} font-size=${LABEL_SIZE}>${each.label}</text>
  </g>`;
}

function real(scene: SmallScene, k: number): SVGTemplateResult {
  const { model, text, box, path, head, width } = scene.layout.reals[k];
  const { on, off } = listeners(scene, { kind: 'real', model });
  return svg`<g
    class="real ${stepsBack(scene, model, -1, -1) ? 'back' : ''}"
    role="img"
    aria-label=${realSentence(scene.brief, model)}
    @pointerenter=${on}
    @pointerleave=${off}
  >
    <path class="line" d=${path} stroke-width=${width} />
    <path class="head" d=${head} />
    <rect x=${box.left} y=${box.top} width=${box.right - box.left} height=${box.bottom - box.top} rx="5" />
    <text x=${(box.left + box.right) / 2} y=${(box.top + box.bottom) / 2} font-size=${LABEL_SIZE}>${text}</text>
  </g>`;
}

function node(scene: SmallScene, model: number): SVGTemplateResult {
  const { layout, brief, scale, followed } = scene;
  const { x, y } = layout.centres[model];
  const { radius } = layout;
  const reward = scene.reward(model);
  const fill = scale === null ? '#9aa1ab' : rewardColour(scale, reward);
  const ink = inkOn(fill);
  const { on, off } = listeners(scene, { kind: 'model', model });
  const size = radius >= 28 ? 12.5 : 11;
  const follow = (): void => {
    scene.follow(model);
  };
  return svg`<g
    class="node"
    tabindex="0"
    role="button"
    aria-pressed=${followed === model ? 'true' : 'false'}
    aria-label="${scene.sentence(model)}. Follow it through all views"
    @pointerenter=${on}
    @pointerleave=${off}
    @focus=${on}
    @blur=${off}
    @click=${follow}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      follow();
    }}
  >
    ${followed === model ? svg`<circle class="ring" cx=${x} cy=${y} r=${radius + 4.5} />` : nothing}
    <circle class="disc" cx=${x} cy=${y} r=${radius} fill=${fill} />
    <text class="name" x=${x} y=${y - 0.62 * size} fill=${ink} font-size=${size}>${clipped(brief.models[model], radius >= 34 ? 9 : 7)}</text>
    <text class="value" x=${x} y=${y + 0.66 * size} fill=${ink} font-size=${size - 0.5}>${fixedText(reward, radius >= 34 ? 4 : 3)}</text>
  </g>`;
}
