/** Runs tests in mutated copies of the project: one vitest for many copies, each of them a vitest project. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startVitest } from 'vitest/node';
import { ROOT, SetupError } from './shell.mjs';

/** @typedef {import('./mutations.mjs').Mutation} Mutation */
/** @typedef {import('vitest/node').TestModule} TestModule */

/**
 * What came of a mutation. `invalid`: its tests failed, but not by an assertion, as when the mutant does not compile.
 * @typedef {{ verdict: 'caught' | 'survived' | 'invalid', reason: string }} Outcome
 */

const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.ci', 'backfire-out', 'docs', 'bench', 'web']);
/** Copies open at a time: every one has a Vite server in memory. */
const BATCH = 40;
const TIMEOUT_MS = 60_000;

/** The configuration of one copy. Its own plugin reads its own shaders. */
const CONFIGURATION = `import { defineConfig } from 'vitest/config';
import { wgslKernels } from './scripts/vite_plugin_wgsl.ts';
export default defineConfig({ plugins: [wgslKernels()], test: JSON_OF_TEST });
`;

/**
 * The mutated text of a mutation's file.
 * @param {Mutation} mutation
 * @param {string} [root] of the project
 */
export function applied({ name, file, from, to }, root = ROOT) {
  const parts = readFileSync(join(root, file), 'utf8').split(from);
  if (parts.length !== 2) {
    throw new SetupError(
      `Mutation "${name}": its text occurs ${parts.length - 1} times in ${file}, not once. Bring scripts/lib/mutations.mjs up to date.\n  ${from}`,
    );
  }
  return parts.join(to);
}

export class MutationRun {
  folder = mkdtempSync(join(tmpdir(), 'backfire-mutation-'));
  copies = 0;

  /** Takes the project as it is now: what changes in it meanwhile does not matter. */
  constructor() {
    this.base = join(this.folder, 'base');
    mkdirSync(this.base);
    for (const name of readdirSync(ROOT)) {
      if (!LEFT_OUT.has(name)) cpSync(join(ROOT, name), join(this.base, name), { recursive: true });
    }
  }

  /**
   * Runs tests in a copy as it is.
   * @param {readonly string[]} tests
   * @returns {Promise<string[]>} what failed
   */
  async unmutated(tests) {
    const copy = this.copy(tests);
    const modules = await this.run([copy], () => {});
    return tests.flatMap((test) => {
      const module = modules.get(join(copy, test));
      if (module === undefined) return [`${test}: did not run`];
      return module.ok() ? [] : [`${test}: ${messagesOf(module).join('\n  ')}`];
    });
  }

  /**
   * Runs every mutation's tests on the mutant.
   * @param {readonly Mutation[]} mutations
   * @param {(mutation: Mutation, outcome: Outcome) => void} report called as soon as a mutation's fate is known
   */
  async mutated(mutations, report) {
    for (let first = 0; first < mutations.length; first += BATCH) {
      const batch = mutations.slice(first, first + BATCH).map((mutation) => {
        const copy = this.copy(mutation.tests);
        writeFileSync(join(copy, mutation.file), applied(mutation, this.base));
        return { mutation, copy, reported: false };
      });
      const tell = (/** @type {ReadonlyMap<string, TestModule>} */ modules, ended = false) => {
        for (const one of batch) {
          const own = one.mutation.tests.map((test) => modules.get(join(one.copy, test)));
          if (one.reported || (!ended && own.includes(undefined))) continue;
          one.reported = true;
          report(one.mutation, judge(one.mutation, own));
        }
      };
      const copies = batch.map(({ copy }) => copy);
      tell(await this.run(copies, tell), true);
      for (const copy of copies) rmSync(copy, { recursive: true });
    }
  }

  /**
   * A copy of the project whose configuration runs `tests`.
   * @param {readonly string[]} tests
   */
  copy(tests) {
    const copy = join(this.folder, String(this.copies++));
    cpSync(this.base, copy, { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');
    const test = { name: copy, root: copy, include: tests, testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS };
    writeFileSync(
      join(copy, 'vitest.mutant.config.ts'),
      CONFIGURATION.replace('JSON_OF_TEST', JSON.stringify(test)),
    );
    return copy;
  }

  /**
   * One run of vitest over all copies.
   * @param {readonly string[]} copies
   * @param {(modules: ReadonlyMap<string, TestModule>) => void} progress called after each test file
   * @returns {Promise<ReadonlyMap<string, TestModule>>} finished test files by path
   */
  async run(copies, progress) {
    /** @type {Map<string, TestModule>} */
    const modules = new Map();
    const exitCode = process.exitCode;
    const vitest = await startVitest('test', [], {
      config: false,
      root: this.folder,
      watch: false,
      pool: 'forks',
      maxWorkers: 2,
      projects: copies.map((copy) => join(copy, 'vitest.mutant.config.ts')),
      silent: true,
      reporters: [
        {
          onTestModuleEnd(module) {
            modules.set(module.moduleId, module);
            progress(modules);
          },
        },
      ],
    });
    await vitest.close();
    process.exitCode = exitCode; // vitest sets it where tests fail, which they should
    return modules;
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * Caught: every test file has a failed assertion, and no shader was refused.
 * @param {Mutation} mutation
 * @param {ReadonlyArray<TestModule | undefined>} modules
 * @returns {Outcome}
 */
function judge(mutation, modules) {
  for (const [k, module] of modules.entries()) {
    const test = mutation.tests[k];
    if (module === undefined) return { verdict: 'invalid', reason: `${test} did not come to its end` };
    if (module.ok()) return { verdict: 'survived', reason: `${test} passes all the same` };
    const errors = errorsOf(module);
    const refused = errors.find((error) => 'code' in error && error.code === 'shader');
    if (refused !== undefined || !errors.some(({ name }) => name === 'AssertionError')) {
      return { verdict: 'invalid', reason: `${test}: ${messagesOf(module)[0] ?? 'failed without an error'}` };
    }
  }
  return { verdict: 'caught', reason: '' };
}

function errorsOf(/** @type {TestModule} */ module) {
  const tests = Array.from(module.children.allTests('failed'));
  return [...module.errors(), ...tests.flatMap((test) => test.result().errors ?? [])];
}

/**
 * First lines of the errors of a test file.
 * @param {TestModule} module
 * @returns {string[]}
 */
function messagesOf(module) {
  return errorsOf(module).map(({ name, message }) => `${name}: ${message.split('\n')[0]}`);
}
