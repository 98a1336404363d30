import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ROOT } from './shell.mjs';

/**
 * What a vitest run came to.
 * @typedef {object} TestCount
 * @property {Record<string, { passed: number, failed: number }>} projects tests by project
 * @property {readonly string[]} skipped tests that did not run, whether marked so or not
 * @property {readonly string[]} broken files that did not load, and errors outside tests
 */

/** A vitest reporter that writes a TestCount as JSON to the file that BACKFIRE_TEST_COUNT names. */
export default class CountReporter {
  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<import('vitest').SerializedError>} errors
   */
  onTestRunEnd(modules, errors) {
    const file = process.env.BACKFIRE_TEST_COUNT;
    if (file) writeFileSync(file, JSON.stringify(countTests(modules, errors)));
  }
}

/**
 * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
 * @param {ReadonlyArray<import('vitest').SerializedError>} errors
 * @returns {TestCount}
 */
function countTests(modules, errors) {
  /** @type {TestCount['projects']} */
  const projects = {};
  const skipped = [];
  const broken = errors.map((error) => `outside any test: ${error.message}`);
  for (const module of modules) {
    const file = `${module.project.name} ${relative(ROOT, module.moduleId)}`;
    const count = (projects[module.project.name] ??= { passed: 0, failed: 0 });
    let failedTests = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') count.passed += 1;
      else if (state === 'failed') failedTests += 1;
      else skipped.push(`${file} > ${test.fullName}`);
    }
    count.failed += failedTests;
    if (module.state() === 'failed' && failedTests === 0) broken.push(file);
    if (module.state() === 'skipped' || module.state() === 'pending') skipped.push(file);
  }
  return { projects, skipped, broken };
}
