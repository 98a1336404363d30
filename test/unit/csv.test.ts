import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { InputError } from '../../src/errors.ts';
import { parseCsv } from '../../src/scenario/csv.ts';

function refusal(text: string): string {
  try {
    parseCsv(text, 'words.csv');
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('the file was accepted');
}

describe('a CSV file that is right', () => {
  it('takes the first column as labels and the others as numbers', () => {
    const table = parseCsv('name,early,late\nwar,3,1e2\npeace,-.5,+4.\n', 'words.csv');
    expect(table.labels).toEqual(['war', 'peace']);
    expect([...table.columns.keys()]).toEqual(['early', 'late']);
    expect(table.columns.get('early')).toEqual(Float64Array.of(3, -0.5));
    expect(table.columns.get('late')).toEqual(Float64Array.of(100, 4));
    expect(table.source).toBe('words.csv');
  });

  it.each(['label', 'word', 'outcome', 'Word'])(
    'takes a column called %s as labels wherever it stands',
    (name) => {
      const table = parseCsv(`n,${name}\n1,war\n2,peace\n`, 'words.csv');
      expect(table.labels).toEqual(['war', 'peace']);
      expect([...table.columns.keys()]).toEqual(['n']);
    },
  );

  it('reads the same with a byte order mark, CRLF, no last line break, or blank lines at the end', () => {
    const plain = parseCsv('word,n\nwar,1\npeace,2\n', 'f');
    for (const text of [
      '\uFEFFword,n\nwar,1\npeace,2\n',
      'word,n\r\nwar,1\r\npeace,2\r\n',
      'word,n\nwar,1\npeace,2',
      'word,n\nwar,1\npeace,2\n\n\n',
    ]) {
      expect(parseCsv(text, 'f')).toEqual(plain);
    }
  });

  it("keeps labels as they are: apostrophes, commas, quotes, line breaks and JavaScript's own names", () => {
    const table = parseCsv(`word,n\n'tis,1\n"a,b",2\n"say ""hi""",3\n"two\nlines",4\n__proto__,5\n`, 'f');
    expect(table.labels).toEqual(["'tis", 'a,b', 'say "hi"', 'two\nlines', '__proto__']);
  });

  it('round-trips any labels and finite numbers', () => {
    const label = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '' && !text.includes('\r'));
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(label, number), { minLength: 1, selector: ([name]) => name }),
        (rows) => {
          const text = `word,n\n${rows.map(([name, n]) => `"${name.replaceAll('"', '""')}",${n}`).join('\n')}\n`;
          const table = parseCsv(text, 'f');
          expect(table.labels).toEqual(rows.map(([name]) => name));
          expect([...(table.columns.get('n') ?? [])]).toEqual(rows.map(([, n]) => Number(`${n}`)));
        },
      ),
    );
  });
});

describe('a CSV file that is wrong is refused with its name, line and column', () => {
  it.each([
    ['an empty file', '', 'words.csv: the file is empty'],
    ['only a byte order mark', '\uFEFF', 'words.csv: the file is empty'],
    ['only blank lines', '\n\n', 'words.csv: the file is empty'],
    ['a header alone', 'word,n\n', 'words.csv line 1: there is a header but no data'],
    ['a short line', 'word,n\nwar,1\npeace\n', 'words.csv line 3: 1 cells where the header has 2'],
    ['a long line', 'word,n\nwar,1,2\n', 'words.csv line 2: 3 cells where the header has 2'],
    ['a blank line in the middle', 'word,n\n\nwar,1\n', 'words.csv line 2: 1 cells where the header has 2'],
    [
      'a duplicate label',
      'word,n\nwar,1\npeace,2\nwar,3\n',
      'words.csv line 4: the label "war" was used on line 2',
    ],
    ['an empty label', 'word,n\nwar,1\n,2\n', 'words.csv line 3: the label in column "word" is empty'],
    ['a duplicate header', 'word,n,n\nwar,1,2\n', 'words.csv line 1: columns 2 and 3 are both called "n"'],
    ['an empty header', 'word,,n\nwar,1,2\n', 'words.csv line 1: column 2 has no name'],
    ['a word for a number', 'word,n\nwar,many\n', 'words.csv line 2: column "n" holds "many"'],
    ['nothing for a number', 'word,n\nwar,\n', 'words.csv line 2: column "n" holds nothing'],
    ['NaN', 'word,n\nwar,NaN\n', 'words.csv line 2: column "n" holds "NaN"'],
    ['Infinity', 'word,n\nwar,1\npeace,-Infinity\n', 'words.csv line 3: column "n" holds "-Infinity"'],
    ['a number too large for float64', 'word,n\nwar,1e999\n', 'words.csv line 2: column "n" holds "1e999"'],
    ['a hexadecimal number', 'word,n\nwar,0x10\n', 'words.csv line 2: column "n" holds "0x10"'],
    ['a decimal comma', 'word,n\nwar,"1,5"\n', 'words.csv line 2: column "n" holds "1,5"'],
    ['semicolons', 'word;n\nwar;1\n', 'words.csv line 1: the header has one column, with semicolons or tabs'],
    [
      'a quote that never ends',
      'word,n\n"war,1\npeace,2\n',
      'words.csv line 2: 1 cells where the header has 2',
    ],
    ['text after a quoted cell', 'word,n\n"war"s,1\n', 'words.csv line 2: 3 cells where the header has 2'],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toContain(message);
  });

  it('counts line breaks inside quoted cells', () => {
    expect(refusal('word,n\n"two\nlines",1\nwar,x\n')).toContain('words.csv line 4: column "n"');
    expect(refusal('word,n\r\n"two\r\nlines",1\r\nwar,x\r\n')).toContain('words.csv line 4: column "n"');
  });
});
