/** Loops made of scaled rotations of two coordinates each, the mechanism of Zhang, Wei and Zhang (arXiv 2605.29267). */

/** What the loop through α·R(ψ) makes of a push in the long run: it acts as the complex number 1/(1 − α e^{iψ}). */
export interface LoopGain {
  /** 1/√(1 − 2α cos ψ + α²). */
  readonly gain: number;
  /** Radians, anticlockwise: atan2(α sin ψ, 1 − α cos ψ); at most arcsin α. */
  readonly phase: number;
}

export function loopGain(scale: number, radians: number): LoopGain {
  const real = 1 - scale * Math.cos(radians);
  const imaginary = scale * Math.sin(radians);
  return { gain: 1 / Math.hypot(real, imaginary), phase: Math.atan2(imaginary, real) };
}

/** gᵀ(I − αR(ψ))^{-1}a for two coordinates: |g||a|·gain·cos(∠a + phase − ∠g). */
export function blockEffect(
  g: readonly [number, number],
  a: readonly [number, number],
  scale: number,
  radians: number,
): number {
  const { gain, phase } = loopGain(scale, radians);
  const angle = Math.atan2(a[1], a[0]) + phase - Math.atan2(g[1], g[0]);
  return Math.hypot(...g) * Math.hypot(...a) * gain * Math.cos(angle);
}

/** The terms of a·b by blocks of two coordinates. */
export function blockProducts(a: Float64Array, b: Float64Array): Float64Array {
  return new Float64Array(a.length / 2).map((_, k) => a[2 * k] * b[2 * k] + a[2 * k + 1] * b[2 * k + 1]);
}

/**
 * Whether a loop of norm ‖A‖₂ < 1 is too weak to turn an aligned push against the reward: ∠(v, (I − A)^{-1}v) ≤ arcsin ‖A‖₂, so
 * cos ∠(∇J, v) > ‖A‖₂ gives ∇Jᵀ(I − A)^{-1}v > 0. Sharp for scaled rotations.
 */
export function cannotInvert(cosine: number, norm: number): boolean {
  return cosine > norm;
}
