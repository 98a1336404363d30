/** Mixing and refitting in the population limit: the mirror of shaders/mix_sparse.wgsl, mix_dense.wgsl and refit.wgsl in float64. */
import type { Ecosystem, Parameters } from '../scenario/ecosystem.ts';

export interface MixSources {
  /** Present distributions, [model][outcome] from `stateRow`. */
  readonly state: Float64Array;
  readonly stateRow: number;
  /** Curated distributions, [channel][outcome] from `curatedRow`. */
  readonly curated: Float64Array;
  readonly curatedRow: number;
  /** Per edge: channel, or −1 for raw output. */
  readonly channelOf: Int32Array;
}

/**
 * Training distribution of one model over outcomes first … end−1, into `mixed[0 … end−first)`:
 * D = w_real·R + Σ_edges w_e·(raw or curated output), edges in stored order.
 */
export function mix(
  ecosystem: Ecosystem,
  parameters: Parameters,
  model: number,
  sources: MixSources,
  first: number,
  end: number,
  mixed: Float64Array,
): void {
  const { edges, outcomeCount } = ecosystem;
  const real = ecosystem.distributions[ecosystem.realOf[model]];
  const realWeight = parameters.realWeight[model];
  for (let v = first; v < end; v++) mixed[v - first] = realWeight * real[v];
  for (let e = edges.start[model]; e < edges.start[model + 1]; e++) {
    const weight = parameters.edgeWeight[e];
    if (weight === 0) continue;
    const channel = sources.channelOf[e];
    const from = channel < 0 ? sources.state : sources.curated;
    const row =
      channel < 0
        ? sources.stateRow + edges.producer[e] * outcomeCount
        : sources.curatedRow + channel * outcomeCount;
    for (let v = first; v < end; v++) mixed[v - first] += weight * from[row + v];
  }
}

/** Partial training: next[row+v] = (1−s)·old[row+v] + s·mixed[v−first] for v in first … end−1. */
export function refit(
  old: Float64Array,
  next: Float64Array,
  row: number,
  rate: number,
  first: number,
  end: number,
  mixed: Float64Array,
): void {
  for (let v = first; v < end; v++) {
    next[row + v] = rate === 1 ? mixed[v - first] : (1 - rate) * old[row + v] + rate * mixed[v - first];
  }
}
