/** What a finished run says, in words, numbers and words of the dataset: pure functions from results to templates. */
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ModelMetric, RunResult } from '../src/engine/results.ts';
import { chartLines } from '../src/report/chart_data.ts';
import { effectText } from '../src/report/effect.ts';
import { durationText, fixedText, shortText, signedText } from '../src/report/number_text.ts';
import type { Paint } from '../src/report/paint.ts';
import { meanOf, replicatesOf } from '../src/report/series.ts';
import { verdictText } from '../src/report/verdict_text.ts';
import { largestChanges } from '../src/report/words_text.ts';
import type { ShareChange } from '../src/report/words_text.ts';
import { namedLines } from './model_colours.ts';
import type { PresetOutcome } from './run_preset.ts';

/** Style marks inside report texts; no name can hold a control character. */
const MARKS: Paint = {
  strong: (text) => `\u0001${text}\u0000`,
  faint: (text) => text,
  gain: (text) => `\u0002${text}\u0000`,
  loss: (text) => `\u0003${text}\u0000`,
};
const MARK_CLASS: Readonly<Record<string, string>> = {
  '\u0001': 'strong',
  '\u0002': 'gain',
  '\u0003': 'loss',
};

function marked(text: string): (TemplateResult | string)[] {
  return text.split(/([\u0001-\u0003][^\u0000]*\u0000)/).map((part) => {
    const name = MARK_CLASS[part.charAt(0)];
    return name === undefined ? part : html`<strong class=${name}>${part.slice(1, -1)}</strong>`;
  });
}

/** The answer to the question of the page, a paragraph a model. */
export function verdicts({ run, prediction }: PresetOutcome): TemplateResult {
  if (prediction.result === null) return html`<p class="note">${prediction.why}</p>`;
  const paragraphs = verdictText(run.ecosystem, prediction.result, MARKS).split(/\n+/);
  return html`${paragraphs.map((text) => html`<p>${marked(text)}</p>`)}`;
}

/** "20 rounds in 12 ms · stopped because …". */
export function runLine({ ecosystem, rounds, stopped, timing }: RunResult): string {
  const why = {
    tolerance: `stopped because no model moved further than ${ecosystem.tolerance}`,
    rounds: 'all rounds done',
    cycle: 'stopped because the models alternate between two states',
    cancelled: `cancelled after ${rounds.toLocaleString('en-US')} of ${ecosystem.rounds.toLocaleString('en-US')} rounds`,
  }[stopped];
  const times = `${durationText(timing.roundsMs)} and ${durationText(timing.setupMs)} of set-up`;
  return `${rounds.toLocaleString('en-US')} rounds in ${times} · ${why}`;
}

/** A row per model; numbers as the command line shows them. */
export function modelTable(run: RunResult): TemplateResult {
  const { ecosystem, rounds, predictedReward } = run;
  const mean = (metric: ModelMetric, round: number, model: number): number =>
    meanOf(replicatesOf(run, metric, round, model));
  const colours = new Map(namedLines(chartLines(run)).map(({ line, colour }) => [line.model, colour]));
  const rows = ecosystem.models.map((name, model) => {
    const [before, after] = [mean('reward', 0, model), mean('reward', rounds, model)];
    const change = after - before;
    const colour = colours.get(model);
    return html`<tr>
      <th scope="row">
        ${colour === undefined ? nothing : html`<span class="swatch" style="background:${colour}"></span>`}${name}
      </th>
      <td>${fixedText(before)}</td>
      <td>${fixedText(after)}</td>
      <td class=${change > 0 ? 'gain' : change < 0 ? 'loss' : ''}>${effectText(change)}</td>
      ${predictedReward === null ? nothing : html`<td>${fixedText(predictedReward[model])}</td>`}
      <td>${fixedText(mean('entropy', rounds, model), 3)}</td>
      <td>${shortText(mean('effectiveSupport', rounds, model))}</td>
      <td>${fixedText(mean('tvToReal', rounds, model), 3)}</td>
    </tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Numbers of every model">
    <table>
      <thead>
        <tr>
          <th scope="col">model</th>
          <th scope="col">reward before</th>
          <th scope="col">after</th>
          <th scope="col">change</th>
          ${predictedReward === null ? nothing : html`<th scope="col">predicted</th>`}
          <th scope="col">entropy (nats)</th>
          <th scope="col">effective support</th>
          <th scope="col">distance to real</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

const MOST_MODELS = 4;
const LEAST_OUTCOMES = 50;
const WORDS_SHOWN = 8;

/** The outcomes each model now says more and less often; nothing where there are no words, or few. */
export function words(run: RunResult): TemplateResult | typeof nothing {
  const { labels, models, outcomeCount } = run.ecosystem;
  if (labels === null || models.length > MOST_MODELS || outcomeCount < LEAST_OUTCOMES) return nothing;
  const list = (changes: readonly ShareChange[], kind: string): TemplateResult =>
    html`<ul class="words ${kind}">
      ${changes.map(
        ({ outcome, change }) =>
          html`<li>${labels[outcome]} <span>${signedText(100 * change, 2)}</span></li>`,
      )}
    </ul>`;
  return html`<section class="card" aria-labelledby="words">
    <h3 id="words">Words</h3>
    <p class="note">Largest changes of share from the real data to the last round, in percentage points.</p>
    ${models.map((name, model) => {
      const { gained, lost } = largestChanges(run, model, WORDS_SHOWN);
      return html`<h4>${name} says more often</h4>
        ${list(gained, 'gain')}
        <h4>and less often</h4>
        ${list(lost, 'loss')}`;
    })}
  </section>`;
}
