/** The page as people get it: built, served, opened in a headless browser. */
import { resolve } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runScenario } from '../../src/engine/index.ts';
import type { Platform } from '../../src/engine/index.ts';
import type { RunResult } from '../../src/engine/results.ts';
import { effectText } from '../../src/report/effect.ts';
import { fixedText, shortText } from '../../src/report/number_text.ts';
import { PLAIN } from '../../src/report/paint.ts';
import { verdictText } from '../../src/report/verdict_text.ts';
import { compileScenario } from '../support/outcome_scenarios.ts';
import { loadDataset } from '../../src/scenario/datasets/datasets.ts';
import { findPreset, PRESETS } from '../../src/scenario/presets/presets.ts';
import type { SolveResult } from '../../src/theory/results.ts';
import { solve } from '../../src/theory/solve.ts';
import { openBrowser } from '../support/browser.ts';
import type { Served } from '../support/static_server.ts';
import { serve } from '../support/static_server.ts';

const WAIT_MS = 60_000;
const CPU_ONLY: Platform = {
  runtime: 'the test',
  openGpu: () => Promise.resolve({ missing: 'not asked for' }),
  spawnWorker: null,
  threads: 1,
  memoryLimit: 2 ** 31,
};

let server: Served;
let browser: Browser;
let page: Page;
/** What the page did that it must not do. */
let misdeeds: string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([
    serve({ '/': resolve(import.meta.dirname, '../../dist/web') }),
    openBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});
beforeEach(async () => {
  misdeeds = [];
  page = await browser.newPage();
  page.setDefaultTimeout(WAIT_MS);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warn') misdeeds.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => misdeeds.push(`uncaught: ${String(error)}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.origin !== server.origin) misdeeds.push(`request to ${url.href}`);
  });
  page.on('response', (response) => {
    if (!response.ok()) misdeeds.push(`${response.status()} for ${response.url()}`);
  });
});
afterEach(async () => {
  await page.close();
  expect(misdeeds).toEqual([]);
});

/** Elements live in the shadow tree of <backfire-run>. */
const inside = (selector: string): string => `backfire-run >>> ${selector}`;

async function open(presetId: string): Promise<void> {
  await page.goto(`${server.origin}/#${presetId}`);
  await waitForText('.machine', /^WebGPU/);
}

async function textOf(selector: string): Promise<string> {
  const texts = await page.$$eval(inside(selector), (found) => found.map((one) => one.textContent ?? ''));
  return texts.join('\n').replaceAll(/\s+/g, ' ').trim();
}

async function waitForText(selector: string, pattern: RegExp): Promise<string> {
  for (const end = performance.now() + WAIT_MS; ;) {
    const text = await textOf(selector);
    if (pattern.test(text)) return text;
    if (performance.now() > end) throw new Error(`${selector} says "${text}", not ${String(pattern)}`);
    await new Promise((wait) => setTimeout(wait, 50));
  }
}

async function choose(value: string): Promise<void> {
  await page.$eval(inside(`input[value="${value}"]`), (input) => {
    (input as HTMLInputElement).click();
  });
}

async function run(): Promise<void> {
  await page.click(inside('.controls button'));
}

/** Cells of the table of models, row by row. */
async function tableRows(): Promise<string[][]> {
  // Not waitForSelector: it waits for frames, which headless Chromium stops drawing while SwiftShader computes.
  await waitForText('tbody', /\S/);
  return page.$$eval(inside('tbody tr'), (rows) =>
    rows.map((row) => [...row.children].map((cell) => (cell.textContent ?? '').trim())),
  );
}

async function inNode(presetId: string): Promise<{ result: RunResult; prediction: SolveResult }> {
  const tables = { dataset: loadDataset, csv: () => Promise.reject(new Error('no CSV here')) };
  const ecosystem = await compileScenario(findPreset(presetId).document, tables);
  const prediction = await solve(ecosystem);
  const predictedStable = prediction.stablePoint;
  return {
    result: await runScenario(ecosystem, { backend: 'cpu', platform: CPU_ONLY, predictedStable }),
    prediction,
  };
}

/** `change` is left to `changes`: where it is near zero float32 shows in its leading digits. */
function rowsOf({ ecosystem, series, rounds, predictedReward }: RunResult): string[][] {
  const count = ecosystem.models.length;
  return ecosystem.models.map((name, i) => {
    const last = rounds * count + i;
    return [
      name,
      fixedText(series.reward[i]),
      fixedText(series.reward[last]),
      fixedText(predictedReward === null ? NaN : predictedReward[i]),
      fixedText(series.entropy[last], 3),
      shortText(series.effectiveSupport[last]),
      fixedText(series.tvToReal[last], 3),
    ];
  });
}

const withoutChange = (row: readonly string[]): string[] => row.filter((_, column) => column !== 3);

describe('the page', () => {
  it('lists the presets and names the adapter', async () => {
    await open('two-eras');
    const titles = await page.$$eval(inside('.presets label'), (labels) =>
      labels.map((label) => (label.textContent ?? '').trim()),
    );
    const drawn = PRESETS.filter(({ document }) => /^c/.test(document.family)); // categorical, conditional
    expect(titles).toEqual(drawn.map(({ title }) => title));
    expect(await textOf('.machine')).toMatch(/^WebGPU adapter: .*swiftshader.* self-test passed$/i);
  });

  it.each(['webgpu', 'cpu'] as const)('shows the numbers of the library on %s', async (backend) => {
    const { result, prediction } = await inNode('a4');
    await open('a4');
    await choose(backend);
    await run();
    const rows = await tableRows();
    expect(rows.map(withoutChange)).toEqual(rowsOf(result));
    const change = result.series.reward.at(-1) ?? NaN;
    expect(rows[1][3]).toBe(effectText(change - result.series.reward[1]));
    expect(await textOf('[aria-labelledby="verdict"] p')).toBe(
      verdictText(result.ecosystem, prediction, PLAIN).replaceAll(/\s+/g, ' '),
    );
    const machine = backend === 'webgpu' ? /^Ran on WebGPU, .*swiftshader/i : /^Ran on CPU, 1 thread/;
    expect(await textOf('.machine')).toMatch(machine);
    expect(await textOf('[role="status"]')).toMatch(/^\d+ rounds in .* stopped because no model moved/);
    expect(await textOf('svg .label')).toMatch(/theta 0\.200.*phi 0\.429/);
  });

  it('runs a dataset on the backend it chooses and says why', async () => {
    const { result } = await inNode('two-eras');
    await open('two-eras');
    await run();
    expect((await tableRows()).map(withoutChange)).toEqual(rowsOf(result));
    expect(await textOf('.machine')).toMatch(/^Ran on .* — .*swiftshader is a software adapter/i);
    expect(await textOf('[aria-labelledby="verdict"]')).toContain('early: more curation backfires.');
    expect(await textOf('[aria-labelledby="words"]')).toContain('early says more often');
  });

  it('shows progress and stops when asked to', async () => {
    await open('hub-1000');
    await choose('cpu');
    await run();
    await waitForText('[role="status"]', /^Round \d+ of 200, at most .* to go$/);
    await page.click(inside('.controls .quiet'));
    expect(await waitForText('[role="status"]', /cancelled/)).toMatch(/cancelled after \d+ of 200 rounds$/);
    expect((await tableRows()).length).toBe(1000);
  });

  it('is used with the keyboard alone', async () => {
    await open('a1');
    await page.focus(inside('input[value="a1"]'));
    await page.keyboard.press('ArrowDown');
    await waitForText('h2', /^Setting A2/);
    expect(new URL(page.url()).hash).toBe('#a2');
    await page.keyboard.press('Tab'); // the backends
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab'); // the button
    await page.keyboard.press('Enter');
    expect((await tableRows()).length).toBe(2);
    expect(await textOf('.machine')).toMatch(/^Ran on CPU/);
  });

  it('fits a phone, in light and dark', async () => {
    await page.setViewport({ width: 390, height: 844 });
    await open('three-models');
    await choose('cpu');
    await run();
    await tableRows();
    const colours = new Set<string>();
    for (const value of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      const seen = await page.evaluate(() => ({
        overflow: document.documentElement.scrollWidth - window.innerWidth,
        colour: getComputedStyle(document.body).backgroundColor,
      }));
      expect(seen.overflow).toBeLessThanOrEqual(0);
      colours.add(seen.colour);
    }
    expect(colours.size).toBe(2);
    expect(await textOf('.legend')).toMatch(/red 0\.313.*green 0\.201.*blue 0\.112/); // in place of labels beside lines
  });
});

describe('where WebGPU is missing', () => {
  const cases = [
    {
      what: 'the browser has none',
      prepare: () => {
        Reflect.deleteProperty(Navigator.prototype, 'gpu');
      },
      says: /^WebGPU cannot be used: this browser does not offer it.* Scenarios run on CPU/,
    },
    {
      what: 'there is no adapter',
      prepare: () => {
        navigator.gpu.requestAdapter = () => Promise.resolve(null);
      },
      says: /^WebGPU cannot be used: .*no adapter.* Scenarios run on CPU/,
    },
  ];

  it.each(cases)('$what: the page says so and runs on the CPU', async ({ prepare, says }) => {
    await page.evaluateOnNewDocument(prepare);
    await open('a4');
    expect(await textOf('.machine')).toMatch(says);
    const disabled = await page.$eval(
      inside('input[value="webgpu"]'),
      (input) => (input as HTMLInputElement).disabled,
    );
    expect(disabled).toBe(true);
    await run();
    const { result } = await inNode('a4');
    expect((await tableRows()).map(withoutChange)).toEqual(rowsOf(result));
    expect(await textOf('.machine')).toMatch(/^Ran on CPU.* — no usable GPU: .*WebGPU/);
  });

  it('an adapter that goes away is reported in words', async () => {
    await open('a4');
    await choose('webgpu');
    await page.evaluate(() => {
      navigator.gpu.requestAdapter = () => Promise.resolve(null);
    });
    await run();
    const alert = await waitForText('[role="alert"]', /./);
    expect(alert).toMatch(
      /^This did not work WebGPU is there but offers no adapter — .* use the CPU backend\.$/,
    );
  });
});
