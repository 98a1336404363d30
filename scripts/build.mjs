/** Makes dist/: the command line and its CPU worker, the portable engine, and the web page where there is one. */
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { inputHash, writeStamp } from './lib/dist.mjs';
import { ROOT, runMain } from './lib/shell.mjs';

const DIST = join(ROOT, 'dist');
const MODES = ['node', 'engine', ...(existsSync(join(ROOT, 'web/index.html')) ? ['web'] : [])];

/** Puts a finished build in the place of the last one, so that nobody runs half of each. */
function replaceDist(/** @type {string} */ next) {
  const last = `${next}-last`;
  if (existsSync(DIST)) move(DIST, last);
  move(next, DIST);
  rmSync(last, { recursive: true, force: true });
}

function move(/** @type {string} */ from, /** @type {string} */ to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EXDEV') throw error;
    cpSync(from, to, { recursive: true });
    rmSync(from, { recursive: true, force: true });
  }
}

runMain(async () => {
  const hash = inputHash();
  const next = join(ROOT, `node_modules/.backfire-dist-${process.pid}`);
  // Whoever asks for the build, a test among them, gets the same files: Lit warns on the console otherwise.
  process.env['NODE_ENV'] = 'production';
  try {
    mkdirSync(next, { recursive: true });
    for (const mode of MODES) {
      const outDir = mode === 'web' ? join(next, 'web') : next;
      await build({
        configFile: join(ROOT, 'vite.config.ts'),
        mode,
        build: { outDir, emptyOutDir: false },
        logLevel: 'warn',
      });
    }
    chmodSync(join(next, 'backfire.js'), 0o755);
    writeStamp(next, hash);
    replaceDist(next);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
});
