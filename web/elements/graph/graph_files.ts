/** The graph as files: an SVG document in print colours, and its arrows as CSV. */
import { CARD, FAINT_INK, FONT, INK, escapeXml, textWidth } from '../../../src/report/chart_style.ts';
import { fixedText } from '../../../src/report/number_text.ts';
import { clipped } from '../../clipped.ts';
import { csvText } from '../../csv_text.ts';
import type { ShownRun } from '../../services/run_service.ts';
import { arrowsOf } from './arrows.ts';
import { cloudOf, dotRadii } from './cloud_data.ts';
import { bowOf, labelsFor } from './cloud_paint.ts';
import { RAMP, UNKNOWN, inkOn, rewardColour } from './reward_scale.ts';
import type { RewardScale } from './reward_scale.ts';
import { LABEL_SIZE, smallLayout } from './small_layout.ts';
import { dashes, kindOf } from './small_graph.ts';
import type { Box } from './small_geometry.ts';
import { placed, wholeWindow } from './view_window.ts';

const PRINT = { curated: '#A34400', raw: '#2F6D66', real: '#6B727C', accent: '#00639C' } as const;
const WIDTH = 640;
const CLOUD = 800;
const MARGIN = 20;
const TITLE = 34;
const KEY = 64;
const MOST_NAMES = 90;

export interface GraphFile {
  readonly shown: Pick<ShownRun, 'brief' | 'track' | 'round'>;
  readonly scale: RewardScale | null;
  readonly followed: number | null;
  /** Places of many models; null where few are drawn. */
  readonly points: Float32Array | null;
}

/** A standalone document. */
export function graphSvg(file: GraphFile): string {
  const { body, box } = file.points === null ? small(file) : cloud(file, file.points);
  const { brief, round } = file.shown;
  const width = Math.max(WIDTH, Math.ceil(box.right - box.left) + 2 * MARGIN);
  const height = Math.ceil(box.bottom - box.top) + 2 * MARGIN + TITLE + KEY;
  const shift = `translate(${r((width - (box.right - box.left)) / 2 - box.left)} ${r(MARGIN + TITLE - box.top)})`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escapeXml(FONT)}" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="${CARD}"/>`,
    `<text x="${MARGIN}" y="${MARGIN + 8}" font-size="16" font-weight="650" fill="${INK}">${escapeXml(brief.name)}: who trains on whom, round ${round}</text>`,
    `<g transform="${shift}">${body.join('\n')}</g>`,
    `<g transform="translate(${MARGIN} ${height - KEY})">${keyOf(file)}</g>`,
    '</svg>',
    '',
  ].join('\n');
}

const r = (value: number): number => Math.round(100 * value) / 100;

function small({ shown, scale, followed }: GraphFile): { readonly body: string[]; readonly box: Box } {
  const { brief, track } = shown;
  const layout = smallLayout(brief, WIDTH);
  const { radius } = layout;
  const body = layout.reals.map(
    ({ path, head, width, box, text }) =>
      `<path d="${path}" fill="none" stroke="${PRINT.real}" stroke-width="${r(width)}"/><path d="${head}" fill="${PRINT.real}"/>` +
      `<rect x="${r(box.left)}" y="${r(box.top)}" width="${r(box.right - box.left)}" height="${r(box.bottom - box.top)}" rx="5" fill="${CARD}" stroke="${PRINT.real}"/>` +
      centred(text, (box.left + box.right) / 2, (box.top + box.bottom) / 2, INK),
  );
  for (const { path, head, width, curator } of layout.arrows) {
    const colour = curator < 0 ? PRINT.raw : PRINT.curated;
    const dash = kindOf(brief, { curator }) === 'raw' ? ` stroke-dasharray="${dashes(width)}"` : '';
    body.push(
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${r(width)}"${dash}/><path d="${head}" fill="${colour}"/>`,
    );
  }
  for (const { label, labelled, labelAt, curator } of layout.arrows) {
    const halo = ` stroke="${CARD}" stroke-width="4" stroke-linejoin="round" paint-order="stroke" font-weight="600"`;
    if (labelled)
      body.push(centred(label, labelAt.x, labelAt.y, curator < 0 ? PRINT.raw : PRINT.curated, halo));
  }
  layout.centres.forEach(({ x, y }, model) => {
    const reward = track.last('reward', model);
    const fill = scale === null ? UNKNOWN : rewardColour(scale, reward);
    if (model === followed)
      body.push(
        `<circle cx="${r(x)}" cy="${r(y)}" r="${radius + 4.5}" fill="none" stroke="${PRINT.accent}" stroke-width="3.5"/>`,
      );
    body.push(`<circle cx="${r(x)}" cy="${r(y)}" r="${radius}" fill="${fill}" stroke="${INK}"/>`);
    const name = clipped(brief.models[model], radius >= 34 ? 9 : 7);
    body.push(centred(name, x, y - 8, inkOn(fill), ' font-weight="650"'));
    body.push(centred(fixedText(reward, radius >= 34 ? 4 : 3), x, y + 8, inkOn(fill)));
  });
  return { body, box: layout.box };
}

function centred(text: string, x: number, y: number, fill: string, more = ''): string {
  // 0.35 em: not every program that reads SVG knows dominant-baseline.
  return `<text x="${r(x)}" y="${r(y + 0.35 * LABEL_SIZE)}" text-anchor="middle" fill="${fill}"${more}>${escapeXml(text)}</text>`;
}

function cloud(
  { shown, scale, followed }: GraphFile,
  points: Float32Array,
): { readonly body: string[]; readonly box: Box } {
  const { brief, track } = shown;
  const data = cloudOf(brief);
  const pixels = placed(points, wholeWindow(CLOUD, CLOUD));
  const radii = dotRadii(data.degree, CLOUD * CLOUD);
  const at = (model: number): readonly [number, number] => [r(pixels[2 * model]), r(pixels[2 * model + 1])];
  const { producer, consumer, weight, curated } = data.arrows;
  const largest = weight.reduce((high, value) => Math.max(high, value), 0) || 1;
  const body = ([0, 1] as const).map((kind) => {
    const paths = Array.from(producer.keys())
      .filter((k) => curated[k] === kind)
      .map((k) => {
        const [ax, ay] = at(producer[k]);
        const [bx, by] = at(consumer[k]);
        const bow = bowOf(kind);
        const [cx, cy] = [r((ax + bx) / 2 + bow * (by - ay)), r((ay + by) / 2 - bow * (bx - ax))];
        return `<path d="M${ax} ${ay}Q${cx} ${cy} ${bx} ${by}" stroke-width="${r(0.5 + 2 * Math.sqrt(weight[k] / largest))}"/>`;
      });
    const opacity = r(Math.min(0.75, Math.max(0.16, 14 / Math.sqrt(producer.length))));
    const dash = kind === 0 ? ' stroke-dasharray="4 3"' : '';
    return `<g fill="none" stroke="${kind === 1 ? PRINT.curated : PRINT.raw}" opacity="${opacity}"${dash}>${paths.join('')}</g>`;
  });
  for (let model = 0; model < brief.models.length; model++) {
    const [x, y] = at(model);
    const fill = scale === null ? UNKNOWN : rewardColour(scale, track.last('reward', model));
    body.push(
      `<circle cx="${x}" cy="${y}" r="${r(radii[model])}" fill="${fill}" stroke="${INK}" stroke-width="0.75"/>`,
    );
    if (model === followed)
      body.push(
        `<circle cx="${x}" cy="${y}" r="${r(radii[model] + 4)}" fill="none" stroke="${PRINT.accent}" stroke-width="3"/>`,
      );
  }
  const named = [...brief.models.keys()].sort((a, b) => data.degree[b] - data.degree[a] || a - b);
  const labels = labelsFor(
    brief.models.length <= MOST_NAMES ? named : followed === null ? [] : [followed],
    (model) => clipped(brief.models[model], 22),
    pixels,
    (model) => radii[model],
    { width: CLOUD, height: CLOUD },
    (text) => textWidth(text, LABEL_SIZE),
  );
  for (const { text, x, y } of labels) {
    body.push(
      `<text x="${r(x)}" y="${r(y + 0.35 * LABEL_SIZE)}" fill="${INK}" stroke="${CARD}" stroke-width="3" paint-order="stroke">${escapeXml(text)}</text>`,
    );
  }
  return { body, box: { left: 0, top: 0, right: CLOUD, bottom: CLOUD } };
}

function keyOf({ shown: { brief }, scale }: GraphFile): string {
  const share = brief.edges.meaning === 'share';
  const sample = (x: number, kind: 'raw' | 'curated', text: string): string =>
    `<path d="M${x} 38H${x + 24}" stroke="${PRINT[kind]}" stroke-width="3"${kind === 'raw' && share ? ' stroke-dasharray="6 4"' : ''}/>` +
    `<path d="M${x + 24} 33.5L${x + 33} 38L${x + 24} 42.5Z" fill="${PRINT[kind]}"/><text x="${x + 40}" y="42" fill="${INK}">${text}</text>`;
  const parts = [
    ...(share ? [sample(330, 'curated', 'curated output')] : []),
    sample(share ? 480 : 330, 'raw', share ? 'raw output' : 'a map of the mean'),
  ];
  if (scale !== null) {
    const steps = RAMP.map(
      (colour, k) => `<rect x="${60 + 3.5 * k}" y="30" width="4" height="10" fill="${colour}"/>`,
    );
    const last = 60 + 3.5 * RAMP.length;
    parts.push(
      `<text x="0" y="40" fill="${INK}">Reward</text>${steps.join('')}`,
      `<text x="60" y="54" fill="${FAINT_INK}">${fixedText(scale.low, scale.decimals)}</text>`,
      `<text x="${last}" y="54" text-anchor="end" fill="${FAINT_INK}">${fixedText(scale.high, scale.decimals)}</text>`,
    );
  }
  parts.push(
    `<text x="330" y="18" fill="${FAINT_INK}">Width: ${share ? 'share of the training set' : 'strength of the map'}</text>`,
  );
  return parts.join('');
}

/**
 * One line per share of a training set: consumer, source (a model, or "real data"), curator (empty for raw and real), share;
 * with the consumer's present and predicted reward. For maps the last column is their strength.
 */
export function graphCsv({ brief, track }: ShownRun, predicted: Float64Array | null): string {
  const { models, curators, realWeight, edges } = brief;
  const row = (
    consumer: number,
    kind: string,
    source: string,
    curator: string,
    weight: number,
  ): (string | number)[] => [
    models[consumer],
    track.last('reward', consumer),
    predicted?.[consumer] ?? NaN,
    kind,
    source,
    curator,
    weight,
  ];
  const real = [...models.keys()]
    .filter((model) => realWeight[model] > 0)
    .map((model) => row(model, 'real', '', '', realWeight[model]));
  const made = arrowsOf(brief).map(({ producer, consumer, curator, weight }) =>
    row(
      consumer,
      edges.meaning === 'map' ? 'map' : curator < 0 ? 'raw' : 'curated',
      models[producer],
      curator < 0 ? '' : curators[curator].name,
      weight,
    ),
  );
  const header = [
    'model',
    'reward',
    'predicted',
    'kind',
    'producer',
    'curator',
    edges.meaning === 'map' ? 'strength' : 'share',
  ];
  return csvText(header, [...real, ...made]);
}
