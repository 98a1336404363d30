/**
 * The ecosystem as a map on joint states [model][outcome], in the population limit:
 *     D_i(x) = w_real,i R_i + Σ_j w_raw,ij x_j + Σ_{j,c} w_cur,ijc Φ_c(x_j),    x_i' = (1 − s_i) x_i + s_i D_i(x),
 * with its derivative as an operator: applied, transposed, never formed.
 */
import type { Ecosystem } from '../scenario/ecosystem.ts';
import type { Curation, CurationTangent } from './curation.ts';
import { createCuration } from './curation.ts';
import { rewardLevels } from './levels.ts';
import type { RewardLevels } from './levels.ts';
import { planMixing } from './mix_plan.ts';
import { compileMixing } from './mixing.ts';
import type { Channel, Mixing } from './mixing.ts';

export interface System {
  readonly ecosystem: Ecosystem;
  /** M. */
  readonly modelCount: number;
  /** V. */
  readonly outcomeCount: number;
  readonly channels: readonly Channel[];
  readonly mixing: Mixing;
  /** The state before the first round. */
  initial(): Float64Array;
  /** Real data of a model. */
  real(model: number): Float64Array;
  /** out = D(x), the training mixtures. */
  mixtures(x: Float64Array, out: Float64Array): void;
  /** out = one round of the loop: training rates applied, `sequential` order respected. */
  update(x: Float64Array, out: Float64Array): void;
  /** J per model: the expected reward of its own curator. */
  reward(x: Float64Array): Float64Array;
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
  const curations = createCurations(ecosystem, channels);
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

  /** A synchronous pass over the stack: out_i = D_i, or (1 − s_i) x_i + s_i D_i where `rated`; without real data for tangents. */
  function mixAll(x: Float64Array, out: Float64Array, withReal: boolean, rated: boolean): void {
    if (plan.usesRawTotal) addRows(0, modelCount, rows[rowCount]);
    if (plan.usesChannelTotal) addRows(modelCount, rowCount, rows[rowCount + 1]);
    for (let i = 0; i < modelCount; i++) mixOne(plan.mixing, i, x, row(out, i), withReal, rated);
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
    rated: boolean,
  ): void {
    if (withReal && realWeight[i] > 0) {
      const weight = realWeight[i];
      const data = real(i);
      for (let v = 0; v < outcomeCount; v++) target[v] = weight * data[v];
    } else {
      target.fill(0);
    }
    mix(terms, i, target);
    const s = trainingRate[i];
    if (rated && s < 1) {
      const old = row(x, i);
      for (let v = 0; v < outcomeCount; v++) target[v] = (1 - s) * old[v] + s * target[v];
    }
  }

  /** Models in turn, each seeing what the earlier ones have become. `refill` recomputes a channel from its producer's row. */
  function sweep(
    x: Float64Array,
    out: Float64Array,
    withReal: boolean,
    refill: (channel: number) => void,
  ): void {
    for (let i = 0; i < modelCount; i++) {
      const target = row(out, i);
      mixOne(mixing, i, x, target, withReal, true);
      rows[i].set(target);
      for (const k of channelsOf[i]) refill(k);
    }
  }

  function load(x: Float64Array, fill: (channel: number) => void): void {
    stack.set(x);
    for (let k = 0; k < channels.length; k++) fill(k);
  }

  const curate = (k: number): void => {
    const { producer, curator } = channels[k];
    curations[curator]?.curate(rows[producer], rows[modelCount + k]);
  };

  return {
    ecosystem,
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
      mixAll(x, out, true, false);
    },
    update(x, out) {
      load(x, curate);
      if (sequential) sweep(x, out, true, curate);
      else mixAll(x, out, true, true);
    },
    reward(x) {
      return Float64Array.from({ length: modelCount }, (_, i) =>
        dot(curators[ecosystem.curatorOf[i]].reward, row(x, i)),
      );
    },
    linearise(x) {
      // Producers in the same state under one curator share a tangent, and so does what is built on tangents.
      const alike = sameRows(x, outcomeCount);
      const known = new Map<string, CurationTangent>();
      const tangents = channels.map(({ producer, curator }): CurationTangent => {
        const curation = curations[curator];
        if (curation === null)
          throw new RangeError(`channel uses curator ${curator}, which was not compiled`);
        const key = `${curator},${alike[producer]}`;
        const tangent = known.get(key) ?? curation.linearise(row(x, producer));
        known.set(key, tangent);
        return tangent;
      });
      const pull = new Float64Array(outcomeCount);
      const pulled = new Float64Array(outcomeCount);
      const push = (k: number): void => tangents[k].apply(rows[channels[k].producer], rows[modelCount + k]);
      return {
        tangents,
        apply(delta, out) {
          load(delta, push);
          mixAll(delta, out, false, false);
        },
        applyUpdate(delta, out) {
          load(delta, push);
          if (sequential) sweep(delta, out, false, push);
          else mixAll(delta, out, false, true);
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

/** One operator per curator in use; curators that differ only in K share their levels. */
function createCurations(ecosystem: Ecosystem, channels: readonly Channel[]): (Curation | null)[] {
  const needed = new Set(channels.map(({ curator }) => curator));
  const known: { reward: Float64Array; temperature: number; rule: string; levels: RewardLevels }[] = [];
  return ecosystem.parameters.curators.map((curator, c) => {
    if (!needed.has(c)) return null;
    const { reward, temperature, rule } = curator;
    let entry = known.find((k) => k.reward === reward && k.temperature === temperature && k.rule === rule);
    if (entry === undefined) {
      entry = { reward, temperature, rule, levels: rewardLevels(curator) };
      known.push(entry);
    }
    return createCuration(curator, entry.levels);
  });
}
