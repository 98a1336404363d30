/** The built page on a plain file host, in a sub-path; then without any host; then with a new version in its place. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { transformWithOxc } from 'vite';
import { openBrowser } from '../support/browser.ts';
import { LAB_FOLDER } from '../support/lab_page.ts';
import { serve } from '../support/static_server.ts';
import type { Served } from '../support/static_server.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SUB_PATH = '/some/where/';
/** web/install.ts beside the page, so that a test can hear what it says. */
const INSTALL = 'assets/install_under_test.js';

let browser: Browser;
let context: BrowserContext;
let page: Page;
let site: string;
let server: Served;
let failed: string[];

beforeAll(async () => {
  browser = await openBrowser({ webgpu: false });
});
afterAll(async () => {
  await browser.close();
});
beforeEach(async () => {
  site = mkdtempSync(join(tmpdir(), 'backfire-offline-'));
  cpSync(LAB_FOLDER, site, { recursive: true });
  const source = readFileSync(join(ROOT, 'web/install.ts'), 'utf8');
  const { code } = await transformWithOxc(source, 'install.ts');
  writeFileSync(join(site, INSTALL), code.replace('import.meta.env.DEV', 'false'));
  server = await serve({ [SUB_PATH]: site });
  context = await browser.createBrowserContext();
  page = await context.newPage();
  failed = [];
  page.on('requestfailed', (request) => failed.push(`${request.url()} failed`));
  page.on('response', (response) => {
    if (response.status() >= 400) failed.push(`${response.url()} answers ${response.status()}`);
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && origin !== server.origin)
      failed.push(`${request.url()} is elsewhere`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') failed.push(message.text());
  });
});
afterEach(async () => {
  await context.close();
  await server.close();
  rmSync(site, { recursive: true, force: true });
});

function evaluate(expression: string): Promise<unknown> {
  return page.evaluate(`(async () => ${expression})()`);
}

async function until(expression: string): Promise<void> {
  await page.waitForFunction(expression, { timeout: 60_000, polling: 100 });
}

/** Opens the page, installs it, and waits until its service worker answers for it. */
async function openInstalled(): Promise<void> {
  await page.goto(`${server.origin}${SUB_PATH}`);
  expect(await evaluate(installing(server.origin))).toBe(true);
  await until('navigator.serviceWorker.controller !== null');
}

/** Registers the service worker; `heard` counts the new versions announced, `reload` shows the last one. */
function installing(origin: string): string {
  return `{
    const { registerServiceWorker } = await import('${origin}${SUB_PATH}${INSTALL}');
    window.heard = 0;
    return registerServiceWorker((reload) => { window.heard += 1; window.reload = reload; });
  }`;
}

const caches = (): Promise<unknown> => evaluate('caches.keys()');
const element = (): Promise<unknown> => evaluate(`document.querySelector('bf-app').shadowRoot !== null`);

it('loads from a sub-path, and installs itself for that path only', async () => {
  await openInstalled();
  expect(await element()).toBe(true);
  const controller = 'navigator.serviceWorker.controller.scriptURL';
  expect(await evaluate(controller)).toBe(`${server.origin}${SUB_PATH}sw.js`);
  expect(await evaluate('navigator.serviceWorker.ready.then(({ scope }) => scope)')).toBe(
    `${server.origin}${SUB_PATH}`,
  );
  expect(await caches()).toEqual([expect.stringMatching(/^backfire \/some\/where\/ [0-9a-f]{16}$/)]);
  expect(failed).toEqual([]);
});

it('loads without a network once it was open, with everything that was built', async () => {
  await openInstalled();
  await server.close();
  await page.reload();
  expect(await page.title()).toMatch(/^Backfire/);
  expect(await element()).toBe(true);
  const { PRECACHE: precache } = precacheOf(readFileSync(join(site, 'sw.js'), 'utf8'));
  const files = Object.keys(precache.files);
  expect(files.length).toBeGreaterThan(10);
  const answers = await evaluate(
    `Promise.all(${JSON.stringify(files)}.map((file) => fetch(file).then(({ ok }) => ok, () => false)))`,
  );
  expect(answers).toEqual(files.map(() => true));
  // What was never built is not made up.
  expect(await evaluate(`fetch('nothing.js').then(() => 'an answer', () => 'no network')`)).toBe(
    'no network',
  );
});

it('says that a new version waits, shows it when asked, and forgets the old one', async () => {
  await openInstalled();
  const before = await caches();
  await page.reload();
  await evaluate(installing(server.origin));
  expect(await evaluate('window.heard')).toBe(0);
  putNewVersion();
  await evaluate('navigator.serviceWorker.ready.then((registration) => registration.update())');
  await until('window.heard === 1');
  // Not before it is asked for: the page that is open needs its own files.
  expect(await page.title()).not.toBe('Version two');
  await Promise.all([page.waitForNavigation(), evaluate('{ window.reload(); }')]);
  await until(`document.title === 'Version two'`);
  await until(`caches.keys().then((names) => names.length === 1)`);
  expect(await caches()).not.toEqual(before);
});

it('keeps the version it has where the next one is only half there', async () => {
  await openInstalled();
  const before = await caches();
  putNewVersion();
  writeFileSync(join(site, 'index.html'), '<title>Neither</title>');
  await evaluate('navigator.serviceWorker.ready.then((registration) => registration.update())');
  await until(`navigator.serviceWorker.ready.then(({ installing, waiting }) => !installing && !waiting)`);
  await page.reload();
  expect(await element()).toBe(true);
  expect(await caches()).toEqual(
    expect.arrayContaining(Array.isArray(before) ? before.map(String) : ['none']),
  );
});

interface Precache {
  version: string;
  files: Record<string, string>;
}

/** The list in front of the built service worker, and the rest of it. */
function precacheOf(script: string): { PRECACHE: Precache; rest: string } {
  const match = /^const PRECACHE = (.*);\n/.exec(script);
  if (match === null) throw new Error('sw.js does not begin with its list of files');
  return { PRECACHE: JSON.parse(match[1]) as Precache, rest: script.slice(match[0].length) };
}

/** Another build in the place of the first: its page has another title. */
function putNewVersion(): void {
  const html = readFileSync(join(site, 'index.html'), 'utf8').replace(
    /<title>[^<]*<\/title>/,
    '<title>Version two</title>',
  );
  writeFileSync(join(site, 'index.html'), html);
  const { PRECACHE: old, rest } = precacheOf(readFileSync(join(site, 'sw.js'), 'utf8'));
  const digest = createHash('sha256').update(html).digest('base64');
  const precache = { version: 'two', files: { ...old.files, 'index.html': `sha256-${digest}` } };
  writeFileSync(join(site, 'sw.js'), `const PRECACHE = ${JSON.stringify(precache)};\n${rest}`);
}
