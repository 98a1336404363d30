/** The headless browser of the end-to-end tests, with WebGPU on SwiftShader. No browser is a failure here, never a skip. */
import type { Browser } from 'puppeteer';
import { launch } from 'puppeteer';

const WEBGPU_ON_SWIFTSHADER = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=swiftshader',
];
/** Tests may run where no network is; the browser's own errands would only stall it. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

/** Without `webgpu` there is the entry point still, but no adapter. */
export async function openBrowser({ webgpu = true } = {}): Promise<Browser> {
  // Chromium's sandbox refuses to run as root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  try {
    return await launch({
      headless: true,
      args: [...sandbox, ...(webgpu ? WEBGPU_ON_SWIFTSHADER : []), ...QUIET],
    });
  } catch (cause) {
    throw new Error(
      `no browser could be started — ${cause instanceof Error ? cause.message : String(cause)}. Run \`npm run setup\`, or install Chrome or Chromium`,
      { cause },
    );
  }
}
