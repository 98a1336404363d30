/**
 * "More curation" taken apart: which curated data grows, and what makes room for it.
 *
 * Published experiments raise the curated share as a whole at the cost of real data, so that another model's output,
 * chosen by another curator, grows along with it. Kept apart, the four cases answer different questions.
 */
import { factorise } from './dense.ts';
import { eigenvaluesOf } from './eigenvalues.ts';
import { createSystem, dot } from './system.ts';
import type { Linearisation, System } from './system.ts';
import { createResolvent, fromTangent, tangentMatrix, tangentSize, toTangent } from './tangent.ts';
import type { Ecosystem } from '../scenario/ecosystem.ts';
import { findStablePoint } from './stable_point.ts';
import type { StablePoint } from './stable_point.ts';

export interface Growth {
  /** `all` curated data of the model, composition fixed, or its `own` output chosen by its own curator alone. */
  readonly of: 'all' | 'own';
  /** What shrinks: real data alone, or everything that does not grow, in proportion. */
  readonly at: 'real' | 'rest';
}

/** Effects on a model's own reward per unit of its training set; NaN where nothing of the kind can grow or shrink. */
export interface GrowthEffect {
  /** ∇Jᵀb: the new mixture alone. */
  readonly local: number;
  /** With the loop through other models cut. */
  readonly isolated: number;
  /** In the long run. */
  readonly total: number;
}

export interface GrowthAnalysis {
  /** Stable point, [model][outcome]. */
  readonly state: Float64Array;
  /** Largest total-variation step there. */
  readonly residual: number;
  /** Spectral radius of the loop there (training rates of 1, all models at once); the effects describe a long run where it is below 1. */
  readonly rate: number;
  readonly effects: readonly GrowthEffect[];
}

const TOLERANCE = 1e-12;
const MOST_ROUNDS = 20_000;
/** Steps of the loop at which Newton may take over: soon, or, where that led to a point that repels, very late. */
const HAND_OVER = [1e-3, 1e-10];

/** Stable point of a small ecosystem (M·V of some hundreds at most) and the effects of several growths at one model. */
export async function analyseGrowth(
  ecosystem: Ecosystem,
  model: number,
  growths: readonly Growth[],
): Promise<GrowthAnalysis> {
  const system = createSystem(ecosystem);
  const { point, linear, rate } = await settle(system);
  const resolvent = createResolvent(system, linear, 1e-12, {});
  const source = new Float64Array(point.state.length);
  const response = new Float64Array(point.state.length);
  const reward = rewardOf(ecosystem, model);
  const row = model * system.outcomeCount;
  const effects = growths.map((growth): GrowthEffect => {
    const b = growthDirection(system, linear, point.state, model, growth);
    if (b === null) return { local: NaN, isolated: NaN, total: NaN };
    source.fill(0);
    source.set(b, row);
    resolvent.solve(source, response);
    return {
      local: dot(reward, b),
      isolated: dot(reward, aloneResponse(system, linear, model, b)),
      total: dot(reward, response.subarray(row, row + system.outcomeCount)),
    };
  });
  return { state: point.state, residual: point.residual, rate, effects };
}

interface Settled {
  readonly point: StablePoint;
  readonly linear: Linearisation;
  readonly rate: number;
}

async function settle(system: System): Promise<Settled> {
  const attempt = async (handOver: number): Promise<Settled> => {
    const options = { tolerance: TOLERANCE, handOver, maxRounds: MOST_ROUNDS, cache: {} };
    const point = await findStablePoint(system, system.initial(), options, () => undefined);
    const linear = system.linearise(point.state);
    return { point, linear, rate: spectralRadius(system, linear) };
  };
  const early = await attempt(HAND_OVER[0]);
  return early.rate < 1 ? early : attempt(HAND_OVER[1]);
}

function spectralRadius(system: System, linear: Linearisation): number {
  const apply = (delta: Float64Array, out: Float64Array): void => {
    linear.apply(delta, out);
  };
  const { real, imaginary } = eigenvaluesOf(
    tangentMatrix(apply, system.modelCount, system.outcomeCount),
    tangentSize(system),
  );
  return real.reduce((radius, value, k) => Math.max(radius, Math.hypot(value, imaginary[k])), 0);
}

/**
 * The same effect as it builds up: after n rounds of the grown mixture, n = 1 … rounds, the reward of `model` has moved by
 * ∇Jᵀ Σ_{k<n} DD^k b per unit (training rates of 1). Tends to the total effect where the loop is stable; with `alone`, to
 * the isolated one.
 */
export function growthByRound(
  ecosystem: Ecosystem,
  state: Float64Array,
  model: number,
  growth: Growth,
  rounds: number,
  alone = false,
): Float64Array {
  const system = createSystem(ecosystem);
  const linear = system.linearise(state);
  const b = growthDirection(system, linear, state, model, growth);
  const effect = new Float64Array(rounds).fill(NaN);
  if (b === null) return effect;
  const row = model * system.outcomeCount;
  const reward = rewardOf(ecosystem, model);
  const moved = new Float64Array(state.length);
  const image = new Float64Array(state.length);
  for (let round = 0; round < rounds; round++) {
    const own = moved.subarray(row, row + b.length);
    if (alone) linear.applySelf(model, own, image.subarray(row, row + b.length));
    else linear.apply(moved, image);
    moved.set(image);
    for (let v = 0; v < b.length; v++) own[v] += b[v];
    effect[round] = dot(reward, own);
  }
  return effect;
}

/** b, length V: how the training mixture of `model` changes per unit grown; null where there is nothing to grow or to give up. */
export function growthDirection(
  system: System,
  linear: Linearisation,
  state: Float64Array,
  model: number,
  { of, at }: Growth,
): Float64Array | null {
  const { modelCount, outcomeCount, mixing, channels, ecosystem } = system;
  const grown = new Float64Array(outcomeCount);
  const rest = new Float64Array(outcomeCount);
  const add = (target: Float64Array, weight: number, source: Float64Array): void => {
    for (let v = 0; v < outcomeCount; v++) target[v] += weight * source[v];
  };
  const realWeight = ecosystem.parameters.realWeight[model];
  add(rest, realWeight, system.real(model));
  let grownWeight = 0;
  for (let t = mixing.start[model]; t < mixing.start[model + 1]; t++) {
    const weight = mixing.weight[t];
    const channel = mixing.row[t] - modelCount;
    if (channel < 0) {
      const from = mixing.row[t] * outcomeCount;
      add(rest, weight, state.subarray(from, from + outcomeCount));
      continue;
    }
    const { producer, curator } = channels[channel];
    const own = producer === model && curator === ecosystem.curatorOf[model];
    const grows = of === 'all' || own;
    add(grows ? grown : rest, weight, linear.tangents[channel].curated);
    if (grows) grownWeight += weight;
  }
  const given = at === 'real' ? system.real(model) : rest.map((value) => value / (1 - grownWeight));
  if (grownWeight === 0 || grownWeight >= 1 || (at === 'real' && realWeight === 0)) return null;
  return grown.map((value, v) => value / grownWeight - given[v]);
}

/** (I − F_jj)^{-1} b for one model. */
function aloneResponse(
  { outcomeCount }: System,
  linear: Linearisation,
  model: number,
  b: Float64Array,
): Float64Array {
  const matrix = tangentMatrix(
    (delta, out) => {
      linear.applySelf(model, delta, out);
      for (let v = 0; v < outcomeCount; v++) out[v] = delta[v] - out[v];
    },
    1,
    outcomeCount,
  );
  const reduced = new Float64Array(outcomeCount - 1);
  toTangent(b, outcomeCount, reduced);
  factorise(matrix, outcomeCount - 1).solve(reduced);
  const full = new Float64Array(outcomeCount);
  fromTangent(reduced, outcomeCount, full);
  return full;
}

function rewardOf(ecosystem: Ecosystem, model: number): Float64Array {
  return ecosystem.parameters.curators[ecosystem.curatorOf[model]].reward;
}
