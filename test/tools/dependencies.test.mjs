import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dependenciesAreFresh } from '../../scripts/lib/dependencies.mjs';

const LOCKED = {
  '': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/other-platform': { version: '2.0.0', integrity: 'sha512-o', optional: true },
};
const INSTALLED = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'backfire-dependencies-'));
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: LOCKED }));
});
afterEach(() => rmSync(root, { recursive: true }));

function install(/** @type {object} */ packages) {
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
}

test('what npm recorded as installed is fresh, optional packages aside', () => {
  install(INSTALLED);
  expect(dependenciesAreFresh(root)).toBe(true);
});

test.each([
  ['a missing package', {}],
  ['another version', { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }],
  ['other contents', { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } }],
])('%s is stale', (_what, packages) => {
  install(packages);
  expect(dependenciesAreFresh(root)).toBe(false);
});

test('an installation that did not come to its end is stale', () => {
  expect(dependenciesAreFresh(root)).toBe(false);
});
