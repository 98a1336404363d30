/** A line's colour and the darker one of the text beside it (contrast with white at least 4.5). */
export interface ChartColour {
  readonly line: string;
  readonly text: string;
}

/** Okabe and Ito's colour-blind-safe palette (2008) without its yellow, then darker shades of it. */
export const MODEL_COLOURS: readonly ChartColour[] = [
  { line: '#0072B2', text: '#00649C' },
  { line: '#D55E00', text: '#B04E00' },
  { line: '#009E73', text: '#007A59' },
  { line: '#CC79A7', text: '#A3497C' },
  { line: '#E69F00', text: '#8F6300' },
  { line: '#56B4E9', text: '#1F73A6' },
  { line: '#3B3F46', text: '#3B3F46' },
  { line: '#7A4FA3', text: '#7A4FA3' },
  { line: '#004B75', text: '#004B75' },
  { line: '#8A3D00', text: '#8A3D00' },
  { line: '#005C43', text: '#005C43' },
  { line: '#7D2F5B', text: '#7D2F5B' },
];

export const INK = '#1B1E23';
export const FAINT_INK = '#5B626C';
export const GRID = '#E3E6EA';
export const CROWD = '#9AA1AB';
/** The card the chart stands on, so that it reads on light and dark pages alike. */
export const CARD = '#FFFFFF';
export const FONT = 'system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif';

/** Width of a text in pixels, near enough for margins: the average glyph of a sans-serif font is 0.56 em wide. */
export function textWidth(text: string, fontSize: number): number {
  return 0.56 * fontSize * [...text].length;
}

/** Escapes text for SVG. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
