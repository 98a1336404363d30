import { readdirSync } from 'node:fs';
import { create } from 'webgpu';
import { describe, expect, it } from 'vitest';
import { linkShader } from '../../scripts/vite_plugin_wgsl.ts';

const folder = new URL('../../shaders/', import.meta.url).pathname;
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.wgsl') && !name.startsWith('shared'),
);

describe('every shader passes Tint', () => {
  it.each(files)('%s', async (file) => {
    const { code } = await linkShader(folder + file);
    const gpu = create(['backend=null']); // validates without a driver
    const adapter = await gpu.requestAdapter();
    const device = await adapter?.requestDevice();
    if (!device) throw new Error('Dawn’s null backend gave no device');
    const module = device.createShaderModule({ code });
    const info = await module.getCompilationInfo();
    expect(info.messages.map((m) => `${m.type} ${m.lineNum}:${m.linePos} ${m.message}`)).toEqual([]);
    device.destroy();
  });
});
