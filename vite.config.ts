import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { offline, SERVICE_WORKER } from './scripts/vite_plugin_offline.ts';
import { installablePage } from './scripts/vite_plugin_page.ts';
import { wgslKernels } from './scripts/vite_plugin_wgsl.ts';

const ROOT = import.meta.dirname;

/** Makes a program of the command line's entry. */
function shebang(): Plugin {
  return {
    name: 'backfire:shebang',
    generateBundle(_options, bundle) {
      const cli = bundle['backfire.js'];
      if (cli?.type === 'chunk' && !cli.code.startsWith('#!')) cli.code = `#!/usr/bin/env node\n${cli.code}`;
    },
  };
}

/** Fails the build where code meant for every JavaScript runtime imports something that only Node has. */
function portable(): Plugin {
  const onlyInNode = new Set([...builtinModules, 'webgpu']);
  return {
    name: 'backfire:portable',
    enforce: 'pre',
    resolveId(id, importer) {
      if (!id.startsWith('node:') && !onlyInNode.has(id)) return;
      this.error(
        `${importer ?? 'the entry'} imports ${id}, which only Node has, but this bundle must run in browsers and ` +
          'Deno too: move the import to a *_node.ts file that only src/cli reaches.',
      );
    },
  };
}

/** What `vite build --mode NAME` makes; `npm run build` makes all of it. */
const BUILDS: Readonly<Record<string, UserConfig>> = {
  /** dist/backfire.js, the command line, and dist/worker.js, its CPU worker: for Node, dependencies external. */
  node: {
    plugins: [shebang()],
    build: {
      ssr: true,
      target: 'node20',
      rolldownOptions: {
        input: {
          backfire: resolve(ROOT, 'src/cli/main.ts'),
          worker: resolve(ROOT, 'src/cpu/worker_entry.ts'),
        },
        // Flat, so that `new URL('./worker.js', import.meta.url)` means the same file from every chunk.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  /** dist/engine.js: the library, everything bundled, for browsers, Deno and Node. */
  engine: {
    plugins: [portable()],
    build: {
      target: 'es2022',
      minify: false,
      lib: { entry: resolve(ROOT, 'src/index.ts'), formats: ['es'], fileName: () => 'engine.js' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  },
  /** dist/web: the lab. Also what the dev server serves. */
  web: {
    root: resolve(ROOT, 'web'),
    base: './',
    plugins: [portable(), installablePage(), offline()],
    worker: { format: 'es', plugins: () => [wgslKernels(), portable()] },
    build: {
      target: 'es2022',
      // dist/web/.vite/manifest.json: what the entry loads, for the test of its size.
      manifest: true,
      rolldownOptions: {
        input: {
          index: resolve(ROOT, 'web/index.html'),
          service_worker: resolve(ROOT, 'web/service_worker.ts'),
        },
        output: {
          entryFileNames: ({ name }) =>
            name === 'service_worker' ? SERVICE_WORKER : 'assets/[name]-[hash].js',
        },
      },
    },
  },
};

export default defineConfig(({ mode, command }) => {
  const build = BUILDS[command === 'serve' ? 'web' : mode];
  if (!build) throw new Error(`there is no build "${mode}": choose one of ${Object.keys(BUILDS).join(', ')}`);
  return {
    ...build,
    publicDir: false,
    plugins: [wgslKernels(), build.plugins],
    build: {
      outDir: resolve(ROOT, mode === 'web' ? 'dist/web' : 'dist'),
      emptyOutDir: false,
      ...build.build,
    },
  };
});
