/** The table of closed forms in test/README.md: complete, and every test it names is there. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const TESTS = resolve(import.meta.dirname, '..');
const ROWS = readFileSync(join(TESTS, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| O\d+ /.test(line))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .map(([, id, , tests]) => ({ id, named: [...tests.matchAll(/`([^`]+)` “([^”]+)”/g)] }));

describe('closed forms', () => {
  it('are all listed', () => {
    expect(ROWS.map(({ id }) => id)).toEqual(Array.from({ length: 26 }, (_, k) => `O${k + 1}`));
  });

  it.each(ROWS)('$id is tested where the table says', ({ named }) => {
    expect(named.length).toBeGreaterThan(0);
    for (const [, stem, title] of named) {
      const file = join(TESTS, `${stem}.test.ts`);
      expect(existsSync(file), file).toBe(true);
      expect(readFileSync(file, 'utf8')).toContain(title);
    }
  });
});
