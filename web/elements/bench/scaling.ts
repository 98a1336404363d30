/** `<bf-bench-scaling>`: how the time of a round grows with N, M or V: points, the fitted line, and its exponent in words. */
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { scalingScene } from '../../figures/scaling_scene.ts';
import type { ScalingSeries } from '../../figures/scaling_scene.ts';
import type { Scene } from '../../figures/scene.ts';
import type { Observable } from '../../services/observable.ts';
import type { BenchReport } from '../../worker/protocol.ts';
import '../figure.ts';
import { LabElement } from '../lab_element.ts';
import { sharedStyles } from '../shared_styles.ts';
import '../view_card.ts';
import { scalingCsv } from './results_csv.ts';
import { growthText, isSoftware, reportText, SOFTWARE } from './words.ts';

type Axis = BenchReport['scaling'][number]['axis'];

const HEADINGS: Readonly<Record<Axis, string>> = {
  population: 'Scaling with the population N',
  models: 'Scaling with the models M',
  outcomes: 'Scaling with the outcomes V',
};
const LETTERS: Readonly<Record<Axis, string>> = { population: 'N', models: 'M', outcomes: 'V' };
const PRINT_WIDTH = 640;

interface Shown {
  readonly report: BenchReport;
  readonly name: string;
}

export class BenchScaling extends LabElement {
  static override readonly properties = { ...LabElement.properties, axis: { type: String } };
  static override readonly styles = [
    sharedStyles,
    css`
      .software {
        color: var(--loss);
        font-size: 0.8125rem;
        font-weight: 600;
      }
    `,
  ];

  declare axis: Axis;
  /** What the scene was built from, so that it is built when that changes only. */
  private built: readonly unknown[] = [];
  private scene: (width: number) => Scene = (width) => ({ width, height: 0, marks: [], spots: [] });

  protected override services(): readonly Observable[] {
    return [this.lab.bench];
  }

  protected override render(): TemplateResult | typeof nothing {
    const { report, earlier } = this.lab.bench;
    if (report === null) return nothing;
    const all: Shown[] = [{ report, name: 'now' }];
    if (earlier !== null) all.push({ report: earlier.report, name: 'earlier' });
    const series = all.flatMap(({ report: { scaling }, name }): ScalingSeries[] => {
      const found = scaling.find(({ axis }) => axis === this.axis);
      return found === undefined ? [] : [{ name, scaling: found }];
    });
    const now = report.scaling.find(({ axis }) => axis === this.axis);
    if (now === undefined) return nothing;
    const inputs = series.map(({ scaling }) => scaling);
    if (inputs.length !== this.built.length || inputs.some((one, k) => one !== this.built[k])) {
      this.built = inputs;
      this.scene = (width) => scalingScene(series, width);
    }
    const words = series.map((one) => growthOf(one, series.length > 1));
    const from = all.map(
      ({ report: one, name }) => `${name}: ${reportText(one)}${isSoftware(one) ? ` — ${SOFTWARE}` : ''}`,
    );
    const files = {
      name: `backfire-bench-${this.axis}`,
      csv: () => scalingCsv(series),
      svg: async () => {
        const { sceneDocument } = await import('../../figures/scene_document.ts');
        return sceneDocument(HEADINGS[this.axis], scalingScene(series, PRINT_WIDTH), [...words, ...from]);
      },
    };
    return html`<bf-card heading=${HEADINGS[this.axis]} .files=${files}>
      ${isSoftware(report) ? html`<p class="software">${SOFTWARE}.</p>` : nothing}
      ${words.map((text) => html`<p class="growth strong">${text}</p>`)}
      <bf-figure .build=${this.scene} label=${`${now.title}. ${words.join(' ')}`}></bf-figure>
      <p class="note">
        ${now.title}. Points are medians, whiskers reach from the first quartile to the third; the interval of
        an exponent is one of 95 % that knows the scatter between samples alone. No larger sizes:
        ${now.stopped}.
      </p>
    </bf-card>`;
  }
}

function growthOf({ name, scaling }: ScalingSeries, named: boolean): string {
  const { exponent, interval, axis } = scaling;
  const who = named ? `${name[0].toUpperCase()}${name.slice(1)}: ` : '';
  if (exponent === null) {
    return `${who}${named ? 'no' : 'No'} exponent: it takes three well-sampled sizes that cost clearly more than the smallest. More time may find them.`;
  }
  return `${who}${growthText(LETTERS[axis], exponent, interval)}.`;
}

customElements.define('bf-bench-scaling', BenchScaling);
