/** Prints the version of the Firefox that the tests would start here; fails where there is none or it does not start. */
import { createRequire } from 'node:module';
import puppeteer from 'puppeteer';

/** @type {typeof import('./browsers.cjs')} */
const { firefoxPath } = createRequire(import.meta.url)('./browsers.cjs');

const executablePath = firefoxPath();
if (executablePath === null) {
  console.error('no Firefox is installed');
  process.exit(1);
}
const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
console.log(await browser.version());
await browser.close();
