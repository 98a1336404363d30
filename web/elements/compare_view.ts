/** `<bf-compare>`: the pinned run beside the present one, and what was changed between them. */
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { effectText } from '../../src/report/effect.ts';
import { fixedText } from '../../src/report/number_text.ts';
import { icon, PinOff } from '../icons.ts';
import { documentChanges } from '../services/document_changes.ts';
import type { Pinned } from '../services/lab.ts';
import { LabElement } from './lab_element.ts';
import { sharedStyles } from './shared_styles.ts';
import './view_card.ts';

const MOST_ROWS = 50;
const MOST_CHANGES = 12;

export class CompareView extends LabElement {
  static override readonly styles = sharedStyles;

  protected override render(): TemplateResult | typeof nothing {
    const { pinned } = this.lab;
    const { shown } = this.lab.run;
    if (pinned === null || shown === null) return nothing;
    return html`<bf-card
      heading="Pinned and now"
      .files=${{ name: 'comparison', csv: () => this.csv(pinned) }}
    >
      <button slot="tools" type="button" @click=${this.back}>Back to the pinned scenario</button>
      <button
        slot="tools"
        type="button"
        @click=${() => {
          this.lab.unpin();
        }}
      >
        ${icon(PinOff)} Unpin
      </button>
      ${this.changes(pinned)}
      <div class="scroll" tabindex="0" role="region" aria-label="Rewards, pinned and now">
        <table>
          <thead>
            <tr>
              <th scope="col">Reward of</th>
              <th scope="col">pinned</th>
              <th scope="col">now</th>
              <th scope="col">difference</th>
              <th scope="col">verdict, pinned</th>
              <th scope="col">verdict now</th>
            </tr>
          </thead>
          <tbody>
            ${this.rows(pinned)
              .slice(0, MOST_ROWS)
              .map(
                ({ name, before, now, verdicts }) =>
                  html`<tr>
                    <th scope="row">${name}</th>
                    <td>${fixedText(before)}</td>
                    <td>${fixedText(now)}</td>
                    <td class=${now > before ? 'gain' : now < before ? 'loss' : ''}>
                      ${Number.isFinite(now - before) ? effectText(now - before) : '–'}
                    </td>
                    <td>${verdicts[0]}</td>
                    <td>${verdicts[1]}</td>
                  </tr>`,
              )}
          </tbody>
        </table>
      </div>
      ${
        shown.brief.models.length > MOST_ROWS
          ? html`<p class="note">
              The first ${MOST_ROWS} of ${shown.brief.models.length} models; all are in the CSV file.
            </p>`
          : nothing
      }
    </bf-card>`;
  }

  private changes(pinned: Pinned): TemplateResult {
    const changes = documentChanges(pinned.scenario.document, this.lab.state.scenario.document);
    if (changes.length === 0) {
      return html`<p class="note">
        The same scenario as when it was pinned. Change something on the left, and both appear on the same
        axes.
      </p>`;
    }
    const shown = changes.slice(0, MOST_CHANGES);
    return html`<ul class="note" aria-label="What was changed">
      ${shown.map(({ path, before, after }) => html`<li><strong>${path}</strong>: ${before} → ${after}</li>`)}
      ${changes.length > shown.length ? html`<li>… and ${changes.length - shown.length} more</li>` : nothing}
    </ul>`;
  }

  private rows(pinned: Pinned): readonly {
    readonly name: string;
    readonly before: number;
    readonly now: number;
    readonly verdicts: readonly [string, string];
  }[] {
    const { shown } = this.lab.run;
    if (shown === null) return [];
    const places = new Map(pinned.run.brief.models.map((name, model) => [name, model]));
    return shown.brief.models.map((name, model) => {
      const old = places.get(name);
      return {
        name,
        before: old === undefined ? NaN : pinned.run.track.last('reward', old),
        now: shown.track.last('reward', model),
        verdicts: [
          (old === undefined ? null : pinned.prediction?.verdict[old]) ?? '–',
          this.lab.theory.prediction?.verdict[model] ?? '–',
        ],
      };
    });
  }

  private csv(pinned: Pinned): string {
    const lines = this.rows(pinned).map(
      ({ name, before, now }) => `"${name.replaceAll('"', '""')}",${before},${now},${now - before}`,
    );
    return `model,pinned,now,difference\n${lines.join('\n')}\n`;
  }

  private readonly back = (): void => {
    const { pinned } = this.lab;
    if (pinned !== null) void this.lab.openScenario(pinned.scenario);
  };
}

customElements.define('bf-compare', CompareView);
