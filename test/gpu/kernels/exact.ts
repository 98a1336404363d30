/** Exact arithmetic for the tests: unsigned integers as BigInt, the random generator among them. */
const WORD = 0xffffffffn;

export function words64(value: bigint): [low: number, high: number] {
  return [Number(value & WORD), Number(value >> 32n)];
}

export function read64(words: Uint32Array, index: number): bigint {
  return BigInt(words[2 * index]) | (BigInt(words[2 * index + 1]) << 32n);
}

export function write64(words: Uint32Array, index: number, value: bigint): void {
  words.set(words64(value), 2 * index);
}

export function randomWord(random: () => number): number {
  return (Math.floor(random() * 65536) * 65536 + Math.floor(random() * 65536)) >>> 0;
}

/** Binary digits of a number; 0 has none. */
export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** value·2^by, rounded down. */
export function scaled(value: bigint, by: number): bigint {
  return by < 0 ? value >> BigInt(-by) : value << BigInt(by);
}

/**
 * Masses times a curator's weights mantissa·2^−exponent, each from its 31 highest bits, on a scale on which the bound
 * 2^(bits of mass + 22 − exponent) of the heaviest becomes 2^62 less the bits of the number of outcomes.
 */
export function tilted(masses: readonly bigint[], codes: readonly number[]): bigint[] {
  const bound = Math.max(
    ...masses.flatMap((mass, v) => (mass > 0n ? [bitLength(mass) + 22 - (codes[v] % 1024)] : [])),
  );
  const room = 62 - bitLength(BigInt(masses.length));
  return masses.map((mass, v) => {
    const lost = Math.max(bitLength(mass) - 31, 0);
    const kept = scaled(scaled(mass, -lost), lost);
    return scaled(kept * BigInt(Math.floor(codes[v] / 1024)), room - bound - (codes[v] % 1024));
  });
}

/** Masses of the highest rank that has any. */
export function bestRanked(masses: readonly bigint[], ranks: readonly number[]): bigint[] {
  const best = Math.max(...ranks.filter((_, v) => masses[v] > 0n));
  return masses.map((mass, v) => (ranks[v] === best ? mass : 0n));
}

/** ⌊p·2^62⌋ of a float32 probability, which may lie just outside [0, 1]. */
export function mass62(p: number): bigint {
  return BigInt(Math.floor(Math.min(Math.max(Math.fround(p), 0), 1) * 2 ** 62));
}

/** A random integer of exactly `bits` bits (0 for none). */
export function randomBits(random: () => number, bits: number): bigint {
  if (bits === 0) return 0n;
  const value = (BigInt(randomWord(random)) << 32n) | BigInt(randomWord(random));
  return (value & ((1n << BigInt(bits)) - 1n)) | (1n << BigInt(bits - 1));
}

/** Philox4x32-10 as its authors state it: ten rounds of two 64-bit products, the key bumped in between. */
export function philox(counter: readonly number[], key: readonly number[]): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter.map(BigInt);
  let [k0, k1] = key.map(BigInt);
  for (let round = 0; round < 10; round++) {
    const first = 0xd2511f53n * c0;
    const second = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(second >> 32n) ^ c1 ^ k0, second & WORD, (first >> 32n) ^ c3 ^ k1, first & WORD];
    k0 = (k0 + 0x9e3779b9n) & WORD;
    k1 = (k1 + 0xbb67ae85n) & WORD;
  }
  return [Number(c0), Number(c1), Number(c2), Number(c3)];
}

/** ⌊a·b / 2^32⌋. */
export function mulHigh(a: number, b: number): number {
  return Number((BigInt(a) * BigInt(b)) >> 32n);
}
