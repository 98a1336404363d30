import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backportsEntries } from './apt_sources.mjs';
import { ROOT, SetupError, run, say, seconds } from './shell.mjs';

/** Dawn refuses the lavapipe of older Mesa releases (22.3, for one). */
export const MESA_MAJOR = 25;

const SOURCES = '/etc/apt/sources.list.d';
const APT_ENV = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
const MESA = 'mesa-vulkan-drivers';
const HEARTBEAT_MS = 20_000;

/** Whether this machine's packages come from apt. */
export function hasApt() {
  return process.platform === 'linux' && existsSync('/usr/bin/apt-get');
}

/** Fetches the package lists. A single repository that does not answer is no reason to stop. */
export async function updateLists() {
  say('fetching package lists (apt-get update) …');
  const { code, stderr } = await apt(['update']);
  if (code !== 0) say(`  apt-get update ended with code ${code}: ${stderr.trim()}`);
}

/** Installs Mesa's software Vulkan driver and the Vulkan loader; from backports where the release's own is too old. */
export async function installVulkan() {
  if (majorOf(await candidate(MESA)) >= MESA_MAJOR) return install(['libvulkan1', MESA]);
  await install(['libvulkan1']);
  const codename = osRelease().VERSION_CODENAME ?? '';
  const suite = `${codename}-backports`;
  if (osRelease().ID === 'debian' && (await hasBackports(suite, codename)))
    return install([MESA], ['-t', suite]);
  await install([MESA]);
}

/** Installs Chromium, which carries the SwiftShader driver. */
export async function installBrowser() {
  const version = await candidate('chromium');
  if (version !== '' && !version.includes('snap')) return install(['chromium']);
  // Ubuntu has Chromium only as a snap, which needs a running snapd.
  await download('chrome', ['--install-deps']);
}

/** Installs Firefox, whose WebGPU is an implementation of its own. */
export async function installFirefox() {
  for (const name of ['firefox-esr', 'firefox']) {
    const version = await candidate(name);
    if (version !== '' && !version.includes('snap')) return install([name]);
  }
  await download('firefox', []);
}

/** Has puppeteer download a browser. */
async function download(
  /** @type {'chrome' | 'firefox'} */ browser,
  /** @type {readonly string[]} */ options,
) {
  say(`downloading ${browser} (puppeteer browsers install ${browser}) …`);
  const puppeteer = join(ROOT, 'node_modules/puppeteer/lib/esm/puppeteer/node/cli.js');
  const { code, stdout, stderr } = await run(
    process.execPath,
    [puppeteer, 'browsers', 'install', browser, ...options],
    { output: 'capture' },
  );
  if (code !== 0)
    throw new SetupError(
      `puppeteer browsers install ${browser} ended with code ${code}:\n${stdout}${stderr}`,
    );
}

/** @returns {Record<string, string | undefined>} the fields of /etc/os-release */
export function osRelease() {
  if (!existsSync('/etc/os-release')) return {};
  const lines = readFileSync('/etc/os-release', 'utf8').split('\n');
  return Object.fromEntries(lines.map((line) => line.replaceAll('"', '').split('=', 2)));
}

/** Makes the backports suite known to apt unless it is; false where the machine's mirrors have none. */
async function hasBackports(/** @type {string} */ suite, /** @type {string} */ codename) {
  if (await offers(suite)) return true;
  for (const { extension, text } of backportsEntries(readSources(), codename)) {
    const file = join(SOURCES, `backfire-backports.${extension}`);
    writeFileSync(
      file,
      `# ${suite}, for ${MESA} >= ${MESA_MAJOR}; written by Backfire's \`npm run setup\`\n${text}`,
    );
    say(`fetching the package list of ${suite} (${file}) …`);
    const only = ['-o', `Dir::Etc::sourcelist=${file}`, '-o', 'Dir::Etc::sourceparts=-'];
    await apt(['update', ...only, '-o', 'APT::Get::List-Cleanup=0']);
    if (await offers(suite)) return true;
    rmSync(file);
  }
  return false;
}

async function offers(/** @type {string} */ suite) {
  const { stdout } = await run('apt-cache', ['madison', MESA], { output: 'capture', env: APT_ENV });
  return stdout.split('\n').some((line) => {
    const [, version = '', source = ''] = line.split('|');
    return source.includes(` ${suite}/`) && majorOf(version) >= MESA_MAJOR;
  });
}

function readSources() {
  const parts = existsSync(SOURCES) ? readdirSync(SOURCES).map((name) => join(SOURCES, name)) : [];
  return ['/etc/apt/sources.list', ...parts]
    .filter((path) => /\.(list|sources)$/.test(path) && existsSync(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

/** The version that apt would install, or an empty string. */
async function candidate(/** @type {string} */ name) {
  const { stdout } = await run('apt-cache', ['policy', name], { output: 'capture', env: APT_ENV });
  const version = /Candidate: (\S+)/.exec(stdout)?.[1] ?? '(none)';
  return version === '(none)' ? '' : version;
}

/** Leading number of a Debian version such as `1:25.0.7-2~bpo12+1`, its epoch left out. */
function majorOf(/** @type {string} */ version) {
  return Number(/^(?:\d+:)?(\d+)/.exec(version.trim())?.[1] ?? 0);
}

/**
 * @param {readonly string[]} packages
 * @param {readonly string[]} [options]
 */
async function install(packages, options = []) {
  const start = performance.now();
  say(`installing ${packages.join(', ')} (apt-get ${['install', ...options].join(' ')}) …`);
  const { code, stdout, stderr } = await apt([
    'install',
    '-y',
    '--no-install-recommends',
    '--no-remove',
    ...options,
    ...packages,
  ]);
  if (code !== 0) {
    const tail = `${stdout}${stderr}`.trim().split('\n').slice(-12).join('\n');
    throw new SetupError(`apt-get install ${packages.join(' ')} ended with code ${code}:\n${tail}`);
  }
  say(`  installed in ${seconds(start)}`);
}

async function apt(/** @type {readonly string[]} */ args) {
  const start = performance.now();
  const heartbeat = setInterval(() => say(`  apt-get still at work after ${seconds(start)} …`), HEARTBEAT_MS);
  try {
    return await run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], {
      output: 'capture',
      env: APT_ENV,
    });
  } finally {
    clearInterval(heartbeat);
  }
}
