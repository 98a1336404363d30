// Integer selection weights: a curator's choice among K candidates without a single float.
// A weight is mantissa·2^(−exponent) relative to the best outcome, packed as mantissa << 10 | exponent with a
// 22-bit mantissa, so rewards may span a factor e^700. An argmax rank is a plain integer.
// Mirror: src/random/selection.ts, bit for bit.
import package::shared::philox::mul_high;

const EXPONENT_BITS: u32 = 10u;
const EXPONENT_MASK: u32 = 1023u;
const LARGEST_TOTAL: u32 = 0x40000000u;

/// The choice so far while candidates stream by: total weight seen is total·2^(−exponent).
struct Choice {
  outcome: u32,
  total: u32, // argmax: rank of the chosen outcome
  exponent: u32,
}

fn shift_or_zero(value: u32, shift: u32) -> u32 {
  return select(value >> min(shift, 31u), 0u, shift > 31u);
}

/// Shows one more candidate; it replaces the choice with probability weight/total (reservoir sampling of size one).
fn consider(choice: Choice, outcome: u32, code: u32, word: u32) -> Choice {
  var next = choice;
  var weight = code >> EXPONENT_BITS;
  let exponent = code & EXPONENT_MASK;
  if (next.total == 0u || exponent < next.exponent) {
    next.total = shift_or_zero(next.total, next.exponent - min(exponent, next.exponent));
    next.exponent = exponent;
  } else {
    weight = shift_or_zero(weight, exponent - next.exponent);
  }
  next.total += weight;
  if (mul_high(word, next.total) < weight) { next.outcome = outcome; }
  if (next.total >= LARGEST_TOTAL) {
    // Halve the scale: later weights are shifted to match. Exponents start at 12, enough for 65,536 candidates.
    next.total >>= 1u;
    next.exponent -= 1u;
  }
  return next;
}

/// Keeps the best rank; the first of equals wins.
fn consider_rank(choice: Choice, outcome: u32, rank: u32) -> Choice {
  if (rank > choice.total) { return Choice(outcome, rank, 0u); }
  return choice;
}
