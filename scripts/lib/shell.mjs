import { spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** A step of set-up that did not work; its message is written for the person at the terminal. */
export class SetupError extends Error {}

/** Prints one line of progress. Standard output belongs to the program that is being set up. */
export function say(/** @type {string} */ text) {
  process.stderr.write(`backfire: ${text}\n`);
}

/** @param {number} startMs what performance.now() gave at the start */
export function seconds(startMs) {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}

/**
 * @typedef {object} Finished
 * @property {number} code exit code; 127 where the program does not exist, 128 where a signal ended it
 * @property {string} stdout what it wrote; empty unless captured
 * @property {string} stderr
 */

/** Where a child's standard output goes. */
const STDOUT = /** @type {const} */ ({ show: 'inherit', capture: 'pipe', stderr: 2 });

/**
 * Runs a program to its end in the repository's root and never throws.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ output?: 'show' | 'capture' | 'stderr', env?: Record<string, string | undefined>, timeoutMs?: number, shell?: boolean }} [options]
 *   `show` passes all output through, `stderr` sends both streams to standard error
 * @returns {Promise<Finished>}
 */
export function run(command, args, { output = 'show', env = {}, timeoutMs, shell = false } = {}) {
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = ['ignore', STDOUT[output], output === 'capture' ? 'pipe' : 'inherit'];
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      shell,
      env: { ...process.env, ...env },
      stdio,
      timeout: timeoutMs,
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => (stdout += chunk));
    child.stderr?.on('data', (chunk) => (stderr += chunk));
    child.on('error', (error) => done({ code: 127, stdout, stderr: error.message }));
    child.on('close', (code) => done({ code: code ?? 128, stdout, stderr }));
  });
}

/** Ends the process after `main`, with a plain message where set-up failed. */
export function runMain(/** @type {() => Promise<number | void>} */ main) {
  main().then(
    (code) => {
      if (typeof code === 'number') process.exitCode = code;
    },
    (error) => {
      say(error instanceof SetupError ? error.message : (error?.stack ?? String(error)));
      process.exitCode = 1;
    },
  );
}
