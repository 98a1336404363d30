/** What the browser loads before the page can do anything: the entry with its static imports, and the style sheets. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const WEB = resolve(import.meta.dirname, '../../dist/web');
const ENTRY = 'index.html';
const MOST_BYTES = 150_000;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

/** Files of a chunk and of all that it imports statically. */
function eagerFiles(
  chunks: Readonly<Record<string, Chunk>>,
  key: string,
  seen = new Set<string>(),
): string[] {
  if (seen.has(key)) return [];
  seen.add(key);
  const { file, imports = [], css = [] } = chunks[key];
  return [file, ...css, ...imports.flatMap((next) => eagerFiles(chunks, next, seen))];
}

it(`the entry bundle has at most ${MOST_BYTES} bytes with gzip`, () => {
  const manifest = JSON.parse(readFileSync(join(WEB, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    Chunk
  >;
  const files = [...new Set(eagerFiles(manifest, ENTRY))];
  // What the page itself names is what is counted: the scripts and sheets of its head.
  const html = readFileSync(join(WEB, ENTRY), 'utf8');
  const named = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file);
  expect(files).toEqual(expect.arrayContaining(named));
  expect(named.some((file) => file.endsWith('.js'))).toBe(true);
  const bytes = files.map((file) => gzipSync(readFileSync(join(WEB, file)), { level: 9 }).length);
  const total = bytes.reduce((sum, one) => sum + one, 0);
  console.log(
    `entry bundle: ${total} bytes with gzip: ${files.map((file, k) => `${file} ${bytes[k]}`).join(', ')}`,
  );
  expect(total).toBeGreaterThan(1_000);
  expect(total).toBeLessThanOrEqual(MOST_BYTES);
});
