/** The digest that names a scenario by what decides its result. */
import type { Ecosystem } from './ecosystem.ts';
import { Sha256 } from './sha256.ts';

/** Changes when the same numbers would no longer give the same results. */
const FORMAT = 'backfire scenario 1';

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
  const hash = new Sha256();
  const text = (value: unknown): void => {
    hash.update(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
  };
  text([
    FORMAT,
    ecosystem.family,
    ecosystem.models.length,
    ecosystem.outcomeCount,
    ecosystem.distributions.length,
  ]);
  text([update, ecosystem.rounds, ecosystem.tolerance, ecosystem.seed, ecosystem.replicates]);
  for (const distribution of ecosystem.distributions) hash.update(bytesOf(distribution));
  for (const array of [ecosystem.realOf, ecosystem.initialOf, ecosystem.curatorOf])
    hash.update(bytesOf(array));
  for (const array of [edges.start, edges.producer, edges.curator]) hash.update(bytesOf(array));
  for (const array of [parameters.realWeight, parameters.edgeWeight]) hash.update(bytesOf(array));
  for (const array of [parameters.population, parameters.trainingRate]) hash.update(bytesOf(array));
  for (const curator of parameters.curators) {
    const { rule, candidates } = curator;
    text([
      rule,
      rule === 'argmax' ? null : curator.temperature,
      Number.isFinite(candidates) ? candidates : 'infinite',
    ]);
    hash.update(bytesOf(curator.reward));
  }
  return hash.hex();
}

/** The bytes in memory: little-endian on every machine that runs JavaScript engines with WebGPU. */
function bytesOf(array: Float64Array | Uint32Array | Int32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
