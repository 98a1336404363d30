/**
 * The ecosystem as a map on joint states [model][outcome], in the population limit:
 *     D_i(x) = w_real,i R_i + Σ_j w_raw,ij x_j + Σ_{j,c} w_cur,ijc Φ_c(x_j),    x_i' = (1 − s_i) x_i + s_i D_i(x),
 * (for conditional models, whose state is the joint law of pairs, see pair_tables.ts)
 * with its derivative as an operator: applied, transposed, never formed.
 */
import type { Ecosystem } from '../scenario/ecosystem.ts';
import type { CurationTangent } from './curation.ts';
import { planMixing } from './mix_plan.ts';
import { compileMixing } from './mixing.ts';
import type { Channel, Mixing } from './mixing.ts';
import { createOperators } from './operators.ts';
import { placesOf } from './pair_places.ts';
import type { Places } from './pair_places.ts';
import { createTables } from './pair_tables.ts';
import type { PairReach } from './pair_tables.ts';
import { reachable } from './reach.ts';

export interface System {
  readonly ecosystem: Ecosystem;
  /** M. */
  readonly modelCount: number;
  /** V. */
  readonly outcomeCount: number;
  readonly channels: readonly Channel[];
  readonly mixing: Mixing;
  /** Of the family `conditional`. */
  readonly places: Places | null;
  /** The state before the first round. */
  initial(): Float64Array;
  /** Real data of a model. */
  real(model: number): Float64Array;
  /** out = D(x), the training mixtures. */
  mixtures(x: Float64Array, out: Float64Array): void;
  /** out = one round of the loop: training rates applied, `sequential` order respected. */
  update(x: Float64Array, out: Float64Array): void;
  /** J per model: the expected reward of its own curator; of a conditional model on its own task, NaN where unknown. */
  reward(x: Float64Array): Float64Array;
  /** ∂J/∂x of one model at a stable point, length V, up to a constant. Not to be changed. */
  gradient(model: number, x: Float64Array): Float64Array;
  linearise(x: Float64Array): Linearisation;
}

/** Derivatives at one state. All vectors are [model][outcome] with zero sum over outcomes. */
export interface Linearisation {
  /** DΦ per channel, with Φ and H. */
  readonly tangents: readonly CurationTangent[];
  /** out = DD(x)·delta. */
  apply(delta: Float64Array, out: Float64Array): void;
  /** out = DD(x)ᵀ·f, up to a constant per model. */
  transpose(f: Float64Array, out: Float64Array): void;
  /** out = DF(x)·delta for the round as it runs; exact for `sequential` where x is a stable point. */
  applyUpdate(delta: Float64Array, out: Float64Array): void;
  /** out = ∂D_model/∂x_model·delta for one model (length V). */
  applySelf(model: number, delta: Float64Array, out: Float64Array): void;
}

/** Compiles an ecosystem; the workspace inside makes it unfit for concurrent use. */
export function createSystem(ecosystem: Ecosystem): System {
  const modelCount = ecosystem.models.length;
  const outcomeCount = ecosystem.outcomeCount;
  const { realWeight, trainingRate, curators } = ecosystem.parameters;
  const { channels, mixing } = compileMixing(ecosystem);
  // A sequential round changes rows as it goes, so sums over all of them cannot be shared.
  const sequential = ecosystem.update === 'sequential';
  const plan = planMixing(mixing, modelCount, channels.length);
  const places = placesOf(ecosystem);
  const tables = places === null ? null : createTables(ecosystem, places);
  const operators = createOperators(ecosystem, channels, places);
  const rowCount = modelCount + channels.length;
  const stack = new Float64Array((rowCount + 2) * outcomeCount);
  const rows = Array.from({ length: rowCount + 2 }, (_, r) =>
    stack.subarray(r * outcomeCount, (r + 1) * outcomeCount),
  );
  const channelsOf: number[][] = Array.from({ length: modelCount }, () => []);
  channels.forEach(({ producer }, k) => channelsOf[producer].push(k));
  const real = (model: number): Float64Array => ecosystem.distributions[ecosystem.realOf[model]];

  /** out += Σ weight·stack row over the terms of a model. */
  function mix({ start, row: source, weight }: Mixing, model: number, out: Float64Array): void {
    const end = start[model + 1];
    let t = start[model];
    for (; t + 3 < end; t += 4) {
      const a = weight[t];
      const b = weight[t + 1];
      const c = weight[t + 2];
      const d = weight[t + 3];
      const ra = rows[source[t]];
      const rb = rows[source[t + 1]];
      const rc = rows[source[t + 2]];
      const rd = rows[source[t + 3]];
      for (let v = 0; v < outcomeCount; v++) out[v] += a * ra[v] + b * rb[v] + c * rc[v] + d * rd[v];
    }
    for (; t < end; t++) {
      const a = weight[t];
      const ra = rows[source[t]];
      for (let v = 0; v < outcomeCount; v++) out[v] += a * ra[v];
    }
  }

  const row = (x: Float64Array, model: number): Float64Array =>
    x.subarray(model * outcomeCount, (model + 1) * outcomeCount);

  /** A synchronous pass over the stack: out_i = D_i, or what `train` makes of it; without real data for tangents. */
  function mixAll(x: Float64Array, out: Float64Array, withReal: boolean, train: Train | null): void {
    if (plan.usesRawTotal) addRows(0, modelCount, rows[rowCount]);
    if (plan.usesChannelTotal) addRows(modelCount, rowCount, rows[rowCount + 1]);
    for (let i = 0; i < modelCount; i++) mixOne(plan.mixing, i, x, row(out, i), withReal, train);
  }

  function addRows(from: number, to: number, total: Float64Array): void {
    total.fill(0);
    for (let r = from; r < to; r++) {
      const source = rows[r];
      for (let v = 0; v < outcomeCount; v++) total[v] += source[v];
    }
  }

  function mixOne(
    terms: Mixing,
    i: number,
    x: Float64Array,
    target: Float64Array,
    withReal: boolean,
    train: Train | null,
  ): void {
    if (withReal && realWeight[i] > 0) {
      const weight = realWeight[i];
      const data = real(i);
      for (let v = 0; v < outcomeCount; v++) target[v] = weight * data[v];
    } else {
      target.fill(0);
    }
    mix(terms, i, target);
    train?.(i, row(x, i), target);
  }

  const blend: Train = (i, old, target) => {
    const s = trainingRate[i];
    if (s === 1) return;
    for (let v = 0; v < outcomeCount; v++) target[v] = (1 - s) * old[v] + s * target[v];
  };
  const train: Train = tables === null ? blend : (i, old, target) => tables.retrain(i, old, target);

  /** Models in turn, each seeing what the earlier ones have become. `refill` recomputes a channel from its producer's row. */
  function sweep(
    x: Float64Array,
    out: Float64Array,
    withReal: boolean,
    train: Train,
    refill: (channel: number) => void,
  ): void {
    for (let i = 0; i < modelCount; i++) {
      const target = row(out, i);
      mixOne(mixing, i, x, target, withReal, train);
      rows[i].set(target);
      for (const k of channelsOf[i]) refill(k);
    }
  }

  function load(x: Float64Array, fill: (channel: number) => void): void {
    stack.set(x);
    for (let k = 0; k < channels.length; k++) fill(k);
  }

  const curate = (k: number): void => {
    operators[k].curate(rows[channels[k].producer], rows[modelCount + k]);
  };

  let reaches: readonly PairReach[] | null = null;
  const reachOf = (i: number): PairReach => {
    reaches ??= pairReaches(system);
    return reaches[i];
  };

  const system: System = {
    ecosystem,
    places,
    modelCount,
    outcomeCount,
    channels,
    mixing,
    real,
    initial() {
      const x = new Float64Array(modelCount * outcomeCount);
      for (let i = 0; i < modelCount; i++) row(x, i).set(ecosystem.distributions[ecosystem.initialOf[i]]);
      return x;
    },
    mixtures(x, out) {
      load(x, curate);
      mixAll(x, out, true, null);
    },
    update(x, out) {
      load(x, curate);
      if (sequential) sweep(x, out, true, train, curate);
      else mixAll(x, out, true, train);
    },
    reward(x) {
      return Float64Array.from({ length: modelCount }, (_, i) =>
        tables === null
          ? dot(curators[ecosystem.curatorOf[i]].reward, row(x, i))
          : tables.reward(i, row(x, i), reachOf(i)),
      );
    },
    gradient(model, x) {
      return tables === null
        ? curators[ecosystem.curatorOf[model]].reward
        : tables.gradient(model, row(x, model), reachOf(model));
    },
    linearise(x) {
      // Producers in the same state under one curator share a tangent, and so does what is built on tangents.
      const alike = sameRows(x, outcomeCount);
      const known = new Map<string, CurationTangent>();
      const tangents = channels.map(({ producer, curator }, k): CurationTangent => {
        const key = `${curator},${alike[producer]},${places?.generates[producer] ?? ''}`;
        const tangent = known.get(key) ?? operators[k].linearise(row(x, producer));
        known.set(key, tangent);
        return tangent;
      });
      const pull = new Float64Array(outcomeCount);
      const pulled = new Float64Array(outcomeCount);
      const point = tables === null ? x : x.slice();
      const trainTangent: Train =
        tables === null
          ? blend
          : (i, delta, target) => tables.retrainTangent(i, row(point, i), delta, target);
      const push = (k: number): void => tangents[k].apply(rows[channels[k].producer], rows[modelCount + k]);
      return {
        tangents,
        apply(delta, out) {
          load(delta, push);
          mixAll(delta, out, false, null);
        },
        applyUpdate(delta, out) {
          load(delta, push);
          if (sequential) sweep(delta, out, false, trainTangent, push);
          else mixAll(delta, out, false, trainTangent);
        },
        transpose(f, out) {
          stack.fill(0);
          for (let i = 0; i < modelCount; i++) {
            const source = row(f, i);
            for (let t = mixing.start[i]; t < mixing.start[i + 1]; t++) {
              const weight = mixing.weight[t];
              const target = rows[mixing.row[t]];
              for (let v = 0; v < outcomeCount; v++) target[v] += weight * source[v];
            }
          }
          out.set(stack.subarray(0, modelCount * outcomeCount));
          for (let k = 0; k < channels.length; k++) {
            tangents[k].transpose(rows[modelCount + k], pulled);
            const target = row(out, channels[k].producer);
            for (let v = 0; v < outcomeCount; v++) target[v] += pulled[v];
          }
        },
        applySelf(model, delta, out) {
          out.fill(0);
          for (let t = mixing.start[model]; t < mixing.start[model + 1]; t++) {
            const source = mixing.row[t];
            const weight = mixing.weight[t];
            if (source === model) {
              for (let v = 0; v < outcomeCount; v++) out[v] += weight * delta[v];
            } else if (source >= modelCount && channels[source - modelCount].producer === model) {
              tangents[source - modelCount].apply(delta, pull);
              for (let v = 0; v < outcomeCount; v++) out[v] += weight * pull[v];
            }
          }
        },
      };
    },
  };
  return system;
}

/** Per row of x, the first row with the same numbers. */
function sameRows(x: Float64Array, rowLength: number): Uint32Array {
  const buckets = new Map<number, number[]>();
  return Uint32Array.from({ length: rowLength === 0 ? 0 : x.length / rowLength }, (_, i) => {
    // Rows that agree in this sum are compared number by number.
    let mark = 0;
    for (let v = 0; v < rowLength; v++) mark += (v + 1) * x[i * rowLength + v];
    const bucket = buckets.get(mark) ?? [];
    buckets.set(mark, bucket);
    const same = bucket.find((other) => {
      for (let v = 0; v < rowLength; v++) if (x[i * rowLength + v] !== x[other * rowLength + v]) return false;
      return true;
    });
    if (same === undefined) bucket.push(i);
    return same ?? i;
  });
}

/** Σ a·b. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let v = 0; v < a.length; v++) sum += a[v] * b[v];
  return sum;
}

/** Largest total variation ½Σ|a − b| between rows of length `rowLength`. */
export function largestVariation(a: Float64Array, b: Float64Array, rowLength: number): number {
  let largest = 0;
  for (let o = 0; o < a.length;) {
    let sum = 0;
    for (const end = o + rowLength; o < end; o++) sum += Math.abs(a[o] - b[o]);
    // NaN must not pass for convergence.
    if (!(0.5 * sum <= largest)) largest = 0.5 * sum;
  }
  return largest;
}

/** What training makes of a mixture in `target`, for a model that was in state `old`. */
type Train = (model: number, old: Float64Array, target: Float64Array) => void;

/** Per model, where real data and the first state can put mass. */
function pairReaches(system: System): PairReach[] {
  const { modelCount, outcomeCount } = system;
  const fromReal = reachable(system, new Float64Array(modelCount * outcomeCount), false);
  const everFrom = reachable(system, system.initial(), false);
  return Array.from({ length: modelCount }, (_, i) => {
    const [from, to] = [i * outcomeCount, (i + 1) * outcomeCount];
    return { fromReal: fromReal.subarray(from, to), everFrom: everFrom.subarray(from, to) };
  });
}
