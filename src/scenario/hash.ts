/** The digest that names a scenario by what decides its result. */
import type { Ecosystem } from './ecosystem.ts';
import { Sha256 } from './sha256.ts';

/** Changes when the same numbers would no longer give the same results. */
export const FORMAT = 'backfire scenario 1';

/**
 * SHA-256, in hexadecimal, of every number of a compiled scenario that decides a result: outcomes, distributions,
 * rewards, rules, edges, weights, populations, training rates, update order, rounds, tolerance, seed and replicates.
 *
 * Names, labels and the description decide nothing and are left out, and so are formatting, the order of keys inside
 * a training set, and defaults written out. The order of models and of curators stays in: models may train in
 * turn, and sampled sources are picked by position.
 */
export function scenarioHash(ecosystem: Omit<Ecosystem, 'scenarioHash'>): string {
  const { parameters, edges, update } = ecosystem;
  const hash = new Digest();
  const text = (value: unknown): void => hash.text(value);
  text([
    FORMAT,
    ecosystem.family,
    ecosystem.models.length,
    ecosystem.outcomeCount,
    ecosystem.distributions.length,
  ]);
  text([update, ecosystem.rounds, ecosystem.tolerance, ecosystem.seed, ecosystem.replicates]);
  for (const distribution of ecosystem.distributions) hash.numbers(distribution);
  for (const array of [ecosystem.realOf, ecosystem.initialOf, ecosystem.curatorOf]) hash.numbers(array);
  for (const array of [edges.start, edges.producer, edges.curator]) hash.numbers(array);
  for (const array of [parameters.realWeight, parameters.edgeWeight]) hash.numbers(array);
  for (const array of [parameters.population, parameters.trainingRate]) hash.numbers(array);
  for (const curator of parameters.curators) {
    const { rule, candidates } = curator;
    text([
      rule,
      rule === 'argmax' ? null : curator.temperature,
      Number.isFinite(candidates) ? candidates : 'infinite',
    ]);
    hash.numbers(curator.reward);
  }
  const { retention } = ecosystem;
  if (retention.some(({ kind }) => kind !== 'replace')) text(retention);
  const { pairs } = ecosystem;
  if (pairs !== null) {
    text([pairs.inputs, pairs.outputs, pairs.generates]);
    for (const table of pairs.initialTable) hash.numbers(table);
  }
  const { drift } = ecosystem;
  if (drift !== undefined) {
    text([drift.featureCount, drift.features === null ? 'one-hot' : drift.features.length]);
    if (drift.features !== null) hash.numbers(drift.features);
    for (const { preference, adaptation, attention } of drift.groups) {
      text(adaptation);
      hash.numbers(preference);
      hash.numbers(attention);
    }
    for (const { curator, fixed, weight } of drift.driven) {
      text([curator, fixed !== null]);
      if (fixed !== null) hash.numbers(fixed);
      hash.numbers(weight);
    }
  }
  return hash.hex();
}

/** The ecosystem with its digest, made when it is first asked for: sweeps compile thousands that nobody asks. */
export function withScenarioHash<Compiled extends Omit<Ecosystem, 'scenarioHash'>>(
  ecosystem: Compiled,
): Compiled & { readonly scenarioHash: string } {
  let known: string | null = null;
  return {
    ...ecosystem,
    get scenarioHash() {
      return (known ??= scenarioHash(ecosystem));
    },
  };
}

/** A digest of numbers and of values that JSON can write. */
export class Digest {
  readonly #hash = new Sha256();

  text(value: unknown): void {
    this.#hash.update(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
  }

  /** The bytes in memory: little-endian on every machine that runs JavaScript engines with WebGPU. */
  numbers(array: Float64Array | Uint32Array | Int32Array): void {
    this.#hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }

  hex(): string {
    return this.#hash.hex();
  }
}
