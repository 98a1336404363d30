/** The page that measures: it shows what the browser offers, measures, stops when asked, and lets the run go on. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxePuppeteer } from '@axe-core/puppeteer';
import type { Browser } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { benchReportSchema } from '../../bench/measure/report.ts';
import type { BenchReport } from '../../bench/measure/report.ts';
import { openBrowser } from '../support/browser.ts';
import { LabPage, serveLab } from '../support/lab_page.ts';
import type { Served } from '../support/static_server.ts';

/** A scenario that is at rest after a few rounds, so that nothing else works while the machine is measured. */
const RESTING = '#preset=a4&backend=cpu&page=bench';
const PAGE = 'bf-app >>> bf-bench-page';
const MEASURE = `${PAGE} >>> bf-bench-measure`;
const QUICK = `{ backend: 'cpu', sections: ['ceilings', 'rounds', 'scaling'], budgetMs: 600 }`;
const OFFERED = z.object({ features: z.array(z.string()), limits: z.record(z.string(), z.number()) });
/** Far longer than a test takes to cancel it. */
const LONG = `{ backend: 'cpu', sections: ['ceilings', 'rounds', 'scaling'], budgetMs: 60000 }`;

let server: Served;
let browser: Browser;
let lab: LabPage | null = null;

beforeAll(async () => {
  [server, browser] = await Promise.all([serveLab(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});
afterEach(async () => {
  const seen = lab?.misdeeds ?? [];
  await lab?.close();
  lab = null;
  expect(seen).toEqual([]);
});

async function open(fragment: string): Promise<LabPage> {
  lab = await LabPage.open(browser, server.origin, fragment);
  await lab.until('lab.machine !== null && lab.bench.adapter !== undefined');
  return lab;
}

/** Starts a measurement without waiting for it. */
async function start(page: LabPage, request: string): Promise<void> {
  await page.get(`void lab.bench.measure(${request})`);
}

async function reportOn(page: LabPage): Promise<BenchReport> {
  return benchReportSchema.parse(JSON.parse(String(await page.get('JSON.stringify(lab.bench.report)'))));
}

/** Presses the button with this text. */
async function press(page: LabPage, words: string): Promise<void> {
  const buttons = await page.page.$$(`${MEASURE} >>> button`);
  for (const button of buttons) {
    const text = await button.evaluate((one) => one.textContent);
    if (text?.trim() === words)
      return button.evaluate((one) => (one instanceof HTMLElement ? one.click() : undefined));
  }
  throw new Error(`there is no button “${words}”`);
}

/** Path of the only file that is saved into `folder` from now on. */
async function savedInto(page: LabPage, folder: string, save: () => Promise<void>): Promise<string> {
  const session = await page.page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  await save();
  for (const end = performance.now() + 20_000; performance.now() < end;) {
    const saved = readdirSync(folder).find((name) => name.endsWith('.json'));
    if (saved !== undefined) return join(folder, saved);
    await new Promise((wait) => setTimeout(wait, 50));
  }
  throw new Error('nothing was saved in 20 s');
}

describe('the adapter', () => {
  it('is shown with the features and limits that navigator.gpu has', async () => {
    const page = await open(RESTING);
    const offered = await page.page.evaluate(`(async () => {
      const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
      const limits = {};
      for (const name in adapter.limits) limits[name] = adapter.limits[name];
      return { features: [...adapter.features].sort(), limits };
    })()`);
    const { features, limits } = OFFERED.parse(offered);
    expect(features.length).toBeGreaterThan(0);
    expect(Object.keys(limits).length).toBeGreaterThan(20);
    const card = `${PAGE} >>> bf-bench-adapter`;
    expect(await page.texts(`${card} >>> .features li`)).toEqual(features);
    const names = await page.texts(`${card} >>> table code`);
    const values = await page.texts(`${card} >>> table tbody td`);
    const shown = Object.fromEntries(names.map((name, k) => [name, lastNumber(values[k])]));
    expect(shown).toEqual(limits);
    expect(names[0]).toBe('maxStorageBufferBindingSize');
    const words = (await page.texts(`${card} >>> dl`)).join(' ');
    expect(words).toContain('Self-test passed');
    // The tests' browser has SwiftShader.
    expect(words).toContain('software');
    expect(await page.texts(`${card} >>> .software`)).toEqual([
      'Software adapter: says nothing about a GPU.',
    ]);
  });
});

/** The number at the end: limits in bytes have an exact one after that with a unit. */
function lastNumber(text: string): number {
  const numbers = text.match(/[\d,]+(?:\.\d+)?/g) ?? [];
  return Number((numbers.at(-1) ?? 'NaN').replaceAll(',', ''));
}

describe('a measurement', () => {
  it('is shown, saved as valid JSON, and compared with a file', async () => {
    const page = await open(RESTING);
    await page.until(`lab.run.stage === 'stopped' && !lab.theory.working`);
    await page.get(`lab.bench.measure(${QUICK})`);
    expect(await page.get('lab.bench.stage')).toBe('done');
    const report = await reportOn(page);
    expect(report.results.map(({ name }) => name)).toContain('copy');
    expect(report.scaling.map(({ axis }) => axis)).toEqual(['population', 'outcomes', 'models']);
    const rows = await page.texts(`${PAGE} >>> bf-bench-results >>> tbody th`);
    expect(rows.length).toBe(report.results.length);
    for (const { title } of report.results)
      expect(
        rows.some((row) => row.startsWith(title)),
        title,
      ).toBe(true);
    const growth = await page.texts(`${PAGE} >>> bf-bench-scaling >>> .growth`);
    expect(growth.length).toBe(3);
    for (const [k, { exponent }] of report.scaling.entries()) {
      expect(growth[k]).toContain(
        exponent === null ? 'No exponent' : `${exponent.toFixed(2).replace('-', '−')} (`,
      );
    }
    expect((await page.texts(`${MEASURE} >>> [role=status]`))[0]).toMatch(
      /^Measurement done: \d+ results, \d+ missing\.$/,
    );

    const folder = mkdtempSync(join(tmpdir(), 'backfire-bench-'));
    try {
      const file = await savedInto(page, folder, () => press(page, 'Download JSON'));
      const saved: unknown = JSON.parse(readFileSync(file, 'utf8'));
      expect(benchReportSchema.parse(saved)).toEqual(report);
      await compareWith(page, folder, report);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  /** With a report in which everything took twice as long, and with one that is none. */
  async function compareWith(page: LabPage, folder: string, report: BenchReport): Promise<void> {
    const slower = {
      ...report,
      results: report.results.map((result) => {
        const factor = result.better === 'higher' ? 0.5 : 2;
        return {
          ...result,
          median: result.median * factor,
          samples: result.samples.map((one) => one * factor),
        };
      }),
    };
    const input = await page.page.$(`${MEASURE} >>> input[type=file]`);
    if (input === null) throw new Error('there is no place for a file');
    const file = await input.toElement('input');
    const path = join(folder, 'slower.json');
    writeFileSync(path, JSON.stringify(slower));
    await file.uploadFile(path);
    await page.until('lab.bench.earlier !== null');
    const ratios = await page.texts(`${PAGE} >>> bf-bench-results >>> td.ratio .strong`);
    // In the order of the page, as are the units.
    const medians = await page.texts(`${PAGE} >>> bf-bench-results >>> td[data-label=Median] .strong`);
    expect(ratios.length).toBe(report.results.length);
    ratios.forEach((ratio, k) => {
      expect(Number(ratio), medians[k]).toBe(/[GM]B?\/s$/.test(medians[k]) ? 2 : 0.5);
    });

    const bad = join(folder, 'bad.json');
    writeFileSync(bad, JSON.stringify({ ...slower, version: 99 }));
    await file.uploadFile(bad);
    await page.until(`lab.bench.earlierProblem !== ''`);
    const [problem] = await page.texts(`${MEASURE} >>> [role=alert]`);
    expect(problem).toMatch(/^bad\.json was not taken — it is not a measurement: version: /);
    expect(await page.get('lab.bench.earlier.name')).toBe('slower.json');

    writeFileSync(bad, '{ "format": ');
    await file.uploadFile(bad);
    await page.until(`lab.bench.earlierProblem.includes('not JSON')`);
  }

  it('pauses the run, which goes on afterwards; the result stays on another page', async () => {
    const page = await open('#preset=collapse&backend=cpu&page=bench&speed=1');
    await page.until(`lab.run.stage === 'playing' && lab.run.shown.round > 0`);
    await start(page, LONG);
    await page.until(`lab.bench.report !== null && lab.bench.report.results.length > 0`);
    expect(await page.get('lab.run.stage')).toBe('paused');
    const round = Number(await page.get('lab.run.shown.round'));
    await page.until(`lab.bench.report.results.length > 1`);
    expect(await page.get('lab.run.shown.round')).toBe(round);
    await page.get(`lab.store.set({ page: 'learn' })`);
    await page.get('lab.bench.cancel()');
    await page.until(`lab.bench.stage === 'cancelled'`);
    const { results } = await reportOn(page);
    await page.until(`lab.run.stage === 'playing' && lab.run.shown.round > ${round}`);
    await page.get(`lab.store.set({ page: 'bench' })`);
    await new Promise((drawn) => setTimeout(drawn, 200));
    expect((await page.texts(`${PAGE} >>> bf-bench-results >>> tbody th`)).length).toBe(results.length);
  });

  it('stops at the button, keeps what was measured and says what is missing', async () => {
    const page = await open(RESTING);
    await page.until(`lab.run.stage === 'stopped' && !lab.theory.working`);
    await start(page, LONG);
    await page.until(`lab.bench.report !== null && lab.bench.report.results.length > 0`);
    const asked = performance.now();
    await press(page, 'Cancel');
    await page.until(`lab.bench.stage === 'cancelled'`);
    expect(performance.now() - asked).toBeLessThan(10_000);
    const report = await reportOn(page);
    expect(report.results.map(({ name }) => name)).toContain('copy');
    expect(report.missing.some(({ code }) => code === 'cancelled')).toBe(true);
    const missing = (await page.texts(`${PAGE} >>> .missing li`)).join(' ');
    for (const { what } of report.missing) expect(missing).toContain(what);
    expect(await page.texts(`${PAGE} >>> .early`)).toEqual([
      'The measurement ended early: it was cancelled. What was measured stays.',
    ]);
    // And another can begin.
    await page.get(`lab.bench.measure({ ...${QUICK}, sections: ['ceilings'] })`);
    expect(await page.get('lab.bench.stage')).toBe('done');
  });

  it('ends early when the run is played', async () => {
    const page = await open('#preset=collapse&backend=cpu&page=bench&speed=1');
    await page.until(`lab.run.stage === 'playing'`);
    await start(page, LONG);
    await page.until(`lab.bench.report !== null && lab.bench.report.results.length > 0`);
    await page.get('lab.run.play(1)');
    await page.until(`lab.bench.stage === 'cancelled'`);
    expect(await page.texts(`${PAGE} >>> .early`)).toEqual([
      'The measurement ended early: the run needed the machine. What was measured stays.',
    ]);
    expect(await page.get('lab.run.stage')).toBe('playing');
  });

  it('measures the GPU too, and labels what a software adapter gives', async () => {
    const page = await open(RESTING);
    await page.until(`lab.run.stage === 'stopped' && !lab.theory.working`);
    await page.get(`lab.bench.measure({ backend: 'webgpu', sections: ['ceilings'], budgetMs: 1000 })`);
    const report = await reportOn(page);
    expect(report.backend).toBe('webgpu');
    expect(report.adapter?.software).toBe(true);
    expect(report.results.length).toBeGreaterThan(5);
    expect(await page.texts(`${PAGE} >>> bf-bench-results >>> .software`)).toEqual([
      'Software adapter: says nothing about a GPU.',
    ]);
  });
});

it.each(['light', 'dark'])('axe finds nothing to complain of in the %s theme', async (theme) => {
  const page = await open(RESTING);
  await page.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
  await page.until(`lab.run.stage === 'stopped' && !lab.theory.working`);
  await page.get(`lab.bench.measure(${QUICK})`);
  await page.get('lab.bench.keep()');
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ]) {
    await page.page.setViewport({ width, height });
    await new Promise((settled) => setTimeout(settled, 500));
    const overflow = await page.page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow, `${width}`).toBeLessThanOrEqual(0);
    const { violations } = await new AxePuppeteer(page.page).analyze();
    const found = violations.map(
      ({ id, nodes }) => `${id} — ${nodes.map(({ target }) => String(target)).join(' | ')}`,
    );
    expect(found, `${width}`).toEqual([]);
  }
});
