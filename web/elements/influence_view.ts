/** `<bf-influence>`: whose curation moves whose reward, as a signed heat map with numbers. */
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { POINTS } from '../../src/report/effect.ts';
import { VERDICT_MEANING } from '../../src/report/verdict_text.ts';
import type { EcosystemBrief, Prediction } from '../worker/protocol.ts';
import { LabElement } from './lab_element.ts';
import { differentCurators } from './graph/arrows.ts';
import { cloudOf } from './graph/cloud_data.ts';
import { mostOf } from './influence/effect_scale.ts';
import { effectTable, MOST_TABLED } from './influence/effect_table.ts';
import { heatKey } from './influence/heat_key.ts';
import './influence/heat_map.ts';
import {
  effectSentence,
  effectsOf,
  ORDERS,
  orderOf,
  sameModels,
  summaryOf,
  VERDICTS,
} from './influence/influence_data.ts';
import type { Effects, InfluenceSummary, Order } from './influence/influence_data.ts';
import { influenceCsv, influenceSvg, pngUrl } from './influence/influence_files.ts';
import { influenceStyles } from './influence/influence_styles.ts';
import { summaryStyles, summaryView } from './influence/summary_view.ts';
import { sharedStyles } from './shared_styles.ts';
import './view_card.ts';

const ORDER_NAMES: Readonly<Record<Order, string>> = {
  scenario: 'as in the scenario',
  links: 'most links first',
  own: 'largest own loss first',
  name: 'by name',
};

/** A prediction's matrix and what is derived from it once. */
interface Worked {
  readonly of: Prediction;
  readonly effects: Effects;
  readonly most: number;
  readonly summary: InfluenceSummary;
}

export class InfluenceView extends LabElement {
  static override readonly properties = {
    ...LabElement.properties,
    order: { state: true },
    pointed: { state: true },
  };
  static override readonly styles = [
    sharedStyles,
    influenceStyles,
    summaryStyles,
    css`
      .many {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1rem 1.5rem;
      }
      @container (min-width: 46rem) {
        .many {
          grid-template-columns: minmax(0, 3fr) minmax(14rem, 2fr);
        }
      }
      .body {
        container-type: inline-size;
      }
    `,
  ];

  declare private order: Order;
  declare private pointed: { readonly row: number; readonly column: number } | null;
  private worked: Worked | null = null;
  private sorted: { readonly key: readonly unknown[]; readonly order: Uint32Array } | null = null;

  constructor() {
    super();
    this.order = 'scenario';
    this.pointed = null;
  }

  protected override willUpdate(): void {
    const { prediction } = this.lab.theory;
    if (prediction === null || this.worked?.of === prediction) return;
    const effects = effectsOf(prediction);
    this.pointed = null;
    this.worked =
      effects === null
        ? null
        : {
            of: prediction,
            effects,
            most: Math.max(mostOf(effects.effect), mostOf(effects.alone)),
            summary: summaryOf(effects),
          };
  }

  protected override render(): TemplateResult {
    const { prediction, working, failure } = this.lab.theory;
    const worked = prediction !== null && this.worked?.of === prediction ? this.worked : null;
    const files =
      worked === null
        ? null
        : {
            name: 'influence',
            csv: () => influenceCsv(worked.effects),
            svg: () => this.svgFile(worked),
          };
    return html`<bf-card heading="Influence matrix" .files=${files}>
      <div class="body stack" aria-busy=${working ? 'true' : 'false'}>
        ${
          worked !== null
            ? this.matrix(worked)
            : html`<p class="faint">
                ${prediction === null ? (working ? 'Working it out …' : (failure?.message ?? 'Working it out …')) : reasonOf(prediction)}
              </p>`
        }
      </div>
    </bf-card>`;
  }

  private matrix({ effects, most, summary }: Worked): TemplateResult {
    const brief = this.briefOf(effects);
    const followed = brief === null ? null : this.lab.followed;
    return html`${
      effects.models.length <= MOST_TABLED
        ? html`<div class="scroll" tabindex="0" role="group" aria-label="Influence matrix">
              ${effectTable({ effects, most, followed, follow: this.follow, point: this.point })}
            </div>
            <p class="readout">
              ${
                this.pointed === null
                  ? html`<span class="faint"
                      >Changes of long-run rewards. Rows: whose reward. Columns: whose curated share grows by
                      ${POINTS} percentage points. Click a name to follow the model.</span
                    >`
                  : `${effectSentence(effects, this.pointed.row, this.pointed.column)}.`
              }
            </p>
            ${heatKey(most)}${meanings(summary)}`
        : this.many(effects, most, summary, followed)
    }
    ${
      brief !== null && differentCurators(brief)
        ? html`<p class="note">
            ${
              brief.family === 'linear-gaussian'
                ? 'Every model has a reward of its own, so sizes cannot be compared between rows; signs can.'
                : 'Different curators judge these models, each on a scale of its own, so sizes cannot be compared between their rows; signs can.'
            }
          </p>`
        : nothing
    }`;
  }

  private many(
    effects: Effects,
    most: number,
    summary: InfluenceSummary,
    followed: number | null,
  ): TemplateResult {
    return html`<div class="many">
      <div class="stack">
        <label class="row note"
          >Models
          <select @change=${this.onOrder}>
            ${ORDERS.map(
              (order) =>
                html`<option value=${order} ?selected=${order === this.order}>${ORDER_NAMES[order]}</option>`,
            )}
          </select>
        </label>
        <bf-heat-map
          .effects=${effects}
          .order=${this.orderOf(effects)}
          .most=${most}
          .followed=${followed}
          @follow=${(event: CustomEvent<number>) => {
            this.follow(event.detail);
          }}
        ></bf-heat-map>
        ${heatKey(most)}
      </div>
      ${summaryView(effects, summary, this.follow)}
    </div>`;
  }

  private orderOf(effects: Effects): Uint32Array {
    const brief = this.briefOf(effects);
    const key = [this.order, effects, brief];
    if (this.sorted === null || key.some((value, k) => value !== this.sorted?.key[k])) {
      const degree = this.order === 'links' && brief !== null ? cloudOf(brief).degree : null;
      this.sorted = { key, order: orderOf(this.order, effects, degree) };
    }
    return this.sorted.order;
  }

  /** The brief that the matrix is about; null while run and theory are of different scenarios. */
  private briefOf({ models }: Effects): EcosystemBrief | null {
    const brief = this.lab.run.shown?.brief;
    return brief !== undefined && sameModels(brief, models) ? brief : null;
  }

  private readonly follow = (model: number): void => {
    if (this.worked !== null && this.briefOf(this.worked.effects) !== null) this.lab.follow(model);
  };

  private readonly point = (at: { readonly row: number; readonly column: number } | null): void => {
    this.pointed = at;
  };

  private readonly onOrder = (event: Event): void => {
    if (!(event.target instanceof HTMLSelectElement)) return;
    const { value } = event.target;
    this.order = ORDERS.find((order) => order === value) ?? 'scenario';
  };

  private svgFile({ effects, most }: Worked): Promise<string> {
    const title = this.lab.run.shown?.brief.name ?? '';
    return influenceSvg(title, effects, this.orderOf(effects), most, pngUrl);
  }
}

function reasonOf({ why, stability, influence }: Prediction): string {
  if (why !== '') return why;
  if (influence !== null && stability === 'neutral') {
    return 'Influence is undefined here: there is no single stable point, so where the models end depends on where they start.';
  }
  return 'Influence is undefined for every model here.';
}

/** The verdicts that occur, explained, for those who cannot hover. */
function meanings({ counts }: InfluenceSummary): TemplateResult | typeof nothing {
  const said = VERDICTS.filter((verdict) => counts[verdict] > 0);
  if (said.length === 0) return nothing;
  return html`<dl class="meanings">
    ${said.map(
      (verdict) =>
        html`<div>
          <dt>${verdict}</dt>
          <dd>— ${VERDICT_MEANING[verdict]}</dd>
        </div>`,
    )}
  </dl>`;
}

customElements.define('bf-influence', InfluenceView);
