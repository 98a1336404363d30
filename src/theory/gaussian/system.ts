/**
 * The update of Gaussian models in the population limit: every model becomes the Gaussian with the moments of its training mixture,
 *     μ' = Σ_k w_k μ_k,   Σ' = Σ_k w_k [Σ_k + (μ_k−μ')(μ_k−μ')ᵀ],
 * over real data, raw output and tilted output. Its derivatives are in linear.ts.
 */
import type { GaussianEcosystem, GaussianParameters } from '../../scenario/gaussian.ts';
import type { Tilt } from './tilt.ts';
import { symmetrise, tiltInto, tiltOf } from './tilt.ts';

/** Means [model][d] and covariances [model][d][d]. */
export interface GaussianState {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** One producer's output as one curator lets it through; `tilt` null is raw output. */
export interface Channel {
  readonly producer: number;
  readonly curator: number;
  readonly tilt: Tilt | null;
}

export interface GaussianSystem {
  readonly ecosystem: GaussianEcosystem;
  readonly parameters: GaussianParameters;
  readonly modelCount: number;
  readonly dimension: number;
  readonly channels: readonly Channel[];
  /** Per edge. */
  readonly channelOf: Uint32Array;
  /** Channels of every producer. */
  readonly channelsOf: readonly (readonly number[])[];
  initial(): GaussianState;
  /** Laws of all channels, or of one producer's: [channel][d] and [channel][d][d]. */
  outputs(state: GaussianState, out: GaussianState, producer?: number): void;
  /** An empty state with room for the laws of all channels. */
  emptyOutputs(): GaussianState;
  /** Moments of the training mixture of model i, written to model i of `out`. */
  mixture(outputs: GaussianState, model: number, out: GaussianState): void;
  /** One synchronous round from `state` to `out`. */
  round(state: GaussianState, out: GaussianState): void;
}

/** The part of a state that belongs to row k. */
export function lawAt(state: GaussianState, k: number, d: number): GaussianState {
  return {
    mean: state.mean.subarray(k * d, (k + 1) * d),
    covariance: state.covariance.subarray(k * d * d, (k + 1) * d * d),
  };
}

/** Candidates of all curators whose data somebody trains on must be 1 or infinite. */
export function createGaussianSystem(
  ecosystem: GaussianEcosystem,
  parameters: GaussianParameters = ecosystem.parameters,
): GaussianSystem {
  const { edges, dimension: d, real } = ecosystem;
  const modelCount = ecosystem.models.length;
  const { channels, channelOf } = channelsOf(ecosystem, parameters);
  const byProducer: number[][] = Array.from({ length: modelCount }, () => []);
  channels.forEach(({ producer }, c) => byProducer[producer].push(c));
  const all = channels.map((_, c) => c);
  const views = <T>(count: number, make: (k: number) => T): T[] =>
    Array.from({ length: count }, (_, k) => make(k));

  const outputs: GaussianSystem['outputs'] = (state, out, producer) => {
    for (const c of producer === undefined ? all : byProducer[producer]) {
      const from = lawAt(state, channels[c].producer, d);
      const to = lawAt(out, c, d);
      tiltInto(channels[c].tilt, from.mean, from.covariance, to.mean, to.covariance);
    }
  };
  const emptyOutputs = (): GaussianState => ({
    mean: new Float64Array(channels.length * d),
    covariance: new Float64Array(channels.length * d * d),
  });
  const mixture: GaussianSystem['mixture'] = (laws, model, out) => {
    const { mean, covariance } = lawAt(out, model, d);
    const first = edges.start[model];
    const count = edges.start[model + 1] - first;
    const parts = views(count, (k) => lawAt(laws, channelOf[first + k], d));
    const weights = parameters.edgeWeight.subarray(first, first + count);
    mixInto([real[model], ...parts], [parameters.realWeight[model], ...weights], mean, covariance);
  };
  const held = emptyOutputs();
  return {
    ecosystem,
    parameters,
    modelCount,
    dimension: d,
    channels,
    channelOf,
    channelsOf: byProducer,
    initial: () => initialState(ecosystem),
    outputs,
    emptyOutputs,
    mixture,
    round(state, out) {
      outputs(state, held);
      for (let i = 0; i < modelCount; i++) mixture(held, i, out);
    },
  };
}

export function initialState({ models, dimension: d, initial }: GaussianEcosystem): GaussianState {
  const state = {
    mean: new Float64Array(models.length * d),
    covariance: new Float64Array(models.length * d * d),
  };
  initial.forEach((law, i) => {
    state.mean.set(law.mean, i * d);
    state.covariance.set(law.covariance, i * d * d);
  });
  return state;
}

/** Moments of the mixture Σ w_k N(μ_k, Σ_k); weights sum to 1. Sums are over k in order. */
export function mixInto(
  parts: readonly GaussianState[],
  weights: readonly number[],
  mean: Float64Array,
  covariance: Float64Array,
): void {
  const d = mean.length;
  mean.fill(0);
  covariance.fill(0);
  parts.forEach((part, k) => {
    for (let i = 0; i < d; i++) mean[i] += weights[k] * part.mean[i];
  });
  parts.forEach((part, k) => {
    const weight = weights[k];
    if (weight === 0) return;
    for (let i = 0; i < d; i++) {
      const off = part.mean[i] - mean[i];
      for (let j = 0; j < d; j++) {
        covariance[i * d + j] += weight * (part.covariance[i * d + j] + off * (part.mean[j] - mean[j]));
      }
    }
  });
  symmetrise(covariance, d);
}

function channelsOf(
  ecosystem: GaussianEcosystem,
  parameters: GaussianParameters,
): { channels: Channel[]; channelOf: Uint32Array } {
  const { edges } = ecosystem;
  const tilts = parameters.curators.map((curator) => tiltOf(curator));
  const known = new Map<number, number>();
  const channels: Channel[] = [];
  const channelOf = Uint32Array.from(edges.producer, (producer, e) => {
    const curator = edges.curator[e];
    const key = producer * (tilts.length + 1) + curator + 1;
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, channels.length);
    channels.push({ producer, curator, tilt: curator < 0 ? null : tilts[curator] });
    return channels.length - 1;
  });
  return { channels, channelOf };
}
