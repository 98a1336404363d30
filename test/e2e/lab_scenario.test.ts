/** The scenario panel: presets, settings, the JSON editor and files, right ones and wrong ones. */
import type { Browser } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scenarioHash } from '../../src/scenario/hash.ts';
import { outcomesOf } from '../../src/scenario/any_ecosystem.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { loadDataset } from '../../src/scenario/datasets/datasets.ts';
import { findPreset } from '../../src/scenario/presets/presets.ts';
import { openBrowser } from '../support/browser.ts';
import { LabPage, serveLab } from '../support/lab_page.ts';
import type { Served } from '../support/static_server.ts';

const FUZZED = 500;
let server: Served;
let browser: Browser;
let lab: LabPage;

beforeAll(async () => {
  [server, browser] = await Promise.all([serveLab(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});
beforeEach(async () => {
  lab = await LabPage.open(browser, server.origin, '#preset=a4&backend=cpu');
  await lab.ended();
});
afterEach(async () => {
  expect(lab.misdeeds).toEqual([]);
  await lab.close();
});

const PANEL = `document.querySelector('bf-app').shadowRoot.querySelector('bf-lab-page').shadowRoot.querySelector('bf-scenario')`;
const problems = async (): Promise<string> =>
  (await lab.texts('bf-app >>> bf-scenario >>> .problem')).join('\n');

/** Opens files as if they had been chosen; contents are texts. */
async function openFiles(files: Readonly<Record<string, string>>): Promise<void> {
  const list = Object.entries(files).map(
    ([name, text]) => `new File([${JSON.stringify(text)}], ${JSON.stringify(name)})`,
  );
  await lab.page.evaluate(`${PANEL}.openFiles([${list.join(', ')}])`);
}

describe('the scenario panel', () => {
  it('opens a preset, and its settings change the run and the link', async () => {
    await lab.page.$eval('bf-app >>> bf-scenario >>> [data-preset="three-models"]', (button) => {
      (button as HTMLElement).click();
    });
    await lab.until(
      `lab.state.scenario.preset === 'three-models' && lab.run.shown.brief.models.length === 3`,
    );
    await lab.page.$eval('bf-app >>> bf-scenario >>> input[name="seed"]', (input) => {
      input.value = '77';
      input.dispatchEvent(new Event('input'));
    });
    await lab.until('lab.run.shown.brief.seed === 77');
    await lab.ended();
    expect(await lab.get('await lab.store.link()')).toMatch(/#v=1&preset=three-models&seed=77/);
  });

  it('says what is wrong in the words of the command line, and keeps the run', async () => {
    await lab.page.$eval('bf-app >>> bf-scenario >>> input[name="replicates"]', (input) => {
      input.value = '-3';
      input.dispatchEvent(new Event('input'));
    });
    await lab.until('lab.problems.length > 0');
    expect(await problems()).toMatch(/replicates: .*whole number from 1 to/);
    expect(await lab.get('lab.run.stage')).toBe('stopped');
    expect(await lab.get('lab.state.scenario.preset')).toBe('a4');
  });

  it('opens what it saved: the same scenario by its hash', async () => {
    const saved = String(await lab.get('JSON.stringify(lab.draft.document, null, 2)'));
    await openFiles({ 'mine.json': saved.replace('"version": 1', '"version": 1, "seed": 9') });
    await lab.until('lab.state.scenario.preset === null && lab.run.shown.brief.seed === 9');
    const tables = { dataset: loadDataset, csv: () => Promise.reject(new Error('no CSV here')) };
    const document = { ...findPreset('a4').document, seed: 9 };
    const ecosystem = outcomesOf(await compileScenario(document, tables));
    expect(await lab.get('lab.run.shown.brief.scenarioHash')).toBe(scenarioHash(ecosystem));
  });

  it('opens a scenario with the CSV file that it names', async () => {
    const scenario = {
      version: 1,
      name: 'From a file',
      family: 'categorical',
      outcomes: { csv: 'words.csv' },
      curators: { good: { reward: { column: 'liked' }, candidates: 4 } },
      models: {
        one: { real: { column: 'count' }, curator: 'good', mix: { real: 0.5, curated: { one: 0.5 } } },
      },
    };
    await openFiles({ 'scenario.json': JSON.stringify(scenario) });
    await lab.until('lab.problems.length > 0');
    expect(await problems()).toMatch(/words\.csv.*open that file too/);
    await openFiles({ 'words.csv': 'word,count,liked\na,3,1\nb,5,0\n' });
    await lab.until(`lab.run.shown.brief.name === 'From a file'`);
    await lab.ended();
    expect(await lab.get('lab.problems')).toEqual([]);
  });

  it(`survives ${FUZZED} bad files and ${FUZZED} bad links`, async () => {
    const good = JSON.stringify(findPreset('a4').document);
    let state = 12345;
    // Numerical Recipes' generator: the same files every time.
    const random = (below: number): number => {
      state = (1664525 * state + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const bad = Array.from({ length: FUZZED }, () => {
      const at = random(good.length);
      const piece = ['', '"', '{', 'null', '-1e999', '\u0000', '[[[', '"__proto__":', 'é', '0.3'][random(10)];
      return good.slice(0, at) + piece + good.slice(at + random(9));
    });
    for (let from = 0; from < FUZZED; from += 50) {
      const files = bad.slice(from, from + 50);
      await lab.page.evaluate(
        `(async () => { for (const text of ${JSON.stringify(files)}) await ${PANEL}.openFiles([new File([text], 'bad.json')]); })()`,
      );
      const fragments = files.map((_, k) => {
        const link = '#v=1&preset=a4&seed=3&speed=max&patch=(%27rounds%27:5)';
        const at = random(link.length);
        return `${link.slice(0, at)}${['%', '&&', '=', '%FF', 'v=2', '('][random(6)]}${link.slice(at + (k % 5))}`;
      });
      await lab.page.evaluate(
        `(async () => { for (const fragment of ${JSON.stringify(fragments)}) { location.hash = fragment; await new Promise((next) => setTimeout(next, 2)); } })()`,
      );
    }
    await lab.page.evaluate(`location.hash = '#preset=a1&backend=cpu'`);
    await lab.until(`lab.state.scenario.preset === 'a1'`);
    await lab.until(
      `lab.run.shown.brief.name === ${JSON.stringify(findPreset('a1').title)} && lab.run.stage === 'stopped'`,
    );
  });
});

it('takes a round apart into what it is made of', async () => {
  await lab.get('(await lab.run.reset(), 1)');
  for (let k = 0; k < 4; k++) await lab.get('(await lab.run.nextPhase(0), 1)');
  expect(await lab.get('lab.run.phase')).toBe('refit');
  // A4: half real (0.2, 0.6, 0.2); of the curated half theta's readers choose 0.3 from theta, phi's 0.7 from phi; K = 4, reward 1 for one outcome, temperature a third.
  const expected = [0, 1, 2].map((v) => 0.5 * REAL[v] + 0.15 * chosen(0)[v] + 0.35 * chosen(2)[v]);
  const mixed = await lab.get('[...lab.run.phases.mixed]');
  const refitted = await lab.get('[...lab.run.refitted.shares]');
  expected.forEach((share, v) => {
    expect(Number(Array.isArray(mixed) ? mixed[v] : NaN)).toBeCloseTo(share, 12);
    expect(Number(Array.isArray(refitted) ? refitted[v] : NaN)).toBeCloseTo(share, 6);
  });
  expect(await lab.texts('bf-app >>> bf-phases >>> h3')).toEqual([
    '1. Generate',
    '2. Curate',
    '3. Mix',
    '4. Refit',
  ]);
});

const REAL = [0.2, 0.6, 0.2];

/** What is chosen of four outputs of REAL by Plackett–Luce with weight exp(reward) for outcome `liked`: all 81 quadruples. */
function chosen(liked: number): number[] {
  const reward = 3; // 1, over a temperature of a third
  const weight = [0, 1, 2].map((v) => (v === liked ? Math.exp(reward) : 1));
  const law = [0, 0, 0];
  for (let code = 0; code < 81; code++) {
    const drawn = [0, 1, 2, 3].map((k) => Math.floor(code / 3 ** k) % 3);
    const probability = drawn.reduce((product, v) => product * REAL[v], 1);
    const total = drawn.reduce((sum, v) => sum + weight[v], 0);
    for (const v of drawn) law[v] += (probability * weight[v]) / total;
  }
  return law;
}
