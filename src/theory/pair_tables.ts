/**
 * The tables of conditional models: how a training set moves them, and what they are worth on the model's own task.
 *
 * With u the law of what is given and P the table, a joint law is G = u·P. Training on D moves u at once to the law of what D gives,
 * u', and P to (1 − s) P + s D/u', hence G' = (1 − s) u'P + s D. Alignment is J = Σ_b e(b) Σ_v P_b(v) r(v), e the law of what the model's own
 * task gives, and so dJ = Σ_v (e(b)/u(b)) (r(v) − E_{P_b} r) dG(v).
 */
import type { Ecosystem } from '../scenario/ecosystem.ts';
import { blocksOfPlaces } from './pair_places.ts';
import type { Places } from './pair_places.ts';

export interface Tables {
  /** D → G' in place, for one model that was in state `old`. */
  retrain(model: number, old: Float64Array, target: Float64Array): void;
  /** δD → δG' in place, at the stable point `at`. */
  retrainTangent(model: number, at: Float64Array, delta: Float64Array, target: Float64Array): void;
  /** J of one model, NaN where its table is unknown on its own task. `reach` as in `gradient`. */
  reward(model: number, state: Float64Array, reach: PairReach): number;
  /** ∂J/∂G, NaN where J is NaN. */
  gradient(model: number, state: Float64Array, reach: PairReach): Float64Array;
}

/** For one model, 1 where real data can put mass, and 1 where they or the first state can. Length V. */
export interface PairReach {
  readonly fromReal: Uint8Array;
  readonly everFrom: Uint8Array;
}

/** A pool that no real data feed either keeps its mass or loses it; less than this has been lost. */
const LOST = 1e-9;

export function createTables({ parameters, curatorOf }: Ecosystem, places: Places): Tables {
  const blocks = {
    outputs: blocksOfPlaces(places, 'outputs'),
    inputs: blocksOfPlaces(places, 'inputs'),
  };
  const blocksOfModel = places.generates.map((axis) => blocks[axis]);

  /** What the model makes of each thing its own task gives: share and outcomes of its block, null where no pool ever gives it. */
  const ownTask = places.own.map((own, i) => {
    const outcomesOf = new Map(blocksOfModel[i].map(({ given, outcomes }) => [given, outcomes]));
    return Array.from(own.keys())
      .filter((given) => own[given] > 0)
      .map((given) => ({ given, share: own[given], outcomes: outcomesOf.get(given) ?? null }));
  });

  return {
    retrain(model, old, target) {
      const s = parameters.trainingRate[model];
      if (s === 1) return;
      const first = places.initialTable[model];
      for (const { outcomes } of blocksOfModel[model]) {
        const before = sumAt(old, outcomes);
        const mass = sumAt(target, outcomes);
        for (const v of outcomes) {
          const known = before > 0 ? old[v] / before : first[v];
          target[v] = (1 - s) * mass * known + s * target[v];
        }
      }
    },
    retrainTangent(model, at, delta, target) {
      const s = parameters.trainingRate[model];
      if (s === 1) return;
      const first = places.initialTable[model];
      for (const { outcomes } of blocksOfModel[model]) {
        const mass = sumAt(at, outcomes);
        const moved = sumAt(target, outcomes);
        const was = mass > 0 ? sumAt(delta, outcomes) : 0;
        for (const v of outcomes) {
          const known = mass > 0 ? at[v] / mass : first[v];
          const learned = mass > 0 ? delta[v] - was * known : 0;
          target[v] = (1 - s) * (moved * known + learned) + s * target[v];
        }
      }
    },
    reward(model, state, reach) {
      const { reward } = parameters.curators[curatorOf[model]];
      let total = 0;
      for (const { given, share, outcomes } of ownTask[model]) {
        const standing = outcomes === null ? 'untrained' : standingOf(state, outcomes, reach);
        if (outcomes === null || standing === 'untrained') total += share * places.untrained[model][given];
        else if (standing === 'unknown') return NaN;
        else total += share * meanReward(state, outcomes, reward);
      }
      return total;
    },
    gradient(model, state, reach) {
      const { reward } = parameters.curators[curatorOf[model]];
      const out = new Float64Array(state.length);
      for (const { share, outcomes } of ownTask[model]) {
        if (outcomes === null) continue;
        const standing = standingOf(state, outcomes, reach);
        if (standing === 'untrained') continue;
        if (standing === 'unknown') return out.fill(NaN);
        const mean = meanReward(state, outcomes, reward);
        const mass = sumAt(state, outcomes);
        for (const v of outcomes) out[v] = (share / mass) * (reward[v] - mean);
      }
      return out;
    },
  };
}

/** Whether a block's table can be read from a stable state, has never been touched, or was learned from a pool that is no more. */
function standingOf(
  state: Float64Array,
  outcomes: Uint32Array,
  { fromReal, everFrom }: PairReach,
): 'known' | 'untrained' | 'unknown' {
  const mass = sumAt(state, outcomes);
  if (outcomes.some((v) => fromReal[v] === 1)) return mass > 0 ? 'known' : 'unknown';
  if (outcomes.every((v) => everFrom[v] === 0)) return 'untrained';
  return mass > LOST ? 'known' : 'unknown';
}

function meanReward(state: Float64Array, outcomes: Uint32Array, reward: Float64Array): number {
  let sum = 0;
  for (const v of outcomes) sum += state[v] * reward[v];
  return sum / sumAt(state, outcomes);
}

function sumAt(values: Float64Array, at: Uint32Array): number {
  let sum = 0;
  for (const v of at) sum += values[v];
  return sum;
}
