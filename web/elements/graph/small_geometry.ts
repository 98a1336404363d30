/** Points, curves and boxes of a drawing with a few models, in CSS pixels. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A cubic Bézier curve. */
export type Curve = readonly [Point, Point, Point, Point];

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const plus = (p: Point, q: Point, scale = 1): Point => ({
  x: p.x + scale * q.x,
  y: p.y + scale * q.y,
});

/** Unit vector at `degrees`, clockwise from the right, as y points down. */
export function direction(degrees: number): Point {
  const angle = (degrees * Math.PI) / 180;
  return { x: Math.cos(angle), y: Math.sin(angle) };
}

export function unit(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
}

export function pointOn([a, b, c, d]: Curve, t: number): Point {
  const s = 1 - t;
  const [p, q, r, w] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return { x: p * a.x + q * b.x + r * c.x + w * d.x, y: p * a.y + q * b.y + r * c.y + w * d.y };
}

/** From the rim of one circle to that of another, bowed by `bow` to the left of the way there; ends `gap` before it. */
export function arc(from: Point, to: Point, radius: number, gap: number, bow: number): Curve {
  const along = unit(from, to);
  const left = { x: along.y, y: -along.x };
  const middle = plus({ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }, left, 2 * bow);
  const start = plus(from, unit(from, middle), radius);
  const end = plus(to, unit(to, middle), radius + gap);
  // The quadratic curve through `middle` as a cubic one.
  return [start, plus(start, sub(middle, start), 2 / 3), plus(end, sub(middle, end), 2 / 3), end];
}

/** A loop at a circle, `reach` beyond its rim in the direction `degrees`. */
export function loop(centre: Point, degrees: number, radius: number, gap: number, reach: number): Curve {
  const half = 24;
  const spread = 30;
  const start = plus(centre, direction(degrees - half), radius);
  const end = plus(centre, direction(degrees + half), radius + gap);
  const far = radius + 1.28 * reach;
  return [
    start,
    plus(centre, direction(degrees - spread), far),
    plus(centre, direction(degrees + spread), far),
    end,
  ];
}

function sub(p: Point, q: Point): Point {
  return { x: p.x - q.x, y: p.y - q.y };
}

const round = (value: number): string => String(Math.round(10 * value) / 10);

export function pathOf([a, b, c, d]: Curve): string {
  const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
  return `M${at(a)}C${at(b)} ${at(c)} ${at(d)}`;
}

/** A filled arrow head of a stroke `width` wide whose curve ends in its base. */
export function headOf(curve: Curve, width: number, length: number): string {
  const end = curve[3];
  const along = unit(pointOn(curve, 0.94), end);
  const side = { x: -along.y, y: along.x };
  const half = width / 2 + 3.5;
  const base = plus(end, along, -0.5);
  const corners = [plus(base, side, half), plus(end, along, length), plus(base, side, -half)];
  return `M${corners.map(({ x, y }) => `${round(x)} ${round(y)}`).join('L')}Z`;
}

export function boxAround({ x, y }: Point, width: number, height: number): Box {
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
}

export function overlap(one: Box, other: Box): number {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return width > 0 && height > 0 ? width * height : 0;
}

export function around(boxes: readonly Box[]): Box {
  return boxes.reduce((all, box) => ({
    left: Math.min(all.left, box.left),
    top: Math.min(all.top, box.top),
    right: Math.max(all.right, box.right),
    bottom: Math.max(all.bottom, box.bottom),
  }));
}
