/**
 * `npm test`: sets up what is missing and runs every check. The last line reads `N passed, N failed`, where each
 * static check counts as one. Arguments go to vitest: `npm test -- --project gpu`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureBuild } from './lib/dist.mjs';
import { ensureTestMachine } from './lib/setup_tests.mjs';
import { ROOT, SetupError, run, runMain, say, seconds } from './lib/shell.mjs';
import { verdict } from './lib/verdict.mjs';

/** Static checks by name: arguments of node. They run side by side. */
const STATIC_CHECKS = {
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  lint: ['node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.'],
  types: ['node_modules/typescript/bin/tsc', '--project', '.', '--pretty'],
  'types of scripts': ['node_modules/typescript/bin/tsc', '--project', 'scripts', '--pretty'],
};

/**
 * @param {string} name
 * @param {() => Promise<void>} work
 */
async function check(name, work) {
  const start = performance.now();
  try {
    await work();
    say(`${name}: passed in ${seconds(start)}`);
    return { name, passed: true };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`${name}: FAILED\n${error.message}`);
    return { name, passed: false };
  }
}

async function runTool(/** @type {readonly string[]} */ args) {
  const { code, stdout, stderr } = await run(process.execPath, args, { output: 'capture' });
  if (code !== 0) throw new SetupError(`${stdout}${stderr}`.trim());
}

async function runVitest() {
  const folder = mkdtempSync(join(tmpdir(), 'backfire-test-'));
  try {
    const file = join(folder, 'count.json');
    const reporters = ['--reporter=default', `--reporter=${join(ROOT, 'scripts/lib/count_reporter.mjs')}`];
    const { code } = await run(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', '--allowOnly=false', ...reporters, ...process.argv.slice(2)],
      { env: { BACKFIRE_TEST_COUNT: file } },
    );
    return { code, tests: readCount(file) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns {import('./lib/count_reporter.mjs').TestCount | null} */
function readCount(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

async function main() {
  const start = performance.now();
  const checks = [await check('dependencies', ensureDependencies)];
  if (!checks[0].passed) {
    console.log('0 passed, 1 failed');
    return 1;
  }
  checks.push(await check('machine', ensureTestMachine));
  checks.push(await check('build', ensureBuild));
  checks.push(
    ...(await Promise.all(
      Object.entries(STATIC_CHECKS).map(([name, args]) => check(name, () => runTool(args))),
    )),
  );
  const { code, tests } = await runVitest();
  const { lines, failed } = verdict(checks, tests, code);
  say(`all checks took ${seconds(start)}`);
  console.log(lines.join('\n'));
  return failed === 0 ? 0 : 1;
}

runMain(main);
