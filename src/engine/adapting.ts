/** Ensembles whose users' preferences follow what the models generate: only the CPU backend computes them. */
import { InputError } from '../errors.ts';
import type { Ensemble } from '../scenario/ecosystem.ts';

/** Whose preferences adapt, as half a sentence; null where all are fixed. */
export function adaptingCurators({ ecosystem }: Ensemble): string | null {
  const groups = ecosystem.drift?.groups;
  if (groups === undefined) return null;
  const names = groups.map(({ name }) => JSON.stringify(name)).join(', ');
  return groups.length === 1
    ? `the preference of ${names} adapts every round`
    : `the preferences of ${names} adapt every round`;
}

/** Throws InputError where a preference adapts. */
export function refuseAdapting(ensemble: Ensemble): void {
  const adapting = adaptingCurators(ensemble);
  if (adapting === null) return;
  throw new InputError(
    '',
    `WebGPU cannot run this scenario: ${adapting} — the GPU's tables are made once, for rewards that stay. Use --backend cpu or auto, or set "adaptation" to 0.`,
  );
}
