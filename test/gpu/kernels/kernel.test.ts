/** src/gpu/kernel.ts: compiling shaders and binding their data by name. */
import { describe, expect, it } from 'vitest';
import { shader } from '../../../shaders/spread.wgsl';
import { linkShader } from '../../../scripts/vite_plugin_wgsl.ts';
import { BufferSet } from '../../../src/gpu/buffers.ts';
import { bindData, KernelCache } from '../../../src/gpu/kernel.ts';
import { useKernelLab } from './harness.ts';

const lab = useKernelLab();

function madeUp(text: string) {
  return linkShader(new URL('../../../shaders/made_up.wgsl', import.meta.url).pathname, text);
}

describe('compiling', () => {
  it('does it once for the same shader and overrides, also when asked twice at a time', async () => {
    const cache = new KernelCache(lab.device);
    const first = cache.get(shader, { WORKGROUP: 32 });
    expect(cache.get(shader, { WORKGROUP: 32 })).toBe(first);
    const kernel = await first;
    expect(await cache.get(shader, { WORKGROUP: 32 })).toBe(kernel);
    expect(await cache.get(shader, { WORKGROUP: 64 })).not.toBe(kernel);
    expect(kernel.overrides).toEqual({ WORKGROUP: 32 });
    expect(kernel.uniformBytes).toBeGreaterThan(0);
  });

  it('names an override that the shader does not have', async () => {
    await expect(new KernelCache(lab.device).get(shader, { WORKGROUP: 32, LANES: 4 })).rejects.toMatchObject({
      code: 'internal',
      message: 'Shader spread has no override LANES',
    });
  });

  it('shows line, column and source where the driver refuses a shader', async () => {
    const wrong = await madeUp(`
@group(0) @binding(0) var<storage, read_write> results: array<u32>;

@compute @workgroup_size(1)
fn main() {
  results[0] = 1.5f;
}`);
    const source = wrong.code.split('\n');
    const line = source.findIndex((text) => text.includes('1.5f')) + 1;
    const failure = new KernelCache(lab.device).get(wrong);
    await expect(failure).rejects.toMatchObject({ code: 'shader' });
    await expect(failure).rejects.toThrow(
      new RegExp(`made_up.wgsl \\(with its imports\\):${line}:\\d+ .*f32`),
    );
    await expect(failure).rejects.toThrow(`\n  ${source[line - 1]}`);
    await expect(failure).rejects.toThrow(lab.device.adapter.description);
    lab.device.check(); // and nothing is left over
  });

  it('refuses an override that the device cannot do, and goes on', async () => {
    const cache = new KernelCache(lab.device);
    await expect(cache.get(shader, { WORKGROUP: 1 << 20 })).rejects.toMatchObject({ code: 'shader' });
    lab.device.check();
    await expect(cache.get(shader, { WORKGROUP: 16 })).resolves.toMatchObject({ shader });
  });
});

describe('binding', () => {
  it('wants every buffer, by the names in the shader, and no other', async () => {
    const kernel = await lab.context().cache.get(shader, { WORKGROUP: 64 });
    const buffers = new BufferSet(lab.device);
    const names = ['state', 'channels', 'replicates', 'curators', 'stencils', 'ratio', 'curated'];
    const all = Object.fromEntries(names.map((name) => [name, buffers.storage(name, 64)]));
    await lab.device.guarded('a complete binding', () => bindData(lab.device, kernel, all));
    const { ratio, ...rest } = all;
    expect(() => bindData(lab.device, kernel, rest)).toThrow('Shader spread lacks a buffer for ratio');
    expect(() => bindData(lab.device, kernel, { ...all, ratios: ratio })).toThrow(
      'Shader spread has no binding ratios',
    );
    // Uniforms are not data: they come from the recorder.
    expect(() => bindData(lab.device, kernel, { ...all, params: ratio })).toThrow('no binding params');
    buffers.destroy();
  });
});
