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
