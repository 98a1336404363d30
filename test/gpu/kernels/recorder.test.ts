/** src/gpu/recorder.ts: many dispatches in one submit, their uniforms packed by name. */
import { describe, expect, it } from 'vitest';
import { linkShader } from '../../../scripts/vite_plugin_wgsl.ts';
import { BufferSet, readBuffer } from '../../../src/gpu/buffers.ts';
import type { Kernel } from '../../../src/gpu/kernel.ts';
import { bindData } from '../../../src/gpu/kernel.ts';
import type { UniformValues } from '../../../src/gpu/recorder.ts';
import { Recorder, UniformArena } from '../../../src/gpu/recorder.ts';
import { useKernelLab } from './harness.ts';

const lab = useKernelLab();

/** Copies its uniforms into row `row` and counts the workgroups of its grid. */
const ECHO = `
struct Params {
  row: u32,
  signed_step: i32,
  share: f32,
  large_word: u32,
}

@group(0) @binding(0) var<storage, read_write> rows: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> groups: array<atomic<u32>>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  rows[params.row] = vec4u(params.row, bitcast<u32>(params.signed_step), bitcast<u32>(params.share), params.large_word);
  atomicAdd(&groups[params.row], 1u + 100u * group.x + 10000u * group.y + 1000000u * group.z);
}`;

async function echo(): Promise<Kernel> {
  const path = new URL('../../../shaders/echo.wgsl', import.meta.url).pathname;
  return lab.context().cache.get(await linkShader(path, ECHO));
}

const VALUES = { row: 0, signedStep: -5, share: 0.1, largeWord: 0xfedcba98 };

async function recorded(
  capacity: number,
  work: (recorder: Recorder, kernel: Kernel, data: GPUBindGroup, rows: GPUBuffer, groups: GPUBuffer) => void,
) {
  const kernel = await echo();
  const buffers = new BufferSet(lab.device);
  const rows = buffers.storage('rows', 16 * 8);
  const groups = buffers.storage('groups', 4 * 8);
  const arena = new UniformArena(lab.device, capacity);
  try {
    return await lab.device.guarded('the recorder test', async () => {
      const recorder = new Recorder(lab.device, arena, 'test');
      work(recorder, kernel, bindData(lab.device, kernel, { rows, groups }), rows, groups);
      recorder.submit();
      return {
        free: arena.free,
        rows: new DataView(await readBuffer(lab.device, rows, 16 * 8)),
        groups: Array.from(new Uint32Array(await readBuffer(lab.device, groups, 4 * 8))),
      };
    });
  } finally {
    arena.destroy();
    buffers.destroy();
  }
}

describe('uniforms', () => {
  it('arrive by name with their types, a set per dispatch', async () => {
    const { rows, free } = await recorded(3, (recorder, kernel, data) => {
      // Written in another order than the struct’s.
      recorder.dispatch(kernel, data, { largeWord: 7, share: -2.5, signedStep: 2 ** 31 - 1, row: 5 }, [1]);
      recorder.dispatch(kernel, data, VALUES, [1]);
      recorder.dispatch(kernel, data, { ...VALUES, row: 1, signedStep: 3 }, [1]);
    });
    const row = (k: number) => [
      rows.getUint32(16 * k, true),
      rows.getInt32(16 * k + 4, true),
      rows.getFloat32(16 * k + 8, true),
      rows.getUint32(16 * k + 12, true),
    ];
    expect(row(5)).toEqual([5, 2 ** 31 - 1, -2.5, 7]);
    expect(row(0)).toEqual([0, -5, Math.fround(0.1), 0xfedcba98]);
    expect(row(1)).toEqual([1, 3, Math.fround(0.1), 0xfedcba98]);
    expect(free).toBe(3); // the arena is empty again
  });

  it('need a value for every member, named as in the shader', async () => {
    const incomplete: UniformValues = { row: 0, share: 1, largeWord: 2 };
    await expect(
      recorded(1, (recorder, kernel, data) => recorder.dispatch(kernel, data, incomplete, [1])),
    ).rejects.toThrow('Shader echo lacks a value for signedStep');
  });

  it('must fit in the arena', async () => {
    const twice = (recorder: Recorder, kernel: Kernel, data: GPUBindGroup): void => {
      recorder.dispatch(kernel, data, VALUES, [1]);
      recorder.dispatch(kernel, data, VALUES, [1]);
    };
    await expect(recorded(1, twice)).rejects.toMatchObject({
      code: 'internal',
      message: 'The uniform arena is full: shorten the chunk',
    });
    expect((await recorded(2, twice)).groups[0]).toBe(2);
  });
});

describe('grids', () => {
  it('have up to three dimensions, and an empty one does nothing', async () => {
    const { groups, free } = await recorded(1, (recorder, kernel, data) => {
      recorder.dispatch(kernel, data, VALUES, [0]);
      recorder.dispatch(kernel, data, VALUES, [3, 0]);
      recorder.dispatch(kernel, data, VALUES, [3, 1, 0]);
      recorder.dispatch(kernel, data, { ...VALUES, row: 2 }, [3, 2, 4]);
    });
    expect(groups[0]).toBe(0);
    // 24 workgroups, indices 0+1+2 eight times, 0+1 twelve times, 0+1+2+3 six times.
    expect(groups[2]).toBe(24 + 100 * 3 * 8 + 10000 * 12 + 1000000 * 6 * 6);
    expect(free).toBe(1);
  });
});

describe('copies and clears', () => {
  it('happen in order with the dispatches around them', async () => {
    const { rows, groups } = await recorded(2, (recorder, kernel, data, rowBuffer, groupBuffer) => {
      recorder.dispatch(kernel, data, { ...VALUES, row: 1 }, [1]);
      recorder.clear(rowBuffer);
      recorder.dispatch(kernel, data, { ...VALUES, row: 2, largeWord: 9 }, [1]);
      recorder.copy(rowBuffer, groupBuffer, 8, 16 * 2 + 8, 16); // half of row 2
    });
    expect(groups.slice(0, 4)).toEqual([0, 1, 1, 0]);
    expect(groups[5]).toBe(9);
    expect(rows.getUint32(16 * 1, true)).toBe(0);
    expect(rows.getUint32(16 * 2, true)).toBe(2);
  });
});
