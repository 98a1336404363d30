import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, SetupError, run, say, seconds } from './shell.mjs';

/** What dist/ is made from: a change to any of these makes it stale. */
const INPUTS = [
  'src',
  'bench',
  'shaders',
  'web',
  'scripts/build.mjs',
  'scripts/vite_plugin_offline.ts',
  'scripts/vite_plugin_page.ts',
  'scripts/vite_plugin_wgsl.ts',
  'vite.config.ts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];
const LOCK = 'node_modules/.backfire-build';
const LOCK_POLL_MS = 100;
const STAMP = 'dist/.stamp';

/** Files below a folder (or the file itself) in a fixed order, as paths from the root. */
function filesOf(/** @type {string} */ path) {
  const full = join(ROOT, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length + 1))
    .sort();
}

/** A hash of the names and contents of everything dist/ is made from. */
export function inputHash() {
  const hash = createHash('sha256');
  for (const file of INPUTS.flatMap(filesOf)) {
    const content = readFileSync(join(ROOT, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

export function distIsFresh() {
  const stamp = join(ROOT, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === inputHash();
}

/** Marks a finished build in `folder` as made from the inputs with this hash. */
export function writeStamp(/** @type {string} */ folder, /** @type {string} */ hash) {
  writeFileSync(join(folder, '.stamp'), `${hash}\n`);
}

/** Builds dist/ unless it is up to date. Of two processes that find it stale, one builds and the other waits. */
export async function ensureBuild() {
  if (distIsFresh()) return;
  const release = await lockBuild();
  try {
    if (distIsFresh()) return;
    say('building …');
    const start = performance.now();
    const { code, stdout, stderr } = await run(process.execPath, [join(ROOT, 'scripts/build.mjs')], {
      output: 'capture',
    });
    if (code !== 0) throw new SetupError(`the build failed:\n${stdout}${stderr}`);
    say(`  built in ${seconds(start)}`);
  } finally {
    release();
  }
}

/** Takes the build lock; a lock whose owner is gone counts as free. Returns the function that releases it. */
async function lockBuild() {
  const lock = join(ROOT, LOCK);
  mkdirSync(join(ROOT, 'node_modules'), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      if (!ownerIsAlive(lock)) rmSync(lock, { force: true });
      await sleep(LOCK_POLL_MS);
    }
  }
}

function ownerIsAlive(/** @type {string} */ lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH';
  }
}
