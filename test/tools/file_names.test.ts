import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDERS = ['src', 'shaders', 'web', 'test', 'bench', 'scripts'];
const SNAKE_CASE = /^[a-z0-9_]+(\.[a-z0-9_]+)*$/;

test('files of code have snake_case names', () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  ).filter((file) => /\.(ts|mjs|cjs|wgsl|css)$/.test(file));
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => !file.split(/[/\\]/).every((part) => SNAKE_CASE.test(part)))).toEqual([]);
});
