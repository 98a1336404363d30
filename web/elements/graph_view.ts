/** `<bf-graph>`: the ecosystem as a graph. Models coloured by their present reward, arrows as wide as shares. */
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ShownRun } from '../services/run_service.ts';
import type { EcosystemBrief } from '../worker/protocol.ts';
import { LabElement } from './lab_element.ts';
import { Place } from './place.ts';
import { sharedStyles } from './shared_styles.ts';
import { arrowSentence, differentCurators, modelSentence, realSentence } from './graph/arrows.ts';
import { graphCsv, graphSvg } from './graph/graph_files.ts';
import { graphStyles } from './graph/graph_styles.ts';
import { rampKey, rampStyles } from './graph/ramp_key.ts';
import { RewardRange } from './graph/reward_scale.ts';
import type { RewardScale } from './graph/reward_scale.ts';
import { smallGraph } from './graph/small_graph.ts';
import type { Pointed } from './graph/small_graph.ts';
import { MOST_DRAWN, smallLayout } from './graph/small_layout.ts';
import type { SmallLayout } from './graph/small_layout.ts';
import './graph/cloud_view.ts';
import './view_card.ts';

export class GraphView extends LabElement {
  static override readonly properties = { ...LabElement.properties, pointed: { state: true } };
  static override readonly styles = [sharedStyles, rampStyles, graphStyles];

  declare private pointed: Pointed | null;
  private readonly place = new Place(this);
  private readonly range = new RewardRange();
  private drawn: {
    readonly brief: EcosystemBrief;
    readonly width: number;
    readonly layout: SmallLayout;
  } | null = null;

  constructor() {
    super();
    this.pointed = null;
  }

  /** Frames come on while nobody sees the graph; it catches up when it is seen again. */
  protected override shouldUpdate(): boolean {
    return !this.hasUpdated || this.place.seen;
  }

  protected override willUpdate(): void {
    const brief = this.lab.run.shown?.brief;
    if (this.drawn !== null && this.drawn.brief !== brief) this.pointed = null;
  }

  protected override render(): TemplateResult {
    const { shown } = this.lab.run;
    const files =
      shown === null
        ? null
        : {
            name: 'graph',
            svg: () => this.svgFile(shown),
            csv: () => graphCsv(shown, this.predicted(shown.brief)),
          };
    return html`<bf-card heading="Who trains on whom" .files=${files}>
      ${shown === null ? html`<p class="faint">Opening the scenario …</p>` : this.graph(shown)}
    </bf-card>`;
  }

  private graph(shown: ShownRun): TemplateResult {
    const { brief, track } = shown;
    const scale = this.range.scale(track, this.predicted(brief));
    if (brief.models.length > MOST_DRAWN) {
      return html`<div class="stack">
        <bf-cloud .lab=${this.lab} .scale=${scale}></bf-cloud>
        ${this.keys(brief, scale, true)}
      </div>`;
    }
    return html`<div class="stack">
      <div class="drawing">${this.small(shown, scale)}</div>
      <p class="readout">${this.readout(shown)}</p>
      ${this.keys(brief, scale, false)}
    </div>`;
  }

  private small(shown: ShownRun, scale: RewardScale | null): TemplateResult | typeof nothing {
    const { brief, track } = shown;
    // 2.5rem: the card's padding.
    const width = this.place.width - 42;
    if (width < 50) return nothing;
    if (this.drawn?.brief !== brief || this.drawn.width !== width) {
      this.drawn = { brief, width, layout: smallLayout(brief, width) };
    }
    return smallGraph({
      brief,
      scale,
      layout: this.drawn.layout,
      reward: (model) => track.last('reward', model),
      sentence: (model) => this.sentence(shown, model),
      pointed: this.pointed,
      followed: this.lab.followed,
      point: this.point,
      follow: this.follow,
    });
  }

  private readonly point = (at: Pointed | null): void => {
    this.pointed = at;
  };

  private readonly follow = (model: number): void => {
    this.lab.follow(model);
  };

  /** Predicted rewards of the scenario that is shown. */
  private predicted({ models }: EcosystemBrief): Float64Array | null {
    const { prediction } = this.lab.theory;
    return prediction !== null && prediction.models.length === models.length ? prediction.reward : null;
  }

  private sentence({ brief, track, round }: ShownRun, model: number): string {
    const predicted = this.predicted(brief)?.[model] ?? NaN;
    return modelSentence(brief, model, { reward: track.last('reward', model), predicted, round });
  }

  private readout(shown: ShownRun): string | TemplateResult {
    const { pointed, drawn } = this;
    const { brief } = shown;
    const { followed } = this.lab;
    if (pointed?.kind === 'arrow') {
      return drawn === null ? '' : `${arrowSentence(brief, drawn.layout.arrows[pointed.arrow])}.`;
    }
    if (pointed?.kind === 'real') return `${realSentence(brief, pointed.model)}.`;
    const model = pointed?.model ?? followed;
    if (model !== null && model < brief.models.length) return `${this.sentence(shown, model)}.`;
    return html`<span class="faint"
      >Arrows run from the model that generates to the one that trains on it. Point at anything for its
      numbers; click a model to follow it through all views.</span
    >`;
  }

  private keys(brief: EcosystemBrief, scale: RewardScale | null, cloud: boolean): TemplateResult {
    const share = brief.edges.meaning === 'share';
    const raw = brief.edges.curator.some((curator) => curator < 0);
    const curated = brief.edges.curator.some((curator) => curator >= 0);
    return html`<div class="keys">
        ${scale === null ? nothing : rampKey(scale)}
        ${
          share && curated && !cloud
            ? html`<span class="key curated">${sample(false)} curated output</span>`
            : nothing
        }
        ${
          raw && !cloud
            ? html`<span class="key ${share ? 'raw' : 'map'}"
                >${sample(share)} ${share ? 'raw output' : 'a map of the mean'}</span
              >`
            : nothing
        }
        ${share && !cloud ? html`<span class="note">Width: share of the training set</span>` : nothing}
        ${share ? nothing : html`<span class="note">Width: map strength (root mean square of its singular values)</span>`}
      </div>
      ${
        differentCurators(brief)
          ? html`<p class="note">
              ${
                share
                  ? 'Different curators judge these models, each on a scale of its own: compare a model with itself over time, or with models of the same curator.'
                  : 'Every model has a reward of its own: compare a model with itself over time.'
              }
            </p>`
          : nothing
      }`;
  }

  private async svgFile(shown: ShownRun): Promise<string> {
    const { brief, track } = shown;
    const scale = this.range.scale(track, this.predicted(brief));
    const cloud = this.renderRoot.querySelector('bf-cloud');
    const points = cloud === null ? null : await cloud.positions();
    return graphSvg({ shown, scale, followed: this.lab.followed, points });
  }
}

function sample(dashed: boolean): TemplateResult {
  return html`<svg width="34" height="10" aria-hidden="true">
    <path class="line" d="M1 5H25" stroke-width="3" stroke-dasharray=${dashed ? '6 4' : nothing} />
    <path class="head" d="M24 0.5L33 5L24 9.5Z" />
  </svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'bf-graph': GraphView;
  }
}
customElements.define('bf-graph', GraphView);
