/** Which rounds of training data a model keeps. */
import { z } from 'zod';
import type { Retention } from '../ecosystem.ts';
import { choice, objectOf, wholeNumber } from '../fields.ts';
import { LIMITS } from '../limits.ts';
import { grouped } from '../problems.ts';

const KINDS = '"replace", "accumulate" or "accumulate-subsample"';

export const retentionSchema = choice(`${KINDS} or {"window": rounds}`, [
  z.enum(['replace', 'accumulate', 'accumulate-subsample'], { error: KINDS }),
  objectOf('an object with window', {
    window: wholeNumber(1, LIMITS.rounds).meta({ description: 'The last so many rounds' }),
  }),
])
  .default('replace')
  .meta({
    description:
      'What a model is fitted to: replace, the newest data (default); accumulate, the data of all rounds; accumulate-subsample, as many samples as a round has, drawn from the data of all rounds; {"window": w}, the data of the last w rounds. The initial state counts as the data of round 0',
  });
export type RetentionSpec = z.infer<typeof retentionSchema>;

/** A window of one round replaces. */
export function retentionOf(spec: RetentionSpec): Retention {
  if (typeof spec === 'string') return { kind: spec };
  return spec.window === 1 ? { kind: 'replace' } : { kind: 'window', rounds: spec.window };
}

/** A partial step towards the newest data and a fit to the data of several rounds are two ways to keep what is old. */
export function retentionFault(spec: RetentionSpec, trainingRate: number): string | null {
  if (trainingRate === 1 || retentionOf(spec).kind === 'replace') return null;
  const kept = typeof spec === 'string' ? spec : `window of ${grouped(spec.window)} rounds`;
  return (
    `"${kept}" keeps old data, and a "trainingRate" of ${trainingRate} keeps part of the old model` +
    ' — use one of the two: trainingRate 1, or retention "replace"'
  );
}
