/** What the drawing of many models shows: arrows between different models, merged by kind, and how connected each is. */
import type { EcosystemBrief } from '../../worker/protocol.ts';

/** Of more arrows the largest are drawn. */
export const MOST_ARROWS = 12_000;

export interface CloudArrows {
  readonly producer: Uint32Array;
  readonly consumer: Uint32Array;
  readonly weight: Float64Array;
  /** 1 for curated output, whoever chose it; 0 for raw output and maps. */
  readonly curated: Uint8Array;
}

export interface Cloud {
  /** Arrows that are drawn. */
  readonly arrows: CloudArrows;
  /** Arrows there are. */
  readonly total: number;
  /** Other models a model trains on or that train on it, counted twice for both, per model. */
  readonly degree: Uint32Array;
  /** Consumers of each model's output: those of model j are consumer[start[j]] … consumer[start[j+1]−1], ascending, others only. */
  readonly outgoing: { readonly start: Uint32Array; readonly consumer: Uint32Array };
}

export function cloudOf({ models, edges }: Pick<EcosystemBrief, 'models' | 'edges'>): Cloud {
  const merged = new Map<number, number>();
  const count = models.length;
  for (let consumer = 0; consumer < count; consumer++) {
    for (let e = edges.start[consumer]; e < edges.start[consumer + 1]; e++) {
      const producer = edges.producer[e];
      const weight = edges.weight[e];
      if (producer === consumer || !(weight > 0)) continue;
      const key = 2 * (consumer * count + producer) + (edges.curator[e] >= 0 ? 1 : 0);
      merged.set(key, (merged.get(key) ?? 0) + weight);
    }
  }
  const pairs = new Set([...merged.keys()].map((key) => Math.floor(key / 2)));
  const entries = [...merged];
  const drawn =
    entries.length <= MOST_ARROWS
      ? entries
      : entries.sort(([a, one], [b, other]) => other - one || a - b).slice(0, MOST_ARROWS);
  return {
    arrows: arrowsFrom(drawn, count),
    total: entries.length,
    ...connections(pairs, count),
  };
}

function arrowsFrom(entries: readonly (readonly [number, number])[], count: number): CloudArrows {
  const pairs = entries.map(([key]) => Math.floor(key / 2));
  return {
    producer: Uint32Array.from(pairs, (pair) => pair % count),
    consumer: Uint32Array.from(pairs, (pair) => Math.floor(pair / count)),
    weight: Float64Array.from(entries, ([, weight]) => weight),
    curated: Uint8Array.from(entries, ([key]) => key % 2),
  };
}

function connections(pairs: ReadonlySet<number>, count: number): Pick<Cloud, 'degree' | 'outgoing'> {
  const degree = new Uint32Array(count);
  const start = new Uint32Array(count + 1);
  for (const pair of pairs) {
    const producer = pair % count;
    degree[producer] += 1;
    degree[Math.floor(pair / count)] += 1;
    start[producer + 1] += 1;
  }
  for (let model = 0; model < count; model++) start[model + 1] += start[model];
  const consumer = new Uint32Array(pairs.size);
  const next = start.slice();
  for (const pair of [...pairs].sort((a, b) => a - b))
    consumer[next[pair % count]++] = Math.floor(pair / count);
  return { degree, outgoing: { start, consumer } };
}

/** Radius of every model's dot in CSS pixels, by how connected it is; `room` is the area in square pixels. */
export function dotRadii(degree: Uint32Array, room: number): Float32Array {
  const sorted = degree.slice().sort();
  const usual = Math.max(1, sorted[sorted.length >> 1]);
  const base = Math.min(9, Math.max(2.4, 0.16 * Math.sqrt(room / degree.length)));
  return Float32Array.from(degree, (links) => base * Math.min(3.5, Math.max(0.9, (links / usual) ** 0.25)));
}
