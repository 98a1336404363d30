/**
 * What one more unit of curation at a model does to everybody's reward at the stable point:
 *     dJ_i/dλ_j = ∇J_iᵀ [(I − DD)^{-1}]_ij b_j,   b_j = ∂D_j/∂λ_j.
 * The implicit function theorem; independent of training rates and of the order of updates.
 */
import { blockInfluence } from './block_influence.ts';
import { factorise } from './dense.ts';
import type { Operator } from './krylov.ts';
import { gmres } from './krylov.ts';
import { createLocalResolvent, LOCAL_OUTCOMES } from './local_resolvent.ts';
import type { Pace } from './pace.ts';
import { createBlockSolver, separateBlocks } from './pair_resolvent.ts';
import { createPointwiseInverse } from './pointwise.ts';
import type { Compensation, Influence } from './results.ts';
import { smoothInfluence } from './smooth_influence.ts';
import { dot } from './system.ts';
import type { Linearisation, System } from './system.ts';
import {
  createResolvent,
  DENSE_UNKNOWNS,
  fromTangent,
  tangentMatrix,
  tangentSize,
  toTangent,
} from './tangent.ts';
import type { ResolventCache } from './tangent.ts';

/** Relative residual asked of the iterative solvers. */
const TOLERANCE = 1e-10;
const LARGE_TOLERANCE = 1e-8;
const LARGE = 300_000;
/** A network with more links than M²/8 has no "nearby": a change anywhere is felt everywhere at once. */
const CROWDED = 8;
/** Multiplications and additions that block elimination may take: minutes at most, and less than other ways. */
const MAX_BLOCK_WORK = 3e11;

/**
 * b of a model, length V: how its training mixture changes per unit of λ, composition of the curated part fixed. Null where there is
 * no curated part to grow, or nothing of the kind that is to be given up.
 *
 * `proportional`: real and raw shares shrink alike. `real`: real data shrinks. `raw-to-curated`: every curated share
 * grows in proportion, at the cost of raw output of the same producer.
 */
export function curationDirection(
  system: System,
  linear: Linearisation,
  state: Float64Array,
  model: number,
  compensation: Compensation,
): Float64Array | null {
  const { modelCount, outcomeCount, mixing, channels, ecosystem } = system;
  const curated = new Float64Array(outcomeCount);
  const raw = new Float64Array(outcomeCount);
  const displaced = new Float64Array(outcomeCount);
  const realWeight = ecosystem.parameters.realWeight[model];
  const rawProducers = new Set<number>();
  const producers = new Set<number>();
  let curation = 0;
  let rawWeight = 0;
  const add = (target: Float64Array, weight: number, source: Float64Array): void => {
    for (let v = 0; v < outcomeCount; v++) target[v] += weight * source[v];
  };
  const output = (producer: number): Float64Array =>
    state.subarray(producer * outcomeCount, (producer + 1) * outcomeCount);
  for (let t = mixing.start[model]; t < mixing.start[model + 1]; t++) {
    const weight = mixing.weight[t];
    const k = mixing.row[t] - modelCount;
    if (k < 0) {
      rawWeight += weight;
      rawProducers.add(mixing.row[t]);
      add(raw, weight, output(mixing.row[t]));
    } else {
      curation += weight;
      producers.add(channels[k].producer);
      add(curated, weight, linear.tangents[k].curated);
      add(displaced, weight, output(channels[k].producer));
    }
  }
  if (curation === 0) return null;
  const given = new Float64Array(outcomeCount);
  if (compensation === 'real') {
    if (realWeight === 0) return null;
    given.set(system.real(model));
  } else if (compensation === 'raw-to-curated') {
    for (const producer of producers) if (!rawProducers.has(producer)) return null;
    add(given, 1 / curation, displaced);
  } else {
    const rest = realWeight + rawWeight;
    if (rest === 0) return null;
    add(given, realWeight / rest, system.real(model));
    add(given, 1 / rest, raw);
  }
  return curated.map((value, v) => value / curation - given[v]);
}

/** The whole matrix, the isolated effects and the first-round effects at the stable point `state`. */
export async function influenceMatrix(
  system: System,
  linear: Linearisation,
  state: Float64Array,
  compensation: Compensation,
  pace: Pace,
  cache: ResolventCache,
): Promise<Influence> {
  // The other ways hold curation to be one smooth kernel over rewards, which it is inside a block only.
  if (system.places !== null) return columnwiseInfluence(system, linear, state, compensation, pace, cache);
  if (tangentSize(system) > DENSE_UNKNOWNS) {
    const eliminated = await eliminatedInfluence(system, linear, state, compensation, MAX_BLOCK_WORK, pace);
    if (eliminated !== null) return eliminated;
  }
  if (tangentSize(system) > DENSE_UNKNOWNS && system.outcomeCount > LOCAL_OUTCOMES) {
    const gathered = await gatheredInfluence(system, linear, state, compensation, pace);
    if (gathered !== null) return gathered;
  }
  return columnwiseInfluence(system, linear, state, compensation, pace, cache);
}

/** By block elimination; null where that takes more than `maxWork` operations or loses its digits. */
export function eliminatedInfluence(
  system: System,
  linear: Linearisation,
  state: Float64Array,
  compensation: Compensation,
  maxWork: number,
  pace: Pace,
): Promise<Influence | null> {
  const { parameters, curatorOf } = system.ecosystem;
  return blockInfluence(
    system,
    linear,
    (j) => curationDirection(system, linear, state, j, compensation),
    (i) => parameters.curators[curatorOf[i]].reward,
    maxWork,
    pace,
  );
}

/** By sums over outcomes; null where curation is not smooth enough. */
export function gatheredInfluence(
  system: System,
  linear: Linearisation,
  state: Float64Array,
  compensation: Compensation,
  pace: Pace,
): Promise<Influence | null> {
  const { parameters, curatorOf } = system.ecosystem;
  return smoothInfluence(
    system,
    linear,
    (j) => curationDirection(system, linear, state, j, compensation),
    (i) => parameters.curators[curatorOf[i]].reward,
    pace,
  );
}

/** One linear solve per model whose curation grows. */
export async function columnwiseInfluence(
  system: System,
  linear: Linearisation,
  state: Float64Array,
  compensation: Compensation,
  pace: Pace,
  cache: ResolventCache,
): Promise<Influence> {
  const { modelCount, outcomeCount } = system;
  const gradients = Array.from({ length: modelCount }, (_, i) => system.gradient(i, state));
  const gradient = (i: number): Float64Array => gradients[i];
  const influence = new Float64Array(modelCount * modelCount).fill(NaN);
  const isolated = new Float64Array(modelCount).fill(NaN);
  const local = new Float64Array(modelCount).fill(NaN);
  const tolerance = modelCount * outcomeCount > LARGE ? LARGE_TOLERANCE : TOLERANCE;
  const solver = createSolver(system, linear, tolerance, cache);
  const alone = new Float64Array(outcomeCount);
  let residual = 0;
  for (let j = 0; j < modelCount; j++) {
    const b = curationDirection(system, linear, state, j, compensation);
    if (b === null) continue;
    local[j] = dot(gradient(j), b);
    residual = Math.max(residual, solver.alone(j, b, alone));
    isolated[j] = dot(gradient(j), alone);
    residual = Math.max(
      residual,
      solver.coupled(j, b, (x) => {
        for (let i = 0; i < modelCount; i++) {
          influence[i * modelCount + j] = dot(
            gradient(i),
            x.subarray(i * outcomeCount, (i + 1) * outcomeCount),
          );
        }
      }),
    );
    await pace('influence', j + 1, modelCount, residual);
  }
  return { influence, isolated, local, residual };
}

interface InfluenceSolver {
  /** x = (I − F_jj)^{-1} b; returns the relative residual. */
  alone(model: number, b: Float64Array, x: Float64Array): number;
  /** Hands (I − DD)^{-1} applied to b at `model` to `read`; returns the relative residual. */
  coupled(model: number, b: Float64Array, read: (x: Float64Array) => void): number;
}

function createSolver(
  system: System,
  linear: Linearisation,
  tolerance: number,
  cache: ResolventCache,
): InfluenceSolver {
  const { modelCount, outcomeCount } = system;
  const size = modelCount * outcomeCount;
  const resolvent = createResolvent(system, linear, tolerance, cache);
  const source = new Float64Array(size);
  const x = new Float64Array(size);
  const general = (model: number, b: Float64Array, read: (x: Float64Array) => void): number => {
    source.fill(0);
    source.set(b, model * outcomeCount);
    const residual = resolvent.solve(source, x);
    read(x);
    return residual;
  };
  const selfOperator = (model: number) => (input: Float64Array, out: Float64Array) => {
    linear.applySelf(model, input, out);
    for (let v = 0; v < outcomeCount; v++) out[v] = input[v] - out[v];
  };
  if (tangentSize(system) <= DENSE_UNKNOWNS) {
    const reduced = new Float64Array(outcomeCount - 1);
    return {
      alone: (model, b, out) => {
        const apply = selfOperator(model);
        toTangent(b, outcomeCount, reduced);
        factorise(tangentMatrix(apply, 1, outcomeCount), outcomeCount - 1).solve(reduced);
        fromTangent(reduced, outcomeCount, out);
        return 0;
      },
      coupled: general,
    };
  }
  const blocks = separateBlocks(system);
  if (blocks !== null) {
    return {
      alone: (model, b, out) => {
        const self: Operator = (input, image) => linear.applySelf(model, input, image);
        createBlockSolver(self, blocks, 1, outcomeCount).solve(b, out);
        return 0;
      },
      coupled: general,
    };
  }
  const crowded = system.mixing.row.length > (modelCount * modelCount) / CROWDED;
  if (crowded && cache.pointwise === undefined) cache.pointwise = createPointwiseInverse(system, linear);
  if (outcomeCount > LOCAL_OUTCOMES || (crowded && cache.pointwise !== null)) {
    return {
      alone: (model, b, out) => {
        out.fill(0);
        return gmres(selfOperator(model), b, out, { tolerance, restart: 40, maxIterations: 200 });
      },
      coupled: general,
    };
  }
  const nearby = createLocalResolvent(system, linear, tolerance);
  return {
    alone: (model, b, out) => nearby.alone(model, b, out),
    coupled: (model, b, read) => {
      const residual = nearby.solve(model, b, x);
      if (residual === null) return general(model, b, read);
      read(x);
      return residual;
    },
  };
}
