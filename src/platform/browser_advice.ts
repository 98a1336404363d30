/** Why a browser offers no WebGPU, in words for that browser. */

interface Browser {
  readonly name: string;
  readonly pattern: RegExp;
  /** First version with WebGPU, and where that is, as their makers announced (Chrome 2023 and 2024, Firefox and Safari 2025). */
  readonly since: number;
  readonly where: string;
  /** What to do where the version would be new enough. */
  readonly otherwise: string;
}

const CHROMIUM = {
  since: 113,
  where: 'on Windows, macOS and ChromeOS (Android from version 121)',
  otherwise:
    'check that graphics acceleration is on (Settings, System) and that no policy blocks WebGPU; on Linux, open chrome://flags/#enable-unsafe-webgpu and turn it on',
};

/** The order matters: Edge calls itself Chrome, and Chrome calls itself Safari. */
const BROWSERS: readonly Browser[] = [
  { name: 'Edge', pattern: /Edg(?:A|iOS)?\/(\d+)/, ...CHROMIUM },
  {
    name: 'Firefox',
    pattern: /Firefox\/(\d+)/,
    since: 141,
    where: 'on Windows (macOS on Apple silicon from version 145)',
    otherwise: 'elsewhere, open about:config and set dom.webgpu.enabled to true',
  },
  { name: 'Chrome', pattern: /(?:Chrome|Chromium)\/(\d+)/, ...CHROMIUM },
  {
    name: 'Safari',
    pattern: /Version\/(\d+)[^ ]* (?:Mobile\/\S+ )?Safari\//,
    since: 26,
    where: 'on macOS, iOS, iPadOS and visionOS 26',
    otherwise: 'update the operating system as well',
  },
];

/** One or two sentences without a full stop at the end: what is the matter and what to do. */
export function webgpuAdvice(userAgent: string): string {
  for (const { name, pattern, since, where, otherwise } of BROWSERS) {
    const version = Number(pattern.exec(userAgent)?.[1] ?? NaN);
    if (Number.isNaN(version)) continue;
    if (version < since) {
      return `this is ${name} ${version}, and ${name} offers it from version ${since} ${where}: update it`;
    }
    return `${name} ${version} does not offer it here, though it can ${where}: ${otherwise}`;
  }
  return 'this browser does not offer it: use a current Chrome, Edge, Firefox or Safari';
}
