/**
 * Standard normal numbers from random words by Box and Muller (1958): with u = (a + ½)/2³² and v = b/2³² of two words,
 * √(−2 ln u)·cos 2πv and √(−2 ln u)·sin 2πv, in float64. None exceeds 6.77.
 *
 * shaders/shared/normals.wgsl computes the same numbers in float32, off by at most 2⁻¹⁹·√(−2 ln u).
 */

const TWO_PI_OVER_WORDS = (2 * Math.PI) / 2 ** 32;
const EIGHTH_TURN = 2 ** 29;
const QUARTER_MASK = 2 ** 30 - 1;

// Taylor coefficients: on [−π/4, π/4] the next terms are below 1e-17.
const S3 = -1 / 6;
const S5 = 1 / 120;
const S7 = -1 / 5040;
const S9 = 1 / 362_880;
const S11 = -1 / 39_916_800;
const S13 = 1 / 6_227_020_800;
const S15 = -1 / 1_307_674_368_000;
const C4 = 1 / 24;
const C6 = -1 / 720;
const C8 = 1 / 40_320;
const C10 = -1 / 3_628_800;
const C12 = 1 / 479_001_600;
const C14 = -1 / 87_178_291_200;
const C16 = 1 / 20_922_789_888_000;

/** Writes the two normals of the words `a` and `b` (unsigned 32-bit) to out[at] and out[at + 1]. */
export function normalPairInto(out: Float64Array, at: number, a: number, b: number): void {
  const radius = Math.sqrt(-2 * Math.log((a + 0.5) * 2 ** -32));
  // The angle is brought to [−π/4, π/4) in integers, so exactly.
  const turned = (b + EIGHTH_TURN) | 0;
  const x = ((turned & QUARTER_MASK) - EIGHTH_TURN) * TWO_PI_OVER_WORDS;
  const q = x * x;
  const sine = x + x * q * (S3 + q * (S5 + q * (S7 + q * (S9 + q * (S11 + q * (S13 + q * S15))))));
  const cosine =
    1 - 0.5 * q + q * q * (C4 + q * (C6 + q * (C8 + q * (C10 + q * (C12 + q * (C14 + q * C16))))));
  const quarter = turned >>> 30;
  const odd = (quarter & 1) === 1;
  const first = odd ? sine : cosine;
  const second = odd ? cosine : sine;
  out[at] = quarter === 1 || quarter === 2 ? -radius * first : radius * first;
  out[at + 1] = quarter >= 2 ? -radius * second : radius * second;
}
