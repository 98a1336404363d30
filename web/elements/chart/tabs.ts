/** The metrics as tabs, each with a small picture of its series. */
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { ShownRun } from '../../services/run_service.ts';
import { MOST_LINES } from './crowd.ts';
import { metricsOf } from './metrics.ts';
import type { MetricInfo } from './metrics.ts';
import { sparkline, sparksOf } from './sparkline.ts';
import type { Spark } from './sparkline.ts';

/** While a run plays, the pictures are redrawn this often. */
const REDRAW_MS = 300;

/** The pictures on the tabs, renewed now and then. */
export class Sparks {
  private pictures: ReadonlyMap<string, readonly Spark[]> = new Map();
  private at = -Infinity;
  private track: unknown = null;
  private entries = -1;

  refresh({ track, brief }: ShownRun, playing: boolean): void {
    if (track === this.track && track.rounds.length === this.entries) return;
    if (playing && track === this.track && performance.now() - this.at < REDRAW_MS) return;
    this.track = track;
    this.entries = track.rounds.length;
    this.at = performance.now();
    this.pictures = new Map(metricsOf(brief.family).map((metric) => [metric.id, sparksOf(track, metric)]));
  }

  of(metric: MetricInfo): readonly Spark[] {
    return this.pictures.get(metric.id) ?? [];
  }
}

export function tabList(
  { brief }: ShownRun,
  chosen: MetricInfo,
  sparks: Sparks,
  choose: (metric: MetricInfo, focus: boolean) => void,
): TemplateResult {
  const metrics = metricsOf(brief.family);
  const onKey = (event: KeyboardEvent): void => {
    const index = metrics.indexOf(chosen);
    const to = new Map([
      ['ArrowRight', (index + 1) % metrics.length],
      ['ArrowLeft', (index + metrics.length - 1) % metrics.length],
      ['Home', 0],
      ['End', metrics.length - 1],
    ]).get(event.key);
    if (to === undefined) return;
    event.preventDefault();
    choose(metrics[to], true);
  };
  return html`<div class="tabs" role="tablist" aria-label="Metric" @keydown=${onKey}>
    ${metrics.map(
      (metric) =>
        html`<button
          type="button"
          role="tab"
          id="tab-${metric.id}"
          aria-controls="panel"
          aria-selected=${metric === chosen ? 'true' : 'false'}
          tabindex=${metric === chosen ? 0 : -1}
          title=${metric.meaning}
          @click=${() => {
            choose(metric, false);
          }}
        >
          <span>${metric.label}</span>
          ${sparkline(sparks.of(metric), brief.models.length > MOST_LINES && metric.id !== 'homogenisation')}
        </button>`,
    )}
  </div>`;
}
