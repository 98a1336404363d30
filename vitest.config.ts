import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { swiftshaderIcd } from './scripts/lib/browsers.cjs';
import { wgslKernels } from './scripts/vite_plugin_wgsl.ts';

const SECOND_MS = 1_000;
const OWN_FOLDERS = ['gpu', 'stat', 'fault', 'fuzz', 'repro', 'e2e'];
/** For tests that start what lies in dist/: the command line, or worker threads. */
const BUILD = './scripts/lib/vitest_build.mjs';
const testsIn = (folder: string): string[] => [`test/${folder}/**/*.test.{ts,mjs}`];
const GPU_TESTS = [...testsIn('gpu'), ...testsIn('tools/adapter')];

interface Project {
  readonly name: string;
  readonly include: string[];
  readonly exclude?: string[];
  readonly timeoutS: number;
  readonly env?: Record<string, string>;
  readonly globalSetup?: string;
}

const PROJECTS: readonly Project[] = [
  {
    // Whatever has no project of its own is a unit test, so that no file is ever left out.
    name: 'unit',
    include: ['test/**/*.test.{ts,mjs}'],
    exclude: [...OWN_FOLDERS.map((folder) => `test/${folder}/**`), 'test/tools/adapter/**'],
    timeoutS: 20,
  },
  { name: 'gpu', include: GPU_TESTS, timeoutS: 60, env: { BACKFIRE_EXPECT_ADAPTER: 'default' } },
  // Dawn runs on Linux's Vulkan drivers: only there can the same tests run on SwiftShader as well.
  ...(process.platform === 'linux'
    ? [
        {
          name: 'gpu-swiftshader',
          include: GPU_TESTS,
          timeoutS: 300, // SwiftShader takes 5 to 7 times as long as lavapipe
          env: {
            BACKFIRE_EXPECT_ADAPTER: 'swiftshader',
            VK_DRIVER_FILES: swiftshaderIcd() ?? '/no-swiftshader-found/vk_swiftshader_icd.json',
          },
        },
      ]
    : []),
  { name: 'stat', include: testsIn('stat'), timeoutS: 120 },
  { name: 'fault', include: testsIn('fault'), timeoutS: 120, globalSetup: BUILD },
  { name: 'repro', include: testsIn('repro'), timeoutS: 180 },
  { name: 'fuzz', include: testsIn('fuzz'), timeoutS: 120 },
  {
    name: 'e2e',
    include: testsIn('e2e'),
    timeoutS: 120,
    globalSetup: BUILD,
  },
];

function configuration({ timeoutS, ...test }: Project): TestProjectConfiguration {
  return {
    plugins: [wgslKernels()],
    test: { ...test, testTimeout: timeoutS * SECOND_MS, hookTimeout: timeoutS * SECOND_MS },
  };
}

export default defineConfig({
  test: {
    // Dawn is a native addon that does not outlive a worker thread, and drivers read their settings once a process.
    pool: 'forks',
    maxWorkers: 2,
    passWithNoTests: true,
    projects: PROJECTS.map(configuration),
  },
});
