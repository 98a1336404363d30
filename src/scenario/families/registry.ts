import type { ScenarioDocument } from '../schema.ts';
import { categorical } from './categorical.ts';
import { conditional } from './conditional.ts';
import type { Family } from './family.ts';
import { gaussian } from './gaussian.ts';
import { linearGaussian } from './linear_gaussian.ts';

const FAMILIES: Readonly<Record<ScenarioDocument['family'], Family>> = {
  categorical,
  conditional,
  'linear-gaussian': linearGaussian,
  gaussian,
};

/** The family assumed where a document names none that is known, to find what else is wrong with it. */
export const ASSUMED_FAMILY: ScenarioDocument['family'] = 'categorical';

/** The family of that name, or null. */
export function familyOf(name: unknown): Family | null {
  const found = Object.entries(FAMILIES).find(([known]) => known === name);
  return found === undefined ? null : found[1];
}
