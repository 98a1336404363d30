import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './shell.mjs';

/**
 * Runs dist/backfire.js with these arguments in this very process, so that the terminal, Ctrl-C and the exit
 * code are the program's own.
 */
export async function startCli(/** @type {readonly string[]} */ args) {
  const cli = join(ROOT, 'dist/backfire.js');
  process.argv = [process.argv[0], cli, ...args];
  await import(pathToFileURL(cli).href);
}
