/**
 * Integer selection: a curator's choice among K candidates without a single float, bit for bit as in
 * shaders/shared/selection.wgsl.
 *
 * A Plackett–Luce weight is mantissa·2^(−exponent) relative to the best outcome, packed as mantissa << 10 | exponent
 * with a 22-bit mantissa; an argmax code is the outcome's rank among the distinct rewards, from 1.
 */
import type { Curator } from '../scenario/ecosystem.ts';
import { mulHigh } from './philox.ts';

export const EXPONENT_BITS = 10;
export const EXPONENT_MASK = 1023;
const MANTISSA_BITS = 22;
/** Bits that a weight has beyond its mantissa: 65,536 weights of 37 bits stay below 2^53, exact in a float64. */
const WEIGHT_SHIFT = 2 ** 15;
const POWERS = Float64Array.from({ length: 1024 }, (_, k) => 2 ** k);

/** Largest (max − min)/temperature of a reward that codes can tell apart. */
export const LARGEST_REWARD_RANGE = 700;

const LN2_HIGH = 0.69314718036912381649; // 33 significant bits: k·LN2_HIGH is exact
const LN2_LOW = 1.90821492927058770002e-10;

/**
 * 2^k·m = e^x for x ≤ 0, with m in [1, 2), from additions and products alone: the same bits in every JavaScript engine,
 * which Math.exp does not promise.
 */
function exponentialParts(x: number): { mantissa: number; power: number } {
  const power = Math.floor(x / Math.LN2);
  const r = x - power * LN2_HIGH - power * LN2_LOW; // in [0, ln 2), give or take a rounding
  let mantissa = 1;
  for (let n = 18; n > 0; n--) mantissa = 1 + (mantissa * r) / n; // Taylor: next term < 1e-19
  return { mantissa, power };
}

/** Selection code of every outcome, length V. */
export function selectionCodes(curator: Curator): Uint32Array {
  const { reward } = curator;
  const codes = new Uint32Array(reward.length);
  if (curator.rule === 'argmax') {
    const levels = Array.from(new Set(reward)).sort((a, b) => a - b);
    const rank = new Map(levels.map((value, index) => [value, index + 1]));
    for (let v = 0; v < reward.length; v++) codes[v] = rank.get(reward[v]) ?? 0;
    return codes;
  }
  let best = -Infinity;
  for (const value of reward) best = Math.max(best, value);
  for (let v = 0; v < reward.length; v++) {
    const { mantissa, power } = exponentialParts((reward[v] - best) / curator.temperature);
    // A mantissa that rounds up to 2 belongs to the next power.
    let bits = Math.round(mantissa * 2 ** (MANTISSA_BITS - 1));
    let exponent = -power;
    if (bits >= 2 ** MANTISSA_BITS) {
      bits /= 2;
      exponent -= 1;
    }
    codes[v] = ((bits << EXPONENT_BITS) | exponent) >>> 0;
  }
  return codes;
}

/** The choice so far while candidates stream by; reused, never allocated in a loop. */
export class Choice {
  outcome = 0;
  private total = 0;
  private exponent = 0;

  reset(): void {
    this.outcome = 0;
    this.total = 0;
    this.exponent = 0;
  }

  /** Shows one more candidate; it replaces the choice with probability weight/total. */
  consider(outcome: number, code: number, word: number): void {
    let weight = (code >>> EXPONENT_BITS) * WEIGHT_SHIFT;
    const exponent = code & EXPONENT_MASK;
    if (this.total === 0) this.exponent = exponent;
    if (exponent < this.exponent) {
      this.total = Math.floor(this.total / POWERS[this.exponent - exponent]);
      this.exponent = exponent;
    } else {
      weight = Math.floor(weight / POWERS[exponent - this.exponent]);
    }
    this.total += weight;
    const high = Math.floor(this.total / 2 ** 32);
    const draw = word * high + mulHigh(word, this.total - high * 2 ** 32);
    if (draw < weight) this.outcome = outcome;
  }

  /** Keeps the best rank; the first of equals wins. */
  considerRank(outcome: number, rank: number): void {
    if (rank > this.total) {
      this.total = rank;
      this.outcome = outcome;
    }
  }
}
