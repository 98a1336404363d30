/**
 * The population-limit side of an ensemble: which producer–curator pairs must be reweighed and what every
 * consumer mixes. Both backends work through it; only the GPU copies it into buffers.
 */
import { InputError } from '../errors.ts';
import type { Ecosystem, Ensemble } from '../scenario/ecosystem.ts';

/** One producer's output seen by one curator. */
export interface Channel {
  readonly producer: number;
  readonly curator: number;
}

export interface LimitPlan {
  /**
   * Channels that models in the population limit train on. A synchronous round reweighs each producer–curator pair
   * once; a sequential one reweighs it anew for every consumer, since producers change in between.
   */
  readonly channels: readonly Channel[];
  /** The channels first needed by model i are channelStart[i] … channelStart[i+1]−1; sequential: all it needs. */
  readonly channelStart: Uint32Array;
  /** Per edge: index into `channels`, or −1 for raw output and for edges of finite consumers. */
  readonly channelOf: Int32Array;
  /** True for models whose training set is drawn rather than mixed. */
  readonly isFinite: readonly boolean[];
  readonly hasLimit: boolean;
}

/** A model is finite in every variant or in none: populations may differ between variants, the kind may not. */
export function finiteModels(ensemble: Ensemble): boolean[] {
  const { models } = ensemble.ecosystem;
  return models.map((name, i) => {
    const finite = ensemble.variants[0].population[i] > 0;
    if (ensemble.variants.some(({ population }) => population[i] > 0 !== finite)) {
      throw new InputError(
        `models.${name}.population`,
        'is finite in some replicates and the population limit in others — split the sweep, or use a large population for the limit',
      );
    }
    return finite;
  });
}

export function planLimit(ensemble: Ensemble): LimitPlan {
  const { edges, models } = ensemble.ecosystem;
  const isFinite = finiteModels(ensemble);
  const channels: Channel[] = [];
  const known = new Map<string, number>();
  const sequential = ensemble.ecosystem.update === 'sequential';
  const channelStart = new Uint32Array(models.length + 1);
  const channelOf = new Int32Array(edges.producer.length).fill(-1);
  for (let i = 0; i < models.length; i++) {
    if (sequential) known.clear();
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
      if (isFinite[i] || edges.curator[e] < 0) continue;
      const key = `${edges.producer[e]} ${edges.curator[e]}`;
      let index = known.get(key);
      if (index === undefined) {
        index = channels.length;
        known.set(key, index);
        channels.push({ producer: edges.producer[e], curator: edges.curator[e] });
      }
      channelOf[e] = index;
    }
    channelStart[i + 1] = channels.length;
  }
  return { channels, channelStart, channelOf, isFinite, hasLimit: isFinite.some((finite) => !finite) };
}

/** Models trained at the same time within a round: all of them, or one after the other. */
export interface UpdateStep {
  readonly firstModel: number;
  readonly modelCount: number;
}

export function updateSteps(ecosystem: Ecosystem): readonly UpdateStep[] {
  const count = ecosystem.models.length;
  if (ecosystem.update === 'synchronous') return [{ firstModel: 0, modelCount: count }];
  return Array.from({ length: count }, (_, i) => ({ firstModel: i, modelCount: 1 }));
}
