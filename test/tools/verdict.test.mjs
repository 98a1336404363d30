import { expect, test } from 'vitest';
import { verdict } from '../../scripts/lib/verdict.mjs';

const CHECKS = [
  { name: 'lint', passed: true },
  { name: 'types', passed: true },
];
const GREEN = {
  projects: { unit: { passed: 3, failed: 0 }, gpu: { passed: 1, failed: 0 } },
  skipped: [],
  broken: [],
};

const lastLine = (/** @type {{ lines: string[] }} */ { lines }) => lines.at(-1);

test('the last line adds up checks and tests', () => {
  expect(lastLine(verdict(CHECKS, GREEN, 0))).toBe('6 passed, 0 failed');
});

test('a failed test and a failed check count', () => {
  const tests = { ...GREEN, projects: { unit: { passed: 2, failed: 1 } } };
  expect(lastLine(verdict([...CHECKS, { name: 'format', passed: false }], tests, 1))).toBe(
    '4 passed, 2 failed',
  );
});

test('a skipped test counts as failed', () => {
  const { lines, failed } = verdict(CHECKS, { ...GREEN, skipped: ['gpu mix.test.ts > sums'] }, 0);
  expect(failed).toBe(1);
  expect(lines).toContain('skipped, which counts as failed: gpu mix.test.ts > sums');
});

test('a file that does not load counts as failed', () => {
  expect(lastLine(verdict(CHECKS, { ...GREEN, broken: ['unit csv.test.ts'] }, 1))).toBe('6 passed, 1 failed');
});

test('a run without any test fails', () => {
  expect(lastLine(verdict(CHECKS, { projects: {}, skipped: [], broken: [] }, 0))).toBe('2 passed, 1 failed');
});

test('a vitest that crashed fails, with and without a report', () => {
  expect(lastLine(verdict(CHECKS, null, 139))).toBe('2 passed, 1 failed');
  expect(lastLine(verdict(CHECKS, GREEN, 139))).toBe('6 passed, 1 failed');
});
