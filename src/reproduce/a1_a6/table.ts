/** The six settings on hue, saturation and class: the same two models with ten inputs and 48 outputs. */
import { runEnsemble } from '../../engine/index.ts';
import type { Ecosystem } from '../../scenario/ecosystem.ts';
import { rankCorrelation } from '../../theory/rank_correlation.ts';
import { solve } from '../../theory/solve.ts';
import { createSystem } from '../../theory/system.ts';
import type { Check, Comparison, Outcome, ReproductionContext, Table } from '../reproduction.ts';
import { holds, near } from '../reproduction.ts';
import { CLASSES, HUES, SATURATIONS, hueTable } from './hues.ts';
import { deviationOf, meanOf } from './seeds.ts';
import {
  CURATED,
  MODELS,
  PUBLISHED_SOURCE,
  SETTINGS,
  parametersOf,
  publishedFinal,
  withParameters,
} from './settings.ts';
import { signLine } from './sign_map.ts';
import { hueFigure } from './table_figure.ts';
import type { Values } from './values.ts';
import { valuesOf } from './values.ts';

export interface TableOptions {
  readonly samples: number;
  readonly seeds: number;
  readonly rounds: number;
}

export const TABLE_AS_PUBLISHED: TableOptions = { samples: 8000, seeds: 200, rounds: 8 };

const GREEK = { theta: 'θ', phi: 'φ' };
const A4 = SETTINGS.findIndex(({ name }) => name === 'A4');

/** `threeStates`: the same settings on three outcomes, to compare with. */
export async function tableOutcome(
  context: ReproductionContext,
  options: TableOptions,
  threeStates: Values,
): Promise<Outcome> {
  const base = await hueTable();
  context.onProgress(0, 'hue, saturation and class');
  const values = await valuesOf(base);
  const byClass = await classByClass(base);
  const line = await signLine(base, 11);
  context.signal.throwIfAborted();
  const finite = await finiteTable(base, options, context);
  const stable = [];
  for (const setting of ['A1', 'A4']) stable.push({ setting, law: await stableTheta(base, setting) });
  const real = base.distributions[base.realOf[0]];
  return {
    checks: [...tableChecks(values, byClass), ...finiteChecks(finite, options)],
    comparisons: tableComparisons(values),
    figures: [
      await hueFigure(
        [
          { title: 'Real data', law: overClasses(real) },
          ...stable.map(({ setting, law }) => ({
            title: `θ in ${setting}, long run`,
            law: overClasses(law),
          })),
        ],
        values,
        threeStates,
      ),
    ],
    tables: [
      tableValues(values),
      {
        name: 'hue_sign_change',
        columns: ['cross_phi', 'cross_theta'],
        rows: line.map(({ crossPhi, crossTheta }) => [crossPhi, crossTheta]),
      },
      finiteRows(finite, options),
    ],
    findings: findings(values, threeStates, finite, options),
  };
}

/** Law over hue and saturation, averaged over the classes. */
function overClasses(law: Float64Array): Float64Array {
  const outputs = HUES * SATURATIONS;
  return Float64Array.from({ length: outputs }, (_, o) =>
    CLASSES.reduce((sum, _class, x) => sum + law[x * outputs + o], 0),
  );
}

async function stableTheta(base: Ecosystem, setting: string): Promise<Float64Array> {
  const { crossTheta, crossPhi } = SETTINGS.find(({ name }) => name === setting) ?? SETTINGS[0];
  const parameters = parametersOf(base, crossTheta, crossPhi, CURATED[0]);
  return (await solve(withParameters(base, parameters), { influence: false })).stablePoint[0];
}

/**
 * The rewards once more, [model][λ_θ][setting], class by class through the categorical family: pools are alike and stay so, hence every class is an
 * ecosystem of its own.
 */
async function classByClass(base: Ecosystem): Promise<number[][][]> {
  const outputs = HUES * SATURATIONS;
  const reward: number[][][] = MODELS.map(() => CURATED.map(() => SETTINGS.map(() => 0)));
  for (let x = 0; x < CLASSES.length; x++) {
    const row = (values: Float64Array): Float64Array => values.slice(x * outputs, (x + 1) * outputs);
    const one: Ecosystem = {
      ...base,
      family: 'categorical',
      pairs: null,
      outcomeCount: outputs,
      labels: null,
      distributions: base.distributions.map((p) => row(p).map((mass) => mass * CLASSES.length)),
      parameters: {
        ...base.parameters,
        curators: base.parameters.curators.map((curator) => ({ ...curator, reward: row(curator.reward) })),
      },
    };
    const values = await valuesOf(one);
    MODELS.forEach((_, m) => {
      CURATED.forEach((_, k) => {
        SETTINGS.forEach((_, s) => (reward[m][k][s] += values.reward[m][k][s] / CLASSES.length));
      });
    });
  }
  return reward;
}

interface FiniteResult {
  readonly level: number;
  readonly model: number;
  readonly final: Float64Array;
  /** In the population limit after as many rounds. */
  readonly limit: number;
}

/** Setting A4 with finite training sets, integers throughout. */
async function finiteTable(
  base: Ecosystem,
  { samples, seeds, rounds }: TableOptions,
  context: ReproductionContext,
): Promise<FiniteResult[]> {
  const { crossTheta, crossPhi } = SETTINGS[A4];
  const variants = CURATED.map((curated) => {
    const ofTheta = Math.round((samples * (1 - CURATED[0])) / (1 - curated));
    return parametersOf(base, crossTheta, crossPhi, curated, { population: [ofTheta, samples] });
  });
  const replicates = variants.length * seeds;
  const run = await runEnsemble(
    {
      ecosystem: { ...base, rounds, tolerance: 0, replicates },
      variants,
      variantOf: Uint32Array.from({ length: replicates }, (_, r) => Math.floor(r / seeds)),
      stream: Uint32Array.from({ length: replicates }, (_, r) => r),
    },
    {
      backend: context.backend,
      platform: context.platform,
      signal: context.signal,
      onProgress: ({ round }) => {
        context.onProgress(
          0.2 + (0.75 * round) / rounds,
          `hue table, ${replicates} runs of ${rounds} rounds`,
        );
      },
    },
  );
  context.signal.throwIfAborted();
  return variants.flatMap((parameters, level) => {
    const limits = limitRewards(withParameters(base, parameters), rounds);
    return MODELS.map((_, model) => ({
      level,
      model,
      final: Float64Array.from(
        { length: seeds },
        (_unused, s) => run.series.reward[(rounds * replicates + level * seeds + s) * MODELS.length + model],
      ),
      limit: limits[model],
    }));
  });
}

function limitRewards(ecosystem: Ecosystem, rounds: number): Float64Array {
  const system = createSystem(ecosystem);
  let x = system.initial();
  let next: Float64Array = new Float64Array(x.length);
  for (let t = 0; t < rounds; t++) {
    system.update(x, next);
    [x, next] = [next, x];
  }
  return system.reward(x);
}

function ranksOf({ reward }: Values): number[][] {
  return MODELS.map((model, m) =>
    CURATED.map((curated, k) =>
      rankCorrelation(
        reward[m][k],
        SETTINGS.map(({ name }) => publishedFinal(name, model, curated)),
      ),
    ),
  );
}

/** Of the 12 changes from λ_θ = 0.5 to 0.6, how many have the published sign. */
function signsOf({ reward }: Values): number {
  return MODELS.flatMap((model, m) =>
    SETTINGS.filter(({ name }, s) => {
      const change = reward[m][1][s] - reward[m][0][s];
      return change * (publishedFinal(name, model, CURATED[1]) - publishedFinal(name, model, CURATED[0])) > 0;
    }),
  ).length;
}

function tableChecks(values: Values, byClass: readonly (readonly (readonly number[])[])[]): Check[] {
  const source = `rank correlation with the published finals (${PUBLISHED_SOURCE}), as with three outcomes`;
  const gaps = MODELS.flatMap((_, m) =>
    CURATED.flatMap((_level, k) =>
      SETTINGS.map((_setting, s) => Math.abs(values.reward[m][k][s] - byClass[m][k][s])),
    ),
  );
  const ranks = ranksOf(values);
  return [
    near(
      'hue table: largest difference of 24 rewards from ten ecosystems of one class each',
      Math.max(...gaps),
      0,
      1e-11,
      'pools are the same for both models and stay so, hence the classes do not mix',
      'residual of a stable point, 1e-12, over 1 − rate',
    ),
    ...MODELS.flatMap((model, m) =>
      CURATED.map((curated, k) =>
        near(
          `hue table: Spearman, ${GREEK[model]} at λ_θ = ${curated}`,
          ranks[m][k],
          m === 1 && k === 0 ? 1 - 12 / 210 : 1,
          1e-12,
          source,
        ),
      ),
    ),
    holds(
      'hue table: θ loses by its own curation in A4, and in A4 alone',
      values.effect[0].every((effect, s) => effect < 0 === (s === A4)),
      'published signs of the changes of θ',
    ),
  ];
}

function finiteChecks(finite: readonly FiniteResult[], { samples, seeds }: TableOptions): Check[] {
  const z = finite.map(({ final, limit }) => {
    const off = Math.abs(meanOf(final) - limit) - CLASSES.length / samples;
    return Math.max(0, off) / (deviationOf(final) / Math.sqrt(seeds));
  });
  return [
    near(
      `hue table: largest distance of a mean of ${seeds} seeds at n = ${samples} from the limit, in SEM`,
      Math.max(...z),
      0,
      4.5,
      'population limit after as many rounds',
      'setting A4, four means; beyond 10/n, the order of the bias with n/10 samples a class',
    ),
  ];
}

function tableComparisons({ reward }: Values): Comparison[] {
  return MODELS.flatMap((model, m) =>
    SETTINGS.map(({ name }, s): Comparison => ({
      name: `hue table, ${name}: change of ${GREEK[model]}'s reward from λ_θ = 0.5 to 0.6`,
      published: publishedFinal(name, model, CURATED[1]) - publishedFinal(name, model, CURATED[0]),
      got: reward[m][1][s] - reward[m][0][s],
      source: PUBLISHED_SOURCE,
      note: 'Ours is the colour score, between 0 and 1, of made-up classes; theirs has an unknown factor above 1.3 and a realism term.',
    })),
  );
}

function tableValues({ reward, effect }: Values): Table {
  return {
    name: 'hue_values',
    columns: ['setting', 'model', 'curated_theta', 'reward', 'effect_of_theta', 'published_reward'],
    rows: SETTINGS.flatMap(({ name }, s) =>
      MODELS.flatMap((model, m) =>
        CURATED.map((curated, k) => [
          name,
          model,
          curated,
          reward[m][k][s],
          k === 0 ? effect[m][s] : NaN,
          publishedFinal(name, model, curated),
        ]),
      ),
    ),
  };
}

function finiteRows(finite: readonly FiniteResult[], { samples, seeds }: TableOptions): Table {
  return {
    name: 'hue_seeds',
    columns: ['setting', 'samples', 'curated_theta', 'model', 'seeds', 'mean', 'limit', 'sd'],
    rows: finite.map(({ level, model, final, limit }) => [
      'A4',
      samples,
      CURATED[level],
      MODELS[model],
      seeds,
      meanOf(final),
      limit,
      deviationOf(final),
    ]),
  };
}

function findings(
  values: Values,
  threeStates: Values,
  finite: readonly FiniteResult[],
  { samples }: TableOptions,
): string[] {
  const deviation = deviationOf(finite[0].final);
  const agreement = rankCorrelation(
    [...values.effect[0], ...values.effect[1]],
    [...threeStates.effect[0], ...threeStates.effect[1]],
  );
  return [
    `On hue, saturation and ten classes, with the published colour score as reward, the order is the same (Spearman ${ranksOf(
      values,
    )
      .flat()
      .map((rank) => rank.toFixed(2))
      .join(
        ', ',
      )}; ${signsOf(values)} of 12 signs), and so is the pattern of effects (Spearman ${agreement.toFixed(2)} with three outcomes). Most classes are warm to begin with, which moves θ's rewards further above φ's, as published.`,
    `There, too, A4 sits on the edge: dJ/dλ = ${values.effect[0][A4].toFixed(3).replace('-', '−')}, and ${samples.toLocaleString('en')} samples a round scatter θ's reward by ${deviation.toFixed(4)}. Class laws are made up (a bell of hue times a bell of saturation), so only orders and signs carry over.`,
  ];
}
