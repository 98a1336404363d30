/** The digest that names a linear-gaussian scenario by what decides its result. */
import { Digest, FORMAT } from './hash.ts';
import type { LinearGaussianEcosystem } from './linear_gaussian.ts';

/**
 * SHA-256, in hexadecimal, of every number of a compiled linear-gaussian scenario that decides a result. As for other
 * families, names, the description, formatting, the order of producers and defaults written out decide nothing.
 */
export function linearGaussianHash(ecosystem: Omit<LinearGaussianEcosystem, 'scenarioHash'>): string {
  const { parameters, edges, rewards } = ecosystem;
  const hash = new Digest();
  hash.text([FORMAT, ecosystem.family, ecosystem.models.length, ecosystem.dimension, ecosystem.sourceCounts]);
  hash.text([ecosystem.update, ecosystem.rounds, ecosystem.tolerance, ecosystem.seed, ecosystem.replicates]);
  for (const array of [edges.start, edges.producer, ...parameters.maps]) hash.numbers(array);
  for (const array of [parameters.curation, parameters.shift, parameters.constant, parameters.noise])
    hash.numbers(array);
  for (const array of [parameters.population, ecosystem.initial]) hash.numbers(array);
  for (const { linear, quadratic } of rewards) {
    hash.text(quadratic);
    hash.numbers(linear);
  }
  return hash.hex();
}
