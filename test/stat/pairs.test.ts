/**
 * Training samples of conditional models against their exact laws, by chi-square: the K candidates of a choice share what is
 * given, and what is given keeps its law. Each of the 24 comparisons rejects honest code with probability 5e-7.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuBackend } from '../../src/engine/gpu/backend.ts';
import type { Ecosystem } from '../../src/scenario/ecosystem.ts';
import { ensembleOf } from '../../src/scenario/ecosystem.ts';
import { openTestBackend } from '../support/gpu.ts';
import type { PairShape } from '../support/pairs.ts';
import { blocksOfAxis, initialPairState, pairTrainingLaw, randomPairs } from '../support/pairs.ts';
import { cpu } from './networks.ts';
import { expectLaw } from './verdicts.ts';

const MILLION = 1_000_000;
const BOTH = ['outputs', 'inputs'] as const;
let gpu: GpuBackend;
beforeAll(async () => {
  gpu = await openTestBackend();
});
afterAll(() => {
  gpu.destroy();
});

/** Counts of every model, [model][pair], after each of `rounds` rounds; both backends must agree on them. */
async function countsOf(of: Ecosystem, rounds: number, sameBits: boolean): Promise<number[][][]> {
  const perRound: number[][][] = [];
  const [onCpu, onGpu] = await Promise.all(
    [cpu, gpu].map((backend) => backend.createSimulation(ensembleOf(of), { stable: null })),
  );
  for (let round = 0; round < rounds; round++) {
    await onCpu.advance(1);
    await onGpu.advance(1);
    const counts = await onCpu.counts();
    if (sameBits) expect(await onGpu.counts()).toEqual(counts);
    const pairs = of.outcomeCount;
    perRound.push(of.models.map((_, i) => Array.from(counts?.subarray(i * pairs, (i + 1) * pairs) ?? [])));
  }
  onCpu.destroy();
  onGpu.destroy();
  return perRound;
}

const SHAPES: Record<string, PairShape> = {
  'four candidates, outputs given inputs': { models: 1, inputs: 4, outputs: 5, real: 0 },
  'four candidates, inputs given outputs': { models: 1, inputs: 3, outputs: 6, axes: ['inputs'], real: 0 },
  'two and seven candidates, both ways': {
    models: 4,
    inputs: 4,
    outputs: 4,
    axes: BOTH,
    candidates: [2, 7],
  },
  'infinitely many candidates, both ways': {
    models: 2,
    inputs: 3,
    outputs: 4,
    axes: BOTH,
    candidates: [Infinity],
    rewardSpread: 12,
    real: 0,
  },
  'the best of three and of infinitely many, with ties': {
    models: 4,
    inputs: 4,
    outputs: 4,
    axes: ['outputs', 'inputs', 'inputs', 'outputs'],
    rules: ['argmax'],
    candidates: [3, Infinity],
    rewardStep: 1,
  },
  'inputs and outputs that never occur': {
    models: 2,
    inputs: 4,
    outputs: 5,
    axes: BOTH,
    emptyInputs: 1,
    emptyOutputs: 2,
    candidates: [4, Infinity],
  },
};

describe('a round of a million samples', () => {
  it.each(Object.entries(SHAPES))('%s', async (name, shape) => {
    const of = randomPairs(31, { ...shape, population: [MILLION], seed: 201 });
    const [first, second] = await countsOf(of, 2, true);
    const { joint } = initialPairState(of);
    first.forEach((counts, i) => {
      expectLaw(counts, pairTrainingLaw(of, of.parameters, i, joint), `${name}, model ${i}`);
    });
    const drawn = first.map((counts) => counts.map((count) => count / MILLION));
    expectLaw(second[0], pairTrainingLaw(of, of.parameters, 0, drawn), `${name}, round 2`);
  });

  it('from producers in the population limit', async () => {
    const shape = { models: 4, inputs: 3, outputs: 4, axes: ['inputs', 'outputs', 'outputs'] as const };
    const of = randomPairs(32, {
      ...shape,
      candidates: [4, Infinity, 3],
      population: [MILLION, 0, 0, MILLION],
      seed: 202,
    });
    // A limit model's probabilities are equal on both backends to rounding only, and so are draws from them.
    const [counts] = await countsOf(of, 1, false);
    const { joint } = initialPairState(of);
    for (const i of [0, 3]) expectLaw(counts[i], pairTrainingLaw(of, of.parameters, i, joint), `model ${i}`);
  });
});

it('curation of rare inputs is as exact as of common ones', async () => {
  // One input in ten thousand, where the favourite output is the rarest: all that infinitely many candidates leave.
  const of = randomPairs(33, { models: 1, inputs: 2, outputs: 2, candidates: [Infinity], real: 0 });
  const joint = Float64Array.of(0.5, 0.4999, 1e-4 * 0.999, 1e-4 * 0.001);
  const skewed: Ecosystem = {
    ...of,
    distributions: [joint],
    realOf: Uint32Array.of(0),
    initialOf: Uint32Array.of(0),
    edges: { start: Uint32Array.of(0, 1), producer: Uint32Array.of(0), curator: Int32Array.of(0) },
    seed: 203,
    parameters: {
      ...of.parameters,
      realWeight: Float64Array.of(0),
      edgeWeight: Float64Array.of(1),
      population: Uint32Array.of(20 * MILLION),
      curators: [{ ...of.parameters.curators[0], temperature: 1, reward: Float64Array.of(30, 0, 0, 7) }],
    },
  };
  const [[counts]] = await countsOf(skewed, 1, true);
  const law = pairTrainingLaw(skewed, skewed.parameters, 0, [[...joint]]);
  expect(law[3] / law[2]).toBeCloseTo(Math.exp(7) / 999, 9);
  expectLaw(counts, law, 'rare input');
  const [, rare] = blocksOfAxis(2, 2, 'outputs');
  expectLaw(
    rare.map((v) => counts[v]),
    rare.map((v) => law[v] / (law[2] + law[3])),
    'given the rare input',
  );
});
