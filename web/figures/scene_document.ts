/** A scene as a standalone SVG document, in light print colours. */
import { CARD, FAINT_INK, FONT, GRID, INK, MODEL_COLOURS, escapeXml } from '../../src/report/chart_style.ts';
import type { GridMark, Ink, Mark, Scene } from './scene.ts';

const PRINT: Readonly<Record<string, string>> = {
  ink: INK,
  faint: FAINT_INK,
  line: GRID,
  'line-strong': '#C4CAD2',
  real: '#6B727C',
  card: CARD,
  gain: '#00639C',
  loss: '#A34400',
  raw: '#3F7F78',
  curated: '#A34400',
  hover: '#ECEFF2',
  accent: '#00639C',
  none: 'none',
};
const MARGIN = 16;
const TITLE = 30;
const NOTE_LINE = 16;

export function printInk(ink: Ink): string {
  return ink.startsWith('model-')
    ? MODEL_COLOURS[Number(ink.slice(6)) % MODEL_COLOURS.length].line
    : PRINT[ink];
}

/** `notes`: lines below the picture, such as its legend in words. */
export function sceneDocument(title: string, scene: Scene, notes: readonly string[] = []): string {
  const width = scene.width + 2 * MARGIN;
  const height = scene.height + 2 * MARGIN + TITLE + notes.length * NOTE_LINE;
  const lines = notes.map(
    (note, k) =>
      `<text x="${MARGIN}" y="${height - MARGIN - (notes.length - 1 - k) * NOTE_LINE}" font-size="11" fill="${FAINT_INK}">${escapeXml(note)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family='${FONT}'>`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" fill="${CARD}"/>`,
    `<text x="${MARGIN}" y="${MARGIN + 12}" font-size="15" font-weight="600" fill="${INK}">${escapeXml(title)}</text>`,
    `<g transform="translate(${MARGIN} ${MARGIN + TITLE})">`,
    ...scene.marks.map(markText),
    '</g>',
    ...lines,
    '</svg>',
  ].join('\n');
}

function markText(mark: Mark): string {
  switch (mark.kind) {
    case 'rect': {
      const { x, y, width, height, radius = 0 } = mark;
      return `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" rx="${radius}"${look(mark)}/>`;
    }
    case 'path':
      return `<path d="${mark.d}" stroke-linejoin="round"${look(mark)}/>`;
    case 'text': {
      const { x, y, text, size = 12, fill = 'ink', anchor = 'start', strong = false, turn = 0 } = mark;
      const turned = turn === 0 ? '' : ` transform="rotate(${turn} ${short(x)} ${short(y)})"`;
      return `<text x="${short(x)}" y="${short(y)}" font-size="${size}" fill="${printInk(fill)}" text-anchor="${anchor}"${strong ? ' font-weight="650"' : ''}${turned}>${escapeXml(text)}</text>`;
    }
    case 'grid':
      return gridText(mark);
  }
}

type Looks = Pick<Extract<Mark, { kind: 'rect' }>, 'fill' | 'stroke' | 'strokeWidth' | 'dash' | 'opacity'>;

function look({ fill = 'none', stroke = 'none', strokeWidth = 1, dash, opacity }: Looks): string {
  const line = stroke === 'none' ? '' : ` stroke="${printInk(stroke)}" stroke-width="${strokeWidth}"`;
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
  return ` fill="${printInk(fill)}"${line}${dashes}${opacity === undefined ? '' : ` opacity="${opacity}"`}`;
}

/** Runs of equal cells are one rectangle, and empty ones none. */
function gridText({ x, y, width, height, columns, rows, values, high, low }: GridMark): string {
  const across = width / columns;
  const down = height / rows;
  const cells: string[] = [];
  for (let row = 0; row < rows; row++) {
    for (let from = 0; from < columns;) {
      const colour = cellColour(values[row * columns + from], high, low);
      let to = from + 1;
      while (to < columns && cellColour(values[row * columns + to], high, low) === colour) to += 1;
      if (colour !== CARD)
        cells.push(
          `<rect x="${short(x + from * across)}" y="${short(y + row * down)}" width="${short((to - from) * across)}" height="${short(down)}" fill="${colour}"/>`,
        );
      from = to;
    }
  }
  return `<g shape-rendering="crispEdges">${cells.join('')}</g>`;
}

function cellColour(value: number, high: Ink, low: Ink | undefined): string {
  if (Number.isNaN(value)) return CARD;
  const ink = rgbOf(printInk(value < 0 && low !== undefined ? low : high));
  // Steps of a fiftieth keep files of many cells small.
  const share = Math.round(50 * Math.min(1, Math.abs(value))) / 50;
  return share === 0 ? CARD : hexOf(ink.map((channel) => Math.round(255 + share * (channel - 255))));
}

const rgbOf = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
const hexOf = (rgb: readonly number[]): string =>
  `#${rgb.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
const short = (value: number): string => String(Number(value.toFixed(2)));
