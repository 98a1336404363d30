/** The lab as people get it, in a headless browser: opened, watched for misdeeds, and asked for its numbers. */
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'puppeteer';
import { serve } from './static_server.ts';
import type { Served } from './static_server.ts';

const WAIT_MS = 90_000;
const POLL_MS = 60;

/** The built page. */
export const LAB_FOLDER = resolve(import.meta.dirname, '../../dist/web');

export function serveLab(): Promise<Served> {
  return serve({ '/': LAB_FOLDER });
}

/** A series per model, as `backfire run --json` prints them. */
export interface RunJson {
  readonly rounds: number;
  readonly stopped: string;
  readonly backend: string;
  readonly adapter: string;
  readonly seed: number;
  readonly models: readonly string[];
  readonly series: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>;
  readonly counts?: unknown;
}

export class LabPage {
  /** What the page did that it must not do: errors, violations of its policy, requests to other origins. */
  readonly misdeeds: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly origin: string,
  ) {}

  /** A page in a profile of its own. `fragment` such as "#preset=a4". */
  static async open(
    browser: Browser | BrowserContext,
    origin: string,
    fragment = '',
    prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<LabPage> {
    const page = await browser.newPage();
    page.setDefaultTimeout(WAIT_MS);
    const lab = new LabPage(page, origin);
    lab.watch();
    await prepare(page);
    await page.goto(`${origin}/${fragment}`);
    return lab;
  }

  private watch(): void {
    const { page, misdeeds } = this;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn')
        misdeeds.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => misdeeds.push(`uncaught: ${String(error)}`));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== this.origin)
        misdeeds.push(`request to ${url.href}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) misdeeds.push(`${response.status()} for ${response.url()}`);
    });
  }

  /** The value of an expression in the page, in which `lab` is the lab behind it. */
  async get(expression: string): Promise<unknown> {
    return this.page.evaluate(
      `(async () => { const { lab } = document.querySelector('bf-app'); return ${expression}; })()`,
    );
  }

  /** Waits until the expression is true; frames are not waited for, which headless browsers stop drawing under load. */
  async until(expression: string, what = expression): Promise<void> {
    for (const end = performance.now() + WAIT_MS; ;) {
      if ((await this.get(expression)) === true) return;
      if (performance.now() > end) {
        const state = JSON.stringify(
          await this.get('[lab.run.stage, lab.run.failure, lab.notices, lab.problems]'),
        );
        throw new Error(`waited ${WAIT_MS / 1000} s for: ${what} — now ${state}`);
      }
      await new Promise((wait) => setTimeout(wait, POLL_MS));
    }
  }

  /** Waits until the run has come to its end, or cannot go on. */
  async ended(): Promise<void> {
    await this.until(`['stopped', 'failed'].includes(lab.run.stage)`, 'the end of the run');
  }

  /** The document of `backfire run --json` for the run on the page. */
  async result(): Promise<RunJson> {
    const text = await this.get(
      `(await new Blob((await lab.run.exportFile('result.json', '', null)).parts).text())`,
    );
    return runJson(JSON.parse(String(text)));
  }

  /** Texts of the elements that a deep selector finds, such as "bf-app >>> bf-verdict >>> p". */
  async texts(selector: string): Promise<string[]> {
    const found = await this.page.$$eval(selector, (all) => all.map((one) => one.textContent ?? ''));
    return found.map((text) => text.replaceAll(/\s+/g, ' ').trim());
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

/** Throws where the value is no document of `backfire run --json`. */
export function runJson(value: unknown): RunJson {
  if (!isRunJson(value)) throw new Error('this is no document of `backfire run --json`');
  return value;
}

function isRunJson(value: unknown): value is RunJson {
  return typeof value === 'object' && value !== null && 'series' in value && 'models' in value;
}
