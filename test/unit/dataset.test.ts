import { describe, expect, it } from 'vitest';
import { BackfireError, InputError } from '../../src/errors.ts';
import { DATASET_NAMES, loadDataset } from '../../src/scenario/datasets/datasets.ts';
import { parseSotuWords } from '../../src/scenario/datasets/sotu_words.ts';
import text from '../../src/scenario/datasets/sotu_words.txt?raw';
import type { Table } from '../../src/scenario/table.ts';

const COLUMNS_BEFORE_PRESIDENTS = ['early', 'late', 'valence', 'plain'];

function columnOf(table: Table, name: string): Float64Array {
  const column = table.columns.get(name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return column;
}
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

describe('the dataset sotu-words', async () => {
  const table = await loadDataset('sotu-words');
  const column = (name: string): Float64Array => columnOf(table, name);
  const presidents = [...table.columns.keys()].filter((name) => !COLUMNS_BEFORE_PRESIDENTS.includes(name));
  const at = (word: string): number => table.labels.indexOf(word);

  it('has the published totals', () => {
    expect(table.labels.length).toBe(24178);
    expect(new Set(table.labels).size).toBe(24178);
    expect(sum(column('early'))).toBe(899212);
    expect(sum(column('late'))).toBe(890117);
    expect(column('valence').filter((value) => value !== 0).length).toBe(1735);
    expect(presidents.length).toBe(43);
  });

  it('splits both eras over the presidents', () => {
    expect(presidents).toEqual(
      expect.arrayContaining(['washington', 'john-adams', 'john-quincy-adams', 'mckinley']),
    );
    expect(presidents.filter((name) => name.includes('cleveland'))).toEqual(['cleveland']);
    const byPresident = table.labels.map((_, word) =>
      presidents.reduce((n, name) => n + column(name)[word], 0),
    );
    const byEra = table.labels.map((_, word) => column('early')[word] + column('late')[word]);
    expect(byPresident).toEqual(byEra);
    for (const name of presidents) expect(sum(column(name)), name).toBeGreaterThan(2000);
  });

  it('rates words as AFINN-111 does', () => {
    expect(column('valence')[at('outstanding')]).toBe(5);
    expect(column('valence')[at('war')]).toBe(-2);
    expect(column('valence')[at('the')]).toBe(0);
    expect(column('plain')[at('outstanding')]).toBe(-5);
    expect(Object.is(column('plain')[at('the')], 0)).toBe(true);
    expect(Math.min(...column('valence'))).toBe(-4);
  });

  it('keeps words that start with an apostrophe', () => {
    expect(table.labels[0]).toBe("'");
    expect(at("'twenties")).toBeGreaterThan(0);
  });

  it('is small, parses in under 150 ms and reads the same with CRLF', () => {
    expect(text.length).toBeLessThan(600_000);
    const timesMs = [1, 2, 3, 4, 5].map(() => {
      const start = performance.now();
      parseSotuWords(text, 'sotu-words');
      return performance.now() - start;
    });
    expect(Math.min(...timesMs)).toBeLessThan(150);
    const crlf = parseSotuWords(text.replaceAll('\n', '\r\n'), 'sotu-words');
    expect(crlf.labels.join()).toBe(table.labels.join());
    expect(sum(columnOf(crlf, 'valence'))).toBe(sum(column('valence')));
  });

  it('says so when its file is damaged', () => {
    expect(() => parseSotuWords('', 'sotu-words')).toThrow(BackfireError);
    expect(() => parseSotuWords('A x early\n\nword B3\n', 'sotu-words')).toThrow(
      '"B3" names no speaker at position 1',
    );
  });
});

describe('loadDataset', () => {
  it('parses a dataset once', async () => {
    expect(await loadDataset('sotu-words')).toBe(await loadDataset('sotu-words'));
  });

  it.each(['sotu', '', 'toString', '__proto__'])(
    'refuses the unknown name "%s" and lists what there is',
    async (name) => {
      const failure = loadDataset(name);
      await expect(failure).rejects.toThrow(InputError);
      for (const known of DATASET_NAMES) await expect(failure).rejects.toThrow(`"${known}"`);
    },
  );
});
