// Elementary functions with a stated error, since WGSL leaves exp and log to the driver (up to 1e-6 relative seen).
// Range reduction and Taylor polynomials; relative error below 2^-22 on the stated domains.

const LN2_HIGH: f32 = 0.693359375f; // 9 significant bits: products with small integers are exact
const LN2_LOW: f32 = -2.12194440e-4f;
const LOG2_E: f32 = 1.44269504f;

/// e^x; arguments are clamped to [-87, 80], so the result is never zero, infinite or subnormal.
fn exponential(x: f32) -> f32 {
  let y = clamp(x, -87f, 80f);
  let power = round(y * LOG2_E);
  let r = (y - power * LN2_HIGH) - power * LN2_LOW; // |r| <= ln(2)/2
  let tail = 1f / 6f + r * (1f / 24f + r * (1f / 120f + r * (1f / 720f + r * (1f / 5040f))));
  return ldexp(1f + r + r * r * (0.5f + r * tail), i32(power));
}

/// 1 − e^(−x) for x ≥ 0, given e^(−x); accurate for small x too.
fn one_minus_exp(x: f32, exp_of_minus_x: f32) -> f32 {
  let tail = 1f / 24f - x * (1f / 120f - x * (1f / 720f - x * (1f / 5040f - x / 40320f)));
  return select(1f - exp_of_minus_x, x * (1f - x * (0.5f - x * (1f / 6f - x * tail))), x < 0.5f);
}

/// ln(1 − x) for 0 ≤ x ≤ 1/2, by the series of 2 atanh.
fn log_one_minus(x: f32) -> f32 {
  let z = x / (2f - x); // <= 1/3
  let q = z * z;
  let series = 1f + q * (1f / 3f + q * (1f / 5f + q * (1f / 7f + q * (1f / 9f + q * (1f / 11f + q / 13f)))));
  return -2f * z * series;
}

/// ln x for normal x > 0; relative error below 2^-20 for x ≤ 1/2 and x ≥ 2, absolute error below 2^-21 between them.
fn logarithm(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let exceeds = (bits & 0x7fffffu) > 0x3504f3u; // mantissa above √2
  let power = f32(i32(bits >> 23u) - select(127, 126, exceeds));
  let mantissa = bitcast<f32>((bits & 0x7fffffu) | select(0x3f800000u, 0x3f000000u, exceeds)); // in (√½, √2]
  let z = (mantissa - 1f) / (mantissa + 1f); // |z| < 0.172
  let q = z * z;
  let series = 1f + q * (1f / 3f + q * (1f / 5f + q * (1f / 7f + q * (q / 11f + 1f / 9f))));
  return power * LN2_HIGH + (power * LN2_LOW + 2f * z * series);
}

/// Cosine and sine of 2π·word/2^32; absolute error below 2^-21. The nearest multiple of π/2 is taken off in integers.
fn turn(word: u32) -> vec2f {
  let turned = word + 0x20000000u;
  let x = f32(i32(turned & 0x3fffffffu) - 0x20000000) * 1.46291808e-9f; // 2π/2^32; |x| <= π/4
  let q = x * x;
  let sine = x + x * q * (-1f / 6f + q * (1f / 120f + q * (-1f / 5040f + q / 362880f)));
  let cosine = 1f - 0.5f * q + q * q * (1f / 24f + q * (-1f / 720f + q * (1f / 40320f - q / 3628800f)));
  let quarter = turned >> 30u;
  let odd = (quarter & 1u) == 1u;
  let first = select(cosine, sine, odd);
  let second = select(sine, cosine, odd);
  return vec2f(select(first, -first, quarter == 1u || quarter == 2u), select(second, -second, quarter >= 2u));
}
