/** Every shader on Naga, the WGSL compiler of Firefox, Deno and wgpu: a second opinion beside Dawn's Tint. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { linkShader } from '../../scripts/vite_plugin_wgsl.ts';
import { DENO, DENO_REMEDY, runScript } from '../support/parity_runtimes.ts';

interface NagaReport {
  readonly adapter: string;
  readonly shaders: readonly { readonly name: string; readonly complaints: readonly string[] }[];
}

const SHADERS = resolve(import.meta.dirname, '../../shaders');
const CHECK = resolve(import.meta.dirname, '../support/naga_check.mjs');
const names = readdirSync(SHADERS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.wgsl') && !file.startsWith('shared'))
  .map((file) => file.replace(/\.wgsl$/, ''));
/** Faults that Naga must find, or this test proves nothing. */
const BROKEN = {
  grammar: '@compute @workgroup_size(1) fn main( {}',
  types: '@compute @workgroup_size(1) fn main() { let x: u32 = 1.5f; }',
  name: '@compute @workgroup_size(1) fn main() { let x = no_such_function(); }',
};

describe('Naga', () => {
  let report: NagaReport;
  beforeAll(async () => {
    const linked = await Promise.all(names.map((name) => linkShader(join(SHADERS, `${name}.wgsl`))));
    const sources = [
      ...linked.map(({ code }, k) => ({ name: names[k], code })),
      ...Object.entries(BROKEN).map(([name, code]) => ({ name: `broken ${name}`, code })),
    ];
    const folder = mkdtempSync(join(tmpdir(), 'backfire-naga-'));
    try {
      const file = join(folder, 'shaders.json');
      writeFileSync(file, JSON.stringify(sources));
      const args = [...DENO, 'run', '--allow-all', '--no-config', CHECK, file];
      report = JSON.parse(await runScript(args, DENO_REMEDY)) as NagaReport;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  const complaintsOf = (name: string): readonly string[] | undefined =>
    report.shaders.find((shader) => shader.name === name)?.complaints;

  it('has an adapter to compile for', () => {
    expect(report.adapter).not.toBe('');
    expect(names.length).toBeGreaterThan(10);
  });

  it.each(names)('accepts %s', (name) => {
    expect(complaintsOf(name)).toEqual([]);
  });

  it.each(Object.keys(BROKEN))('refuses a fault of %s', (fault) => {
    expect(complaintsOf(`broken ${fault}`)?.length).toBeGreaterThan(0);
  });
});
