/**
 * Noise of linear-Gaussian models against its closed forms, and the laws of the numbers it is made of. Every verdict follows
 * test/stat/verdicts.ts: 27 comparisons, of which an honest engine under a fresh key fails one with probability 1.4e-5.
 */
import jstat from 'jstat';
import { describe, expect, it } from 'vitest';
import { runLinearGaussian } from '../../src/engine/moments/linear_gaussian.ts';
import { binomial } from '../../src/random/binomial.ts';
import { normalPairInto } from '../../src/random/normals.ts';
import { philoxInto } from '../../src/random/philox.ts';
import type { LinearGaussianEcosystem, LinearGaussianEnsemble } from '../../src/scenario/linear_gaussian.ts';
import { sandwich } from './moments.ts';
import { expectLaw, expectMean } from './verdicts.ts';

const PLATFORM = {
  runtime: 'test',
  openGpu: () => Promise.resolve({ missing: 'this test is about the CPU' }),
  spawnWorker: null,
  threads: 1,
  memoryLimit: 2 ** 32,
};

/** A model that learns from another through scaled rotations; λ of its training set is moved by a, the other's is not. */
const BLOCKS = [
  { scale: 0.9, angle: 2.1, shift: [1.2, -0.4] },
  { scale: 0.35, angle: 0.3, shift: [-0.7, 0.9] },
];
const LAMBDA = 0.4;
const SIGMA = 0.2;
const ETA = [0.18, 0.22];
const SLOPES = [
  [1, 0.3, -0.6, 0.8],
  [-0.5, 1, 0.4, 0.2],
];
const REPLICATES = 6000;

/** A of φ' = Aθ, row by row. */
const A = BLOCKS.flatMap(({ scale, angle }, k) => {
  const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return [
    [c, -s],
    [s, c],
  ].map((row) => (k === 0 ? [...row, 0, 0] : [0, 0, ...row]));
});

/** θ* = λ(I − A)⁻¹a block by block, and φ* = Aθ*. */
function stablePoint(): [Float64Array, Float64Array] {
  const theta = BLOCKS.flatMap(({ scale, angle, shift: [x, y] }) => {
    const [re, im] = [1 - scale * Math.cos(angle), -scale * Math.sin(angle)];
    const size = re * re + im * im;
    return [(LAMBDA * (x * re + y * im)) / size, (LAMBDA * (y * re - x * im)) / size];
  });
  const phi = A.map((row) => row.reduce((sum, value, b) => sum + value * theta[b], 0));
  return [Float64Array.from(theta), Float64Array.from(phi)];
}

function ensembleOf(
  n: number,
  update: LinearGaussianEcosystem['update'],
  sourceCounts: LinearGaussianEcosystem['sourceCounts'],
  rounds: number,
): LinearGaussianEnsemble {
  const identity = A.flatMap((row, a) => row.map((_, b) => (a === b ? 1 : 0)));
  const [theta, phi] = stablePoint();
  const parameters = {
    maps: [Float64Array.from(identity), Float64Array.from(A.flat())],
    curation: Float64Array.of(LAMBDA, 0),
    shift: Float64Array.of(...BLOCKS.flatMap(({ shift }) => shift), 0, 0, 0, 0),
    constant: new Float64Array(8),
    noise: Float64Array.of(SIGMA, SIGMA),
    population: Uint32Array.of(n, n),
  };
  const ecosystem: LinearGaussianEcosystem = {
    name: 'rotations',
    description: '',
    family: 'linear-gaussian',
    models: ['theta', 'phi'],
    update,
    rounds,
    tolerance: 0,
    seed: 20260529 + n,
    replicates: REPLICATES,
    scenarioHash: '',
    dimension: 4,
    edges: { start: Uint32Array.of(0, 1, 2), producer: Uint32Array.of(1, 0) },
    rewards: SLOPES.map((slope, i) => ({ linear: Float64Array.from(slope), quadratic: ETA[i] })),
    initial: Float64Array.of(...theta, ...phi),
    sourceCounts,
    parameters,
  };
  return {
    ecosystem,
    variants: [parameters],
    variantOf: new Uint32Array(REPLICATES),
    stream: Uint32Array.from({ length: REPLICATES }, (_, r) => r),
  };
}

/** Last rewards and squared distances to the stable point of one model, one number per replicate. */
async function lastRound(ensemble: LinearGaussianEnsemble, model: number) {
  const [theta, phi] = stablePoint();
  const { series, rounds } = await runLinearGaussian(ensemble, {
    backend: 'cpu',
    platform: PLATFORM,
    stable: [theta, phi],
  });
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: REPLICATES }, (_, r) => values[(rounds * REPLICATES + r) * 2 + model]);
  return { reward: pick(series.reward), squares: pick(series.distanceToStable).map((x) => x * x) };
}

const BURN_IN = 140; // the slowest mode shrinks by 0.9 a round, its variance by 0.81: 1e-12 of it is missing

describe('the stationary law of two coupled models, one after the other', () => {
  // Σ_θ = AΣ_θAᵀ + λ(1−λ)/n·aaᵀ + 2σ²/n·I and Σ_φ = AΣ_θAᵀ + σ²/n·I for scaled rotations (arXiv 2605.29267, appendix).
  it.each([
    [4, 'multinomial'],
    [12, 'multinomial'],
    [64, 'multinomial'],
    [12, 'fixed'],
  ] as const)('n = %s, %s counts', async (n, sourceCounts) => {
    // A fixed count of 5 of 12 stands for λ = 5/12, so its mean is not that of λ = 0.4.
    const curated = sourceCounts === 'fixed' ? 5 / 12 : LAMBDA;
    const spread = sourceCounts === 'fixed' ? 0 : LAMBDA * (1 - LAMBDA);
    const [theta, phi] = stablePoint();
    const away = curated / LAMBDA - 1;
    let [traceTheta, tracePhi] = [0, 0];
    BLOCKS.forEach(({ scale, shift: [x, y] }) => {
      const trace = (spread * (x * x + y * y) + 4 * SIGMA ** 2) / n / (1 - scale ** 2);
      traceTheta += trace;
      tracePhi += scale ** 2 * trace + (2 * SIGMA ** 2) / n;
    });
    const ensemble = ensembleOf(n, 'sequential', sourceCounts, BURN_IN);
    for (const [model, point, trace] of [
      [0, theta, traceTheta],
      [1, phi, tracePhi],
    ] as const) {
      const { reward, squares } = await lastRound(ensemble, model);
      const norm = point.reduce((sum, x) => sum + x * x, 0);
      const linear = point.reduce((sum, x, a) => sum + SLOPES[model][a] * x, 0);
      expectMean(squares, trace + away ** 2 * norm, `tr Σ of model ${model}, n = ${n}`);
      const expected = (1 + away) * linear - 0.5 * ETA[model] * ((1 + away) ** 2 * norm + trace);
      expectMean(reward, expected, `E J of model ${model}, n = ${n}`);
    }
  });
});

it('the noise of simultaneous updates after a few rounds solves S = B S Bᵀ + N', async () => {
  const [n, rounds] = [12, 5];
  const b = Array.from({ length: 8 }, (_, r) =>
    Array.from({ length: 8 }, (_, c) => (r < 4 ? Number(c === r + 4) : c < 4 ? A[r - 4][c] : 0)),
  );
  const a = BLOCKS.flatMap(({ shift }) => shift);
  const noise = b.map((row, r) =>
    row.map((_, c) => {
      const counts = r < 4 && c < 4 ? (LAMBDA * (1 - LAMBDA) * a[r] * a[c]) / n : 0;
      return counts + (r === c ? SIGMA ** 2 / n : 0);
    }),
  );
  let s = b.map((row) => row.map(() => 0));
  for (let k = 0; k < rounds; k++) s = sandwich(b, s).map((row, r) => row.map((x, c) => x + noise[r][c]));
  const ensemble = ensembleOf(n, 'synchronous', 'multinomial', rounds);
  for (const model of [0, 1]) {
    const trace = [0, 1, 2, 3].reduce((sum, k) => sum + s[4 * model + k][4 * model + k], 0);
    expectMean((await lastRound(ensemble, model)).squares, trace, `tr S of model ${model}`);
  }
});

describe('binomial numbers', () => {
  const DRAWS = 40_000;

  it.each([
    [1, 0.4],
    [4, 0.42],
    [12, 0.38],
    [32, 0.5],
    [33, 0.001],
    [64, 0.9],
    [1000, 0.3],
  ])('of %s samples with probability %s follow their law', (n, p) => {
    const threshold = Math.round(p * 2 ** 32);
    const share = threshold / 2 ** 32;
    const words = new Uint32Array(4);
    const counts = new Uint32Array(n + 1);
    for (let k = 0; k < DRAWS; k++) counts[binomial(words, n, threshold, k, 3, 77, k % 7)] += 1;
    const law = new Float64Array(n + 1);
    let logChoose = 0;
    for (let k = 0; k <= n; k++) {
      law[k] = Math.exp(logChoose + k * Math.log(share) + (n - k) * Math.log1p(-share));
      logChoose += Math.log((n - k) / (k + 1));
    }
    expectLaw(counts, law, `Bin(${n}, ${p})`);
  });
});

it('normal numbers follow their law, and the two of a pair do not depend on each other', () => {
  const BINS = 20;
  const pair = new Float64Array(2);
  const words = new Uint32Array(4);
  const counts = new Uint32Array(BINS * BINS);
  const bin = (x: number): number => Math.min(BINS - 1, Math.floor(BINS * jstat.normal.cdf(x, 0, 1)));
  const tails = new Uint32Array(2);
  const DRAWS = 200_000;
  for (let k = 0; k < DRAWS; k++) {
    philoxInto(words, k, 0, 0, 0, 9, 8);
    normalPairInto(pair, 0, words[0], words[1]);
    counts[bin(pair[0]) * BINS + bin(pair[1])] += 1;
    for (const x of pair) tails[Math.abs(x) > 3 ? 1 : 0] += 1;
  }
  expectLaw(counts, new Float64Array(BINS * BINS).fill(1 / BINS ** 2), 'pairs of normals');
  const beyond = 2 * jstat.normal.cdf(-3, 0, 1);
  expectLaw(tails, [1 - beyond, beyond], 'normals beyond 3');
  expect(tails[0] + tails[1]).toBe(2 * DRAWS);
});
