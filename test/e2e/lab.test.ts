/** The lab against the command line: the same scenarios, the same numbers, whatever happens to device and link. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runAnyScenario } from '../../src/engine/index.ts';
import type { Platform } from '../../src/engine/index.ts';
import { isOutcomeRun } from '../../src/engine/results.ts';
import { momentRunDocument, runDocument } from '../../src/report/run_document.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { loadDataset } from '../../src/scenario/datasets/datasets.ts';
import { findPreset, PRESETS } from '../../src/scenario/presets/presets.ts';
import { solveScenario } from '../../src/theory/solve_scenario.ts';
import { openBrowser } from '../support/browser.ts';
import { LAB_FOLDER, LabPage, runJson, serveLab } from '../support/lab_page.ts';
import type { RunJson } from '../support/lab_page.ts';
import { serve } from '../support/static_server.ts';
import type { Served } from '../support/static_server.ts';

const CPU_ONLY: Platform = {
  runtime: 'the test',
  openGpu: () => Promise.resolve({ missing: 'not asked for' }),
  spawnWorker: null,
  threads: 1,
  memoryLimit: 2 ** 31,
};

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
  return lab;
}

/** The document of `backfire run --json`, on the CPU backend in Node. */
async function inNode(document: unknown): Promise<RunJson> {
  const tables = { dataset: loadDataset, csv: () => Promise.reject(new Error('no CSV here')) };
  const ecosystem = await compileScenario(document, tables);
  const run = await runAnyScenario(ecosystem, { backend: 'cpu', platform: CPU_ONLY, prediction: null });
  const text = JSON.stringify(
    isOutcomeRun(run) ? runDocument(run, '') : momentRunDocument(run, ''),
    (_, value: unknown) => (value instanceof Uint32Array ? [...value] : value),
  );
  return runJson(JSON.parse(text));
}

const rewards = ({ models, series }: RunJson): number[] =>
  models.flatMap((name) => series[name].reward.map((value) => firstNumber(value)));

/** A number, or the mean of several replicates. */
function firstNumber(value: unknown): number {
  if (typeof value === 'object' && value !== null && 'mean' in value) return Number(value.mean);
  return value === null ? NaN : Number(value);
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return a.reduce(
    (most, value, k) => (Object.is(value, b[k]) ? most : Math.max(most, Math.abs(value - b[k]))),
    0,
  );
}

function memberOf(value: unknown, name: string): object {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
  if (typeof member !== 'object' || member === null) throw new Error(`there is no ${name}`);
  return member;
}

describe('every preset', () => {
  it.each(PRESETS.map(({ id }) => id))(
    '%s loads, runs to its end and gives the command line’s numbers',
    async (id) => {
      const page = await open(`#preset=${id}&backend=cpu`);
      const expected = await inNode(findPreset(id).document);
      await page.ended();
      expect(await page.get('lab.run.failure')).toBeNull();
      const shown = await page.result();
      expect([shown.rounds, shown.stopped]).toEqual([expected.rounds, expected.stopped]);
      // The same code in the same float64, but for what each runtime's exp and log round differently.
      const scale = rewards(expected).reduce((most, reward) => Math.max(most, Math.abs(reward)), 1);
      expect(largestDifference(rewards(shown), rewards(expected))).toBeLessThan(1e-9 * scale);
      expect(shown.counts).toEqual(expected.counts);
      expect(await page.get('lab.run.shown.track.rounds.at(-1)')).toBe(expected.rounds);
    },
  );
});

describe('finite populations', () => {
  const a4 = findPreset('a4').document;
  const models: unknown = Reflect.get(a4, 'models');
  const finite = {
    ...a4,
    name: 'A4 with finite populations',
    rounds: 60,
    seed: 5,
    tolerance: 0,
    models: Object.fromEntries(
      ['theta', 'phi'].map((name) => [name, { ...memberOf(models, name), population: 3000 }]),
    ),
  };
  const open4 = (page: LabPage, backend: string): Promise<unknown> =>
    page.get(
      `(lab.store.set({ backend: ${JSON.stringify(backend)} }), await lab.openScenario({ preset: null, document: ${JSON.stringify(finite)} }))`,
    );

  it('have the same counts on WebGPU, bit for bit', async () => {
    const page = await open('#preset=a1&backend=cpu');
    await page.ended();
    await open4(page, 'webgpu');
    await page.until('lab.run.shown.brief.seed === 5');
    await page.ended();
    const [shown, expected] = [await page.result(), await inNode(finite)];
    expect(shown.backend).toBe('webgpu');
    expect(shown.adapter).toMatch(/swiftshader/i);
    expect(shown.counts).toEqual(expected.counts);
  });

  it('keep their bits when the device is lost in mid-run', async () => {
    const page = await open('#preset=a1&backend=cpu');
    await page.ended();
    await page.get('lab.store.set({ speed: 30 })');
    await open4(page, 'webgpu');
    await page.until(`lab.run.shown.brief.seed === 5 && lab.run.shown.round > 5`);
    const device = page.page.workers().find((worker) => worker.url().includes('lab_worker'));
    const destroyed = await Promise.all(
      page.page
        .workers()
        .map((worker) =>
          worker.evaluate(
            `globalThis.backfire?.backend?.device?.handle.destroy() === undefined && Boolean(globalThis.backfire?.backend)`,
          ),
        ),
    );
    expect(device).toBeDefined();
    expect(destroyed).toContain(true);
    await page.get(`lab.store.set({ speed: 'max' })`);
    await page.get(`lab.run.setSpeed('max')`);
    await page.ended();
    const shown = await page.result();
    expect(shown.rounds).toBe(60);
    expect(shown.counts).toEqual((await inNode(finite)).counts);
  });
});

describe('a shared link', () => {
  it('repeats the run in a fresh profile', async () => {
    const page = await open('#preset=collapse&seed=11&rounds=30&replicates=4');
    await page.ended();
    const link = String(await page.get('await lab.store.link()'));
    const first = await page.result();
    const elsewhere = await browser.createBrowserContext();
    const again = await LabPage.open(elsewhere, server.origin, new URL(link).hash);
    await again.ended();
    const second = await again.result();
    expect(second.series).toEqual(first.series);
    expect(second.seed).toBe(11);
    expect(again.misdeeds).toEqual([]);
    await elsewhere.close();
  });

  it('that is bad says what is wrong and loads the rest', async () => {
    const page = await open('#preset=a4&speed=fast&seed=3&wibble=1');
    await page.ended();
    const notices = await page.texts('bf-app >>> .notice');
    expect(notices.join('\n')).toMatch(/speed.*fast/s);
    expect(notices.join('\n')).toMatch(/wibble/);
    expect((await page.result()).seed).toBe(3);
  });
});

describe('the transport', () => {
  it('plays, pauses, steps and resets by keys, to the same run', async () => {
    const page = await open('#preset=ferbach-loop&speed=10');
    await page.until(`lab.run.stage === 'playing' && lab.run.shown.round >= 2`);
    await page.page.keyboard.press('Space');
    await page.until(`lab.run.stage === 'paused'`);
    const before = Number(await page.get('lab.run.shown.round'));
    await page.page.keyboard.press('ArrowRight');
    await page.until(`lab.run.shown.round === ${before + 1}`);
    const reward = await page.get(`lab.run.shown.track.last('reward', 0)`);
    await page.page.keyboard.press('r');
    await page.until('lab.run.shown.round === 0');
    for (let round = 1; round <= before + 1; round++) {
      await page.page.keyboard.press('ArrowRight');
      await page.until(`lab.run.shown.round === ${round}`);
    }
    expect(await page.get(`lab.run.shown.track.last('reward', 0)`)).toBe(reward);
  });
});

describe('without WebGPU', () => {
  const document = findPreset('a4').document;

  async function runsOnTheCpu(page: LabPage, why: RegExp): Promise<void> {
    await page.ended();
    await page.until('lab.machine !== null');
    expect(await page.get('lab.machine.webgpu.available')).toBe(false);
    const [footer] = await page.texts('bf-app >>> footer');
    expect(footer).toMatch(why);
    expect(footer).toMatch(/Runs on CPU/);
    const difference = largestDifference(rewards(await page.result()), rewards(await inNode(document)));
    expect(difference).toBeLessThan(1e-9);
    expect(page.misdeeds).toEqual([]);
  }

  it('the page says why in words for the browser and runs on the CPU', async () => {
    // No switch takes navigator.gpu from a worker, so this worker takes it from itself.
    const folder = mkdtempSync(join(tmpdir(), 'backfire-lab-'));
    cpSync(LAB_FOLDER, folder, { recursive: true });
    for (const name of readdirSync(join(folder, 'assets')).filter((file) =>
      /^lab_worker.*\.js$/.test(file),
    )) {
      const file = join(folder, 'assets', name);
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, `Reflect.deleteProperty(WorkerNavigator.prototype, 'gpu');\n${text}`);
    }
    const without = await serve({ '/': folder });
    try {
      const page = await LabPage.open(browser, without.origin, '#preset=a4');
      await runsOnTheCpu(page, /WebGPU cannot be used: Chrome \d+ does not offer it here/);
      await page.close();
    } finally {
      await without.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('an adapter that is not there is no worse', async () => {
    const plain = await openBrowser({ webgpu: false });
    try {
      const page = await LabPage.open(plain, server.origin, '#preset=a4');
      await runsOnTheCpu(page, /WebGPU cannot be used: .*no adapter/);
    } finally {
      await plain.close();
    }
  });
});

it('answers what theory says, as the command line does', async () => {
  const page = await open('#preset=a4');
  const tables = { dataset: loadDataset, csv: () => Promise.reject(new Error('no CSV here')) };
  const solved = await solveScenario(await compileScenario(findPreset('a4').document, tables), {
    compensation: 'proportional',
  });
  await page.until('lab.theory.prediction !== null && !lab.theory.working');
  expect(await page.get('[...lab.theory.prediction.influence]')).toEqual([...solved.influence]);
  expect(await page.get('lab.theory.prediction.verdict')).toEqual(solved.verdict);
});
