/** Which cells can share an ensemble: those that differ in nothing but parameters. */
import type { AnyEcosystem } from '../../scenario/any_ecosystem.ts';
import { hasOutcomes } from '../../scenario/any_ecosystem.ts';
import type { Curator, Ecosystem, Parameters } from '../../scenario/ecosystem.ts';
import type { GaussianEcosystem, GaussianParameters } from '../../scenario/gaussian.ts';
import type { LinearGaussianEcosystem, LinearGaussianParameters } from '../../scenario/linear_gaussian.ts';

/** An ecosystem of some family, and the parameters of one of its variants. */
export type Variant =
  | { readonly family: 'outcomes'; readonly ecosystem: Ecosystem; readonly parameters: Parameters }
  | {
      readonly family: 'gaussian';
      readonly ecosystem: GaussianEcosystem;
      readonly parameters: GaussianParameters;
    }
  | {
      readonly family: 'linear-gaussian';
      readonly ecosystem: LinearGaussianEcosystem;
      readonly parameters: LinearGaussianParameters;
    };

/** All that must be the same, whatever the family. */
const SHARED = [
  'family',
  'models',
  'outcomeCount',
  'dimension',
  'distributions',
  'real',
  'initial',
  'realOf',
  'initialOf',
  'curatorOf',
  'edges',
  'retention',
  'pairs',
  'drift',
  'rewards',
  'sourceCounts',
  'estimator',
  'update',
  'rounds',
  'tolerance',
  'seed',
  'replicates',
] as const;

/**
 * Gives cells with the same structure the same ecosystem, so that what they share is held once: thousands of outcomes times
 * hundreds of cells would not fit otherwise.
 */
export class Structures {
  private readonly known: AnyEcosystem[] = [];
  private readonly curators = new Map<string, Curator[]>();

  get count(): number {
    return this.known.length;
  }

  place(ecosystem: AnyEcosystem): Variant {
    const shared = this.known.find((each) => sameStructure(each, ecosystem)) ?? ecosystem;
    if (shared === ecosystem) this.known.push(ecosystem);
    if (hasOutcomes(ecosystem)) {
      const curators = ecosystem.parameters.curators.map((curator) => this.held(curator));
      const parameters = { ...ecosystem.parameters, curators };
      return { family: 'outcomes', ecosystem: hasOutcomes(shared) ? shared : ecosystem, parameters };
    }
    if (ecosystem.family === 'gaussian') {
      const same = shared.family === 'gaussian' ? shared : ecosystem;
      return { family: 'gaussian', ecosystem: same, parameters: ecosystem.parameters };
    }
    const same = shared.family === 'linear-gaussian' ? shared : ecosystem;
    return { family: 'linear-gaussian', ecosystem: same, parameters: ecosystem.parameters };
  }

  private held(curator: Curator): Curator {
    const { name, temperature, candidates, rule } = curator;
    const key = JSON.stringify([name, temperature, String(candidates), rule]);
    const alike = this.curators.get(key) ?? [];
    const known = alike.find(({ reward }) => sameValue(reward, curator.reward));
    if (known !== undefined) return known;
    this.curators.set(key, [...alike, curator]);
    return curator;
  }
}

function sameStructure(a: AnyEcosystem, b: AnyEcosystem): boolean {
  return (
    SHARED.every((key) => sameValue(Reflect.get(a, key), Reflect.get(b, key))) &&
    sameValue(curatorNames(a), curatorNames(b)) &&
    sameValue(finiteOf(a), finiteOf(b))
  );
}

/** A mixture has other curators behind it when one of its shares is 0. */
function curatorNames({ parameters }: AnyEcosystem): readonly string[] {
  return 'curators' in parameters ? parameters.curators.map(({ name, rule }) => `${rule} ${name}`) : [];
}

/** A model's population may differ between cells, but not between finite and the limit. */
function finiteOf({ parameters }: AnyEcosystem): readonly boolean[] {
  return Array.from(parameters.population, (n) => n > 0);
}

/** Whether two values hold the same, numbers bit for bit (0 and −0 apart). */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isNumbers(a) && isNumbers(b)) return sameNumbers(a, b);
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameValue(Reflect.get(a, key), Reflect.get(b, key)));
}

type Numbers = Float64Array | Uint32Array | Int32Array;

function isNumbers(value: object): value is Numbers {
  return value instanceof Float64Array || value instanceof Uint32Array || value instanceof Int32Array;
}

function sameNumbers(a: Numbers, b: Numbers): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (!Object.is(a[k], b[k])) return false;
  return true;
}
