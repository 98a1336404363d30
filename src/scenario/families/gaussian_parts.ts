/** The parts of a gaussian scenario that are well formed by themselves. */
import { partOf, partsByName } from './categorical_parts.ts';
import type { GaussianCuratorSpec, GaussianModelSpec } from './gaussian_schema.ts';
import { gaussianCuratorSchema, gaussianModelSchema, gaussianShape } from './gaussian_schema.ts';

/** Parts by name, in document order; null stands for one that is malformed. */
export interface GaussianParts {
  readonly dimension: number | null;
  readonly estimator: 'mle' | 'unbiased' | null;
  readonly curators: ReadonlyMap<string, GaussianCuratorSpec | null>;
  readonly models: ReadonlyMap<string, GaussianModelSpec | null>;
}

export function gaussianPartsOf(document: object): GaussianParts {
  return {
    dimension: partOf(gaussianShape.dimension, Reflect.get(document, 'dimension')),
    estimator: partOf(gaussianShape.estimator, Reflect.get(document, 'estimator')),
    curators: partsByName(gaussianCuratorSchema, Reflect.get(document, 'curators')),
    models: partsByName(gaussianModelSchema, Reflect.get(document, 'models')),
  };
}
