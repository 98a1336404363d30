/** `<bf-laws>`: what the models generate now, beside their real data. */
import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { exactText } from '../../src/report/number_text.ts';
import { sceneDocument } from '../figures/scene_document.ts';
import type { Scene } from '../figures/scene.ts';
import type { ShownRun } from '../services/run_service.ts';
import type { EcosystemBrief, Snapshot } from '../worker/protocol.ts';
import './figure.ts';
import { LabElement } from './lab_element.ts';
import { areaScene, binned, largestBin } from './laws/areas.ts';
import { barScene } from './laws/bars.ts';
import { coordinateScene } from './laws/coordinates.ts';
import { densityScene, extentOf } from './laws/densities.ts';
import { fullColour, PAIR_MODES, pairCells, pairScene, wallScene } from './laws/heat.ts';
import type { PairMode } from './laws/heat.ts';
import { chosenModels, largestShare, lawRows, roundedTop } from './laws/law_rows.ts';
import { MeanTrace, momentRows } from './laws/moment_rows.ts';
import type { Moments } from './laws/moment_rows.ts';
import { planeExtent, planeScene } from './laws/plane.ts';
import { rankedRows, wordScene } from './laws/words.ts';
import { Place } from './place.ts';
import { sharedStyles } from './shared_styles.ts';
import './view_card.ts';

/** Outcomes up to which each has a bar of its own. */
const MOST_BARS = 40;
const WORDS = 6;
const PAIR_TITLES: Readonly<Record<PairMode, string>> = {
  joint: 'Joint law',
  conditional: 'Conditional table',
  difference: 'Against real data',
};

type Laws = Extract<Snapshot, { readonly kind: 'laws' }>;

/** A picture for a width, and what it is. */
interface Picture {
  readonly build: (width: number) => Scene;
  readonly label: string;
  readonly note: string;
}

export class LawsView extends LabElement {
  static override readonly properties = { ...LabElement.properties, mode: { state: true } };
  static override readonly styles = [
    sharedStyles,
    css`
      bf-figure {
        min-height: 8rem;
      }
    `,
  ];

  declare private mode: PairMode;
  private readonly place = new Place(this);
  private readonly trace = new MeanTrace();
  private picture: Picture | null = null;

  constructor() {
    super();
    this.mode = 'joint';
  }

  protected override shouldUpdate(): boolean {
    const shown = this.lab.run.shown;
    if (shown?.snapshot?.kind === 'moments') this.trace.add(shown.brief, shown.snapshot);
    return this.place.seen || this.picture === null;
  }

  protected override render(): TemplateResult {
    const shown = this.lab.run.shown;
    this.picture = shown === null ? null : this.pictureOf(shown);
    if (shown === null || this.picture === null) {
      return html`<bf-card heading="What the models generate"><p class="faint">Getting ready …</p></bf-card>`;
    }
    const { build, label, note } = this.picture;
    return html`<bf-card heading="What the models generate" .files=${this.files(shown, this.picture)}>
      ${shown.brief.pairs === null ? nothing : this.modes()}
      <p class="note">${note}</p>
      <bf-figure .build=${build} .label=${label} @follow=${this.onFollow}></bf-figure>
    </bf-card>`;
  }

  private modes(): TemplateResult {
    return html`<div class="row" role="group" aria-label="What the heat map shows">
      ${PAIR_MODES.map(
        (mode) =>
          html`<button
            type="button"
            aria-pressed=${mode === this.mode ? 'true' : 'false'}
            @click=${() => {
              this.mode = mode;
            }}
          >
            ${PAIR_TITLES[mode]}
          </button>`,
      )}
    </div>`;
  }

  private pictureOf({ brief, snapshot }: ShownRun): Picture | null {
    switch (snapshot?.kind) {
      case undefined:
        return null;
      case 'laws':
        return this.lawPicture(brief, snapshot);
      case 'ranked': {
        const rows = rankedRows(brief, snapshot, this.lab.followed);
        return {
          build: (width) => wordScene(width, rows, WORDS),
          label: `Most used outcomes of ${listed(rows)}, and those that gained and lost most.`,
          note: `Of ${brief.width.toLocaleString('en-US')} outcomes: the most used, and those whose share grew and shrank most against real data (the tick).${more(brief)}`,
        };
      }
      case 'moments':
        return this.momentPicture(brief, snapshot);
    }
  }

  private lawPicture(brief: EcosystemBrief, snapshot: Laws): Picture {
    const { followed } = this.lab;
    if (snapshot.wall !== null && followed === null) {
      const { wall } = snapshot;
      const most = fullColour(wall.shares);
      return {
        build: (width) => wallScene(width, brief, wall, followed, most),
        label: `Shares of all outcomes for ${brief.models.length} models.`,
        note: 'A row for every model, a column for every outcome: the darker, the larger its share. Click a model to see its own.',
      };
    }
    const rows = lawRows(brief, snapshot, followed);
    const { pairs, labels } = brief;
    if (pairs !== null) {
      const { mode } = this;
      const most = Math.max(...rows.map((row) => fullColour(pairCells(row, pairs, mode))));
      return {
        build: (width) => pairScene(width, rows, pairs, mode, most),
        label: `${PAIR_TITLES[mode]} of inputs and outputs for ${listed(rows)}.`,
        note: 'Inputs against outputs: the darker, the larger the share.',
      };
    }
    const note = `Shares of what each model generates; the grey tick is its real data.${more(brief)}`;
    const label = `Shares of ${brief.width} outcomes for ${listed(rows)}, beside their real data.`;
    if (brief.width <= MOST_BARS) {
      const top = roundedTop(largestShare(rows));
      return { build: (width) => barScene(width, rows, labels, top), label, note };
    }
    const bins = rows.map(binned);
    const top = largestBin(bins);
    return { build: (width) => areaScene(width, bins, labels, top), label, note };
  }

  private momentPicture(brief: EcosystemBrief, snapshot: Moments): Picture {
    const rows = momentRows(brief, snapshot, this.lab.followed);
    const { dimension } = snapshot;
    if (dimension === 1) {
      const extent = extentOf(rows, 0);
      return {
        build: (width) => densityScene(width, rows, extent),
        label: `Densities of ${listed(rows)}, beside their real data.`,
        note: 'Density of what each model generates, beside its real data.',
      };
    }
    if (dimension === 2) {
      const paths = rows.map(({ model }) => this.trace.path(model));
      const extent = planeExtent(rows, paths, [0, 1]);
      return {
        build: (width) => planeScene(width, rows, paths, extent, [0, 1]),
        label: `Means of ${listed(rows)} in the plane, and the way they came.`,
        note: 'The mean of every model, the way it came, and its spread (one and two standard deviations).',
      };
    }
    const size = Math.max(
      1e-12,
      ...rows.map(({ mean }) => mean.reduce((most, x) => Math.max(most, Math.abs(x)), 0)),
    );
    return {
      build: (width) => coordinateScene(width, rows, size),
      label: `Means of ${listed(rows)}, by coordinate.`,
      note: 'The mean of every model, coordinate by coordinate.',
    };
  }

  private files(shown: ShownRun, { build, label }: Picture) {
    return {
      name: 'distributions',
      svg: () => Promise.resolve(sceneDocument(shown.brief.name, build(FILE_WIDTH), [label])),
      csv: () => csvOf(shown),
    };
  }

  private readonly onFollow = (event: CustomEvent<number>): void => {
    this.lab.follow(event.detail);
  };
}

const FILE_WIDTH = 900;

function listed(rows: readonly { readonly name: string }[]): string {
  return rows.map(({ name }) => name).join(', ');
}

function more({ models }: EcosystemBrief): string {
  const shown = chosenModels(Array.from(models.keys()), null).length;
  return models.length > shown ? ' Click a model in the graph to see its own.' : '';
}

/** What is shown, outcome by outcome or coordinate by coordinate. */
function csvOf({ brief, snapshot }: ShownRun): string {
  if (snapshot === null) return '';
  const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines: string[] = [];
  switch (snapshot.kind) {
    case 'laws':
      lines.push('model,outcome,share');
      snapshot.models.forEach((model, k) => {
        for (let v = 0; v < brief.width; v++) {
          const outcome = brief.labels?.[v] ?? String(v);
          const share = exactText(snapshot.laws[k * brief.width + v], 'float32');
          lines.push(`${quoted(brief.models[model])},${quoted(outcome)},${share}`);
        }
      });
      break;
    case 'ranked':
      lines.push('model,list,outcome,share,real');
      snapshot.models.forEach((model, k) => {
        for (const list of ['largest', 'gained', 'lost'] as const) {
          for (const { label, share, real } of snapshot[list][k]) {
            lines.push(
              `${quoted(brief.models[model])},${list},${quoted(label)},${exactText(share)},${exactText(real)}`,
            );
          }
        }
      });
      break;
    case 'moments':
      lines.push('model,coordinate,mean');
      snapshot.models.forEach((model, k) => {
        for (let c = 0; c < snapshot.dimension; c++) {
          lines.push(
            `${quoted(brief.models[model])},${c},${exactText(snapshot.means[k * snapshot.dimension + c])}`,
          );
        }
      });
  }
  return `${lines.join('\n')}\n`;
}

customElements.define('bf-laws', LawsView);
