/** `<bf-verdict>`: if a model's users curate more, who gains? In plain words, from theory. */
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { marked } from '../marked_text.ts';
import type { Prediction } from '../worker/protocol.ts';
import { LabElement } from './lab_element.ts';
import { sharedStyles } from './shared_styles.ts';
import './view_card.ts';

/** Up to this many models have their whole verdict on the page at once. */
const MOST_SPELLED_OUT = 3;

/** What was asked about one model, and the answer when it is there. */
interface About {
  readonly prediction: Prediction;
  readonly model: number;
  readonly words: string;
}

export class VerdictView extends LabElement {
  static override readonly properties = { ...LabElement.properties, about: { state: true } };
  static override readonly styles = [
    sharedStyles,
    css`
      .verdicts {
        display: grid;
        gap: 0.625rem;
      }
      p,
      li {
        max-width: 68rem;
      }
      .followed {
        padding-left: 0.75rem;
        border-left: 3px solid var(--accent);
      }
      .models {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr));
        gap: 0.25rem 1.5rem;
        align-items: start;
      }
      summary {
        padding-block: 0.25rem;
        cursor: pointer;
      }
      details p {
        padding: 0 0 0.5rem 1rem;
        font-size: 0.875rem;
      }
      .counts {
        display: grid;
        gap: 0.25rem;
      }
      @media (pointer: coarse) {
        summary {
          padding-block: 0.625rem;
        }
      }
    `,
  ];

  declare private about: About | null;

  constructor() {
    super();
    this.about = null;
  }

  protected override willUpdate(): void {
    const { prediction } = this.lab.theory;
    const { followed } = this;
    if (prediction === null || followed === null || !isSummed(prediction)) return;
    if (this.about?.prediction === prediction && this.about.model === followed) return;
    this.about = { prediction, model: followed, words: '' };
    void this.ask(prediction, followed);
  }

  /** The followed model, where the prediction is about the models that are shown. */
  private get followed(): number | null {
    const { prediction } = this.lab.theory;
    const { follow } = this.lab.state;
    const index = follow === null || prediction === null ? -1 : prediction.models.indexOf(follow);
    return index < 0 ? null : index;
  }

  private async ask(prediction: Prediction, model: number): Promise<void> {
    let words: string;
    try {
      words = await this.lab.theory.about(model);
    } catch (error) {
      words = error instanceof Error ? error.message : String(error);
    }
    if (this.about?.prediction === prediction && this.about.model === model)
      this.about = { prediction, model, words };
  }

  protected override render(): TemplateResult {
    const { prediction, working, failure } = this.lab.theory;
    return html`<bf-card heading="If a model’s users curate more, who gains?">
      <div class="verdicts" aria-live="polite" aria-busy=${working ? 'true' : 'false'}>
        ${
          prediction === null
            ? html`<p class="faint">${working ? 'Working it out …' : (failure?.message ?? '')}</p>`
            : html`${this.verdicts(prediction)}
              ${prediction.why === '' ? nothing : html`<p class="faint">${prediction.why}</p>`}
              ${prediction.stabilityWords === '' ? nothing : html`<p class="note">${marked(prediction.stabilityWords)}</p>`}`
        }
      </div>
    </bf-card>`;
  }

  private verdicts(prediction: Prediction): TemplateResult | typeof nothing {
    if (prediction.words === '') return nothing;
    if (isSummed(prediction)) return this.summed(prediction);
    const paragraphs = prediction.words.split('\n\n');
    const { followed } = this;
    if (paragraphs.length <= MOST_SPELLED_OUT) {
      return html`${paragraphs.map(
        (words, model) => html`<p class=${model === followed ? 'followed' : ''}>${marked(words)}</p>`,
      )}`;
    }
    return html`<div class="models">
      ${paragraphs.map((words, model) => {
        const [head, rest] = headAndRest(words);
        return html`<details class=${model === followed ? 'followed' : ''} ?open=${model === followed}>
          <summary>${marked(head)}</summary>
          <p>${marked(rest)}</p>
        </details>`;
      })}
    </div>`;
  }

  private summed(prediction: Prediction): TemplateResult {
    const [head, ...lines] = prediction.words.split('\n');
    const about =
      this.about?.prediction === prediction && this.about.model === this.followed ? this.about : null;
    return html`<p>${marked(head)}</p>
      <ul class="counts">
        ${lines.map((line) => html`<li>${marked(line)}</li>`)}
      </ul>
      ${
        this.followed === null
          ? html`<p class="note">
              Click a model in any view, or find it by name in the graph, to read its own verdict here.
            </p>`
          : html`<p class="followed">
              ${about === null || about.words === '' ? 'Working it out …' : marked(about.words)}
            </p>`
      }`;
  }
}

/** Whether the words are about the ecosystem as a whole, not model by model. */
function isSummed({ models, words }: Prediction): boolean {
  return words !== '' && words.split('\n\n').length !== models.length;
}

/** A paragraph's marked beginning, which says the whole in a few words, and what follows. */
function headAndRest(words: string): readonly [string, string] {
  const end = words.indexOf('\u0000') + 1;
  return [words.slice(0, end), words.slice(end).replace(/^[:\s]+/, '')];
}

customElements.define('bf-verdict', VerdictView);
