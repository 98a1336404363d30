import { describe, expect, it } from 'vitest';
import { createReweigh, recordReweigh } from '../../../src/kernels/reweigh.ts';
import { createRandom } from '../../support/ecosystems.ts';
import { curatorRows, lagrange, MAX_STENCIL, RULE } from './curators.ts';
import { expectFloats, nothingWritten, replicateRows, ROUNDOFF, untouched, useKernelLab } from './harness.ts';

const lab = useKernelLab();
const QUADRATURE_STEP = 0.45;
const QUADRATURE_START = -3.7; // as in the shader
/** The smallest value of the shader's exponential, e^−87, stands in for everything below it. */
const SMALLEST = 1.7e-38;

interface Curator {
  readonly rule: number;
  readonly candidates: number;
  /** ρ, ascending, exact in float32. */
  readonly rho: readonly number[];
}

interface Channel {
  readonly curator: Curator;
  readonly mass: readonly number[];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function float32(values: readonly number[]): number[] {
  return values.map(Math.fround);
}

function rangeOf({ rho }: Curator): number {
  return rho[rho.length - 1] - rho[0];
}

function quadratureCount(curator: Curator): number {
  return Math.ceil((Math.log(42) + rangeOf(curator) - QUADRATURE_START) / QUADRATURE_STEP) + 1;
}

/**
 * H(l) = E[K a_l/(a_l + Σ a of K−1 others)] by going through all multisets of the others' levels, divided by
 * the total of the masses, as the kernel leaves it: Σ mass·H = 1.
 */
function enumerated({ curator, mass }: Channel): number[] {
  const { rho, candidates } = curator;
  const total = sum(mass);
  const top = rho[rho.length - 1];
  const a = rho.map((value) => Math.exp(value - top));
  const h = rho.map(() => 0);
  const visit = (level: number, left: number, probability: number, others: number): void => {
    if (level === rho.length - 1) {
      let all = probability;
      for (let k = 1; k <= left; k++) all *= mass[level] / total / k;
      for (let l = 0; l < rho.length; l++) {
        h[l] += (all * candidates * a[l]) / (a[l] + others + left * a[level]);
      }
      return;
    }
    let all = probability;
    for (let n = 0; n <= left; n++) {
      visit(level + 1, left - n, all, others + n * a[level]);
      all *= mass[level] / total / (n + 1);
    }
  };
  let factorial = 1;
  for (let k = 2; k < candidates; k++) factorial *= k;
  visit(0, candidates - 1, factorial, 0);
  return h.map((value) => value / total);
}

/** Best of K: (F_g^K − F_{g−1}^K)/mass_g with F cumulated from the top; K F^(K−1) where there is no mass. */
function bestOf({ curator, mass }: Channel): number[] {
  const { candidates } = curator;
  const total = sum(mass);
  const h: number[] = [];
  let above = 0;
  for (let g = mass.length - 1; g >= 0; g--) {
    const own = mass[g] / total;
    const logF = Math.log1p(-Math.min(above, 1));
    const share = -Math.expm1(candidates * Math.log1p(-Math.min(own / Math.exp(logF), 1)));
    h[g] =
      own > 0 ? (Math.exp(candidates * logF) * share) / own : candidates * Math.exp((candidates - 1) * logF);
    above += own;
  }
  return h.map((value) => value / total);
}

/** Without replacement: ln s, by halving, such that Σ mass (1 − e^(−s a)) is 1/K of the whole. */
function logClock({ curator: { rho, candidates }, mass }: Channel): number {
  const total = sum(mass);
  // Sums of what is left, where that is less, keep the digits of 1 − 1/K.
  const early = (logS: number): boolean => {
    const y = rho.map((value) => Math.exp(value + logS));
    return candidates > 2
      ? sum(y.map((each, l) => (-Math.expm1(-each) * mass[l]) / total)) < 1 / candidates
      : sum(y.map((each, l) => (Math.exp(-each) * mass[l]) / total)) > (candidates - 1) / candidates;
  };
  let [low, high] = [-1000, 1000];
  for (let step = 0; step < 70; step++) {
    const middle = (low + high) / 2;
    if (early(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** H(l) = K (1 − e^(−s a_l)), divided by the total of the masses as the kernel leaves it. */
function rung(channel: Channel): number[] {
  const { curator, mass } = channel;
  const logS = logClock(channel);
  const taken = curator.rho.map((value) => -Math.expm1(-Math.exp(value + logS)));
  const kept = sum(taken.map((value, l) => mass[l] * value));
  return taken.map((value) => value / kept);
}

/** Largest magnitude of ln s and ρ where the integrand counts. */
function exponentSize(curator: Curator): number {
  return rangeOf(curator) + Math.log(42) + Math.log(curator.candidates) + 1;
}

/**
 * Error allowed at a level. Plackett–Luce: ln s is a sum of three terms of at most M, each rounded: nodes of the quadrature
 * are off by 3M u, which moves the integral of a curve with one peak of about unit width by 2 × 3M u. The power of φ has a
 * mean exponent of about 1, known to within the sum over L levels and twenty operations; twice that for H. Then N terms are
 * added, and normalising adds a sum over L, a quotient and a product.
 *
 * Argmax: F = 1 − A, where the mass A above carries a sum over L levels, so that F^K is off by K·A/F times as much.
 *
 * Without replacement: the sum that is compared with 1/K (or its complement, whichever is less) is off by L additions and twenty
 * operations, its exponents by 3M u; so is ln s, divided by the slope of the share kept, H by y e^−y/(1 − e^−y)
 * times that, and the total that H is divided by.
 *
 * Below e^−87 the shader's exponential, and below 1e-37 its F, stay where they are.
 */
function errorAt({ curator, mass }: Channel, level: number, h: number): number {
  const { rho, rule, candidates } = curator;
  const levels = rho.length;
  const total = sum(mass);
  if (rule === RULE.plackettLuce) {
    const nodes = quadratureCount(curator);
    const relative = 6 * exponentSize(curator) + 2 * (levels + 20) + nodes + levels + 20;
    return relative * ROUNDOFF * h + (candidates * nodes * 50 * SMALLEST) / total;
  }
  if (rule === RULE.argmax) {
    const above = sum(mass.slice(level + 1)) / total;
    const amplified = 1 + (2 * candidates * above) / Math.max(1 - above, 1e-37);
    const inverse = mass[level] > 0 ? Math.max(candidates, total / mass[level]) : candidates;
    return amplified * (levels + 20) * ROUNDOFF * h + (inverse * 1.1e-37) / total;
  }
  if (rule === RULE.clock) {
    const logS = logClock({ curator, mass });
    const top = rho[mass.findLastIndex((value) => value > 0)];
    const size = Math.abs(logS + top) + Math.max(top - rho[0], Math.abs(rho[level] - top)) + 1;
    const y = rho.map((value) => Math.exp(value + logS));
    const slope = sum(y.map((each, l) => (mass[l] / total) * each * Math.exp(-each)));
    const less = Math.min(1, candidates - 1) / candidates;
    const exponents = 3 * size;
    const clock = ((levels + 20) * less) / slope + exponents;
    const response = y[level] > 50 ? 0 : (y[level] * Math.exp(-y[level])) / -Math.expm1(-y[level]);
    const whole = slope * candidates * (clock + exponents); // what they are normalised by
    return (
      (response * (clock + exponents) + whole + levels + 40) * ROUNDOFF * h + (candidates * SMALLEST) / total
    );
  }
  const best = mass.findLastIndex((value) => value > 0);
  return (levels + 20) * ROUNDOFF * h + SMALLEST / mass[best];
}

/** Runs the kernel on channels × replicates with a curator each; replicate r takes channel c's masses times 1 + r/4. */
async function reweigh(
  channels: readonly Channel[],
  expectedRatio: (channel: Channel) => readonly number[],
  { replicates = 1, first = 0 } = {},
): Promise<void> {
  const curators = channels.map((channel) => channel.curator);
  const levels = curators.map(({ rho }) => rho.length);
  const nodeStride = Math.max(...levels) + 3;
  const partialStride = Math.max(...levels) + 2;
  const quadratureStride = Math.max(...curators.map(quadratureCount)) + 1;
  const rows = replicates * channels.length;
  const cells = new Float32Array(rows * partialStride * MAX_STENCIL).fill(9); // what is not a cell must not count
  const expected = nothingWritten(rows * nodeStride);
  const expectedMass = nothingWritten(rows * nodeStride);
  const tolerance = new Float64Array(expected.length);
  let nodeOffset = 0;
  const info = curators.map((curator) => {
    const row = {
      rule: curator.rule,
      candidates: curator.candidates === Infinity ? 0 : curator.candidates,
      nodeOffset,
      nodeCount: curator.rho.length,
      cellCount: curator.rho.length,
      quadratureCount: quadratureCount(curator),
      quadratureStep: QUADRATURE_STEP,
    };
    nodeOffset += curator.rho.length;
    return row;
  });
  for (let r = 0; r < replicates; r++) {
    channels.forEach((channel, c) => {
      const row = r * channels.length + c;
      const mass = float32(channel.mass.map((value) => value * (1 + r / 4)));
      mass.forEach((value, n) => (cells[(row * partialStride + n) * MAX_STENCIL] = value));
      if (c < first) return;
      const h = expectedRatio({ curator: channel.curator, mass });
      h.forEach((value, n) => {
        const at = row * nodeStride + n;
        expected[at] = value;
        expectedMass[at] = mass[n];
        tolerance[at] = errorAt({ curator: channel.curator, mass }, n, value);
      });
    });
  }
  const kernel = await createReweigh(lab.context());
  const sizes = {
    outcomes: 1,
    models: 1,
    replicates,
    channels: channels.length,
    partialStride,
    nodeStride,
    quadratureStride,
    blocks: 1,
  };
  const written = await lab.run(
    kernel,
    {
      cells,
      channels: Uint32Array.from(channels.flatMap((_, c) => [0, c])),
      replicates: replicateRows(new Array<number>(replicates).fill(0)),
      curators: curatorRows(info),
      nodes: Float32Array.from(curators.flatMap(({ rho }) => rho)),
      node_mass: untouched(expected.length),
      scratch: untouched(2 * rows * quadratureStride),
      ratio: untouched(expected.length),
    },
    (recorder, bound) =>
      recordReweigh(recorder, kernel, bound, sizes, {
        firstChannel: first,
        channelCount: channels.length - first,
      }),
  );
  expectFloats(written.floats('node_mass'), expectedMass, () => 0);
  expectFloats(written.floats('ratio'), expected, (k) => tolerance[k]);
}

function randomChannel(
  random: () => number,
  rule: number,
  candidates: number,
  levels: number,
  range: number,
): Channel {
  const steps = Array.from({ length: levels }, () => 0.05 + random());
  let at = 0;
  const raw = steps.map((step, l) => (at += l === 0 ? 0 : step));
  const scale = levels > 1 ? range / at : 0;
  const rho = float32(raw.map((value) => (value - at) * scale));
  const weights = Array.from({ length: levels }, () => -Math.log(1 - random()));
  const total = sum(weights);
  return { curator: { rule, candidates, rho }, mass: weights.map((value) => value / total) };
}

describe('Plackett–Luce', () => {
  it('agrees with the enumeration of all candidate sets, K from 2 to 6 on one to five levels', async () => {
    const random = createRandom(1);
    const channels = [1, 2, 3, 4, 5].flatMap((levels) =>
      [2, 3, 4, 5, 6].map((candidates) => randomChannel(random, RULE.plackettLuce, candidates, levels, 4)),
    );
    await reweigh(channels, enumerated, { replicates: 3 });
  });

  it('serves the channels asked for and leaves the others', async () => {
    const random = createRandom(2);
    const channels = [3, 4, 2].map((candidates) =>
      randomChannel(random, RULE.plackettLuce, candidates, 4, 2),
    );
    await reweigh(channels, enumerated, { replicates: 2, first: 1 });
  });

  it('has the closed form 2 Σ p σ(ρ_l − ρ_m) at K = 2, on more levels than lanes', async () => {
    const random = createRandom(3);
    const channels = [63, 64, 65, 150].map((levels) =>
      randomChannel(random, RULE.plackettLuce, 2, levels, 9),
    );
    await reweigh(channels, ({ curator: { rho }, mass }) => {
      const total = sum(mass);
      return rho.map(
        (own) => sum(rho.map((other, m) => (2 * mass[m]) / (1 + Math.exp(other - own)))) / total / total,
      );
    });
  });

  it.each([60, 500])('holds where rewards span %i temperatures', async (range) => {
    const random = createRandom(range);
    const channels = [2, 3, 5].map((candidates) =>
      randomChannel(random, RULE.plackettLuce, candidates, 5, range),
    );
    // All but a trace of the mass at the bottom.
    channels.push({ ...channels[1], mass: [0.999, 2.5e-4, 2.5e-4, 2.5e-4, 2.5e-4] });
    await reweigh(channels, enumerated);
  });

  it('keeps its precision at K = 1,000,000', async () => {
    const candidates = 1_000_000;
    // At a gap of ln K a single better candidate weighs as much as all the others together: there H hangs on φ^(K−1).
    const channels = [
      [1e-6, 2.5],
      [1e-6, 14],
      [3e-4, 18],
      [0.2, 20],
      [0.999, 14],
    ].map(([high, gap]) => ({
      curator: { rule: RULE.plackettLuce, candidates, rho: [-gap, 0] },
      mass: float32([1 - high, high]),
    }));
    await reweigh(channels, ({ curator: { rho }, mass }) => {
      // Σ_n C(K−1, n) p^n q^(K−1−n) · K a/(a + n + (K−1−n) e^ρ), each term from the one before, in logarithms.
      const total = sum(mass);
      const low = Math.exp(rho[0]);
      const logOdds = Math.log(mass[1] / mass[0]);
      let logTerm = (candidates - 1) * Math.log1p(-mass[1] / total);
      const h = [0, 0];
      let all = 0; // 1, but for the rounding of a million logarithms
      for (let n = 0; n < candidates; n++) {
        const others = n + (candidates - 1 - n) * low;
        const probability = Math.exp(logTerm);
        all += probability;
        h[0] += (probability * candidates * low) / (low + others);
        h[1] += (probability * candidates) / (1 + others);
        logTerm += Math.log((candidates - 1 - n) / (n + 1)) + logOdds;
      }
      return h.map((value) => value / all / total);
    });
  });

  it('gives extinct levels below the best reachable one the ratio they would have', async () => {
    const random = createRandom(4);
    const channels = [2, 4, 6].map((candidates) => {
      const channel = randomChannel(random, RULE.plackettLuce, candidates, 5, 6);
      return { ...channel, mass: float32([0, 0.3, 0, 0.5, 0.2]) };
    });
    channels.push({ ...channels[1], mass: [0, 0, 0, 0, 1] });
    await reweigh(channels, enumerated);
  });

  // Levels above the best reachable one never meet any mass: their ratio need only be finite.
  it.each([0.5, 6, 60, 400])('is not disturbed by an extinct level %d above the others', async (gap) => {
    const reachable = { rule: RULE.plackettLuce, candidates: 4, rho: [-gap - 2.5, -gap - 1.5, -gap] };
    const mass = float32([0.5, 0.25, 0.25]);
    const curator = { ...reachable, rho: [...reachable.rho, 0] };
    await reweighReachable({ curator, mass: [...mass, 0] }, enumerated({ curator: reachable, mass }));
  });

  it('gathers the masses of a reward grid through its stencils', async () => {
    await reweighGrid(3);
  });
});

/** Compares levels with mass alone. */
async function reweighReachable(channel: Channel, reachable: readonly number[]): Promise<void> {
  const { curator, mass } = channel;
  const kernel = await createReweigh(lab.context());
  const nodes = curator.rho.length;
  const sizes = {
    outcomes: 1,
    models: 1,
    replicates: 1,
    channels: 1,
    partialStride: nodes,
    nodeStride: nodes,
    quadratureStride: quadratureCount(curator),
    blocks: 1,
  };
  const written = await lab.run(
    kernel,
    {
      cells: Float32Array.from(mass.flatMap((value) => [value, 0, 0, 0, 0, 0])),
      channels: Uint32Array.of(0, 0),
      replicates: replicateRows([0]),
      curators: curatorRows([
        {
          rule: curator.rule,
          candidates: curator.candidates,
          nodeCount: nodes,
          cellCount: nodes,
          quadratureCount: quadratureCount(curator),
          quadratureStep: QUADRATURE_STEP,
        },
      ]),
      nodes: Float32Array.from(curator.rho),
      node_mass: untouched(nodes),
      scratch: untouched(2 * sizes.quadratureStride),
      ratio: untouched(nodes),
    },
    (recorder, bound) => recordReweigh(recorder, kernel, bound, sizes, { firstChannel: 0, channelCount: 1 }),
  );
  const got = written.floats('ratio');
  expect(got.length).toBe(reachable.length + 1);
  expect(got[reachable.length]).toBeGreaterThanOrEqual(0);
  expect(got[reachable.length]).toBeLessThan(1.01 * curator.candidates);
  reachable.forEach((value, l) => {
    expect(Math.abs(got[l] - value)).toBeLessThanOrEqual(errorAt(channel, l, value));
  });
}

/** Outcomes between the nodes of a uniform grid: masses go to six nodes each, some of them with a negative weight. */
async function reweighGrid(candidates: number): Promise<void> {
  const random = createRandom(12);
  const cellCount = 9;
  const nodeCount = cellCount + MAX_STENCIL - 1;
  const rho = Array.from({ length: nodeCount }, (_, n) => (n - nodeCount + 1) / 16);
  const cells = new Float32Array(nodeCount * MAX_STENCIL).fill(9);
  const mass = new Array<number>(nodeCount).fill(0);
  const size = new Array<number>(nodeCount).fill(0);
  for (let cell = 0; cell < cellCount; cell++) {
    const p = random() / cellCount;
    const position = 2 + random();
    for (let k = 0; k < MAX_STENCIL; k++) {
      const share = Math.fround(p * lagrange(position, k));
      cells[cell * MAX_STENCIL + k] = share;
      mass[cell + k] += share;
      size[cell + k] += Math.abs(share);
    }
  }
  const curator = { rule: RULE.plackettLuce, candidates, rho };
  const kernel = await createReweigh(lab.context());
  const sizes = {
    outcomes: 1,
    models: 1,
    replicates: 1,
    channels: 1,
    partialStride: nodeCount,
    nodeStride: nodeCount,
    quadratureStride: quadratureCount(curator),
    blocks: 1,
  };
  const written = await lab.run(
    kernel,
    {
      cells,
      channels: Uint32Array.of(0, 0),
      replicates: replicateRows([0]),
      curators: curatorRows([
        {
          rule: curator.rule,
          candidates,
          stencil: MAX_STENCIL,
          nodeCount,
          cellCount,
          quadratureCount: quadratureCount(curator),
          quadratureStep: QUADRATURE_STEP,
        },
      ]),
      nodes: Float32Array.from(rho),
      node_mass: untouched(nodeCount),
      scratch: untouched(2 * sizes.quadratureStride),
      ratio: untouched(nodeCount),
    },
    (recorder, bound) => recordReweigh(recorder, kernel, bound, sizes, { firstChannel: 0, channelCount: 1 }),
  );
  // Six terms a node.
  expectFloats(written.floats('node_mass'), Float64Array.from(mass), (n) => 6 * ROUNDOFF * size[n]);
  const h = enumerated({ curator, mass });
  // Masses of both signs add up to less than their sizes do.
  const cancellation = sum(size) / sum(mass);
  expectFloats(
    written.floats('ratio'),
    Float64Array.from(h),
    (n) => errorAt({ curator, mass }, n, h[n]) * cancellation,
  );
}

describe('other rules', () => {
  it('one candidate leaves everything as it is', async () => {
    const random = createRandom(20);
    const channels = [1, 5, 70].map((levels) => randomChannel(random, RULE.identity, 1, levels, 3));
    await reweigh(channels, ({ mass }) => mass.map(() => 1 / sum(mass)), { replicates: 2 });
  });

  it('infinitely many candidates tilt by e^ρ, the best reachable level counting as top', async () => {
    const random = createRandom(21);
    const channels = [
      [1, 0],
      [5, 4],
      [130, 30],
      [6, 60],
      [6, 500],
    ].map(([levels, range]) => randomChannel(random, RULE.tilt, Infinity, levels, range));
    channels.push({ ...channels[1], mass: [0.5, 0.25, 0.25, 0, 0] });
    // The best reachable level lies hundreds below the top: weights relative to the top would all vanish.
    channels.push({
      curator: { rule: RULE.tilt, candidates: Infinity, rho: [-402, -401, -400, 0] },
      mass: [0.5, 0.25, 0.25, 0],
    });
    await reweigh(
      channels.map((channel) => ({ ...channel, curator: { ...channel.curator, candidates: Infinity } })),
      ({ curator: { rho }, mass }) => {
        const top = Math.max(...rho.filter((_, l) => mass[l] > 0));
        const mean = sum(rho.map((value, l) => mass[l] * Math.exp(value - top)));
        // Only levels without mass lie above the top; the shader lifts none of them by more than e.
        return rho.map((value) => Math.exp(Math.min(value - top, 1)) / mean);
      },
    );
  });

  it('best of K is F^K − (F − g)^K per group, ties in proportion', async () => {
    const random = createRandom(22);
    const channels = [1, 3, 64, 65, 200].flatMap((levels) =>
      [2, 5, 1000, 1_000_000].map((candidates) =>
        randomChannel(random, RULE.argmax, candidates, levels, levels),
      ),
    );
    await reweigh(channels, bestOf, { replicates: 2 });
  });

  it('best of K where groups are extinct, the top one too', async () => {
    const random = createRandom(23);
    const channels = [2, 7, 100_000].flatMap((candidates) => {
      const channel = randomChannel(random, RULE.argmax, candidates, 6, 5);
      return [
        { ...channel, mass: [0.5, 0, 0.25, 0, 0.25, 0] },
        { ...channel, mass: [0, 1, 0, 0, 0, 0] },
        { ...channel, mass: [0.25, 0.25, 0.25, 0.25 - 2 ** -20, 0, 2 ** -20] },
      ];
    });
    await reweigh(channels, bestOf);
  });

  it.each([1.125, 1.5, 2, 4, 1000, 2 ** 20])(
    'keeps one of %d without replacement by a clock of e^(−s a), on any number of levels',
    async (candidates) => {
      const random = createRandom(25);
      const channels = [
        [1, 0],
        [2, 3],
        [5, 8],
        [64, 2],
        [65, 30],
        [200, 5],
        [6, 60],
        [6, 500],
      ].map(([levels, range]) => randomChannel(random, RULE.clock, candidates, levels, range));
      await reweigh(channels, rung, { replicates: 2 });
    },
  );

  it('keeps without replacement where the best levels are extinct, hundreds of temperatures above the rest', async () => {
    const channels = [1.5, 3, 100].flatMap((candidates) => [
      {
        curator: { rule: RULE.clock, candidates, rho: [-402, -401, -400, 0] },
        mass: [0.5, 0.25, 0.25, 0],
      },
      { curator: { rule: RULE.clock, candidates, rho: [-1, -0.5, 0] }, mass: [0, 1, 0] },
      { curator: { rule: RULE.clock, candidates, rho: [-8, -4, 0] }, mass: [0.5, 0.5, 0] },
    ]);
    await reweigh(channels, rung, { first: 1 });
  });

  it('best of infinitely many is the best group that has mass', async () => {
    const random = createRandom(24);
    const channels = [1, 5, 100].map((levels) => randomChannel(random, RULE.top, Infinity, levels, 3));
    channels.push({ ...channels[1], mass: [0.5, 0.25, 0.25, 0, 0] });
    await reweigh(channels, ({ mass }) => {
      const best = mass.findLastIndex((value) => value > 0);
      return mass.map((value, l) => (l === best ? 1 / value : 0));
    });
  });
});

describe('a curator with several blocks', () => {
  /** Levels of each block; one has no mass, and all are of one rule and number of candidates. */
  function blocksOf(rule: number, candidates: number): Channel[] {
    const random = createRandom(rule + 30);
    return [3, 1, 5, 70, 2].map((levels, b) => {
      const { curator, mass } = randomChannel(
        random,
        rule,
        candidates,
        rule === RULE.plackettLuce ? Math.min(levels, 5) : levels,
        3,
      );
      return { curator, mass: b === 4 ? mass.map(() => 0) : float32(mass.map((value) => value * 0.3 ** b)) };
    });
  }

  it.each([
    { name: 'Plackett–Luce', rule: RULE.plackettLuce, candidates: 3, law: enumerated },
    { name: 'argmax', rule: RULE.argmax, candidates: 4, law: bestOf },
    {
      name: 'infinitely many candidates',
      rule: RULE.tilt,
      candidates: Infinity,
      law: ({ curator: { rho }, mass }: Channel) => {
        const a = rho.map((value) => Math.exp(value - rho[rho.length - 1]));
        return a.map((value) => value / sum(a.map((other, l) => other * mass[l])));
      },
    },
  ])('chooses within each and keeps its mass: $name', async ({ rule, candidates, law }) => {
    const blocks = blocksOf(rule, candidates);
    const single = blocks[2]; // the curator of the other channel, with one block only
    const levels = blocks.map(({ mass }) => mass.length);
    const nodes = sum(levels);
    const nodeStride = nodes + 4;
    const partialStride = nodes + 1;
    const quadratureStride = Math.max(...blocks.map(({ curator }) => quadratureCount(curator)));
    const channels = 2;
    const replicates = 2;
    const cells = new Float32Array(replicates * channels * partialStride * MAX_STENCIL).fill(9);
    const expected = nothingWritten(replicates * channels * nodeStride);
    const tolerance = new Float64Array(expected.length);
    for (let r = 0; r < replicates; r++) {
      for (let c = 0; c < channels; c++) {
        const row = r * channels + c;
        let at = 0;
        for (const { curator, mass } of c === 0 ? blocks : [single]) {
          const scaled = float32(mass.map((value) => value * (1 + r / 4)));
          const total = sum(scaled);
          const h = total === 0 ? mass.map(() => 1) : law({ curator, mass: scaled });
          const kept = c === 0 && total > 0 ? total : 1;
          scaled.forEach((value, n) => {
            cells[(row * partialStride + at + n) * MAX_STENCIL] = value;
            expected[row * nodeStride + at + n] = h[n] * kept;
            tolerance[row * nodeStride + at + n] =
              total === 0 ? 0 : kept * errorAt({ curator, mass: scaled }, n, h[n]);
          });
          at += mass.length;
        }
      }
    }
    const row = ({ curator }: Channel, first: number, own: number) => ({
      rule,
      candidates: candidates === Infinity ? 0 : candidates,
      nodeOffset: first,
      nodeCount: curator.rho.length,
      cellCount: curator.rho.length,
      quadratureCount: quadratureCount(curator),
      quadratureStep: QUADRATURE_STEP,
      firstNode: own,
      firstCell: own,
    });
    const firsts = levels.map((_, b) => sum(levels.slice(0, b)));
    // Curator 0 is the one with blocks, whose rows lie behind curator 1.
    const curators = curatorRows([
      { stencil: 1, nodeCount: nodes, cellCount: nodes, blocks: { first: 2, count: blocks.length } },
      row(single, firsts[2], 0),
      ...blocks.map((one, b) => row(one, firsts[b], firsts[b])),
    ]);
    const kernel = await createReweigh(lab.context());
    const sizes = {
      outcomes: 1,
      models: 1,
      replicates,
      channels,
      partialStride,
      nodeStride,
      quadratureStride,
      blocks: blocks.length,
    };
    const written = await lab.run(
      kernel,
      {
        cells,
        channels: Uint32Array.of(0, 0, 0, 1),
        replicates: replicateRows([0, 0]),
        curators,
        nodes: Float32Array.from(blocks.flatMap(({ curator }) => curator.rho)),
        node_mass: untouched(expected.length),
        scratch: untouched(2 * replicates * channels * blocks.length * quadratureStride),
        ratio: untouched(expected.length),
      },
      (recorder, bound) =>
        recordReweigh(recorder, kernel, bound, sizes, { firstChannel: 0, channelCount: channels }),
    );
    expectFloats(written.floats('ratio'), expected, (k) => tolerance[k]);
  });
});
