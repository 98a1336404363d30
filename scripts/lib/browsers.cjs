/**
 * Where a machine keeps its browser, and the SwiftShader driver that comes with it.
 * CommonJS, because puppeteer reads its configuration (.puppeteerrc.cjs) that way.
 */
const { existsSync, readFileSync, readdirSync, realpathSync } = require('node:fs');
const { homedir } = require('node:os');
const { dirname, join } = require('node:path');

/** @type {Partial<Record<NodeJS.Platform, string[]>>} */
const SYSTEM_BROWSERS = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/usr/bin/chromium-browser',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .flatMap((folder) => folder ?? [])
    .map((folder) => join(folder, 'Google/Chrome/Application/chrome.exe')),
};

const SWIFTSHADER_ICD = 'vk_swiftshader_icd.json';

/** Ubuntu installs a script in the place of Chromium that only says which snap to install. */
function isPlaceholder(/** @type {string} */ path) {
  const text = readFileSync(path).subarray(0, 4096).toString('latin1');
  return text.startsWith('#!') && text.includes('snap install') && !existsSync('/snap/bin/chromium');
}

/** Path of an installed Chrome or Chromium, or null. */
function systemBrowser() {
  const paths = SYSTEM_BROWSERS[process.platform] ?? [];
  return paths.find((path) => existsSync(path) && !isPlaceholder(path)) ?? null;
}

/** Folders of the browsers that puppeteer has downloaded for this user, newest first. */
function downloadedBrowserFolders() {
  const root = join(process.env.PUPPETEER_CACHE_DIR ?? join(homedir(), '.cache/puppeteer'), 'chrome');
  if (!existsSync(root)) return [];
  const numeric = new Intl.Collator('en', { numeric: true });
  return readdirSync(root)
    .sort((a, b) => numeric.compare(b, a))
    .flatMap((version) => readdirSync(join(root, version)).map((folder) => join(root, version, folder)));
}

/** Path of the Vulkan driver manifest of SwiftShader that Chrome and Chromium carry, or null. */
function swiftshaderIcd() {
  const executables = [process.env.PUPPETEER_EXECUTABLE_PATH, systemBrowser()].flatMap((path) => path ?? []);
  const folders = [
    ...executables.filter((path) => existsSync(path)).map((path) => dirname(realpathSync(path))),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/usr/lib64/chromium',
    '/usr/lib64/chromium-browser',
    '/opt/google/chrome',
    '/snap/chromium/current/usr/lib/chromium-browser',
    ...downloadedBrowserFolders(),
  ];
  return folders.map((folder) => join(folder, SWIFTSHADER_ICD)).find((path) => existsSync(path)) ?? null;
}

module.exports = { systemBrowser, swiftshaderIcd };
