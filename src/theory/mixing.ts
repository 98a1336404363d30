/** Who trains on what, compiled: edges with the same source are merged and curated sources are numbered. */
import type { Ecosystem } from '../scenario/ecosystem.ts';

/** What curator `curator` keeps of model `producer`'s output. */
export interface Channel {
  readonly producer: number;
  readonly curator: number;
}

/** Terms of a mixture: rows 0 … M−1 of the stack are raw output, rows M … are channels. Grouped by consumer. */
export interface Mixing {
  readonly start: Uint32Array;
  readonly row: Uint32Array;
  readonly weight: Float64Array;
}

/** Channels in use and the mixtures over them; edges of weight 0 are dropped. */
export function compileMixing(ecosystem: Ecosystem): { channels: Channel[]; mixing: Mixing } {
  const { edges, parameters, models } = ecosystem;
  const channels: Channel[] = [];
  const index = new Map<number, number>();
  const curatorCount = parameters.curators.length;
  const start = new Uint32Array(models.length + 1);
  const row: number[] = [];
  const weight: number[] = [];
  for (let i = 0; i < models.length; i++) {
    const terms = new Map<number, number>();
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
      if (parameters.edgeWeight[e] === 0) continue;
      const producer = edges.producer[e];
      const curator = edges.curator[e];
      let source = producer;
      if (curator >= 0) {
        const key = producer * curatorCount + curator;
        let k = index.get(key);
        if (k === undefined) {
          k = channels.length;
          index.set(key, k);
          channels.push({ producer, curator });
        }
        source = models.length + k;
      }
      terms.set(source, (terms.get(source) ?? 0) + parameters.edgeWeight[e]);
    }
    for (const [source, w] of terms) {
      row.push(source);
      weight.push(w);
    }
    start[i + 1] = row.length;
  }
  return { channels, mixing: { start, row: Uint32Array.from(row), weight: Float64Array.from(weight) } };
}
