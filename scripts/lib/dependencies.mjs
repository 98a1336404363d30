import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SetupError, run, say, seconds } from './shell.mjs';

const HEARTBEAT_MS = 20_000;

/**
 * Whether node_modules holds what package-lock.json asks for, read from the record that npm itself leaves
 * there. Optional packages may be missing: most are for other platforms.
 */
export function dependenciesAreFresh(root = ROOT) {
  try {
    const wanted = lockedPackages(join(root, 'package-lock.json'));
    const installed = lockedPackages(join(root, 'node_modules/.package-lock.json'));
    return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
      if (path === '') return true;
      const found = installed[path];
      return found ? found.version === version && found.integrity === integrity : optional === true;
    });
  } catch {
    return false;
  }
}

/** @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }>} */
function lockedPackages(/** @type {string} */ path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

/** Installs the locked dependencies unless they are there already. */
export async function ensureDependencies() {
  if (dependenciesAreFresh()) return;
  say('installing dependencies (npm ci) …');
  const start = performance.now();
  const heartbeat = setInterval(
    () => say(`  still installing after ${seconds(start)}; a slow or closed network takes its time …`),
    HEARTBEAT_MS,
  );
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code } = npm?.endsWith('.js')
    ? await run(process.execPath, [npm, ...args], { output: 'stderr' })
    : await run('npm', args, { output: 'stderr', shell: process.platform === 'win32' });
  clearInterval(heartbeat);
  if (code !== 0) {
    throw new SetupError(
      `npm ci ended with code ${code} after ${seconds(start)}; npm's reason stands above. A code such as ENOTFOUND, ` +
        'ECONNREFUSED, ETIMEDOUT or E403 means that the package registry cannot be reached from this network: check ' +
        '`npm config get registry` and `npm config get proxy`, then try again. On a machine without network, copy ' +
        'node_modules from one of the same platform where `npm ci` worked.',
    );
  }
  say(`  dependencies installed in ${seconds(start)}`);
}
