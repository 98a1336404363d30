/** `<bf-phases>`: the coming round of one model taken apart: generate, curate, mix, refit. */
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { fixedText } from '../../src/report/number_text.ts';
import { percentText } from '../figures/share_text.ts';
import { modelColour } from '../model_colours.ts';
import { PHASES } from '../services/run_service.ts';
import type { EcosystemBrief, Phases } from '../worker/protocol.ts';
import { LabElement } from './lab_element.ts';
import { sharedStyles } from './shared_styles.ts';
import './view_card.ts';

type Source = Phases['sources'][number];

const TITLES = { generate: 'Generate', curate: 'Curate', mix: 'Mix', refit: 'Refit' } as const;
/** Sources of a training set that are drawn; the largest. */
const MOST_SOURCES = 6;
/** Outcomes of a law that are drawn; the largest shares of the mix. */
const MOST_BARS = 10;

export class PhasesView extends LabElement {
  static override readonly styles = [
    sharedStyles,
    css`
      ol {
        display: grid;
        grid-template-columns: repeat(4, minmax(0, 1fr));
        gap: 1rem;
      }
      ol > li {
        display: grid;
        gap: 0.5rem;
        align-content: start;
        min-width: 0;
        padding: 0.5rem;
        border: 1px solid transparent;
        border-radius: 0.5rem;
      }
      ol > li[aria-current='step'] {
        border-color: var(--accent);
      }
      .coming > * {
        opacity: 0;
      }
      .coming > h3 {
        opacity: 1;
        color: var(--faint);
      }
      .law {
        display: grid;
        grid-template-columns: minmax(3rem, max-content) minmax(0, 1fr) 3.5rem;
        gap: 0.125rem 0.5rem;
        align-items: center;
        font-size: 0.8125rem;
      }
      .law span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .law span:nth-child(3n) {
        text-align: right;
        font-variant-numeric: tabular-nums;
      }
      .track {
        position: relative;
        height: 0.625rem;
      }
      .bar,
      .was {
        position: absolute;
        inset: 0 auto 0 0;
        width: 100%;
        transform-origin: left;
      }
      .bar {
        border-radius: 0.125rem;
        transition: transform 0.6s ease;
      }
      .was {
        border-right: 2px solid var(--ink);
      }
      .stackbar {
        display: flex;
        height: 1.25rem;
        overflow: hidden;
        border-radius: 0.25rem;
      }
      .stackbar > div + div {
        border-left: 1px solid var(--card);
      }
      @media (max-width: 60rem) {
        ol {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { phases, phase, shown } = this.lab.run;
    if (phases === null || shown === null) return nothing;
    const { brief } = shown;
    const reached = PHASES.indexOf(phase);
    const name = brief.models[phases.model];
    const contents = {
      generate: this.generate(brief, phases),
      curate: this.curate(brief, phases),
      mix: this.mix(brief, phases),
      refit: this.refit(phases, name),
    };
    return html`<bf-card heading="Round ${phases.round + 1} of ${name}, phase by phase">
      <button slot="tools" class="primary" type="button" @click=${() => this.lab.run.nextPhase(phases.model)}>
        ${reached === PHASES.length - 1 ? 'Next round' : 'Next phase'}
      </button>
      <button
        slot="tools"
        type="button"
        @click=${() => {
          this.lab.run.leavePhases();
        }}
      >
        Leave
      </button>
      <ol>
        ${PHASES.map(
          (each, k) =>
            html`<li
              class=${k > reached ? 'coming' : ''}
              aria-current=${each === phase ? 'step' : 'false'}
              aria-hidden=${k > reached ? 'true' : 'false'}
            >
              <h3>${k + 1}. ${TITLES[each]}</h3>
              ${k > reached ? nothing : contents[each]}
            </li>`,
        )}
      </ol>
    </bf-card>`;
  }

  private generate(brief: EcosystemBrief, phases: Phases): TemplateResult {
    const producers = new Map(phases.sources.map((source) => [source.producer, source.generated]));
    return html`<p class="note">Each model whose output is used generates.</p>
      ${[...producers].slice(0, MOST_SOURCES).map(
        ([producer, law]) =>
          html`<h4>${brief.models[producer]}</h4>
            ${this.law(phases, law, null, modelColour(producer))}`,
      )}`;
  }

  private curate(brief: EcosystemBrief, phases: Phases): TemplateResult {
    const curated = phases.sources.filter(({ curator }) => curator >= 0).slice(0, MOST_SOURCES);
    if (curated.length === 0)
      return html`<p class="note">Nothing is curated: all output is used as it is.</p>`;
    return html`${curated.map((source) => {
      const { name, candidates, rule } = brief.curators[source.curator];
      const shown = candidates === Infinity ? 'all' : candidates.toLocaleString('en-US');
      const how =
        rule === 'without-replacement' ? `keeps one of every ${shown}` : `is shown ${shown} and keeps one`;
      return html`<h4>${brief.models[source.producer]}, chosen by ${name}</h4>
        <p class="note">
          ${name} ${how}: its average reward goes from ${fixedText(source.generatedReward, 3)} to
          ${fixedText(source.keptReward, 3)}.
        </p>
        ${this.law(phases, source.kept, source.generated, 'var(--curated)')}`;
    })}`;
  }

  private mix(brief: EcosystemBrief, phases: Phases): TemplateResult {
    const parts = [
      { title: 'real data', weight: phases.realWeight, colour: 'var(--real)' },
      ...phases.sources.map((source) => ({
        title: sourceTitle(brief, source),
        weight: source.weight,
        colour: source.curator >= 0 ? 'var(--curated)' : 'var(--raw)',
      })),
    ].filter(({ weight }) => weight > 0);
    return html`<p class="note">
        The training set: ${parts.map(({ title, weight }) => `${percentText(weight)} ${title}`).join(', ')}.
      </p>
      <div class="stackbar" aria-hidden="true">
        ${parts.map(
          ({ weight, colour }) => html`<div .style=${`width:${100 * weight}%;background:${colour}`}></div>`,
        )}
      </div>
      ${this.law(phases, phases.mixed, phases.before, 'var(--ink)')}`;
  }

  private refit(phases: Phases, name: string): TemplateResult | typeof nothing {
    const { refitted } = this.lab.run;
    if (refitted === null) return nothing;
    const { shares, rewardBefore, rewardAfter } = refitted;
    return html`<p class="note">
        ${name} is fitted to it: its reward goes from ${fixedText(rewardBefore)} to ${fixedText(rewardAfter)}.
      </p>
      ${this.law(phases, shares, phases.before, modelColour(phases.model))}`;
  }

  /** Bars of the outcomes with the largest shares in the mix; a line marks what they were before. */
  private law(phases: Phases, law: Float64Array, was: Float64Array | null, colour: string): TemplateResult {
    const order = Array.from(phases.mixed.keys())
      .sort((a, b) => phases.mixed[b] - phases.mixed[a])
      .slice(0, MOST_BARS)
      .sort((a, b) => a - b);
    const laws = [
      phases.before,
      phases.mixed,
      phases.real,
      ...phases.sources.flatMap((s) => [s.generated, s.kept]),
    ];
    const most = Math.max(...laws.map((each) => Math.max(...each)), 1e-12);
    return html`<div class="law">
      ${order.map(
        (k) =>
          html`<span>${phases.labels[k]}</span>
            <div class="track" aria-hidden="true">
              <div class="bar" .style=${`background:${colour};transform:scaleX(${law[k] / most})`}></div>
              ${was === null ? nothing : html`<div class="was" .style=${`width:${(100 * was[k]) / most}%`}></div>`}
            </div>
            <span>${percentText(law[k])}</span>`,
      )}
    </div>`;
  }
}

function sourceTitle({ models, curators }: EcosystemBrief, { producer, curator }: Source): string {
  return curator < 0
    ? `raw output of ${models[producer]}`
    : `output of ${models[producer]} chosen by ${curators[curator].name}`;
}

customElements.define('bf-phases', PhasesView);
