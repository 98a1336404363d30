/** `<bf-bench-results>`: what was measured, as tables with bars; beside an earlier measurement where there is one. */
import { css, html, nothing, svg } from 'lit';
import type { TemplateResult } from 'lit';
import { shortText } from '../../../src/report/number_text.ts';
import type { Observable } from '../../services/observable.ts';
import type { BenchReport } from '../../worker/protocol.ts';
import { LabElement } from '../lab_element.ts';
import { sharedStyles } from '../shared_styles.ts';
import '../view_card.ts';
import { CHANGE_WORDS, compared } from './comparison.ts';
import type { BenchResult, Comparison } from './comparison.ts';
import { longestBar, resultGroups } from './result_groups.ts';
import type { ResultGroup } from './result_groups.ts';
import { resultsCsv } from './results_csv.ts';
import { isSoftware, measureTexts, percentText, reportText, SOFTWARE } from './words.ts';

export class BenchResults extends LabElement {
  static override readonly styles = [
    sharedStyles,
    css`
      .groups {
        display: grid;
        gap: 1.5rem;
      }
      table {
        width: 100%;
        table-layout: fixed;
      }
      thead th {
        white-space: normal;
      }
      thead th:first-child {
        width: 31%;
      }
      .clock,
      .share {
        width: 13%;
      }
      .ratio {
        width: 20%;
        white-space: normal;
      }
      th,
      td {
        vertical-align: top;
      }
      tbody th {
        font-weight: 400;
        white-space: normal;
      }
      tbody th .note,
      td .note {
        display: block;
      }
      .bar {
        width: 14%;
      }
      svg {
        display: block;
        width: 100%;
        margin-top: 0.25rem;
      }
      .software {
        padding: 0.5rem 0.75rem;
        border-left: 4px solid var(--loss);
        border-radius: 0.375rem;
        background: var(--hover);
        font-weight: 600;
      }
      .title {
        display: flex;
        flex-wrap: wrap;
        gap: 0 0.75rem;
        align-items: baseline;
      }
      :host {
        container-type: inline-size;
      }
      @container (max-width: 50rem) {
        thead {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        table,
        tbody {
          display: block;
        }
        tr {
          display: grid;
          grid-template-columns: repeat(auto-fill, minmax(6.5rem, 1fr));
          gap: 0.125rem 0.75rem;
          padding-block: 0.5rem;
          border-bottom: 1px solid var(--line);
        }
        tbody th,
        .bar,
        .clock,
        .share,
        .ratio {
          width: auto;
        }
        tbody th,
        .bar,
        .ratio {
          grid-column: 1 / -1;
        }
        .bar:empty {
          display: none;
        }
        th,
        td {
          padding: 0;
          border: 0;
          text-align: left;
          white-space: normal;
        }
        td[data-label]::before {
          display: block;
          color: var(--faint);
          font-size: 0.75rem;
          content: attr(data-label);
        }
        td.none {
          display: none;
        }
      }
    `,
  ];

  protected override services(): readonly Observable[] {
    return [this.lab.bench];
  }

  protected override render(): TemplateResult | typeof nothing {
    const { report, earlier } = this.lab.bench;
    if (report === null || report.results.length === 0) return nothing;
    const files = {
      name: `backfire-bench-${report.backend}`,
      csv: () => resultsCsv(report, earlier?.report ?? null),
    };
    return html`<bf-card heading="What was measured" .files=${files}>
      <div class="groups">
        <div class="stack">
          ${isSoftware(report) ? html`<p class="software">${SOFTWARE}.</p>` : nothing}
          <p class="note">
            ${reportText(report)}. Each number is a median of several samples; IQR is their interquartile
            range. Clock: the GPU’s timestamps, or the browser’s wall clock, which steps by
            ${shortText(report.clockTickMs, 2)} ms.
          </p>
        </div>
        ${resultGroups(report).map((group) => this.group(group, earlier?.report ?? null))}
      </div>
    </bf-card>`;
  }

  private group(group: ResultGroup, earlier: BenchReport | null): TemplateResult {
    const rows = group.results.map((result) => ({ result, comparison: compared(result, earlier) }));
    const longest = longestBar(
      group,
      rows.flatMap(({ comparison }) => (comparison === null ? [] : [comparison.earlier])),
    );
    const lead = group.commonNote === '' ? group.bars : `${group.commonNote}; ${group.bars}`;
    return html`<section>
      <div class="title">
        <h3>${group.heading}</h3>
        <span class="note">${lead}</span>
      </div>
      <table aria-label=${group.heading}>
        <thead>
          <tr>
            <th scope="col">What</th>
            <td class="bar"></td>
            <th scope="col">Median</th>
            <th class="clock" scope="col">Clock</th>
            <th class="share" scope="col">Of copy speed</th>
            ${earlier === null ? nothing : html`<th class="ratio" scope="col">Now ÷ earlier</th>`}
          </tr>
        </thead>
        <tbody>
          ${rows.map(({ result, comparison }) => this.row(group, result, comparison, longest, earlier !== null))}
        </tbody>
      </table>
    </section>`;
  }

  private row(
    { lengthOf, commonNote }: ResultGroup,
    result: BenchResult,
    comparison: Comparison | null,
    longest: number,
    compares: boolean,
  ): TemplateResult {
    const { title, size, unit, iqr, clock, ratioToCeiling, note = '' } = result;
    const [median, range] = measureTexts([result.median, iqr], unit, [3, 2]);
    const lengths = comparison === null ? [result] : [result, comparison.earlier];
    const about = note === '' || note === commonNote ? size : `${size}; ${note}`;
    return html`<tr>
      <th scope="row">${title} <span class="note">${about}</span></th>
      <td class="bar">${bars(lengths.map((one) => lengthOf(one) / longest))}</td>
      <td data-label="Median">
        <span class="strong">${median}</span>
        <span class="note">IQR ${range}</span>
      </td>
      <td class="faint" data-label="Clock">${clock}</td>
      <td class=${ratioToCeiling === undefined ? 'none' : ''} data-label="Of copy speed">
        ${ratioToCeiling === undefined ? '' : percentText(ratioToCeiling)}
      </td>
      ${compares ? this.comparedCell(result, comparison) : nothing}
    </tr>`;
  }

  private comparedCell(result: BenchResult, comparison: Comparison | null): TemplateResult {
    if (comparison === null) return html`<td class="ratio faint" data-label="Now ÷ earlier">not in it</td>`;
    const { earlier, ratio, change } = comparison;
    const [before] = measureTexts([earlier.median], earlier.unit, [3]);
    const size = earlier.size === result.size ? '' : ` of ${earlier.size}`;
    return html`<td class="ratio" data-label="Now ÷ earlier">
      <span class="strong">${shortText(ratio, 3)}</span> ${CHANGE_WORDS[change]}
      <span class="note">earlier ${before}${size}</span>
    </td>`;
  }
}

/** One bar, or a second, thinner one below it for the earlier measurement. */
function bars(lengths: readonly number[]): TemplateResult | typeof nothing {
  if (!Number.isFinite(lengths[0])) return nothing;
  const height = lengths.length > 1 ? 18 : 12;
  return html`<svg height=${height} aria-hidden="true">
    <rect width="100%" height="12" rx="2" fill="var(--hover)"></rect>
    ${lengths.map((length, k) =>
      Number.isFinite(length)
        ? svg`<rect y=${13 * k} width=${`${Math.max(0.4, 100 * length)}%`} height=${k === 0 ? 12 : 5} rx="2"
            fill=${`var(--model-${k})`}></rect>`
        : nothing,
    )}
  </svg>`;
}

customElements.define('bf-bench-results', BenchResults);
