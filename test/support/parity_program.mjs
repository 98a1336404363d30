/** Prints a parity report as one line of JSON, in Node (on Dawn) and in Deno (on its own WebGPU): ENGINE INPUT_FILE. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { parityReport } from './parity_report.mjs';

if (!('Deno' in globalThis)) {
  const { create } = await import('webgpu');
  const userAgent = `Node.js ${process.versions.node}, Dawn`;
  // A browser's global, which Node 20 lacks; holding it there also keeps Dawn's instance alive.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: create([]), userAgent } });
}
const [engine, inputFile] = process.argv.slice(2);
const report = await parityReport(await import(engine), JSON.parse(readFileSync(inputFile, 'utf8')));
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0)); // an open device would keep Dawn's loop alive
