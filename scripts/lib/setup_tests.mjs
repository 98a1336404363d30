import {
  MESA_MAJOR,
  hasApt,
  installBrowser,
  installFirefox,
  installVulkan,
  osRelease,
  updateLists,
} from './apt.mjs';
import { inspectMachine, missingParts } from './machine.mjs';
import { SetupError, say, seconds } from './shell.mjs';

/**
 * Gives the machine what the tests need beyond npm: a WebGPU adapter, the SwiftShader driver, Chromium and Firefox.
 * Installs through apt where it is root on Debian or Ubuntu.
 * @throws {SetupError} that says what to install where it cannot
 */
export async function ensureTestMachine() {
  const start = performance.now();
  const before = await inspectMachine();
  if (missingParts(before).length === 0) return describe(before);
  if (!hasApt() || process.getuid?.() !== 0) throw new SetupError(instructions(before));

  say(`this machine lacks ${missingParts(before).join(' and ')}`);
  await updateLists();
  if (before.browser === null || before.swiftshader === null) await installBrowser();
  if (before.firefox === null) await installFirefox();
  if (before.adapter === null) await installVulkan();
  const after = await inspectMachine();
  if (missingParts(after).length > 0) throw new SetupError(instructions(after));
  say(`  set up in ${seconds(start)}`);
  describe(after);
}

function describe(/** @type {import('./machine.mjs').Machine} */ { adapter, swiftshader, browser, firefox }) {
  say(`WebGPU adapter ${adapter}`);
  if (swiftshader !== null) say(`second adapter ${swiftshader}`);
  say(`browsers ${browser}, ${firefox}`);
}

function instructions(/** @type {import('./machine.mjs').Machine} */ machine) {
  return [
    `the tests need ${missingParts(machine).join(' and ')}, and this machine has none that works.`,
    ...machine.reasons.map((reason) => `  ${reason}`),
    `What to do: ${remedy()}`,
  ].join('\n');
}

function remedy() {
  const { ID = '', ID_LIKE = '' } = osRelease();
  const family = `${ID} ${ID_LIKE}`;
  if (process.platform === 'darwin')
    return 'install Google Chrome and Firefox; macOS itself brings the WebGPU driver (Metal).';
  if (process.platform === 'win32')
    return 'install Google Chrome, Firefox and a graphics driver with DirectX 12.';
  if (hasApt()) {
    return (
      'run `npm run setup` as root, or install the packages chromium, firefox-esr, libvulkan1 and mesa-vulkan-drivers ' +
      `>= ${MESA_MAJOR} (where the release has an older one: from its backports suite). Where browsers are only snaps: ` +
      '`npx puppeteer browsers install chrome`, and the same with `firefox`.'
    );
  }
  if (/fedora|rhel/.test(family)) return '`dnf install chromium firefox vulkan-loader mesa-vulkan-drivers`';
  if (/arch/.test(family)) return '`pacman -S chromium firefox vulkan-icd-loader vulkan-swrast`';
  if (/suse/.test(family)) return '`zypper install chromium MozillaFirefox libvulkan1 libvulkan_lvp`';
  return `install Chromium, Firefox, the Vulkan loader and Mesa's lavapipe driver >= ${MESA_MAJOR} with your package manager.`;
}
