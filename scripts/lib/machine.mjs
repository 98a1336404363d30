import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT, run } from './shell.mjs';

/** @type {typeof import('./browsers.cjs')} */
const { swiftshaderIcd } = createRequire(import.meta.url)('./browsers.cjs');

const PROBE_TIMEOUT_MS = 60_000;

/**
 * What the tests need from the machine: for each part, what was found, or null.
 * @typedef {object} Machine
 * @property {string | null} adapter the WebGPU adapter that Dawn finds
 * @property {string | null} swiftshader the same on the SwiftShader driver; null also where it is not needed
 * @property {string | null} browser
 * @property {string | null} firefox
 * @property {readonly string[]} reasons why something is null, as the failed probe said it
 */

/** Tries what the tests will use: a device on either driver, and both browsers. @returns {Promise<Machine>} */
export async function inspectMachine() {
  const icd = swiftshaderIcd();
  const [adapter, swiftshader, browser, firefox] = [
    await probe('gpu_probe.mjs', {}),
    icd === null ? { found: null, reason: '' } : await probe('gpu_probe.mjs', { VK_DRIVER_FILES: icd }),
    await probe('browser_probe.mjs', {}),
    await probe('firefox_probe.mjs', {}),
  ];
  return {
    adapter: adapter.found,
    swiftshader: swiftshader.found,
    browser: browser.found,
    firefox: firefox.found,
    reasons: [adapter, swiftshader, browser, firefox]
      .map(({ reason }) => reason)
      .filter((reason) => reason !== ''),
  };
}

/** What `npm test` cannot do without on this machine and does not have, in plain words. */
export function missingParts(/** @type {Machine} */ machine, platform = process.platform) {
  return [
    ...(machine.adapter === null ? ['a WebGPU adapter (a GPU driver, or Mesa lavapipe >= 25)'] : []),
    ...(machine.swiftshader === null && platform === 'linux'
      ? ['the SwiftShader driver that comes with Chromium']
      : []),
    ...(machine.browser === null ? ['Chrome or Chromium'] : []),
    ...(machine.firefox === null ? ['Firefox'] : []),
  ];
}

/**
 * @param {string} script
 * @param {Record<string, string>} env
 * @returns {Promise<{ found: string | null, reason: string }>}
 */
async function probe(script, env) {
  const { code, stdout, stderr } = await run(process.execPath, [join(ROOT, 'scripts/lib', script)], {
    output: 'capture',
    env,
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (code === 0 && line !== '' && line !== 'null') return { found: line, reason: '' };
  const why = stderr.trim().split('\n').slice(-3).join('\n    ');
  return { found: null, reason: `${script} ended with code ${code}${why === '' ? '' : `:\n    ${why}`}` };
}
