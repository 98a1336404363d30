/**
 * Gauss–Hermite quadrature for a standard normal number: Σ weight·f(node) = E f(ξ), exact for polynomials of degree up to 2n − 1.
 *
 * With the orthonormal Hermite polynomials h_0 = 1, h_{k+1} = (x h_k − √k h_{k−1})/√(k+1), the nodes are the zeros of h_n and the
 * weights 1/(n h_{n−1}(node)²). Zeros of successive degrees lie between each other, so halving intervals finds them all. Only
 * additions, products, quotients and square roots take part: the same bits in every JavaScript engine.
 */
export interface HermiteRule {
  /** Ascending. */
  readonly nodes: Float64Array;
  /** They sum to 1. */
  readonly weights: Float64Array;
}

/** The rule with `count` ≥ 1 nodes; good up to some hundred. */
export function gaussHermite(count: number): HermiteRule {
  let zeros: number[] = [];
  for (let degree = 1; degree <= count; degree++) {
    // All zeros of h_n lie within ±√(4n + 2).
    const bound = Math.sqrt(4 * degree + 2);
    const limits = [-bound, ...zeros, bound];
    zeros = limits.slice(1).map((high, k) => zeroBetween(degree, limits[k], high));
  }
  const raw = zeros.map((x) => 1 / (count * hermite(count - 1, x) ** 2));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return {
    nodes: Float64Array.from(zeros, (x, k) => (x - zeros[count - 1 - k]) / 2), // exactly symmetric
    weights: Float64Array.from(raw, (weight, k) => (weight + raw[count - 1 - k]) / 2 / total),
  };
}

function hermite(degree: number, x: number): number {
  let [previous, current] = [0, 1];
  for (let k = 0; k < degree; k++) {
    [previous, current] = [current, (x * current - Math.sqrt(k) * previous) / Math.sqrt(k + 1)];
  }
  return current;
}

function zeroBetween(degree: number, low: number, high: number): number {
  const rising = hermite(degree, high) > 0;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (hermite(degree, middle) > 0 === rising) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
