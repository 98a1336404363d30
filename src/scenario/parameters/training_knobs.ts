/** Parameters of how a model is trained: population, training rate, window. */
import type { RetentionSpec } from '../families/retention_schema.ts';
import { LIMITS } from '../limits.ts';
import type { Path } from '../problems.ts';
import { pathText } from '../problems.ts';
import { around } from './knob.ts';
import type { Knobs } from './knob.ts';

/** Where the keys stand and what they belong to. */
export interface Place {
  readonly base: Path;
  readonly group: string;
  readonly of: string;
}

const USUAL_POPULATIONS = [10, 1e5] as const;

/** `refusal`: why the population cannot change, or null. */
export function addPopulation(
  knobs: Knobs,
  { base, group, of }: Place,
  population: number | null,
  {
    least = 1,
    most = LIMITS.population,
    refusal = null,
  }: { readonly least?: number; readonly most?: number; readonly refusal?: string | null } = {},
): void {
  const path = [...base, 'population'];
  if (refusal !== null) {
    knobs.refuse(pathText(path), refusal);
    return;
  }
  const [low, high] = population === null ? USUAL_POPULATIONS : around(population, 32);
  knobs.add({
    id: pathText(path),
    title: `population of ${of}`,
    group,
    value: population ?? Infinity,
    range: [Math.ceil(low), Math.floor(high)],
    scale: 'log',
    whole: true,
    allowed: [least, most],
    infinite: true,
    changes: (n) => [{ path, value: n === Infinity ? null : n }],
  });
}

/** `refusal`: why the model cannot be trained partly, or null. */
export function addTrainingRate(
  knobs: Knobs,
  { base, group, of }: Place,
  trainingRate: number,
  retention: RetentionSpec,
  refusal: string | null = null,
): void {
  const path = [...base, 'trainingRate'];
  const kept = retention === 'replace' ? null : `${of} keeps old data — set "retention" to "replace" first`;
  const reason = refusal ?? kept;
  if (reason !== null) {
    knobs.refuse(pathText(path), reason);
    return;
  }
  knobs.add({
    id: pathText(path),
    title: `training rate of ${of}`,
    group,
    value: trainingRate,
    range: [Math.min(0.05, trainingRate), 1],
    allowed: [LIMITS.trainingRateMin, 1],
    changes: (value) => [{ path, value }],
  });
}

/** Rounds of data that a model keeps, where it keeps a window. */
export function addWindow(knobs: Knobs, { base, group, of }: Place, retention: RetentionSpec): void {
  const path = [...base, 'retention', 'window'];
  if (typeof retention === 'string') {
    knobs.refuse(
      pathText(path),
      `the retention of ${of} is "${retention}" — write "retention": {"window": 5} first`,
    );
    return;
  }
  knobs.add({
    id: pathText(path),
    title: `rounds of data that ${of} keeps`,
    group,
    value: retention.window,
    range: [1, Math.max(10, 2 * retention.window)],
    whole: true,
    allowed: [1, LIMITS.rounds],
    changes: (value) => [{ path, value }],
  });
}
