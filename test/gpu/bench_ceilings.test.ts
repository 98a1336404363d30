/** The kernels that measure a machine compute what they say: otherwise their times mean nothing. */
import { expect, it } from 'vitest';
import { shader as atomicAdd } from '../../shaders/bench/atomic_add.wgsl';
import { shader as copyWords } from '../../shaders/bench/copy_words.wgsl';
import { shader as gather } from '../../shaders/bench/gather.wgsl';
import { shader as multiplyAdd } from '../../shaders/bench/multiply_add.wgsl';
import { shader as randomWords } from '../../shaders/bench/random_words.wgsl';
import { shader as tick } from '../../shaders/bench/tick.wgsl';
import { useKernelLab, untouched } from './kernels/harness.ts';

const lab = useKernelLab();
const WORD = 0xffffffffn;

/** One block of Philox4x32-10 (Salmon et al. 2011) in exact arithmetic. */
function philox(counter: readonly bigint[], key: readonly bigint[]): bigint[] {
  let [a, b, c, d] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const left = 0xd2511f53n * a;
    const right = 0xcd9e8d57n * c;
    [a, b, c, d] = [(right >> 32n) ^ b ^ k0, right & WORD, (left >> 32n) ^ d ^ k1, left & WORD];
    k0 = (k0 + 0x9e3779b9n) & WORD;
    k1 = (k1 + 0xbb67ae85n) & WORD;
  }
  return [a, b, c, d];
}

/** Places of a thread: Wellons's lowbias32, then the linear congruential sequence of Numerical Recipes, upper bits. */
function places(thread: number, count: number, length: number): number[] {
  let x = BigInt(thread);
  x = ((x ^ (x >> 16n)) * 0x7feb352dn) & WORD;
  x = ((x ^ (x >> 15n)) * 0x846ca68bn) & WORD;
  x ^= x >> 16n;
  return Array.from({ length: count }, () => {
    x = (x * 1664525n + 1013904223n) & WORD;
    return Number((x >> 8n) % BigInt(length));
  });
}

const context = () => lab.context();

it('copies every vector, and none beyond', async () => {
  const vectors = 1000; // neither a whole workgroup nor a whole thread
  const kernel = await context().cache.get(copyWords, { WORKGROUP: 64, EACH: 3 });
  const source = Uint32Array.from(
    { length: 4 * (vectors + 8) },
    (_, k) => Math.imul(k + 1, 2654435761) >>> 0,
  );
  const written = await lab.run(kernel, { source, copied: untouched(source.length) }, (recorder, bound) => {
    recorder.dispatch(kernel, bound, { vectors, salt: 0x1234abcd }, [Math.ceil(vectors / 192)]);
  });
  const expected = untouched(source.length);
  for (let k = 0; k < 4 * vectors; k++) expected[k] = Number(BigInt(source[k]) ^ 0x1234abcdn);
  expect(written.words('copied')).toEqual(expected);
});

it('multiplies and adds as often as it says', async () => {
  const kernel = await context().cache.get(multiplyAdd, { WORKGROUP: 32 });
  const written = await lab.run(kernel, { sums: new Float32Array(4 * 32) }, (recorder, bound) => {
    recorder.dispatch(kernel, bound, { steps: 2, factor: 2, addend: 3 }, [1]);
  });
  // x ← 2x + 3, eight times: x·2^8 + 3·(2^8 − 1); whole numbers below 2^24, so float32 has no excuse.
  const sums = Array.from({ length: 32 }, (_, thread) =>
    [0, 1, 2, 3].map((lane) =>
      [0, 4, 8, 12].reduce((sum, chain) => sum + ((thread % 16) + lane + chain) * 256 + 3 * 255, 0),
    ),
  );
  expect([...written.floats('sums')]).toEqual(sums.flat());
});

it('draws every block of random words', async () => {
  const kernel = await context().cache.get(randomWords, { WORKGROUP: 16 });
  const written = await lab.run(kernel, { words: untouched(4 * 32) }, (recorder, bound) => {
    recorder.dispatch(kernel, bound, { blocks: 3, seed: 77 }, [2]);
  });
  const expected = Array.from({ length: 32 }, (_, thread) => {
    const blocks = [0n, 1n, 2n].map((k) => philox([BigInt(thread), 0n, 0n, k], [77n, 0n]));
    return [0, 1, 2, 3].map((lane) => Number(blocks[0][lane] ^ blocks[1][lane] ^ blocks[2][lane]));
  });
  expect([...written.words('words')]).toEqual(expected.flat());
});

it('reads at the places of every thread', async () => {
  const length = 1024;
  const kernel = await context().cache.get(gather, { WORKGROUP: 32 });
  const table = Uint32Array.from({ length }, (_, k) => Math.imul(k + 1, 2654435761) >>> 0);
  const written = await lab.run(kernel, { table, sums: untouched(64) }, (recorder, bound) => {
    recorder.dispatch(kernel, bound, { reads: 7, mask: length - 1 }, [2]);
  });
  const expected = Array.from({ length: 64 }, (_, thread) => {
    const sum = places(thread, 7, length).reduce((all, place) => all + BigInt(table[place]), 0n);
    return Number(sum & WORD);
  });
  expect([...written.words('sums')]).toEqual(expected);
});

it.each([1, 256])('adds at the places of every thread, among %d', async (length) => {
  const kernel = await context().cache.get(atomicAdd, { WORKGROUP: 32 });
  const written = await lab.run(kernel, { counts: new Uint32Array(length) }, (recorder, bound) => {
    recorder.dispatch(kernel, bound, { adds: 5, mask: length - 1 }, [4]);
  });
  const expected = new Uint32Array(length);
  for (let thread = 0; thread < 128; thread++) {
    for (const place of places(thread, 5, length)) expected[place] += 1;
  }
  expect(written.words('counts')).toEqual(expected);
});

it('spreads the places of neighbours over the table', () => {
  // 4,096 threads, one place each, in 64 bins: chi-square with 63 degrees of freedom exceeds 128 once in 4·10^6 tries.
  const bins = new Uint32Array(64);
  for (let thread = 0; thread < 4096; thread++) bins[places(thread, 1, 64)[0]] += 1;
  expect(bins.reduce((sum, count) => sum + (count - 64) ** 2 / 64, 0)).toBeLessThan(128);
});

it('counts every dispatch', async () => {
  const kernel = await context().cache.get(tick);
  const written = await lab.run(kernel, { ticks: new Uint32Array(4) }, (recorder, bound) => {
    for (let k = 0; k < 37; k++) recorder.dispatch(kernel, bound, {}, [1]);
  });
  expect([...written.words('ticks')]).toEqual([37, 0, 0, 0]);
});
