/** Who trains on whom, without the shares. */

/** Producers grouped by consumer, ascending: those of consumer i are producer[start[i]] … producer[start[i+1]−1]. */
export interface Graph {
  /** Length count + 1. */
  readonly start: Uint32Array;
  readonly producer: Uint32Array;
}

/** The graph of distinct (producer, consumer) pairs in any order. */
export function graphOf(count: number, producers: ArrayLike<number>, consumers: ArrayLike<number>): Graph {
  const start = new Uint32Array(count + 1);
  for (let e = 0; e < consumers.length; e++) start[consumers[e] + 1]++;
  for (let i = 0; i < count; i++) start[i + 1] += start[i];
  const next = start.slice();
  const producer = new Uint32Array(producers.length);
  for (let e = 0; e < producers.length; e++) producer[next[consumers[e]]++] = producers[e];
  for (let i = 0; i < count; i++) producer.subarray(start[i], start[i + 1]).sort();
  return { start, producer };
}

/** Links between models that train on each other. */
export class Links {
  /** Both directions of every link: low·count + high. A Set holds 2^24 of them. */
  readonly #keys = new Set<number>();

  constructor(private readonly count: number) {}

  get size(): number {
    return this.#keys.size;
  }

  has(a: number, b: number): boolean {
    return this.#keys.has(this.#key(a, b));
  }

  add(a: number, b: number): void {
    this.#keys.add(this.#key(a, b));
  }

  remove(a: number, b: number): void {
    this.#keys.delete(this.#key(a, b));
  }

  graph(): Graph {
    const producers: number[] = [];
    const consumers: number[] = [];
    for (const key of this.#keys) {
      const low = Math.floor(key / this.count);
      const high = key % this.count;
      producers.push(low, high);
      consumers.push(high, low);
    }
    return graphOf(this.count, producers, consumers);
  }

  #key(a: number, b: number): number {
    return Math.min(a, b) * this.count + Math.max(a, b);
  }
}
