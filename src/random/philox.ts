/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as
 * 1, 2, 3" (SC 2011), bit for bit as in shaders/shared/philox.wgsl.
 *
 * Random numbers are addressed, not streamed: a word is a pure function of key and counter, so growing a population,
 * adding replicates, resuming or splitting work never changes an earlier number.
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** High 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
export function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) >>> 0) + ((Math.imul(aLow, bLow) >>> 0) >>> 16); // < 2^32
  const carry = (Math.imul(aLow, bHigh) >>> 0) + (middle & 0xffff); // < 2^32
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) >>> 0;
}

/**
 * Writes the four words of counter (c0,c1,c2,c3) under key (k0,k1) to `out[0..3]`.
 * All arguments are unsigned 32-bit integers.
 */
export function philoxInto(
  out: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = mulHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = mulHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

export type Counter = readonly [number, number, number, number];
export type Key = readonly [number, number];

/** The four random words at a counter. */
export function philox4x32(counter: Counter, key: Key): Uint32Array {
  const out = new Uint32Array(4);
  philoxInto(out, ...counter, ...key);
  return out;
}

/**
 * What a word is for; kept apart in the top byte of the counter's last word so that no two uses share a number.
 * The key is (seed, stream of the replicate); the counter (sample, round, model, block | purpose).
 */
export const PURPOSE = {
  training: 0 << 24,
  topology: 1 << 24,
  assignment: 2 << 24,
  selfTest: 3 << 24,
  redraw: 4 << 24,
  /** Which of a training set's samples are curated; counter (block, round, model). */
  curatedCount: 5 << 24,
  /** Deviation of a training set's mean; counter (quad of coordinates, round, model). */
  meanNoise: 6 << 24,
} as const;
