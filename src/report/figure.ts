/** Figures of several panels: Observable Plot draws each, this lays them out on one card with a title and a legend. */
import type * as Plot from '@observablehq/plot';
import { emptyDocument } from './chart_document.ts';
import { CARD, FAINT_INK, FONT, GRID, INK, escapeXml, textWidth } from './chart_style.ts';

export type PlotLibrary = typeof Plot;

export interface FigurePanel {
  readonly title: string;
  /** A line of explanation below the title. */
  readonly subtitle?: string;
  /** Axes, scales and marks; size, fonts, frame and margins are filled in. Axis labels need no arrows or units in brackets. */
  readonly plot: (plot: PlotLibrary) => Plot.PlotOptions;
  /** Whether horizontal lines mark the ticks of y; true by default. */
  readonly grid?: boolean;
  /** Columns of the layout that the panel covers; 1 by default. */
  readonly columns?: number;
}

export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  /** `line` by default. */
  readonly shape?: 'line' | 'dashed' | 'dot' | 'area' | 'box';
}

export interface FigureOptions {
  readonly title: string;
  readonly subtitle?: string;
  readonly panels: readonly FigurePanel[];
  readonly legend?: readonly LegendEntry[];
  /** Panels side by side; 2 by default. */
  readonly columns?: number;
  /** Of the whole figure, in pixels; 960 by default. */
  readonly width?: number;
  /** Of one panel's plot, in pixels; 260 by default. */
  readonly panelHeight?: number;
}

const PADDING = 24;
const GAP = 28;
const LEGEND_ROW = 22;
const SUBTITLE_SIZE = 13;

/**
 * A whole SVG document with the panels row by row. The same options give the same text. It carries no script and no
 * external reference, and stands on its own white card.
 */
export async function figureSvg(options: FigureOptions): Promise<string> {
  const plot = await import('@observablehq/plot');
  const document = await emptyDocument();
  const { title, subtitle, panels, legend = [], columns = 2, width = 960, panelHeight = 260 } = options;
  const inner = width - 2 * PADDING;
  const column = (inner - GAP * (columns - 1)) / columns;
  const parts: string[] = [];
  let y = PADDING + 16;
  parts.push(textAt(PADDING, y, title, 18, 600, INK));
  for (const line of wrapped(subtitle ?? '', SUBTITLE_SIZE, inner)) {
    y += 19;
    parts.push(textAt(PADDING, y, line, SUBTITLE_SIZE, 400, FAINT_INK));
  }
  if (legend.length > 0) {
    const { svg, height } = legendAt(PADDING, y + 12, inner, legend);
    parts.push(svg);
    y += height + 12;
  }
  y += 20;
  for (const row of rowsOf(panels, columns)) {
    let x = PADDING;
    let rowHeight = 0;
    for (const panel of row) {
      const span = Math.min(panel.columns ?? 1, columns);
      const panelWidth = span * column + (span - 1) * GAP;
      const heading = wrapped(panel.title, 14, panelWidth);
      const note = wrapped(panel.subtitle ?? '', 12, panelWidth);
      heading.forEach((line, k) => parts.push(textAt(x, y + 12 + 18 * k, line, 14, 600, INK)));
      const below = y + 12 + 18 * heading.length;
      note.forEach((line, k) => parts.push(textAt(x, below + 16 * k, line, 12, 400, FAINT_INK)));
      const top = heading.length + note.length === 0 ? y : below + 16 * note.length - 6;
      const body = drawn(plot, document, panel, panelWidth, panelHeight);
      parts.push(`<g transform="translate(${round(x)},${round(top)})">${body}</g>`);
      rowHeight = Math.max(rowHeight, top - y + panelHeight);
      x += panelWidth + GAP;
    }
    y += rowHeight + GAP;
  }
  const height = Math.ceil(y - GAP + PADDING);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${escapeXml(FONT)}" role="img" aria-labelledby="title">`,
    `<title id="title">${escapeXml(subtitle === undefined ? title : `${title}. ${subtitle}`)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${CARD}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function drawn(
  plot: PlotLibrary,
  document: Document,
  panel: FigurePanel,
  width: number,
  height: number,
): string {
  const given = panel.plot(plot);
  const figure = plot.plot({
    marginLeft: 56,
    marginRight: 14,
    marginTop: 26,
    marginBottom: 40,
    ...given,
    x: { labelAnchor: 'center', labelArrow: 'none', tickSize: 4, ...given.x },
    y: { labelArrow: 'none', tickSize: 0, ...given.y },
    marks: [...(panel.grid === false ? [] : horizontalGrid(plot, given)), ...(given.marks ?? [])],
    document,
    width: round(width),
    height,
    style: { fontSize: '12px' },
  });
  figure.querySelectorAll('style').forEach((style) => {
    style.remove();
  });
  return `<g font-family="inherit" font-size="12" fill="currentColor" color="${FAINT_INK}" text-anchor="middle">${shorterPaths(figure.innerHTML)}</g>`;
}

/** Path coordinates to a hundredth of a pixel: contours are a third of their size. */
function shorterPaths(svg: string): string {
  return svg.replace(/ d="[^"]*"/g, (path) =>
    path.replace(/-?\d+\.\d{3,}(?!\d*e)/g, (digits) => String(Math.round(Number(digits) * 100) / 100)),
  );
}

/** At the ticks that the panel asks for, if any; none where it has no y axis. */
function horizontalGrid(plot: PlotLibrary, { y }: Plot.PlotOptions): Plot.Markish[] {
  if (y?.axis === null) return [];
  return [
    plot.gridY({ stroke: GRID, strokeOpacity: 1, ...(y?.ticks === undefined ? {} : { ticks: y.ticks }) }),
  ];
}

function rowsOf(panels: readonly FigurePanel[], columns: number): FigurePanel[][] {
  const rows: FigurePanel[][] = [];
  let used = columns;
  for (const panel of panels) {
    const span = Math.min(panel.columns ?? 1, columns);
    if (used + span > columns) {
      rows.push([]);
      used = 0;
    }
    rows[rows.length - 1].push(panel);
    used += span;
  }
  return rows;
}

function legendAt(
  x: number,
  y: number,
  width: number,
  entries: readonly LegendEntry[],
): { svg: string; height: number } {
  let [left, row] = [0, 0];
  const parts = entries.map(({ label, colour, shape = 'line' }) => {
    const size = 44 + textWidth(label, 12.5);
    if (left > 0 && left + size > width) [left, row] = [0, row + 1];
    const [at, middle] = [x + left, y + 10 + row * LEGEND_ROW];
    left += size + 8;
    const symbol = {
      line: `<path d="M${at},${middle}h24" stroke="${colour}" stroke-width="2.5"/>`,
      dashed: `<path d="M${at},${middle}h24" stroke="${colour}" stroke-width="2" stroke-dasharray="5,4"/>`,
      dot: `<circle cx="${at + 12}" cy="${middle}" r="4" fill="${colour}"/>`,
      box: `<rect x="${at}" y="${middle - 6}" width="24" height="12" fill="${colour}"/>`,
      area: `<rect x="${at}" y="${middle - 6}" width="24" height="12" fill="${colour}" fill-opacity="0.35"/>`,
    }[shape];
    return symbol + textAt(at + 31, middle + 4, label, 12.5, 400, INK);
  });
  return { svg: parts.join(''), height: (row + 1) * LEGEND_ROW };
}

function textAt(x: number, y: number, text: string, size: number, weight: number, fill: string): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escapeXml(text)}</text>`;
}

/** Breaks a text into lines that fit; none for an empty text. */
function wrapped(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((one) => one !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, size) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
