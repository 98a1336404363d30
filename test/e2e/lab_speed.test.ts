/** How soon the page says something and answers, and whether it stays smooth while its worker is busy. */
import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { LabPage, serveLab } from '../support/lab_page.ts';
import type { Served } from '../support/static_server.ts';

const THROTTLE = 4;
const TRIES = 3;
/** The aims are 1 s and 2 s; other tests run beside this one, so twice as long still passes. */
const FIRST_PAINT_MS = 2_000;
const INTERACTIVE_MS = 4_000;
/** Tasks of the main thread longer than this drop frames that people see. */
const LONG_TASK_MS = 50;
const WATCHED_MS = 4_000;

/** Goes to another page as soon as its button is there, and notes when the page has drawn what that did. */
const CLICKS_AT_ONCE = `(() => {
  const look = async () => {
    const app = document.querySelector('bf-app');
    const button = app?.shadowRoot?.querySelector('nav button:last-child');
    if (!button) return setTimeout(look, 10);
    button.click();
    await app.updateComplete;
    requestAnimationFrame(() => { window.answeredAt = performance.now(); });
  };
  look();
})()`;

let server: Served;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([serveLab(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

it(`paints within ${FIRST_PAINT_MS} ms and answers within ${INTERACTIVE_MS} ms on a processor slowed down ${THROTTLE} times`, async () => {
  const paints: number[] = [];
  const answers: number[] = [];
  for (let k = 0; k < TRIES; k++) {
    const lab = await LabPage.open(browser, server.origin, '', async (page) => {
      await page.emulateCPUThrottling(THROTTLE);
      await page.evaluateOnNewDocument(CLICKS_AT_ONCE);
    });
    await lab.until(
      `window.answeredAt !== undefined && performance.getEntriesByName('first-contentful-paint').length === 1`,
    );
    answers.push(Number(await lab.page.evaluate('window.answeredAt')));
    paints.push(
      Number(await lab.page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0].startTime`)),
    );
    await lab.close();
  }
  console.log(
    `first paint ${paints.map(Math.round).join(', ')} ms; interactive by ${answers.map(Math.round).join(', ')} ms`,
  );
  expect(Math.min(...paints)).toBeLessThan(FIRST_PAINT_MS);
  expect(Math.min(...answers)).toBeLessThan(INTERACTIVE_MS);
});

it.each([
  ['1,000 models', '#preset=hub-1000&backend=cpu'],
  ['24,178 outcomes and 43 models', '#preset=presidents&backend=cpu'],
])('stays smooth with %s', async (_, fragment) => {
  const lab = await LabPage.open(browser, server.origin, fragment);
  await lab.until(`lab.run.stage === 'playing' && lab.run.shown.round >= 2`);
  const seen = await lab.page.evaluate(`new Promise((resolve) => {
    const long = [];
    new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    let frames = 0;
    const began = performance.now();
    const count = (now) => {
      frames += 1;
      if (now - began < ${WATCHED_MS}) requestAnimationFrame(count);
      else setTimeout(() => resolve([frames / ((now - began) / 1000), long.reduce((sum, ms) => sum + ms - ${LONG_TASK_MS}, 0) / (now - began), Math.max(0, ...long)]), 100);
    };
    requestAnimationFrame(count);
  })`);
  const [framesPerSecond, blocked, longest] = Array.isArray(seen) ? seen.map(Number) : [];
  console.log(
    `${fragment}: ${framesPerSecond.toFixed(1)} frames/s, main thread blocked ${(100 * blocked).toFixed(1)} % of the time, longest task ${longest.toFixed(0)} ms`,
  );
  // Frames depend on how busy the machine is; what the page itself holds up must stay small anywhere.
  expect(blocked).toBeLessThan(0.1);
  expect(lab.misdeeds).toEqual([]);
  await lab.close();
});
