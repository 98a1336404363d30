// Integer selection weights: a curator's choice among K candidates without a single float.
// A weight is mantissa·2^(−exponent) relative to the best outcome, packed as mantissa << 10 | exponent with a
// 22-bit mantissa, so rewards may span a factor e^700. An argmax rank is a plain integer.
// Mirror: src/random/selection.ts, bit for bit.
import package::shared::philox::mul_high;
import package::shared::wide::{add_wide, less_wide, multiply_wide, shift_right_wide};

const EXPONENT_BITS: u32 = 10u;
const EXPONENT_MASK: u32 = 1023u;

/// The choice so far while candidates stream by: total weight seen is total·2^(−exponent).
struct Choice {
  outcome: u32,
  exponent: u32,
  total: vec2u, // argmax: rank of the chosen outcome in the low word
}

/// Shows one more candidate; it replaces the choice with probability weight/total (reservoir sampling of size one).
/// Weights get 15 more bits than their mantissas: what a much better candidate shifts out is below 2^−36 of its own
/// weight, and the total of 65,536 candidates stays below 2^53, which the mirror's float64 holds exactly.
fn consider(choice: Choice, outcome: u32, code: u32, word: u32) -> Choice {
  var next = choice;
  let mantissa = code >> EXPONENT_BITS;
  let exponent = code & EXPONENT_MASK;
  var weight = vec2u(mantissa << 15u, mantissa >> 17u);
  if (all(next.total == vec2u(0u)) || exponent < next.exponent) {
    next.total = shift_right_wide(next.total, next.exponent - min(exponent, next.exponent));
    next.exponent = exponent;
  } else {
    weight = shift_right_wide(weight, exponent - next.exponent);
  }
  next.total = add_wide(next.total, weight);
  let draw = add_wide(multiply_wide(word, next.total.y), vec2u(mul_high(word, next.total.x), 0u));
  if (less_wide(draw, weight)) { next.outcome = outcome; }
  return next;
}

/// Keeps the best rank; the first of equals wins.
fn consider_rank(choice: Choice, outcome: u32, rank: u32) -> Choice {
  if (rank > choice.total.x) { return Choice(outcome, 0u, vec2u(rank, 0u)); }
  return choice;
}
