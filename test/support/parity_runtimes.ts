/** Starts each runtime that has WebGPU and brings back its parity report. What is missing is an error, never a skip. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { swiftshaderIcd } from '../../scripts/lib/browsers.cjs';
import { linkShader } from '../../scripts/vite_plugin_wgsl.ts';
import { openBrowser } from './browser.ts';
import { KNOWN_ANSWERS, PARITY_SCENARIOS } from './parity_scenarios.ts';
import { serve } from './static_server.ts';

export interface Outcome {
  /** [replicate][model][outcome]; null where all models are in the population limit. */
  readonly counts: readonly number[] | null;
  readonly distributions: readonly number[];
  /** [round][replicate][model][measure] */
  readonly measures: readonly number[];
  readonly timeMs: number;
}

export interface ParityReport {
  readonly runtime: string;
  readonly adapter: string;
  /** Philox words that the GPU gave for KNOWN_ANSWERS. */
  readonly words: readonly number[];
  readonly results: readonly { readonly name: string; readonly cpu: Outcome; readonly webgpu: Outcome }[];
  /** The first scenario through runScenario. */
  readonly run: {
    readonly backend: { readonly kind: string; readonly description: string };
    readonly counts: readonly number[] | null;
    readonly reward: readonly number[];
  };
  readonly timeMs: number;
}

const ROOT = resolve(import.meta.dirname, '../..');
const SUPPORT = join(ROOT, 'test/support');
const ENGINE = join(ROOT, 'dist/engine.js');
/** Below the timeout of the end-to-end tests, so that what is said here reaches the reader. */
const TIMEOUT_MS = 110_000;

/** Deno's launcher, for node. */
export const DENO = [join(ROOT, 'node_modules/deno/bin.cjs')];
export const DENO_REMEDY =
  'Run `npm ci` for the package deno; its WebGPU needs a Vulkan, Metal or Direct3D 12 driver, such as Mesa lavapipe.';

/** What parity_report.mjs works on. */
async function parityInput(): Promise<string> {
  const shader = readFileSync(join(SUPPORT, 'parity_known_answers.wgsl'), 'utf8');
  const { code } = await linkShader(join(ROOT, 'shaders/parity_known_answers.wgsl'), shader);
  const inputs = KNOWN_ANSWERS.flatMap(({ counter, key }) => [...counter, ...key, 0, 0]);
  return JSON.stringify({ scenarios: PARITY_SCENARIOS, knownAnswers: { code, inputs } });
}

/** Runs a script of test/support with these node arguments; `remedy` says what to install where it fails. */
export async function runScript(
  args: readonly string[],
  remedy: string,
  env: Record<string, string> = {},
): Promise<string> {
  const options = { cwd: ROOT, env: { ...process.env, ...env }, timeout: TIMEOUT_MS, maxBuffer: 2 ** 28 };
  try {
    return (await promisify(execFile)(process.execPath, args, options)).stdout;
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : String(cause)}\n${remedy}`, { cause });
  }
}

async function reportOf(
  command: readonly string[],
  remedy: string,
  env: Record<string, string> = {},
): Promise<ParityReport> {
  const folder = mkdtempSync(join(tmpdir(), 'backfire-parity-'));
  try {
    const input = join(folder, 'input.json');
    writeFileSync(input, await parityInput());
    const program = [join(SUPPORT, 'parity_program.mjs'), pathToFileURL(ENGINE).href, input];
    return JSON.parse(await runScript([...command, ...program], remedy, env)) as ParityReport;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const RUNTIMES = {
  'Node on Dawn': () =>
    reportOf([], 'Run `npm run setup`, or install a GPU driver (or Mesa lavapipe 25 or later).'),

  'Node on Dawn and SwiftShader': () => {
    const driver = swiftshaderIcd();
    if (driver === null) {
      throw new Error(
        'the SwiftShader driver was not found — it comes with Chromium and Chrome: run `npm run setup`, or install one',
      );
    }
    return reportOf([], `The driver was ${driver}: is Chromium whole?`, { VK_DRIVER_FILES: driver });
  },

  'Deno on Naga': () => reportOf([...DENO, 'run', '--allow-all', '--no-config'], DENO_REMEDY),

  Chromium: async () => {
    const [server, browser] = await Promise.all([
      serve({ '/dist/': join(ROOT, 'dist'), '/support/': SUPPORT }),
      openBrowser(),
    ]);
    try {
      const page = await browser.newPage();
      await page.goto(`${server.origin}/support/parity_page.html`);
      const text = await page.evaluate(`(async () => {
        const [engine, { parityReport }] = await Promise.all([import('/dist/engine.js'), import('/support/parity_report.mjs')]);
        return JSON.stringify(await parityReport(engine, ${await parityInput()}));
      })()`);
      return JSON.parse(String(text)) as ParityReport;
    } finally {
      await browser.close();
      await server.close();
    }
  },
} satisfies Record<string, () => Promise<ParityReport>>;
