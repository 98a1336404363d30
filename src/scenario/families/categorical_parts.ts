/**
 * The parts of a categorical scenario that are well formed by themselves, so that one malformed part does not hide
 * what is wrong with the others.
 */
import type { z } from 'zod';
import { curatorSchema, ecosystemSchema, modelSchema, outcomesSchema } from './categorical_schema.ts';
import { featuresSchema } from './curator_schema.ts';
import type { FeaturesSpec } from './curator_schema.ts';
import type { CuratorSpec, EcosystemSpec, ModelSpec, OutcomesSpec } from './categorical_schema.ts';

/** Parts by name, in document order; null stands for one that is malformed. */
export interface Parts {
  readonly outcomes: OutcomesSpec | null;
  /** undefined where there are none. */
  readonly features: FeaturesSpec | null | undefined;
  readonly curators: ReadonlyMap<string, CuratorSpec | null>;
  readonly models: ReadonlyMap<string, ModelSpec | null>;
  readonly ecosystem: EcosystemSpec | null;
}

export function partsOf(document: object): Parts {
  return {
    outcomes: partOf(outcomesSchema, Reflect.get(document, 'outcomes')),
    features: optionalPartOf(featuresSchema, Reflect.get(document, 'features')),
    curators: partsByName(curatorSchema, Reflect.get(document, 'curators')),
    models: partsByName(modelSchema, Reflect.get(document, 'models')),
    ecosystem: partOf(ecosystemSchema, Reflect.get(document, 'ecosystem')),
  };
}

export function partOf<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> | null {
  const result = schema.safeParse(value);
  return result.success ? result.data : null;
}

function optionalPartOf<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> | null | undefined {
  return value === undefined ? undefined : partOf(schema, value);
}

export function partsByName<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): Map<string, z.output<Schema> | null> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value).map(([name, part]) => [name, partOf(schema, part)]));
}
