// Standard normal numbers from random words by Box and Muller (1958), √(−2 ln u)·(cos 2πv, sin 2πv) with u = (a + ½)/2^32 and
// v = b/2^32 of two words a and b; absolute error below 2^-19·√(−2 ln u).
// Mirror: src/random/normals.ts.
import package::shared::elementary::{log_one_minus, logarithm, turn};

/// −ln((word + ½)/2^32); relative error below 2^-20, near 1 too.
fn minus_log_of_word(word: u32) -> f32 {
  let upper = word >= 0x80000000u;
  let u = (f32(select(word, ~word, upper)) + 0.5f) * 2.3283064365386963e-10f; // distance to 0 or to 1, at most 1/2
  if (upper) { return -log_one_minus(u); }
  return -logarithm(u);
}

/// Two normals from two words.
fn normal_pair(a: u32, b: u32) -> vec2f {
  return sqrt(2f * minus_log_of_word(a)) * turn(b);
}

/// Four normals from four words.
fn normal_quad(words: vec4u) -> vec4f {
  return vec4f(normal_pair(words.x, words.y), normal_pair(words.z, words.w));
}
