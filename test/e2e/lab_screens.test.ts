/**
 * Every screen in both themes, on a desk and on a phone: axe finds no violation, nothing is wider than the screen, and the
 * pictures are kept in backfire-out/screens to be looked at.
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { AxePuppeteer } from '@axe-core/puppeteer';
import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { LabPage, serveLab } from '../support/lab_page.ts';
import type { Served } from '../support/static_server.ts';

const FOLDER = resolve(import.meta.dirname, '../../backfire-out/screens');
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

/** Screens by name: the link, and what to wait for. */
const SCREENS = {
  lab: ['', `lab.run.stage === 'stopped'`],
  'lab-a4': ['#preset=a4', `lab.run.stage === 'stopped'`],
  'lab-many': ['#preset=ring-1000&backend=cpu', `lab.run.stage === 'stopped'`],
  'lab-pairs': ['#preset=hue-saturation-a4&backend=cpu', `lab.run.stage === 'stopped'`],
  'lab-means': ['#preset=gaussian-mechanism', `lab.run.stage === 'stopped'`],
  'lab-finite': ['#preset=collapse', `lab.run.stage === 'stopped'`],
  bench: ['#page=bench', 'lab.machine !== null'],
} as const;

let server: Served;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  [server, browser] = await Promise.all([serveLab(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

describe.each(Object.entries(SCREENS))('screen %s', (name, [fragment, ready]) => {
  it.each(['light', 'dark'])('%s', async (theme) => {
    const lab = await LabPage.open(browser, server.origin, fragment, (page) =>
      page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]),
    );
    await lab.until(ready);
    await lab.until('!lab.theory.working');
    for (const [size, viewport] of Object.entries(SIZES)) {
      await lab.page.setViewport(viewport);
      await new Promise((settled) => setTimeout(settled, 500));
      const path = resolve(FOLDER, `${name}-${theme}-${size}.png`);
      await lab.page.screenshot({ path, fullPage: true });
      const overflow = await lab.page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
      expect(overflow, `${size} is wider than the screen`).toBeLessThanOrEqual(0);
      const { violations } = await new AxePuppeteer(lab.page).analyze();
      const found = violations.map(
        ({ id, help, nodes }) => `${id}: ${help} — ${nodes.map(({ target }) => String(target)).join(' | ')}`,
      );
      expect(found, size).toEqual([]);
    }
    expect(lab.misdeeds).toEqual([]);
    await lab.close();
  });
});
