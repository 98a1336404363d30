/** The list of mutations itself: what it says must hold of the sources as they are. `npm run test:mutation` does the rest. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applied } from '../../scripts/lib/mutation_run.mjs';
import { MUTATIONS, SHADER_MUTATIONS } from '../../scripts/lib/mutations.mjs';
import { ROOT } from '../../scripts/lib/shell.mjs';

describe('mutations', () => {
  it.each(MUTATIONS)('$name', (mutation) => {
    expect(applied(mutation)).not.toBe('');
    expect(mutation.to).not.toBe(mutation.from);
    expect(mutation.tests.length).toBeGreaterThan(0);
    for (const test of mutation.tests) expect(existsSync(join(ROOT, test)), test).toBe(true);
  });

  it('have names of their own', () => {
    const names = MUTATIONS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('there are at least two for every kernel, each caught by the kernel’s own test', () => {
    const kernels = readdirSync(join(ROOT, 'shaders')).filter((name) => name.endsWith('.wgsl'));
    expect(kernels.length).toBeGreaterThan(0);
    for (const name of kernels) {
      const own = SHADER_MUTATIONS.filter(({ file }) => file === `shaders/${name}`);
      expect(own.length, name).toBeGreaterThanOrEqual(2);
      for (const { tests } of own)
        expect(tests).toEqual([`test/gpu/kernels/${name.replace('.wgsl', '.test.ts')}`]);
    }
  });

  it('there is at least one for every module that shaders share', () => {
    for (const name of readdirSync(join(ROOT, 'shaders/shared'))) {
      expect(
        SHADER_MUTATIONS.some(({ file }) => file === `shaders/shared/${name}`),
        name,
      ).toBe(true);
    }
  });

  it('a text that is no longer there is an error, not a mutation that survives', () => {
    expect(() => applied({ ...MUTATIONS[0], from: 'no such text anywhere' })).toThrow(
      'its text occurs 0 times in shaders/absorb.wgsl, not once',
    );
    expect(() => applied({ ...MUTATIONS[0], from: 'u32' })).toThrow(/occurs \d+ times/);
  });
});
