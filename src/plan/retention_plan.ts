/**
 * Which models train on the data of several rounds, and what must be remembered for it. Both backends work through it.
 *
 * *Rows* are arrays of V numbers kept per replicate beside the state: a window keeps one per round, a sum or a pool of
 * 64-bit integers two (low and high words). The data of round t of a window of w rounds lie in row t mod w.
 */
import { InputError } from '../errors.ts';
import type { Ensemble } from '../scenario/ecosystem.ts';
import { finiteModels } from './limit_plan.ts';

export const RETAIN = { accumulate: 0, window: 1, subsample: 2 } as const;

export interface RetainedModel {
  readonly model: number;
  /** Index among the finite models; −1 in the population limit. */
  readonly finite: number;
  /** One of RETAIN. */
  readonly rule: number;
  /** Data sets a window holds; 0 for other rules. */
  readonly rounds: number;
  /** Its rows start here. */
  readonly firstRow: number;
}

export interface RetentionPlan {
  /** Models in the population limit and finite ones, each in the order of models. */
  readonly limit: readonly RetainedModel[];
  readonly finite: readonly RetainedModel[];
  /** Rows per replicate. */
  readonly limitRows: number;
  readonly finiteRows: number;
}

/** Masses of more samples than this would not fit the tables that finite models are drawn from. */
const MOST_SAMPLES = 2 ** 31 - 1;

/**
 * `sumRows` is how many rows the mean over all rounds takes in the population limit: two for a 64-bit sum, none where
 * float64 updates the mean itself. Throws InputError for training rates below 1 and for more samples than tables resolve.
 */
export function planRetention(ensemble: Ensemble, sumRows: 0 | 2): RetentionPlan {
  const isFinite = finiteModels(ensemble);
  const limit: RetainedModel[] = [];
  const finite: RetainedModel[] = [];
  let limitRows = 0;
  let finiteRows = 0;
  let finiteCount = 0;
  ensemble.ecosystem.retention.forEach((retention, model) => {
    const index = isFinite[model] ? finiteCount++ : -1;
    if (retention.kind === 'replace') return;
    checkRates(ensemble, model);
    // A window longer than the run never forgets.
    const sets = ensemble.ecosystem.rounds + 1;
    const rounds = retention.kind === 'window' ? Math.min(retention.rounds, sets) : 0;
    if (index >= 0) {
      checkSamples(ensemble, model, rounds || sets);
      const subsample = retention.kind === 'accumulate-subsample';
      const rule = rounds > 0 ? RETAIN.window : subsample ? RETAIN.subsample : RETAIN.accumulate;
      finite.push({ model, finite: index, rule, rounds, firstRow: finiteRows });
      finiteRows += rounds + (subsample ? 2 : 0);
    } else {
      // With samples without number, a subsample is as good as the whole.
      const rule = rounds > 0 ? RETAIN.window : RETAIN.accumulate;
      limit.push({ model, finite: index, rule, rounds, firstRow: limitRows });
      limitRows += rounds > 0 ? rounds : sumRows;
    }
  });
  return { limit, finite, limitRows, finiteRows };
}

/** Whether any model in the population limit averages over all rounds: its steps shrink long before it is at rest. */
export function neverRests({ ecosystem }: Ensemble): boolean {
  return ecosystem.retention.some(({ kind }) => kind !== 'replace');
}

/** For messages about too little memory: the longest window is one way to need less. */
export function windowAdvice({ ecosystem }: Ensemble): string {
  const longest = ecosystem.retention.reduce(
    (most, one) => (one.kind === 'window' ? Math.max(most, one.rounds) : most),
    0,
  );
  return longest === 0 ? '' : `, a window shorter than ${longest.toLocaleString('en-US')} rounds`;
}

function checkRates({ ecosystem, variants }: Ensemble, model: number): void {
  const partial = variants.find(({ trainingRate }) => trainingRate[model] < 1);
  if (partial === undefined) return;
  throw new InputError(
    `models.${ecosystem.models[model]}.retention`,
    `"${ecosystem.retention[model].kind}" keeps old data, and a "trainingRate" of ${partial.trainingRate[model]} keeps part of the old model — use one of the two`,
  );
}

function checkSamples({ ecosystem, variants }: Ensemble, model: number, sets: number): void {
  const most = variants.reduce((high, { population }) => Math.max(high, population[model]), 0);
  if (most * sets <= MOST_SAMPLES) return;
  const count = (value: number): string => value.toLocaleString('en-US');
  throw new InputError(
    `models.${ecosystem.models[model]}.retention`,
    `${count(sets)} data sets of ${count(most)} samples are ${count(sets * most)} samples — finite populations resolve at most ${count(MOST_SAMPLES)} (2³¹ − 1); use fewer rounds, a smaller population or window, or population null`,
  );
}

/** The retained models that a step trains: those of one list with a model from `firstModel` on. Returns a range of it. */
export function retainedRange(
  list: readonly RetainedModel[],
  firstModel: number,
  modelCount: number,
): { readonly first: number; readonly count: number } {
  const first = list.findIndex(({ model }) => model >= firstModel);
  if (first < 0) return { first: 0, count: 0 };
  const count = list.slice(first).filter(({ model }) => model < firstModel + modelCount).length;
  return { first, count };
}
