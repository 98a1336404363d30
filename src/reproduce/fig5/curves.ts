/** Rewards and pools of the exchange round by round: exactly, and in runs of the engine. */
import { runScenario } from '../../engine/index.ts';
import { outcomesOf } from '../../scenario/any_ecosystem.ts';
import { compileScenario } from '../../scenario/compile.ts';
import type { Ecosystem } from '../../scenario/ecosystem.ts';
import { BackfireError, InputError } from '../../errors.ts';
import { blocksOf, givenMarginal } from '../../scenario/pairs.ts';
import type { TableSource } from '../../scenario/table.ts';
import { conditionalStates, taskReward } from '../../theory/conditional_loop.ts';
import type { ReproductionContext } from '../reproduction.ts';
import { exchange } from './tasks.ts';
import type { Setting } from './tasks.ts';

export const ROUNDS = 12;
export const MODELS = ['summariser', 'paraphraser'] as const;
export type Model = (typeof MODELS)[number];
export type Measured = Setting['measured'];
export const MEASURED: readonly Measured[] = ['own', 'cross'];

/** What distinguishes the ecosystems compared here. */
export type Exchange = Pick<Setting, 'real' | 'curated' | 'shared'>;

export interface ExactCurves {
  /** [model][round] */
  readonly own: readonly (readonly number[])[];
  readonly cross: readonly (readonly number[])[];
  /** Law of each model's pool, [model][round][input]. */
  readonly pools: readonly (readonly (readonly number[])[])[];
}

/** Rewards of finite training sets: mean and standard deviation over the runs, [model][round]. */
export interface SampledCurves {
  readonly mean: readonly (readonly number[])[];
  readonly deviation: readonly (readonly number[])[];
  readonly runs: number;
}

const noTables = (): Promise<never> => Promise.reject(new InputError('', 'the exchange has no tables'));
const TABLES: TableSource = { dataset: noTables, csv: noTables };

export async function exchangeEcosystem(setting: Exchange, more: Partial<Setting> = {}): Promise<Ecosystem> {
  const document = exchange({
    ...setting,
    population: null,
    replicates: 1,
    rounds: ROUNDS,
    measured: 'own',
    ...more,
  });
  return outcomesOf(await compileScenario(document, TABLES));
}

/** The population limit, by the float64 loop over pools and tables. Cross-task rewards are those of the other model's task. */
export async function exactCurves(setting: Exchange): Promise<ExactCurves> {
  const ecosystem = await exchangeEcosystem(setting);
  const { pairs, curatorOf, parameters, distributions, realOf } = ecosystem;
  if (pairs === null) throw new BackfireError('internal', 'the exchange must be conditional');
  const states = conditionalStates(ecosystem, ROUNDS);
  const rewards = (model: number, task: number): number[] => {
    const law = givenMarginal(blocksOf(pairs, 'outputs'), distributions[realOf[task]]);
    const { reward } = parameters.curators[curatorOf[task]];
    return states.map(({ tables }) => taskReward(pairs, 'outputs', tables[model], law, reward));
  };
  return {
    own: MODELS.map((_, i) => rewards(i, i)),
    cross: MODELS.map((_, i) => rewards(i, 1 - i)),
    pools: MODELS.map((_, i) => states.map(({ pools }) => [...pools[i]])),
  };
}

/** Runs of the engine with `population` training samples a round and model. */
export async function sampledCurves(
  setting: Exchange,
  measured: Measured,
  population: number,
  runs: number,
  context: ReproductionContext,
): Promise<SampledCurves> {
  const ecosystem = await exchangeEcosystem(setting, { measured, population, replicates: runs });
  const { series, rounds } = await runScenario(ecosystem, {
    backend: context.backend,
    platform: context.platform,
    signal: context.signal,
  });
  context.signal.throwIfAborted();
  const at = (t: number, run: number, i: number): number => series.reward[(t * runs + run) * 2 + i];
  const curves = MODELS.map((_, i) =>
    Array.from({ length: rounds + 1 }, (__, t) => {
      const values = Array.from({ length: runs }, (___, run) => at(t, run, i));
      const mean = values.reduce((sum, value) => sum + value, 0) / runs;
      const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (runs - 1);
      return { mean, deviation: Math.sqrt(square) };
    }),
  );
  return {
    mean: curves.map((curve) => curve.map(({ mean }) => mean)),
    deviation: curves.map((curve) => curve.map(({ deviation }) => deviation)),
    runs,
  };
}
