/**
 * Reads plain JSON (RFC 8259) with messages that people can act on.
 *
 * JSON.parse cannot serve: its messages differ from engine to engine, it lets the last of two equal keys win, and it
 * moves integer-like keys to the front, which would reorder models.
 */
import { InputError } from '../errors.ts';
import { LIMITS } from './limits.ts';

export interface JsonDocument {
  readonly value: unknown;
  /** Objects whose keys JavaScript keeps in another order than the text had them. */
  readonly reordered: ReadonlySet<object>;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[\p{L}\p{N}_$+.-]+/uy;

/** Throws InputError naming the file (`where`, may be empty), the line and the column. */
export function parseJson(text: string, where: string): JsonDocument {
  const reader = new Reader(text, where);
  const value = reader.document();
  return { value, reordered: reader.reordered };
}

class Reader {
  readonly reordered = new Set<object>();
  #at: number;

  constructor(
    private readonly text: string,
    private readonly where: string,
  ) {
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  document(): unknown {
    this.#space();
    if (this.#at >= this.text.length) throw this.#error('the text is empty — a scenario is one JSON object');
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.text.length) {
      throw this.#error(`${this.#here()} follows the end of the document — a scenario is one JSON object`);
    }
    return value;
  }

  #value(depth: number): unknown {
    if (depth > LIMITS.depth) {
      throw this.#error(`nested more than ${LIMITS.depth} deep — a scenario needs fewer than 10 levels`);
    }
    const start = this.text[this.#at];
    if (start === '{') return this.#object(depth);
    if (start === '[') return this.#array(depth);
    if (start === '"') return this.#string();
    NUMBER.lastIndex = this.#at;
    const number = NUMBER.exec(this.text);
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.text)?.[0] ?? '';
    if (number !== null && word === number[0]) {
      this.#at += word.length;
      return Number(word);
    }
    const constant = CONSTANTS.get(word);
    if (constant === undefined)
      throw this.#error(`a value is expected here, saw ${this.#here()}${hint(start, word)}`);
    this.#at += word.length;
    return constant.value;
  }

  #object(depth: number): unknown {
    const object: Record<string, unknown> = {};
    const keyAt = new Map<string, number>();
    this.#at++;
    this.#space();
    while (this.text[this.#at] !== '}') {
      const at = this.#at;
      if (this.text[at] !== '"') {
        throw this.#error(
          `a key in double quotes is expected here, saw ${this.#here()}${hint(this.text[at], '')}`,
        );
      }
      const key = this.#string();
      const first = keyAt.get(key);
      if (first !== undefined) {
        throw this.#error(
          `the key ${JSON.stringify(key)} was already used at ${this.#place(first)} — keys must differ`,
          at,
        );
      }
      if (key === '__proto__') throw this.#error('"__proto__" is not allowed as a key or name', at);
      keyAt.set(key, at);
      this.#space();
      if (this.text[this.#at] !== ':')
        throw this.#error(`a colon is expected after the key, saw ${this.#here()}`);
      this.#at++;
      this.#space();
      object[key] = this.#value(depth + 1);
      this.#space();
      this.#separator('}', 'key');
    }
    this.#at++;
    const keys = Object.keys(object);
    let index = 0;
    for (const key of keyAt.keys()) if (key !== keys[index++]) this.reordered.add(object);
    return object;
  }

  #array(depth: number): unknown[] {
    const array: unknown[] = [];
    this.#at++;
    this.#space();
    while (this.text[this.#at] !== ']') {
      array.push(this.#value(depth + 1));
      this.#space();
      this.#separator(']', 'value');
    }
    this.#at++;
    return array;
  }

  /** Steps over a comma that another item follows, or stays at the closing bracket. */
  #separator(close: string, item: string): void {
    if (this.text[this.#at] === close) return;
    if (this.text[this.#at] !== ',') {
      throw this.#error(
        `a comma or "${close}" is expected here, saw ${this.#here()}${hint(this.text[this.#at], '')}`,
      );
    }
    this.#at++;
    this.#space();
    if (this.text[this.#at] === close) {
      throw this.#error(
        `a ${item} is expected after the comma, saw "${close}" — JSON allows no trailing comma`,
      );
    }
  }

  #string(): string {
    const start = this.#at;
    let escaped = false;
    for (this.#at++; this.text[this.#at] !== '"'; this.#at++) {
      const code = this.text.charCodeAt(this.#at);
      if (this.#at >= this.text.length) throw this.#error('this string has no closing quote', start);
      if (code < 32) {
        throw this.#error(
          'a line break or control character inside a string — write \\n, \\t or \\uXXXX instead',
        );
      }
      if (code === 92) {
        escaped = true;
        const escape = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(this.text.slice(this.#at + 1, this.#at + 6));
        if (escape === null)
          throw this.#error('a backslash starts no known escape — write \\\\ for a backslash');
        this.#at += escape[0].length;
      }
    }
    this.#at++;
    const literal = this.text.slice(start, this.#at);
    return escaped ? String(JSON.parse(literal)) : literal.slice(1, -1);
  }

  #space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.#at++;
    }
  }

  #here(): string {
    if (this.#at >= this.text.length) return 'the end of the text';
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.text)?.[0] ?? String.fromCodePoint(this.text.codePointAt(this.#at) ?? 0);
    return JSON.stringify(word.length > 20 ? `${word.slice(0, 19)}…` : word);
  }

  #place(at: number): string {
    const before = this.text.slice(0, at).split(/\r\n|\r|\n/);
    return `line ${before.length}, column ${before[before.length - 1].length + 1}`;
  }

  #error(message: string, at = this.#at): InputError {
    const place = this.#place(Math.min(at, this.text.length));
    return new InputError(
      this.where === '' ? place : `${this.where}, ${place}`,
      `not valid JSON: ${message}`,
    );
  }
}

const CONSTANTS: ReadonlyMap<string, { readonly value: boolean | null }> = new Map([
  ['true', { value: true }],
  ['false', { value: false }],
  ['null', { value: null }],
]);

/** The usual slips, each with what to write instead. */
function hint(start: string | undefined, word: string): string {
  if (start === '/' || start === '#') return ' — JSON has no comments; use "description"';
  if (start === "'") return ' — JSON strings take double quotes';
  if (/^[+-]?(NaN|Infinity|inf)/i.test(word)) return ' — JSON has only finite numbers';
  if (/^[+-]?\.?\d/.test(word)) return ' — write numbers like 0.5, -3 or 1e-7';
  return '';
}
