/** Probability vectors that several models share, each held once. */
import { distributionOf } from './evaluate.ts';
import type { Outcomes } from './outcomes.ts';
import type { DistributionSpec } from './values.ts';

export class DistributionPool {
  readonly distributions: Float64Array[] = [];
  readonly #bySource = new Map<string, number>();
  readonly #byContent = new Map<string, number[]>();

  constructor(private readonly outcomes: Outcomes) {}

  /** The index of a distribution, which is added unless one with the same numbers is there. */
  indexOf(spec: DistributionSpec): number {
    const source = Array.isArray(spec) ? null : JSON.stringify(spec);
    const known = source === null ? undefined : this.#bySource.get(source);
    if (known !== undefined) return known;
    const index = this.intern(distributionOf(spec, this.outcomes));
    if (source !== null) this.#bySource.set(source, index);
    return index;
  }

  /** The same for a distribution that is already numbers. */
  intern(distribution: Float64Array): number {
    const middle = distribution.length >> 1;
    const key = `${distribution[0]} ${distribution[middle]} ${distribution[distribution.length - 1]}`;
    const alike = this.#byContent.get(key) ?? [];
    for (const index of alike) {
      if (this.distributions[index].every((value, v) => value === distribution[v])) return index;
    }
    const index = this.distributions.push(distribution) - 1;
    this.#byContent.set(key, [...alike, index]);
    return index;
  }
}
