// Unsigned 64-bit integers as vec2u(low, high). Mirror: the pairs of src/cpu/finite.ts.
import package::shared::philox::mul_high;

fn add_wide(a: vec2u, b: vec2u) -> vec2u {
  let low = a.x + b.x;
  return vec2u(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn subtract_wide(a: vec2u, b: vec2u) -> vec2u {
  return vec2u(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}

fn multiply_wide(a: u32, b: u32) -> vec2u {
  return vec2u(a * b, mul_high(a, b));
}

/// a >> shift for 0 ≤ shift ≤ 32, where the result fits in 32 bits.
fn shift_right_wide(a: vec2u, shift: u32) -> u32 {
  if (shift == 0u) { return a.x; }
  if (shift >= 32u) { return a.y; }
  return (a.x >> shift) | (a.y << (32u - shift));
}

fn bit_length_wide(a: vec2u) -> u32 {
  if (a.y != 0u) { return 64u - countLeadingZeros(a.y); }
  return 32u - countLeadingZeros(a.x);
}
