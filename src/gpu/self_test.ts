/** Known answers: finds adapters that are there but compute wrongly, before any result depends on them. */
import { shader } from '../../shaders/self_test.wgsl';
import { BackfireError } from '../errors.ts';
import { philox4x32 } from '../random/philox.ts';
import { BufferSet, readBuffer } from './buffers.ts';
import type { Device } from './device.ts';
import { bindData, KernelCache } from './kernel.ts';
import { Recorder, UniformArena } from './recorder.ts';

const THREADS = 64;

/** Throws `bad-adapter` naming the first wrong answer. */
export async function testAdapter(device: Device): Promise<void> {
  const buffers = new BufferSet(device);
  const arena = new UniformArena(device, 1);
  try {
    const words = await device.guarded('the self-test', async () => {
      const kernel = await new KernelCache(device).get(shader);
      const answers = buffers.storage('self-test answers', THREADS * 32);
      const recorder = new Recorder(device, arena, 'self-test');
      recorder.dispatch(kernel, bindData(device, kernel, { answers }), {}, [1]);
      recorder.submit();
      return new Uint32Array(await readBuffer(device, answers, THREADS * 32));
    });
    for (let t = 0; t < THREADS; t++) {
      const expected = [...philox4x32([t, t * t, ~t >>> 0, 7], [t, 11]), ...plainAnswers(t)];
      const got = words.subarray(8 * t, 8 * t + 8);
      const wrong = expected.findIndex((value, k) => value !== got[k]);
      if (wrong >= 0) {
        throw new BackfireError(
          'bad-adapter',
          `The adapter "${device.adapter.description}" computes wrongly — self-test thread ${t}, word ${wrong}: got ${got[wrong]}, expected ${expected[wrong]}. Update its driver, or use the CPU backend.`,
        );
      }
    }
  } finally {
    buffers.destroy();
    arena.destroy();
  }
}

function plainAnswers(t: number): number[] {
  const sum = new Float32Array([(t * (t + 1)) / 8]);
  const bits = t.toString(2).replaceAll('0', '').length;
  return [new Uint32Array(sum.buffer)[0], bits, 31 - Math.clz32(t + 1), ~t >>> 0];
}
