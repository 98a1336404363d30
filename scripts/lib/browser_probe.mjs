/** Prints the version of the browser that puppeteer would start here; fails where it does not start. */
import puppeteer from 'puppeteer';

const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await puppeteer.launch({
  headless: true,
  args: [...sandbox, '--disable-gpu', '--no-first-run'],
});
console.log(await browser.version());
await browser.close();
