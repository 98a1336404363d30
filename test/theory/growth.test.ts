import { describe, expect, it } from 'vitest';
import { analyseGrowth, growthByRound } from '../../src/theory/growth.ts';
import type { Growth } from '../../src/theory/growth.ts';
import type { Ecosystem } from '../../src/scenario/ecosystem.ts';
import { runByDefinition, weightsOf } from './brute_force.ts';
import { network } from './networks.ts';

const GROWTHS: readonly Growth[] = [
  { of: 'all', at: 'real' },
  { of: 'all', at: 'rest' },
  { of: 'own', at: 'real' },
  { of: 'own', at: 'rest' },
];

const RAW = [
  [0.1, 0.05],
  [0, 0.08],
];
const CURATED = [
  [0.3, 0.2],
  [0.25, 0.15],
];
const REAL_WEIGHT = [0.35, 0.52];

function pair(
  raw: number[][],
  curated: number[][],
  realWeight: number[],
  frozen: number[][] = [],
): Ecosystem {
  return network({
    real: [
      [0.3, 0.5, 0.2],
      [0.2, 0.2, 0.6],
    ],
    ...(frozen.length > 0 ? { initial: frozen } : {}),
    realWeight,
    raw,
    curated,
    curators: [
      { reward: [1.2, -0.4, 0.1], candidates: 3 },
      { reward: [-0.5, 0.3, 1.1], candidates: 4 },
    ],
  });
}

/** The training set of the first model with `amount` more of what grows, written out by hand. */
function moved({ of, at }: Growth, amount: number): [number[][], number[][], number[]] {
  const [raw, curated, real] = [RAW.map((row) => [...row]), CURATED.map((row) => [...row]), [...REAL_WEIGHT]];
  if (of === 'all') curated[0] = [0.3 + (amount * 0.3) / 0.5, 0.2 + (amount * 0.2) / 0.5];
  else curated[0] = [0.3 + amount, 0.2];
  if (at === 'real') real[0] -= amount;
  else if (of === 'all') {
    real[0] *= 1 - amount / 0.5;
    raw[0] = raw[0].map((weight) => weight * (1 - amount / 0.5));
  } else {
    real[0] *= 1 - amount / 0.7;
    raw[0] = raw[0].map((weight) => weight * (1 - amount / 0.7));
    curated[0][1] *= 1 - amount / 0.7;
  }
  return [raw, curated, real];
}

function roundByEnumeration(ecosystem: Ecosystem, state: readonly (readonly number[])[]): number[][] {
  return runByDefinition(ecosystem, weightsOf(ecosystem), state, 1);
}

/** Reward of the first model after the loop, enumerated, has run for long; with `frozen` the second never moves. */
function longRun(ecosystem: Ecosystem, frozen: number[] | null): number {
  let state = Array.from(ecosystem.initialOf, (k) => Array.from(ecosystem.distributions[k]));
  if (frozen !== null) state[1] = frozen;
  for (let round = 0; round < 400; round++) {
    state = roundByEnumeration(ecosystem, state);
    if (frozen !== null) state[1] = frozen;
  }
  const { reward } = ecosystem.parameters.curators[0];
  return state[0].reduce((sum, p, v) => sum + p * reward[v], 0);
}

describe('more curation, taken apart', () => {
  const base = pair(RAW, CURATED, REAL_WEIGHT);

  it.each(GROWTHS)(
    'long-run and isolated effects are difference quotients: $of, at the cost of $at',
    async (growth) => {
      const { effects, state, rate } = await analyseGrowth(base, 0, [growth]);
      const step = 1e-4;
      const frozen = Array.from(state.subarray(3));
      const quotient = (fixed: number[] | null): number => {
        const [more, less] = [step, -step].map((amount) => longRun(pair(...moved(growth, amount)), fixed));
        return (more - less) / (2 * step);
      };
      expect(rate).toBeLessThan(1);
      // A central difference with step h is off by about h²·J‴ and 10⁻¹⁵/h.
      expect(effects[0].total).toBeCloseTo(quotient(null), 6);
      expect(effects[0].isolated).toBeCloseTo(quotient(frozen), 6);
    },
  );

  it('builds up from the effect of the new mixture alone to the long run', async () => {
    for (const growth of GROWTHS) {
      const { effects, state } = await analyseGrowth(base, 0, [growth]);
      const together = growthByRound(base, state, 0, growth, 300);
      const alone = growthByRound(base, state, 0, growth, 300, true);
      expect(together[0]).toBeCloseTo(effects[0].local, 12);
      expect(together[299]).toBeCloseTo(effects[0].total, 9);
      expect(alone[299]).toBeCloseTo(effects[0].isolated, 9);
      // After two rounds: the first step's echo, by the loop written out.
      const step = 1e-5;
      const start = [Array.from(state.subarray(0, 3)), Array.from(state.subarray(3))];
      const after = (amount: number): number => {
        const changed = pair(...moved(growth, amount));
        const twice = roundByEnumeration(changed, roundByEnumeration(changed, start));
        return twice[0].reduce((sum, p, v) => sum + p * changed.parameters.curators[0].reward[v], 0);
      };
      expect(together[1]).toBeCloseTo((after(step) - after(-step)) / (2 * step), 6);
    }
  });

  it('says nothing where there is nothing to grow, or nothing to give up', async () => {
    const none = pair(RAW, [[0, 0.5], CURATED[1]], REAL_WEIGHT);
    const { effects } = await analyseGrowth(none, 0, GROWTHS);
    expect(effects.map(({ total }) => Number.isNaN(total))).toEqual([false, false, true, true]);
    const noReal = pair([[0.3, 0.2], RAW[1]], CURATED, [0, 0.52]);
    const without = (await analyseGrowth(noReal, 0, GROWTHS)).effects;
    expect(without.map(({ total }) => Number.isNaN(total))).toEqual([true, false, true, false]);
  });
});
