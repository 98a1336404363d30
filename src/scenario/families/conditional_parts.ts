/** The parts of a conditional scenario that are well formed by themselves. */
import type { Outcomes } from '../outcomes.ts';
import { partOf, partsByName } from './categorical_parts.ts';
import { inputsSchema, outputsSchema, pairCuratorSchema, pairModelSchema } from './conditional_schema.ts';
import type { PairCuratorSpec, PairModelSpec, SideSpec } from './conditional_schema.ts';

/** Parts by name, in document order; null stands for one that is malformed. */
export interface PairParts {
  readonly inputs: Outcomes | null;
  readonly outputs: Outcomes | null;
  readonly curators: ReadonlyMap<string, PairCuratorSpec | null>;
  readonly models: ReadonlyMap<string, PairModelSpec | null>;
}

export function pairPartsOf(document: object): PairParts {
  return {
    inputs: sideOf(partOf(inputsSchema, Reflect.get(document, 'inputs')), 'input'),
    outputs: sideOf(partOf(outputsSchema, Reflect.get(document, 'outputs')), 'output'),
    curators: partsByName(pairCuratorSchema, Reflect.get(document, 'curators')),
    models: partsByName(pairModelSchema, Reflect.get(document, 'models')),
  };
}

function sideOf(spec: SideSpec | null, noun: string): Outcomes | null {
  if (spec === null) return null;
  if ('labels' in spec) return { count: spec.labels.length, labels: spec.labels, table: null, noun };
  return { count: spec.count, labels: null, table: null, noun };
}
