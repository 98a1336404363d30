/** The digest that names a gaussian scenario by what decides its result. */
import type { GaussianEcosystem } from './gaussian.ts';
import { Digest, FORMAT } from './hash.ts';

/** SHA-256, in hexadecimal, of every number that decides a result; names, descriptions and formatting decide nothing. */
export function gaussianHash(ecosystem: Omit<GaussianEcosystem, 'scenarioHash'>): string {
  const { parameters, edges } = ecosystem;
  const hash = new Digest();
  hash.text([FORMAT, ecosystem.family, ecosystem.models.length, ecosystem.dimension, ecosystem.estimator]);
  hash.text([
    ecosystem.update,
    ecosystem.rounds,
    ecosystem.tolerance,
    ecosystem.seed,
    ecosystem.replicates,
    ecosystem.retention,
  ]);
  for (const laws of [ecosystem.real, ecosystem.initial]) {
    for (const { mean, covariance } of laws) {
      hash.numbers(mean);
      hash.numbers(covariance);
    }
  }
  hash.numbers(ecosystem.curatorOf);
  for (const array of [edges.start, edges.producer, edges.curator]) hash.numbers(array);
  for (const array of [parameters.realWeight, parameters.edgeWeight]) hash.numbers(array);
  hash.numbers(parameters.population);
  for (const { reward, temperature, candidates, rule } of parameters.curators) {
    hash.text([
      rule,
      rule === 'argmax' ? null : temperature,
      Number.isFinite(candidates) ? candidates : 'infinite',
    ]);
    for (const array of [reward.linear, reward.quadratic, reward.centre]) hash.numbers(array);
  }
  return hash.hex();
}
