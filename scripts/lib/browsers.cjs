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
  win32: windowsPrograms('Google/Chrome/Application/chrome.exe'),
};

/** @type {Partial<Record<NodeJS.Platform, string[]>>} */
const SYSTEM_FIREFOXES = {
  linux: [
    '/usr/bin/firefox-esr',
    '/usr/bin/firefox',
    '/usr/lib64/firefox/firefox',
    '/snap/firefox/current/usr/lib/firefox/firefox',
  ],
  darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
  win32: windowsPrograms('Mozilla Firefox/firefox.exe'),
};
/** Where a downloaded Firefox has its executable, seen from the folder of its version. */
const IN_DOWNLOADED_FIREFOX = {
  linux: 'firefox/firefox',
  darwin: 'Firefox.app/Contents/MacOS/firefox',
  win32: 'core/firefox.exe',
};

const SWIFTSHADER_ICD = 'vk_swiftshader_icd.json';

function windowsPrograms(/** @type {string} */ path) {
  return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .flatMap((folder) => folder ?? [])
    .map((folder) => join(folder, path));
}

/** Ubuntu installs scripts in the place of browsers that only say which snap to install. */
function isPlaceholder(/** @type {string} */ path, /** @type {string} */ snap) {
  const text = readFileSync(path).subarray(0, 4096).toString('latin1');
  return text.startsWith('#!') && text.includes('snap install') && !existsSync(snap);
}

/** Path of an installed Chrome or Chromium, or null. */
function systemBrowser() {
  const paths = SYSTEM_BROWSERS[process.platform] ?? [];
  return paths.find((path) => existsSync(path) && !isPlaceholder(path, '/snap/bin/chromium')) ?? null;
}

/** Path of an installed Firefox, the system's before one that puppeteer has downloaded, or null. */
function firefoxPath() {
  const { platform } = process;
  const system = (SYSTEM_FIREFOXES[platform] ?? []).filter(
    (path) => existsSync(path) && !isPlaceholder(path, '/snap/bin/firefox'),
  );
  const inside = platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  const downloaded = downloadedVersions('firefox').map((folder) =>
    join(folder, IN_DOWNLOADED_FIREFOX[inside]),
  );
  return [...system, ...downloaded].find((path) => existsSync(path)) ?? null;
}

/** Folders of the versions of a browser that puppeteer has downloaded for this user, newest first. */
function downloadedVersions(/** @type {'chrome' | 'firefox'} */ browser) {
  const root = join(process.env.PUPPETEER_CACHE_DIR ?? join(homedir(), '.cache/puppeteer'), browser);
  if (!existsSync(root)) return [];
  const numeric = new Intl.Collator('en', { numeric: true });
  return readdirSync(root)
    .sort((a, b) => numeric.compare(b, a))
    .map((version) => join(root, version));
}

/** Folders of the programs of Chrome that puppeteer has downloaded for this user, newest first. */
function downloadedBrowserFolders() {
  return downloadedVersions('chrome').flatMap((version) =>
    readdirSync(version).map((folder) => join(version, folder)),
  );
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

module.exports = { systemBrowser, firefoxPath, swiftshaderIcd };
