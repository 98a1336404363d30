/** `npm run docs`: runs every reproduction and writes docs/reproduction.md and its pictures from their reports. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from './lib/dist.mjs';
import { reproductionPage } from './lib/reproduction_page.mjs';
import { ROOT, SetupError, run, runMain } from './lib/shell.mjs';

const PICTURES = join(ROOT, 'docs/images/reproduction');
/** A picture larger than this as SVG is shown as PNG. */
const MOST_SVG_BYTES = 250_000;

runMain(async () => {
  await ensureBuild();
  const folder = mkdtempSync(join(tmpdir(), 'backfire-reproduce-'));
  try {
    const cli = join(ROOT, 'dist/backfire.js');
    const { code } = await run(process.execPath, [
      cli,
      'reproduce',
      'all',
      '--out',
      folder,
      ...process.argv.slice(2),
    ]);
    if (code > 1) throw new SetupError(`the reproductions did not run to their end (exit code ${code})`);
    const names = (await run(process.execPath, [cli, 'reproduce', '--json'], { output: 'capture' })).stdout;
    /** @type {string[]} */
    const order = JSON.parse(names).map((/** @type {{ name: string }} */ { name }) => name);
    const reports = order.map((name) => JSON.parse(readFileSync(join(folder, name, 'report.json'), 'utf8')));
    rmSync(PICTURES, { recursive: true, force: true });
    mkdirSync(PICTURES, { recursive: true });
    writeFileSync(
      join(ROOT, 'docs/reproduction.md'),
      reproductionPage(reports, (name, figure) => copyPicture(folder, name, figure)),
    );
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Copies the better of the two files of a figure; returns its path as docs/reproduction.md sees it. */
function copyPicture(/** @type {string} */ folder, /** @type {string} */ name, /** @type {string} */ figure) {
  const svg = join(folder, name, `${figure}.svg`);
  const extension = statSync(svg).size <= MOST_SVG_BYTES ? 'svg' : 'png';
  const file = `${name}-${figure}.${extension}`;
  cpSync(join(folder, name, `${figure}.${extension}`), join(PICTURES, file));
  return `images/reproduction/${file}`;
}
