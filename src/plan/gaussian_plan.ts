/**
 * What both backends draw the samples of Gaussian models from. Laws are rows of one table: the real data of every model, the output of
 * every model, and the channels, one producer's output as one curator sees it.
 */
import type { GaussianEcosystem, GaussianEnsemble, GaussianParameters } from '../scenario/gaussian.ts';
import type { Tilt } from '../theory/gaussian/tilt.ts';
import { tiltOf } from '../theory/gaussian/tilt.ts';

/** One producer's output as one curator sees it. */
export interface GaussianChannel {
  readonly producer: number;
  readonly curator: number;
}

/** What a channel is with the curator of one variant: nothing to choose, the tilted law itself, or candidates to choose from. */
export type ChannelKind = 'identity' | 'tilt' | 'choice';

export interface GaussianVariant {
  readonly parameters: GaussianParameters;
  /** Per source: the first source whose threshold is above a random word is drawn from. */
  readonly threshold: Uint32Array;
  /** Per source: row of the table of laws. */
  readonly row: Uint32Array;
  /** Per source: candidates drawn for one sample. */
  readonly candidates: Uint32Array;
  /** Per model: the last source with a share, which takes what no threshold took. */
  readonly lastSource: Uint32Array;
  /** Per channel. */
  readonly kinds: readonly ChannelKind[];
  /** Per curator, in units of its temperature; of argmax, the reward as it is. */
  readonly tilts: readonly Tilt[];
}

export interface GaussianPlan {
  readonly models: number;
  readonly dimension: number;
  /** By producer; those of producer j are channelStart[j] … channelStart[j+1]−1. */
  readonly channels: readonly GaussianChannel[];
  readonly channelStart: Uint32Array;
  /** Sources of model i are sourceStart[i] … sourceStart[i+1]−1: its real data, then its edges. */
  readonly sourceStart: Uint32Array;
  readonly variants: readonly GaussianVariant[];
}

/** Rows of the table of laws. */
export const rawRow = (models: number, producer: number): number => models + producer;
export const channelRow = (models: number, channel: number): number => 2 * models + channel;

export function planGaussian({ ecosystem, variants }: GaussianEnsemble): GaussianPlan {
  const { edges } = ecosystem;
  const models = ecosystem.models.length;
  const { channels, channelOf } = channelsOf(ecosystem);
  const channelStart = new Uint32Array(models + 1);
  for (const { producer } of channels) channelStart[producer + 1] += 1;
  for (let j = 0; j < models; j++) channelStart[j + 1] += channelStart[j];
  const sourceStart = Uint32Array.from(edges.start, (start, i) => start + i);
  return {
    models,
    dimension: ecosystem.dimension,
    channels,
    channelStart,
    sourceStart,
    variants: variants.map((parameters) =>
      variantOf(ecosystem, parameters, channels, channelOf, sourceStart),
    ),
  };
}

/** Channels sorted by producer, then curator; per edge its channel, −1 for raw output. */
function channelsOf({ edges }: GaussianEcosystem): { channels: GaussianChannel[]; channelOf: Int32Array } {
  const known = new Map<string, GaussianChannel>();
  edges.producer.forEach((producer, e) => {
    const curator = edges.curator[e];
    if (curator >= 0) known.set(`${producer} ${curator}`, { producer, curator });
  });
  const channels = [...known.values()].sort((a, b) => a.producer - b.producer || a.curator - b.curator);
  const place = new Map(channels.map(({ producer, curator }, c) => [`${producer} ${curator}`, c]));
  const channelOf = Int32Array.from(
    edges.producer,
    (producer, e) => place.get(`${producer} ${edges.curator[e]}`) ?? -1,
  );
  return { channels, channelOf };
}

function variantOf(
  { edges, models }: GaussianEcosystem,
  parameters: GaussianParameters,
  channels: readonly GaussianChannel[],
  channelOf: Int32Array,
  sourceStart: Uint32Array,
): GaussianVariant {
  const { curators, realWeight, edgeWeight } = parameters;
  const kinds = channels.map(({ curator }): ChannelKind => {
    const { candidates } = curators[curator];
    if (candidates === 1) return 'identity';
    return candidates === Infinity ? 'tilt' : 'choice';
  });
  const count = sourceStart[models.length];
  const threshold = new Uint32Array(count);
  const row = new Uint32Array(count);
  const candidates = new Uint32Array(count).fill(1);
  const lastSource = new Uint32Array(models.length);
  for (let i = 0; i < models.length; i++) {
    let sum = 0;
    for (let s = sourceStart[i]; s < sourceStart[i + 1]; s++) {
      const e = edges.start[i] + s - sourceStart[i] - 1;
      const real = s === sourceStart[i];
      const weight = real ? realWeight[i] : edgeWeight[e];
      sum += weight;
      threshold[s] = Math.min(Math.round(sum * 2 ** 32), 2 ** 32 - 1);
      if (weight > 0) lastSource[i] = s;
      const channel = real ? -1 : channelOf[e];
      const kind = channel < 0 ? 'identity' : kinds[channel];
      if (real) row[s] = i;
      else if (kind === 'identity') row[s] = rawRow(models.length, edges.producer[e]);
      else row[s] = channelRow(models.length, channel);
      if (kind === 'choice') candidates[s] = curators[channels[channel].curator].candidates;
    }
  }
  const tilts = curators.map((curator) => {
    const temperature = curator.rule === 'argmax' ? 1 : curator.temperature;
    return (
      tiltOf({ ...curator, temperature, candidates: Infinity }) ?? { push: new Float64Array(), pull: null }
    );
  });
  return { parameters, threshold, row, candidates, lastSource, kinds, tilts };
}
