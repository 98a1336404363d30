import { expect, it } from 'vitest';
import { shader } from '../../../shaders/self_test.wgsl';
import { Device } from '../../../src/gpu/device.ts';
import { testAdapter } from '../../../src/gpu/self_test.ts';
import { philox } from './exact.ts';
import { expectWords, floatBits, gpu, untouched, useKernelLab } from './harness.ts';

const lab = useKernelLab();
const THREADS = 64;

it('the reference generator gives its authors’ known answers', () => {
  const hex = (words: readonly number[]): string =>
    words.map((word) => word.toString(16).padStart(8, '0')).join(' ');
  const ones = 0xffffffff;
  expect(hex(philox([0, 0, 0, 0], [0, 0]))).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
  expect(hex(philox([ones, ones, ones, ones], [ones, ones]))).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
  expect(hex(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]))).toBe(
    'd16cfe09 94fdcceb 5001e420 24126ea1',
  );
});

it('answers each thread’s Philox block, product-sum and bit counts', async () => {
  const kernel = await lab.context().cache.get(shader);
  const written = await lab.run(kernel, { answers: untouched(8 * THREADS) }, (recorder, bound) =>
    recorder.dispatch(kernel, bound, {}, [1]),
  );
  const expected: number[] = [];
  for (let t = 0; t < THREADS; t++) {
    expected.push(...philox([t, t * t, ~t >>> 0, 7], [t, 11]));
    let quarters = 0;
    for (let k = 0; k <= t; k++) quarters += k / 4;
    const ones = Array.from(t.toString(2)).filter((digit) => digit === '1').length;
    expected.push(floatBits(quarters), ones, (t + 1).toString(2).length - 1, 0xffffffff - t);
  }
  expectWords(written.words('answers'), Uint32Array.from(expected));
});

it('passes on this adapter', async () => {
  await expect(testAdapter(lab.device)).resolves.toBeUndefined();
});

function isMethod(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function';
}

/** A GPU whose compiler turns one constant into another: it works, and computes wrongly. */
function lyingGpu(from: string, to: string): GPU {
  const wrap = <T extends object>(target: T, changes: Partial<T>): T =>
    new Proxy(target, {
      get(_, name) {
        const value: unknown = Reflect.get(name in changes ? changes : target, name, target);
        return isMethod(value) ? value.bind(target) : value;
      },
    });
  const wrapDevice = (device: GPUDevice): GPUDevice =>
    wrap(device, {
      createShaderModule: ({ label = '', code }) =>
        device.createShaderModule({ label, code: code.replaceAll(from, to) }),
    });
  const wrapAdapter = (adapter: GPUAdapter): GPUAdapter =>
    wrap(adapter, {
      requestDevice: async (descriptor) => wrapDevice(await adapter.requestDevice(descriptor)),
    });
  return wrap(gpu, {
    requestAdapter: async (options) => {
      const adapter = await gpu.requestAdapter(options);
      return adapter && wrapAdapter(adapter);
    },
  });
}

it.each([
  ['a wrong product', '0xd2511f53', '0xd2511f51', /self-test thread 0, word 0: got \d+, expected \d+/],
  ['a wrong float', '0.25f', '0.2500001f', /self-test thread 1, word 4: got \d+, expected \d+/],
])('refuses an adapter with %s', async (_, from, to, place) => {
  const device = await Device.open(lyingGpu(from, to));
  await expect(testAdapter(device)).rejects.toMatchObject({ code: 'bad-adapter' });
  await expect(testAdapter(device)).rejects.toThrow(place);
  device.destroy();
});
