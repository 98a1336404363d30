/**
 * Derivatives of the Gaussian update at a state. A deviation of one model is a vector of s = d + d(d+1)/2 numbers: dμ, then dΣ_ab for
 * a ≤ b by rows. With μ̃, A, h of tilt.ts,
 *     dμ̃ = A (dμ + dΣ v), v = h − (Q/τ) μ̃,   dΣ̃ = A dΣ Aᵀ,
 * and for a mixture, whose weighted deviations δ_k = μ_k − μ' cancel,
 *     dμ' = Σ w_k dμ_k,   dΣ' = Σ w_k (dΣ_k + dμ_k δ_kᵀ + δ_k dμ_kᵀ).
 */
import type { Compensation } from '../results.ts';
import type { GaussianState, GaussianSystem } from './system.ts';
import { lawAt } from './system.ts';
import { shrinkageOf } from './tilt.ts';

export interface GaussianLinearisation {
  /** s, numbers of one model's deviation. */
  readonly size: number;
  /** DF·x for all models at once; both [model][s]. */
  apply(x: Float64Array, out: Float64Array): void;
  /** The part of DF·x that belongs to one model, written to `out` (s). */
  applyRow(x: Float64Array, model: number, out: Float64Array): void;
  /** DF, row-major, (M s)×(M s). */
  matrix(): Float64Array;
  /**
   * How the training mixture of a model changes per unit of its curation, length s, the composition of the curated part fixed; null
   * where there is no curated part to grow or nothing of the kind that is to be given up.
   */
  direction(model: number, compensation: Compensation): Float64Array | null;
  /** Derivative of the model's expected reward with respect to its own deviation, length s. */
  rewardGradient(model: number): Float64Array;
}

interface ChannelTangent {
  readonly shrinkage: Float64Array | null;
  /** null for raw output. */
  readonly lean: Float64Array | null;
}

interface Scratch {
  readonly deviation: Float64Array;
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
  readonly moved: Float64Array;
  readonly half: Float64Array;
}

/** `outputs` are the laws of all channels at `state`; `mixed` the moments of all training mixtures. */
export function linearise(
  system: GaussianSystem,
  state: GaussianState,
  outputs: GaussianState,
  mixed: GaussianState,
): GaussianLinearisation {
  const { modelCount, dimension: d, channels, channelOf, parameters, ecosystem } = system;
  const { edges } = ecosystem;
  const size = d + (d * (d + 1)) / 2;
  const tangents = channels.map(({ producer, tilt }, c): ChannelTangent => {
    if (tilt === null) return { shrinkage: null, lean: null };
    const { mean } = lawAt(outputs, c, d);
    const lean = tilt.push.slice();
    if (tilt.pull !== null) {
      for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) lean[i] -= tilt.pull[i * d + j] * mean[j];
    }
    return { shrinkage: shrinkageOf(tilt, lawAt(state, producer, d).covariance, d), lean };
  });
  const consumersOf: { consumer: number; edge: number }[][] = channels.map(() => []);
  for (let i = 0; i < modelCount; i++) {
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
      if (parameters.edgeWeight[e] !== 0) consumersOf[channelOf[e]].push({ consumer: i, edge: e });
    }
  }
  const laws = channels.map((_, c) => lawAt(outputs, c, d).mean);
  const centres = ecosystem.models.map((_, i) => lawAt(mixed, i, d).mean);
  const scratch: Scratch = {
    deviation: new Float64Array(size),
    mean: new Float64Array(d),
    covariance: new Float64Array(d * d),
    moved: new Float64Array(d),
    half: new Float64Array(d * d),
  };
  /** Adds what a deviation of one producer does to all consumers; `add` gets the consumer and its deviation, to be used at once. */
  const spread = (producer: number, deviation: Float64Array, add: Add): void => {
    for (const c of system.channelsOf[producer]) {
      unpack(deviation, scratch.mean, scratch.covariance);
      push(tangents[c], scratch);
      for (const { consumer, edge } of consumersOf[c]) {
        add(consumer, mixtureDeviation(scratch, laws[c], centres[consumer], parameters.edgeWeight[edge]));
      }
    }
  };
  return {
    size,
    apply(x, out) {
      out.fill(0);
      for (let p = 0; p < modelCount; p++) {
        spread(p, x.subarray(p * size, (p + 1) * size), (consumer, deviation) => {
          for (let k = 0; k < size; k++) out[consumer * size + k] += deviation[k];
        });
      }
    },
    applyRow(x, model, out) {
      out.fill(0);
      for (let e = edges.start[model]; e < edges.start[model + 1]; e++) {
        const weight = parameters.edgeWeight[e];
        if (weight === 0) continue;
        const c = channelOf[e];
        const from = channels[c].producer * size;
        unpack(x.subarray(from, from + size), scratch.mean, scratch.covariance);
        push(tangents[c], scratch);
        const deviation = mixtureDeviation(scratch, laws[c], centres[model], weight);
        for (let k = 0; k < size; k++) out[k] += deviation[k];
      }
    },
    matrix() {
      const n = modelCount * size;
      const matrix = new Float64Array(n * n);
      const unit = new Float64Array(size);
      for (let p = 0; p < modelCount; p++) {
        for (let q = 0; q < size; q++) {
          unit.fill(0);
          unit[q] = 1;
          spread(p, unit, (consumer, deviation) => {
            for (let k = 0; k < size; k++) matrix[(consumer * size + k) * n + p * size + q] += deviation[k];
          });
        }
      }
      return matrix;
    },
    direction(model, compensation) {
      const change = weightChange(system, model, compensation);
      if (change === null) return null;
      const centre = centres[model];
      const out = new Float64Array(size);
      const first = edges.start[model];
      change.edges.forEach((weight, k) => {
        if (weight !== 0) addMoments(out, lawAt(outputs, channelOf[first + k], d), centre, weight);
      });
      if (change.real !== 0) addMoments(out, ecosystem.real[model], centre, change.real);
      return out;
    },
    rewardGradient(model) {
      const { linear, quadratic, centre } = parameters.curators[ecosystem.curatorOf[model]].reward;
      const { mean } = lawAt(state, model, d);
      const gradient = new Float64Array(size);
      let k = d;
      for (let i = 0; i < d; i++) {
        gradient[i] = linear[i];
        for (let j = 0; j < d; j++) gradient[i] -= quadratic[i * d + j] * (mean[j] - centre[j]);
        for (let j = i; j < d; j++) gradient[k++] = (i === j ? -0.5 : -1) * quadratic[i * d + j];
      }
      return gradient;
    },
  };
}

type Add = (consumer: number, deviation: Float64Array) => void;

/** From s numbers to a mean and a full matrix. */
function unpack(deviation: Float64Array, mean: Float64Array, covariance: Float64Array): void {
  const d = mean.length;
  mean.set(deviation.subarray(0, d));
  let k = d;
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) covariance[i * d + j] = covariance[j * d + i] = deviation[k++];
  }
}

/** Turns a producer's deviation in `scratch` into that of a channel. */
function push({ shrinkage, lean }: ChannelTangent, { mean, covariance, moved, half }: Scratch): void {
  if (lean === null) return;
  const d = mean.length;
  for (let i = 0; i < d; i++) {
    let sum = mean[i];
    for (let j = 0; j < d; j++) sum += covariance[i * d + j] * lean[j];
    moved[i] = sum;
  }
  if (shrinkage === null) {
    mean.set(moved);
    return;
  }
  for (let i = 0; i < d; i++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += shrinkage[i * d + j] * moved[j];
    mean[i] = sum;
  }
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += shrinkage[i * d + k] * covariance[k * d + j];
      half[i * d + j] = sum;
    }
  }
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += half[i * d + k] * shrinkage[j * d + k];
      covariance[i * d + j] = sum;
    }
  }
}

function mixtureDeviation(
  { mean, covariance, deviation: out }: Scratch,
  law: Float64Array,
  centre: Float64Array,
  weight: number,
): Float64Array {
  const d = mean.length;
  let k = d;
  for (let i = 0; i < d; i++) {
    out[i] = weight * mean[i];
    const off = law[i] - centre[i];
    for (let j = i; j < d; j++) {
      out[k++] = weight * (covariance[i * d + j] + mean[i] * (law[j] - centre[j]) + off * mean[j]);
    }
  }
  return out;
}

/** Adds `weight` times the mean and the second moment about `centre` of a component. */
function addMoments(out: Float64Array, law: GaussianState, centre: Float64Array, weight: number): void {
  const d = centre.length;
  let k = d;
  for (let i = 0; i < d; i++) {
    out[i] += weight * law.mean[i];
    const off = law.mean[i] - centre[i];
    for (let j = i; j < d; j++) {
      out[k++] += weight * (law.covariance[i * d + j] + off * (law.mean[j] - centre[j]));
    }
  }
}

/** Change of every weight of a training set per unit of λ; the changes sum to 0. */
export interface WeightChange {
  readonly real: number;
  /** Per edge of the model, in order. */
  readonly edges: Float64Array;
}

/** `proportional`: real and raw shares shrink alike. `real`: real data shrinks. `raw-to-curated`: raw output of the same producers. */
export function weightChange(
  { ecosystem, parameters }: Pick<GaussianSystem, 'ecosystem' | 'parameters'>,
  model: number,
  compensation: Compensation,
): WeightChange | null {
  const { start, producer, curator } = ecosystem.edges;
  const first = start[model];
  const count = start[model + 1] - first;
  const weights = parameters.edgeWeight.subarray(first, first + count);
  const realWeight = parameters.realWeight[model];
  const curated = (k: number): boolean => curator[first + k] >= 0;
  let curation = 0;
  let rest = realWeight;
  for (let k = 0; k < count; k++) {
    if (curated(k)) curation += weights[k];
    else rest += weights[k];
  }
  if (curation === 0) return null;
  const edges = new Float64Array(count);
  for (let k = 0; k < count; k++) if (curated(k)) edges[k] = weights[k] / curation;
  if (compensation === 'real') return realWeight === 0 ? null : { real: -1, edges };
  if (compensation === 'proportional') {
    if (rest === 0) return null;
    for (let k = 0; k < count; k++) if (!curated(k)) edges[k] = -weights[k] / rest;
    return { real: -realWeight / rest, edges };
  }
  for (let k = 0; k < count; k++) {
    if (!curated(k) || weights[k] === 0) continue;
    let raw = 0;
    while (
      raw < count &&
      (curated(raw) || producer[first + raw] !== producer[first + k] || weights[raw] === 0)
    ) {
      raw++;
    }
    if (raw === count) return null;
    edges[raw] -= weights[k] / curation;
  }
  return { real: 0, edges };
}
