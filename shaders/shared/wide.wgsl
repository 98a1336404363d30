// Unsigned 64-bit integers as vec2u(low, high). Mirror: the pairs of src/cpu/finite.ts.
import package::shared::philox::mul_high;

fn add_wide(a: vec2u, b: vec2u) -> vec2u {
  let low = a.x + b.x;
  return vec2u(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn multiply_wide(a: u32, b: u32) -> vec2u {
  return vec2u(a * b, mul_high(a, b));
}

fn less_wide(a: vec2u, b: vec2u) -> bool {
  return a.y < b.y || (a.y == b.y && a.x < b.x);
}

fn shift_right_wide(a: vec2u, shift: u32) -> vec2u {
  if (shift == 0u) { return a; }
  if (shift >= 64u) { return vec2u(0u); }
  if (shift >= 32u) { return vec2u(a.y >> (shift - 32u), 0u); }
  return vec2u((a.x >> shift) | (a.y << (32u - shift)), a.y >> shift);
}

fn shift_left_wide(a: vec2u, shift: u32) -> vec2u {
  if (shift == 0u) { return a; }
  if (shift >= 64u) { return vec2u(0u); }
  if (shift >= 32u) { return vec2u(0u, a.x << (shift - 32u)); }
  return vec2u(a.x << shift, (a.y << shift) | (a.x >> (32u - shift)));
}

fn bit_length_wide(a: vec2u) -> u32 {
  if (a.y != 0u) { return 64u - countLeadingZeros(a.y); }
  return 32u - countLeadingZeros(a.x);
}
