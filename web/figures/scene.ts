/** A picture as plain data, in CSS pixels: drawn on the page in its theme's colours, and into files in those of print. */

/** A custom property of page.css, by its name without dashes; or none. */
export type Ink =
  | 'ink'
  | 'faint'
  | 'line'
  | 'line-strong'
  | 'real'
  | 'card'
  | 'gain'
  | 'loss'
  | 'raw'
  | 'curated'
  | 'hover'
  | 'accent'
  | `model-${number}`
  | 'none';

interface Look {
  readonly fill?: Ink;
  readonly stroke?: Ink;
  readonly strokeWidth?: number;
  readonly dash?: string;
  readonly opacity?: number;
}

export interface RectMark extends Look {
  readonly kind: 'rect';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly radius?: number;
}

export interface PathMark extends Look {
  readonly kind: 'path';
  readonly d: string;
}

export interface TextMark {
  readonly kind: 'text';
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly text: string;
  readonly size?: number;
  readonly fill?: Ink;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly strong?: boolean;
  /** Degrees, about x and y. */
  readonly turn?: number;
}

/** Cells of numbers in [0, 1], or in [−1, 1] where two inks are given: −1 is `low`, 0 the card, 1 is `high`. */
export interface GridMark {
  readonly kind: 'grid';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  /** [row][column]; NaN is left empty. */
  readonly values: Float32Array;
  readonly high: Ink;
  readonly low?: Ink;
}

export type Mark = RectMark | PathMark | TextMark | GridMark;

/** A place that says something under the pointer, and may stand for a model. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What to show at a place within, both in [0, 1]. */
  readonly tip: (across: number, down: number) => string;
  /** Followed on a click. */
  readonly model?: number;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
  /** Later ones lie on top. */
  readonly spots: readonly Spot[];
}

/** A scene that is being put together. */
export interface Draft {
  readonly marks: Mark[];
  readonly spots: Spot[];
}

export const newDraft = (): Draft => ({ marks: [], spots: [] });

export function modelInk(model: number): Ink {
  return `model-${model % 12}`;
}

/** The spot under a place, or null. */
export function spotAt({ spots }: Scene, x: number, y: number): Spot | null {
  for (let k = spots.length - 1; k >= 0; k--) {
    const spot = spots[k];
    if (x >= spot.x && x < spot.x + spot.width && y >= spot.y && y < spot.y + spot.height) return spot;
  }
  return null;
}

/** Path through points; gaps where a coordinate is no number. */
export function linePath(xs: ArrayLike<number>, ys: ArrayLike<number>): string {
  let path = '';
  let drawing = false;
  for (let k = 0; k < xs.length; k++) {
    if (!Number.isFinite(xs[k]) || !Number.isFinite(ys[k])) {
      drawing = false;
      continue;
    }
    path += `${drawing ? 'L' : 'M'}${xs[k].toFixed(1)} ${ys[k].toFixed(1)}`;
    drawing = true;
  }
  return path;
}

/** A text cut to a width, with an ellipsis; glyphs of a sans-serif font are 0.56 em wide on average. */
export function fitted(text: string, width: number, size: number): string {
  const most = Math.max(1, Math.floor(width / (0.56 * size)));
  const glyphs = [...text];
  return glyphs.length <= most ? text : `${glyphs.slice(0, most - 1).join('')}…`;
}

/** One scene below another. */
export function stacked(scenes: readonly Scene[], gap = 16): Scene {
  const draft = newDraft();
  let top = 0;
  let width = 0;
  for (const scene of scenes) {
    draft.marks.push(...scene.marks.map((mark) => moved(mark, 0, top)));
    draft.spots.push(...scene.spots.map((spot) => ({ ...spot, y: spot.y + top })));
    top += scene.height + gap;
    width = Math.max(width, scene.width);
  }
  return { width, height: Math.max(0, top - gap), ...draft };
}

/** A mark elsewhere. Paths are moved by rewriting their coordinates, so they must be absolute M, L and Z. */
export function moved(mark: Mark, dx: number, dy: number): Mark {
  if (mark.kind !== 'path') return { ...mark, x: mark.x + dx, y: mark.y + dy };
  const d = mark.d.replaceAll(
    /([ML])(-?[\d.]+) (-?[\d.]+)/g,
    (_, step: string, x: string, y: string) =>
      `${step}${(Number(x) + dx).toFixed(1)} ${(Number(y) + dy).toFixed(1)}`,
  );
  return { ...mark, d };
}
