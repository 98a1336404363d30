/** The influence matrix as files. */
import { CARD, FAINT_INK, FONT, INK, escapeXml, textWidth } from '../../../src/report/chart_style.ts';
import { POINTS, effectText } from '../../../src/report/effect.ts';
import { hexOf, mixed, rgbOf } from '../../colour_math.ts';
import { clipped } from '../../clipped.ts';
import { csvText } from '../../csv_text.ts';
import { HEAT, heatOf, heatTable, heatTicks } from './effect_scale.ts';
import { heatPixels } from './heat_pixels.ts';
import type { Effects } from './influence_data.ts';
import { MOST_TABLED } from './effect_table.ts';

const WHITE = rgbOf(CARD);
const INKS = {
  card: WHITE,
  gain: rgbOf(HEAT.gain.light),
  loss: rgbOf(HEAT.loss.light),
  undefined: rgbOf(HEAT.undefined.light),
};

/**
 * One line per pair: what ten points more curation at `curated` do to the reward of `model`; `frozen`, for own effects, were the
 * others frozen. In the order of rows.
 */
export function influenceCsv({ models, effect, alone, verdict }: Effects): string {
  const count = models.length;
  const rows = function* (): Generator<readonly (string | number)[]> {
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < count; column++) {
        const own = row === column;
        yield [
          models[row],
          models[column],
          effect[row * count + column],
          own ? alone[row] : '',
          own ? (verdict[row] ?? '') : '',
        ];
      }
    }
  };
  return csvText(['model', 'curated', `effect_per_${POINTS}_points`, 'frozen', 'verdict'], rows());
}

/** A standalone document; `picture` makes a PNG data URL of pixels, for many models. */
export async function influenceSvg(
  title: string,
  effects: Effects,
  order: Uint32Array,
  most: number,
  picture: (pixels: Uint8ClampedArray<ArrayBuffer>, size: number) => Promise<string>,
): Promise<string> {
  const { body, width, height } =
    effects.models.length <= MOST_TABLED ? cells(effects, most) : await image(effects, order, most, picture);
  const [across, down] = [Math.max(width + 40, 480), height + 120];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${across}" height="${down}" viewBox="0 0 ${across} ${down}" font-family="${escapeXml(FONT)}" font-size="12" fill="${INK}">`,
    `<rect width="${across}" height="${down}" fill="${CARD}"/>`,
    `<text x="20" y="28" font-size="16" font-weight="650">${escapeXml(title)}: influence</text>`,
    `<text x="20" y="48" fill="${FAINT_INK}">What ${POINTS} points more curation at one model (columns) do to each reward (rows), in the long run</text>`,
    `<g transform="translate(20 64)">${body}</g>`,
    `<g transform="translate(20 ${down - 46})">${key(most)}</g>`,
    '</svg>',
    '',
  ].join('\n');
}

interface Drawing {
  readonly body: string;
  readonly width: number;
  readonly height: number;
}

function fillOf(effect: number, most: number): string {
  if (!Number.isFinite(effect)) return HEAT.undefined.light;
  return hexOf(mixed(WHITE, effect < 0 ? INKS.loss : INKS.gain, Math.abs(heatOf(effect, most))));
}

function cells({ models, effect, alone, verdict }: Effects, most: number): Drawing {
  const count = models.length;
  const names = models.map((name) => clipped(name, 14));
  const left =
    Math.max(...names.map((name) => textWidth(name, 12)), textWidth('own, others frozen', 12)) + 12;
  const [across, down] = [Math.max(84, ...names.map((name) => textWidth(name, 12) + 10)), 30];
  const parts: string[] = [];
  const text = (x: number, y: number, words: string, anchor = 'start', more = ''): void => {
    parts.push(`<text x="${x}" y="${y + 19}" text-anchor="${anchor}"${more}>${escapeXml(words)}</text>`);
  };
  const cell = (column: number, y: number, value: number): void => {
    const x = left + column * across;
    parts.push(
      `<rect x="${x}" y="${y}" width="${across - 2}" height="${down - 2}" rx="3" fill="${fillOf(value, most)}"/>`,
    );
    text(x + across - 10, y, effectText(value), 'end');
  };
  names.forEach((name, j) => {
    text(left + (j + 1) * across - 10, 0, name, 'end', ' font-weight="600"');
    text(0, (j + 1) * down, name, 'start', ' font-weight="600"');
    for (let i = 0; i < count; i++) cell(j, (i + 1) * down, effect[i * count + j]);
    if (count > 1) cell(j, (count + 1) * down + 8, alone[j]);
    text(
      left + (j + 1) * across - 10,
      (count + 2) * down + 8,
      verdict[j] ?? '–',
      'end',
      ' font-weight="600"',
    );
  });
  if (count > 1) text(0, (count + 1) * down + 8, 'own, others frozen');
  text(0, (count + 2) * down + 8, 'verdict');
  return { body: parts.join(''), width: left + count * across, height: (count + 3) * down + 8 };
}

const PICTURE = 640;

async function image(
  { effect }: Effects,
  order: Uint32Array,
  most: number,
  picture: (pixels: Uint8ClampedArray<ArrayBuffer>, size: number) => Promise<string>,
): Promise<Drawing> {
  const size = Math.min(order.length, 2 * PICTURE);
  const [r, g, b] = INKS.undefined;
  const pixels = heatPixels(effect, order, size, most, heatTable(INKS), [r, g, b]);
  const url = await picture(pixels, size);
  return {
    body: `<image href="${url}" width="${PICTURE}" height="${PICTURE}" image-rendering="pixelated"/><rect width="${PICTURE}" height="${PICTURE}" fill="none" stroke="#C4CAD2"/>`,
    width: PICTURE,
    height: PICTURE,
  };
}

function key(most: number): string {
  const width = 320;
  const steps = 80;
  const table = heatTable(INKS);
  const bar = Array.from({ length: steps }, (_, k) => {
    const at = 3 * Math.round((k / (steps - 1)) * (table.length / 3 - 1));
    return `<rect x="${(width / steps) * k}" width="${width / steps + 0.5}" height="10" fill="${hexOf([table[at], table[at + 1], table[at + 2]])}"/>`;
  });
  const ticks = heatTicks(most).map((tick) => {
    const x = (width / 2) * (1 + heatOf(tick, most));
    const anchor = tick === most && most > 0 ? 'end' : tick === -most && most > 0 ? 'start' : 'middle';
    return `<text x="${x}" y="26" text-anchor="${anchor}" fill="${FAINT_INK}">${tick === 0 ? '0' : effectText(tick)}</text>`;
  });
  return bar.join('') + ticks.join('');
}

/** A PNG of pixels as a data URL, by the browser. */
export async function pngUrl(pixels: Uint8ClampedArray<ArrayBuffer>, size: number): Promise<string> {
  const canvas = new OffscreenCanvas(size, size);
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, size, size), 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
  let text = '';
  for (let from = 0; from < bytes.length; from += 0x8000)
    text += String.fromCharCode(...bytes.subarray(from, from + 0x8000));
  return `data:image/png;base64,${btoa(text)}`;
}
