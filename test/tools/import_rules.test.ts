import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importViolations, importsOf } from '../../scripts/import_rules.ts';

const ROOT = resolve(import.meta.dirname, '../..');

function sourceFiles(): Map<string, string> {
  const paths = ['src', 'bench', 'web'].flatMap((top) =>
    readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' }).map((path) => `${top}/${path}`),
  );
  const sources = paths.map((path) => path.replaceAll('\\', '/')).filter((path) => path.endsWith('.ts'));
  return new Map(sources.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
}

function violationsIn(files: Record<string, string>): string[] {
  return importViolations(new Map(Object.entries(files)));
}

test('src, bench and web keep to the import rules', () => {
  const files = sourceFiles();
  const imports = [...files].flatMap(([path, text]) => importsOf(path, text));
  expect(imports.length).toBeGreaterThan(20);
  expect(importViolations(files)).toEqual([]);
});

describe('the rules catch', () => {
  const broken: [string, string, string][] = [
    [
      'a lower layer that imports a higher one',
      'src/gpu/buffers.ts',
      "import { mix } from '../kernels/mix.ts';",
    ],
    ['a layer skipped on the way down', 'src/cli/run.ts', "import { mix } from '../kernels/mix.ts';"],
    ['src that imports from web', 'src/engine/run.ts', "import { chart } from '../../web/chart.ts';"],
    [
      'an engine that measures',
      'src/engine/run.ts',
      "import { repeat } from '../../bench/measure/repeat.ts';",
    ],
    [
      'a measurement that knows the page',
      'bench/measure/a.ts',
      "import { chart } from '../../web/chart.ts';",
    ],
    ['a value where only types may be', 'src/report/table.ts', "import { run } from '../engine/run.ts';"],
    [
      'an inline value beside a type',
      'src/report/table.ts',
      "import { type Run, run } from '../engine/run.ts';",
    ],
    ['a module of Node in a pure folder', 'src/cpu/curate.ts', "import { cpus } from 'node:os';"],
    ['a module of Node without its prefix', 'src/theory/solve.ts', "import { readFileSync } from 'fs';"],
    ['a package that a layer may not use', 'src/random/philox.ts', "import { z } from 'zod';"],
    ['a dynamic import', 'src/gpu/device.ts', "const mix = await import('../kernels/mix.ts');"],
    ['a re-export', 'src/gpu/device.ts', "export * from '../kernels/mix.ts';"],
    ['an imported type in an annotation', 'src/gpu/device.ts', "let mix: import('../kernels/mix.ts').Mix;"],
    ['a shader outside the kernels', 'src/engine/run.ts', "import { shader } from '../../shaders/mix.wgsl';"],
    ['a folder that the table does not know', 'src/misc/all.ts', "import { run } from '../engine/run.ts';"],
  ];
  test.each(broken)('%s', (_what, path, text) => {
    expect(violationsIn({ [path]: `\n${text}` })).toEqual([expect.stringContaining(`${path}:2 imports `)]);
  });

  test('a cycle, of types too', () => {
    const files = {
      'src/cpu/a.ts': "import type { B } from './b.ts';",
      'src/cpu/b.ts': "import { c } from './c.ts';",
      'src/cpu/c.ts': "import { a } from './a.ts';",
    };
    expect(violationsIn(files)).toEqual([
      'import cycle: src/cpu/a.ts → src/cpu/b.ts → src/cpu/c.ts → src/cpu/a.ts',
    ]);
  });
});

test('the rules allow what the table allows', () => {
  const files = {
    'src/cpu/worker_entry.ts': "import { parentPort } from 'node:worker_threads';",
    'src/platform/node.ts': "import { cpus } from 'node:os';\nconst dawn = await import('webgpu');",
    'src/kernels/mix.ts':
      "import { shader } from '../../shaders/mix.wgsl';\nimport { BackfireError } from '../errors.ts';",
    'src/report/table.ts':
      "import type { Run } from '../engine/run.ts';\nimport { METRICS } from '../engine/results.ts';",
    'src/scenario/datasets/words.ts': "const text = await import('./words.txt?raw');",
  };
  expect(violationsIn(files)).toEqual([]);
});
