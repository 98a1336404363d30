/** Spread in the plane. */

export interface Ellipse {
  /** Half axes, the larger first: standard deviations along the principal directions. */
  readonly major: number;
  readonly minor: number;
  /** Of the larger one against the first coordinate, radians in (−π/2, π/2]. */
  readonly angle: number;
}

/**
 * Of the covariance [[xx, xy], [xy, yy]], positive semidefinite: its eigenvalues are m ± h with m = (xx+yy)/2 and
 * h = √(((xx−yy)/2)² + xy²), and the larger one's direction is at half the angle of (xx−yy, 2 xy).
 */
export function ellipseOf(xx: number, xy: number, yy: number): Ellipse {
  const mean = (xx + yy) / 2;
  const half = Math.hypot((xx - yy) / 2, xy);
  return {
    major: Math.sqrt(Math.max(0, mean + half)),
    minor: Math.sqrt(Math.max(0, mean - half)),
    angle: Math.atan2(2 * xy, xx - yy) / 2,
  };
}

/** Points on it, `scale` standard deviations from (x, y); the first is repeated at the end. */
export function ellipsePoints(
  { major, minor, angle }: Ellipse,
  x: number,
  y: number,
  scale: number,
  count = 64,
): { readonly xs: Float64Array; readonly ys: Float64Array } {
  const xs = new Float64Array(count + 1);
  const ys = new Float64Array(count + 1);
  for (let k = 0; k <= count; k++) {
    const turn = (2 * Math.PI * (k % count)) / count;
    const [a, b] = [scale * major * Math.cos(turn), scale * minor * Math.sin(turn)];
    xs[k] = x + a * Math.cos(angle) - b * Math.sin(angle);
    ys[k] = y + a * Math.sin(angle) + b * Math.cos(angle);
  }
  return { xs, ys };
}

/** Density of a normal law. */
export function normalDensity(x: number, mean: number, deviation: number): number {
  const z = (x - mean) / deviation;
  return Math.exp(-0.5 * z * z) / (deviation * Math.sqrt(2 * Math.PI));
}
