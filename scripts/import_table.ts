/**
 * Who may import whom: the dependency rules of src/, bench/ and web/. A layer is a folder of src/, a file directly in it,
 * bench/ or web/. Within its layer a file imports what it likes; `errors` is for everybody; what is not listed is forbidden.
 */
export interface Layer {
  /** Layers, or single files of layers (`engine/results`), of which anything may be imported. */
  readonly imports?: readonly string[];
  /** Layers of which only types may be imported. */
  readonly types?: readonly string[];
  /** npm packages. */
  readonly packages?: readonly string[];
  /** Whether every file may import Node's own modules; otherwise only those that MAY_USE_NODE names. */
  readonly node?: boolean;
}

export const LAYERS: Readonly<Record<string, Layer>> = {
  // Pure: no page, no process, the same in a worker, a test and a browser.
  random: { types: ['scenario'] },
  scenario: { imports: ['random'], packages: ['zod', 'd3-dsv'] },
  theory: { imports: ['scenario', 'random'], packages: ['ml-matrix'] },
  plan: { imports: ['theory', 'scenario', 'random'] },
  cpu: { imports: ['plan', 'theory', 'scenario', 'random'] },
  // The GPU, from what knows only WebGPU up to what knows models.
  gpu: { imports: ['random', 'shaders/self_test.wgsl'], types: ['scripts/vite_plugin_wgsl'] },
  kernels: { imports: ['gpu', 'shaders'], types: ['plan', 'scenario'] },
  engine: { imports: ['kernels', 'gpu', 'cpu', 'plan', 'theory', 'scenario', 'random'] },
  // What each JavaScript runtime brings: WebGPU, worker threads, clocks.
  platform: { imports: ['engine', 'cpu'], packages: ['webgpu'] },
  // Papers, regenerated.
  reproduce: {
    imports: ['engine', 'report', 'theory', 'scenario', 'random', 'cpu', 'plan'],
    packages: ['@observablehq/plot', 'd3-dsv'],
  },
  // What people see.
  report: {
    imports: ['engine/results', 'theory/results', 'scenario'],
    types: ['engine', 'theory'],
    packages: ['d3-dsv', 'hyparquet-writer', '@observablehq/plot', 'linkedom', '@resvg/resvg-js'],
  },
  cli: {
    imports: [
      'engine',
      'report',
      'reproduce',
      'scenario',
      'theory',
      'cpu',
      'gpu',
      'platform',
      'package.json',
    ],
    packages: ['commander', 'sirv'],
    node: true,
  },
  /** The library's entry, src/index.ts. */
  index: { imports: ['engine', 'report', 'scenario', 'theory', 'random', 'platform'] },
  /** Measuring a machine, in a page's worker and in Node alike. */
  bench: {
    imports: ['engine', 'kernels', 'gpu', 'cpu', 'plan', 'scenario', 'random', 'shaders', 'platform'],
    packages: ['zod'],
  },
  web: {
    imports: ['bench', 'engine', 'report', 'scenario', 'theory', 'platform', 'index', 'package.json'],
    packages: ['lit', 'uplot', 'comlink', 'lucide', 'd3-force', 'd3-dsv', 'zod'],
  },
};

/** Files outside the command line that are only for Node. */
export const MAY_USE_NODE = [/_node\.ts$/, /^src\/platform\/node\.ts$/, /^src\/cpu\/worker_entry\.ts$/];
