/** The part of a graph that is in view: zoom and pan. */

/** Places are x and y within −1 … 1; the window shows them `zoom` times as large, moved by (x, y) CSS pixels. */
export interface ViewWindow {
  readonly width: number;
  readonly height: number;
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

const MARGIN = 22;
const LARGEST_ZOOM = 40;

export function wholeWindow(width: number, height: number): ViewWindow {
  return { width, height, zoom: 1, x: 0, y: 0 };
}

/** CSS pixels per unit. */
export function unitOf({ width, height, zoom }: ViewWindow): number {
  return (Math.min(width, height) / 2 - MARGIN) * zoom;
}

/** [model][x, y] in CSS pixels of the window. */
export function placed(points: Float32Array, view: ViewWindow): Float32Array {
  const unit = unitOf(view);
  const [left, top] = [view.width / 2 + view.x, view.height / 2 + view.y];
  return points.map((value, k) => (k % 2 === 0 ? left : top) + unit * value);
}

export function panned(view: ViewWindow, x: number, y: number): ViewWindow {
  return kept({ ...view, x: view.x + x, y: view.y + y });
}

/** `factor` times as large; what is at (atX, atY) stays there. */
export function zoomed(view: ViewWindow, factor: number, atX: number, atY: number): ViewWindow {
  const zoom = Math.min(LARGEST_ZOOM, Math.max(1, view.zoom * factor));
  const scale = zoom / view.zoom;
  const [fromX, fromY] = [atX - view.width / 2, atY - view.height / 2];
  return kept({
    ...view,
    zoom,
    x: fromX - scale * (fromX - view.x),
    y: fromY - scale * (fromY - view.y),
  });
}

export function resized(view: ViewWindow, width: number, height: number): ViewWindow {
  const scale = view.width > 0 ? Math.min(width, height) / Math.min(view.width, view.height) : 1;
  return kept({ ...view, width, height, x: scale * view.x, y: scale * view.y });
}

/** Pans no further than the graph reaches. */
function kept(view: ViewWindow): ViewWindow {
  const most = unitOf(view) - unitOf({ ...view, zoom: 1 });
  const limit = (value: number): number => Math.min(most, Math.max(-most, value));
  return { ...view, x: limit(view.x), y: limit(view.y) };
}

/** CSS transform that makes a picture drawn for `from` look as in `to`, roughly; its origin is the corner. */
export function transformBetween(from: ViewWindow, to: ViewWindow): string {
  const scale = to.zoom / from.zoom;
  const x = to.width / 2 + to.x - scale * (from.width / 2 + from.x);
  const y = to.height / 2 + to.y - scale * (from.height / 2 + from.y);
  return `translate(${x}px, ${y}px) scale(${scale})`;
}

/** The model nearest to (x, y), no further than `reach`; null where there is none. */
export function nearest(pixels: Float32Array, x: number, y: number, reach: number): number | null {
  let best: number | null = null;
  let least = reach * reach;
  for (let model = 0; 2 * model < pixels.length; model++) {
    const [dx, dy] = [pixels[2 * model] - x, pixels[2 * model + 1] - y];
    const distance = dx * dx + dy * dy;
    if (distance > least) continue;
    least = distance;
    best = model;
  }
  return best;
}
