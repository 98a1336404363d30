/** A number as the JSON documents hold it: NaN and the infinities, which JSON lacks, become null. */
export type JsonNumber = number | null;

export function jsonNumber(value: number): JsonNumber {
  return Number.isFinite(value) ? value : null;
}

const PIECE_LENGTH = 1 << 16;
const NUMBERS_AT_ONCE = 1 << 12;

/**
 * A value as JSON text, in pieces, so that a document larger than the longest string can be written.
 *
 * Typed arrays are written as arrays, NaN and the infinities as null, and members that are undefined are left out.
 */
export function* jsonPieces(value: unknown): Generator<string> {
  let piece = '';
  for (const token of tokensOf(value)) {
    piece += token;
    if (piece.length >= PIECE_LENGTH) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

function* tokensOf(value: unknown): Generator<string> {
  if (isNumberArray(value)) {
    for (let start = 0; start < value.length; start += NUMBERS_AT_ONCE) {
      const part = Array.from(value.subarray(start, start + NUMBERS_AT_ONCE), jsonNumber);
      yield (start === 0 ? '[' : ',') + JSON.stringify(part).slice(1, -1);
    }
    yield value.length === 0 ? '[]' : ']';
  } else if (Array.isArray(value)) {
    yield '[';
    for (let at = 0; at < value.length; at++) {
      if (at > 0) yield ',';
      yield* tokensOf(value[at]);
    }
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    let separator = '{';
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${separator}${JSON.stringify(name)}:`;
      yield* tokensOf(member);
      separator = ',';
    }
    yield separator === '{' ? '{}' : '}';
  } else {
    yield JSON.stringify(value ?? null);
  }
}

function isNumberArray(value: unknown): value is Float64Array | Float32Array | Uint32Array {
  return value instanceof Float64Array || value instanceof Float32Array || value instanceof Uint32Array;
}
