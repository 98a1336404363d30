import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputFolder } from '../../src/cli/output_folder.ts';
import { BackfireError, InputError } from '../../src/errors.ts';

let base = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'backfire-'));
});
afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

describe('an output folder', () => {
  it('shows its files only when all of them are complete', () => {
    const folder = new OutputFolder(join(base, 'a/b'));
    folder.add('one.csv', ['x,', 'y\n']);
    folder.add('two.bin', Uint8Array.of(1, 2, 3));
    const visible = (): string[] => readdirSync(join(base, 'a/b')).filter((name) => !name.startsWith('.'));
    expect(visible()).toEqual([]);
    expect(folder.commit()).toEqual(['one.csv', 'two.bin']);
    expect(readdirSync(join(base, 'a/b')).sort()).toEqual(['one.csv', 'two.bin']);
    expect(readFileSync(join(base, 'a/b/one.csv'), 'utf8')).toBe('x,y\n');
    expect([...readFileSync(join(base, 'a/b/two.bin'))]).toEqual([1, 2, 3]);
    folder.discard();
    expect(readdirSync(join(base, 'a/b')).length).toBe(2);
  });

  it('leaves nothing behind when writing fails, not even the new folders', () => {
    const folder = new OutputFolder(join(base, 'a/b'));
    folder.add('one.csv', ['x']);
    const failing = function* (): Generator<string> {
      yield 'half';
      throw new Error('the disk is full');
    };
    expect(() => folder.add('two.csv', failing())).toThrow(BackfireError);
    expect(existsSync(join(base, 'a'))).toBe(false);
  });

  it('keeps what was there before: older results, and other files', () => {
    mkdirSync(join(base, 'a'));
    writeFileSync(join(base, 'a/one.csv'), 'old');
    writeFileSync(join(base, 'a/mine.txt'), 'mine');
    const folder = new OutputFolder(join(base, 'a'));
    folder.add('one.csv', ['new']);
    folder.discard();
    expect(readFileSync(join(base, 'a/one.csv'), 'utf8')).toBe('old');
    expect(readdirSync(join(base, 'a')).sort()).toEqual(['mine.txt', 'one.csv']);
  });

  it('replaces older results and removes those of the other format', () => {
    writeFileSync(join(base, 'final.csv'), 'old');
    writeFileSync(join(base, 'run.json'), 'old');
    const folder = new OutputFolder(base);
    folder.add('final.parquet', ['P']);
    folder.add('run.json', ['new']);
    folder.commit(['final.csv']);
    expect(readdirSync(base).sort()).toEqual(['final.parquet', 'run.json']);
    expect(readFileSync(join(base, 'run.json'), 'utf8')).toBe('new');
  });

  it('refuses a path that is a file or lies below one, before anything is run', () => {
    writeFileSync(join(base, 'file'), '');
    expect(() => new OutputFolder(join(base, 'file'))).toThrow(InputError);
    expect(() => new OutputFolder(join(base, 'file/below'))).toThrow('--out: cannot write to the folder');
    expect(readdirSync(base)).toEqual(['file']);
  });

  it('does not replace a folder that has the name of a file', () => {
    mkdirSync(join(base, 'run.json'));
    const folder = new OutputFolder(base);
    folder.add('metrics.csv', ['x']);
    folder.add('run.json', ['x']);
    expect(() => folder.commit()).toThrow('there is a folder of that name');
    expect(readdirSync(base)).toEqual(['run.json']);
  });
});
