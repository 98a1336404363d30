import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { parseJson } from '../../src/scenario/json_text.ts';

const MALFORMED: readonly (readonly [text: string, place: string, message: string])[] = [
  ['', 'line 1, column 1', 'the text is empty'],
  [' \n\n', 'line 3, column 1', 'the text is empty'],
  ['{"a": 1,\n "b": }', 'line 2, column 7', 'a value is expected here, saw "}"'],
  ['{"a": 1\n "b": 2}', 'line 2, column 2', 'a comma or "}" is expected here, saw "\\""'],
  ['{"a": 1,\r\n}', 'line 2, column 1', 'no trailing comma'],
  ['[1, 2,]', 'line 1, column 7', 'no trailing comma'],
  ['[1 2]', 'line 1, column 4', 'a comma or "]" is expected here, saw "2"'],
  ['{"a": 1', 'line 1, column 8', 'saw the end of the text'],
  ['{"a" 1}', 'line 1, column 6', 'a colon is expected after the key, saw "1"'],
  ['{a: 1}', 'line 1, column 2', 'a key in double quotes is expected here, saw "a"'],
  ["{'a': 1}", 'line 1, column 2', 'double quotes'],
  ['{} // done', 'line 1, column 4', 'follows the end of the document'],
  ['// note\n{}', 'line 1, column 1', 'JSON has no comments'],
  ['{"a": NaN}', 'line 1, column 7', 'only finite numbers'],
  ['{"a": -Infinity}', 'line 1, column 7', 'only finite numbers'],
  ['{"a": .5}', 'line 1, column 7', 'write numbers like 0.5'],
  ['{"a": 01}', 'line 1, column 7', 'write numbers like 0.5'],
  ['{"a": 1.}', 'line 1, column 7', 'write numbers like 0.5'],
  ['{"a": True}', 'line 1, column 7', 'saw "True"'],
  ['{"a": "x}', 'line 1, column 7', 'no closing quote'],
  ['{"a": "x\ny"}', 'line 1, column 9', 'control character'],
  ['{"a": "\\q"}', 'line 1, column 8', 'no known escape'],
  ['{"a": 1, "a": 2}', 'line 1, column 10', 'the key "a" was already used at line 1, column 2'],
  ['{"__proto__": 1}', 'line 1, column 2', '"__proto__" is not allowed'],
  ['['.repeat(100_000), 'line 1, column 66', 'nested more than 64 deep'],
];

test.each(MALFORMED)('%s', (text, place, message) => {
  const parse = (): unknown => parseJson(text, 'a.json');
  expect(parse).toThrow(InputError);
  expect(parse).toThrow(`a.json, ${place}: not valid JSON: `);
  expect(parse).toThrow(message);
});

test('what is JSON reads as JSON.parse reads it, what is not is refused', () => {
  const text = fc.oneof(
    fc.json(),
    fc.json().chain((json) => fc.nat(json.length).map((at) => json.slice(0, at) + json.slice(at + 1))),
    fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0123456789.eE+-truefalsn \n\t') }),
  );
  const parsed = (read: () => unknown): unknown => {
    try {
      return { value: read() };
    } catch (error) {
      return error instanceof InputError || error instanceof SyntaxError ? 'refused' : error;
    }
  };
  const own = { duplicates: /already used|__proto__/ };
  fc.assert(
    fc.property(text, (json) => {
      const ours = parsed(() => {
        try {
          return parseJson(json, '').value;
        } catch (error) {
          // Refused on purpose although JSON.parse takes it.
          if (error instanceof InputError && own.duplicates.test(error.message)) return JSON.parse(json);
          throw error;
        }
      });
      expect(ours).toEqual(parsed(() => JSON.parse(json)));
    }),
    { numRuns: 3000, seed: 1 },
  );
});

test('a byte order mark is skipped', () => {
  expect(parseJson('\uFEFF{"a": 1}', '').value).toEqual({ a: 1 });
});

test('objects whose keys change places are known', () => {
  const { value, reordered } = parseJson(
    '{"x": {"b": 1, "2": 1, "1": 1}, "y": {"1": 1, "2": 1, "b": 1}}',
    '',
  );
  expect([...reordered]).toEqual([{ b: 1, 1: 1, 2: 1 }]);
  expect(value).toEqual({ x: { b: 1, 1: 1, 2: 1 }, y: { b: 1, 1: 1, 2: 1 } });
});
