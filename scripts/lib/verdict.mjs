/**
 * Turns the outcome of all checks and tests into what `npm test` prints. Nothing passes by not running: a skipped
 * test, a file that does not load and an empty test run are failures.
 * @param {readonly { name: string, passed: boolean }[]} checks
 * @param {import('./count_reporter.mjs').TestCount | null} tests null where vitest did not get to its end
 * @param {number} vitestCode vitest's exit code
 * @returns {{ lines: string[], passed: number, failed: number }} the last line is the sum
 */
export function verdict(checks, tests, vitestCode) {
  const counts = Object.entries(tests?.projects ?? {});
  const sum = (/** @type {'passed' | 'failed'} */ kind) =>
    counts.reduce((total, [, count]) => total + count[kind], 0);
  const failures = [
    ...checks.filter((check) => !check.passed).map(({ name }) => `check failed: ${name}`),
    ...(tests?.broken ?? []).map((what) => `broken: ${what}`),
    ...(tests?.skipped ?? []).map((what) => `skipped, which counts as failed: ${what}`),
    ...(tests === null ? ['vitest ended before it could report'] : []),
    ...(tests !== null && sum('passed') + sum('failed') === 0 ? ['no test ran at all'] : []),
  ];
  if (vitestCode !== 0 && sum('failed') === 0 && (tests?.broken.length ?? 0) === 0 && tests !== null) {
    failures.push(`vitest ended with code ${vitestCode}`);
  }
  const passed = checks.filter((check) => check.passed).length + sum('passed');
  const failed = failures.length + sum('failed');
  const byProject = counts.map(
    ([name, count]) => `  ${name}: ${count.passed} passed, ${count.failed} failed`,
  );
  return { lines: [...byProject, ...failures, `${passed} passed, ${failed} failed`], passed, failed };
}
