/** Rewards that move: where those who read them find the present ones. */
import type { Drift, Ensemble, Parameters } from '../scenario/ecosystem.ts';
import type { CpuMemory } from './memory.ts';

/**
 * The ensemble with a variant per replicate, whose moving rewards lie in `memory.rewards`: who reads a curator's reward reads the present
 * one.
 */
export function withLiveRewards(ensemble: Ensemble, drift: Drift, memory: CpuMemory): Ensemble {
  const { outcomeCount } = ensemble.ecosystem;
  const count = drift.driven.length;
  return {
    ...ensemble,
    variants: Array.from(ensemble.variantOf, (variant, replicate): Parameters => {
      const parameters = ensemble.variants[variant];
      const curators = [...parameters.curators];
      drift.driven.forEach(({ curator }, d) => {
        const from = (replicate * count + d) * outcomeCount;
        const reward = memory.rewards.subarray(from, from + outcomeCount);
        curators[curator] = { ...curators[curator], reward };
      });
      return { ...parameters, curators };
    }),
    variantOf: Uint32Array.from(ensemble.variantOf.keys()),
  };
}
