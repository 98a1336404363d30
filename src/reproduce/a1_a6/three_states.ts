/** The six settings on three outcomes: values, signs over the plane of cross shares, error bars. */
import { INK, MODEL_COLOURS } from '../../report/chart_style.ts';
import { runsNeeded } from '../../theory/power.ts';
import type { Outcome, ReproductionContext, Table } from '../reproduction.ts';
import { agreementChecks, comparisons, mapChecks, seedChecks, valueChecks } from './checks.ts';
import type { SignLine } from './map_figure.ts';
import { mapFigure } from './map_figure.ts';
import type { CellResult, SeedsOptions } from './seeds.ts';
import { deviationOf, meanOf, runSeeds } from './seeds.ts';
import { A4, contrasts, seedsFigure } from './seeds_figure.ts';
import type { Fluctuation } from './settings.ts';
import {
  CURATED,
  MODELS,
  SETTINGS,
  fluctuation,
  publishedFinal,
  publishedSeries,
  threeStates,
} from './settings.ts';
import { settingsFigure } from './settings_figure.ts';
import type { SignMap } from './sign_map.ts';
import { negativePart, signChange, signLine, signMap } from './sign_map.ts';
import type { Agreement, Values } from './values.ts';
import { agreementGrid, otherReadingOfA1, valuesOf } from './values.ts';

/** 8,000 samples as published. Variance forgets the start at the square of the rate, 0.63 at most: after 8 rounds 1e-3 is left. */
export const AS_PUBLISHED: SeedsOptions = { samples: [125, 1000, 8000], seeds: 200, rounds: 8 };

const OTHER_CURATORS = [
  { gap: 0.3, candidates: 4 },
  { gap: 1, candidates: 4 },
  { gap: 3, candidates: 2 },
  { gap: 3, candidates: Infinity },
];
const MAP_CELLS = 40;
const LINE_POINTS = 41;

export async function threeStateOutcome(
  context: ReproductionContext,
  options: SeedsOptions,
): Promise<Outcome> {
  const base = await threeStates();
  context.onProgress(0, 'stable points');
  const values = await valuesOf(base);
  const agreement = await agreementGrid(base);
  const otherReading = await otherReadingOfA1(base, { gap: 3, candidates: 6 });
  context.signal.throwIfAborted();
  context.onProgress(0.02, 'plane of cross shares');
  const map = await signMap(base, MAP_CELLS);
  const negative = await negativePart(base, 40);
  const changes = [];
  for (const crossPhi of [0, 0.5, 1]) changes.push(await signChange(base, crossPhi));
  const own: SignLine = {
    label: 'gap 3, K = 4',
    colour: { line: INK, text: INK },
    points: await signLine(base, LINE_POINTS),
  };
  const others: SignLine[] = [];
  for (const choice of OTHER_CURATORS) {
    const endless = choice.candidates === Infinity;
    others.push({
      label: `gap ${choice.gap}, K = ${endless ? '∞' : choice.candidates}`,
      colour: MODEL_COLOURS[others.length],
      side: endless ? 'left' : 'right',
      points: await signLine(base, LINE_POINTS, choice),
    });
  }
  context.signal.throwIfAborted();
  const cells = await runSeeds(base, options, {
    ...context,
    onProgress: (part, doing) => {
      context.onProgress(0.05 + 0.93 * part, doing);
    },
  });
  context.onProgress(0.98, 'figures');
  return {
    checks: [
      ...valueChecks(values),
      ...agreementChecks(agreement, otherReading),
      ...mapChecks(changes, negative),
      ...seedChecks(cells),
    ],
    comparisons: comparisons(values),
    figures: [await settingsFigure(values), await mapFigure(map, own, others), await seedsFigure(cells)],
    tables: [
      valueTable(values),
      agreementTable(agreement),
      mapTable(map),
      lineTable([own, ...others]),
      seedTable(cells),
      fluctuationTable(),
    ],
    findings: findings(values, cells, negative),
  };
}

/** What was found, in plain sentences. */
function findings({ reward, effect }: Values, cells: readonly CellResult[], negative: number): string[] {
  const largest = contrasts(cells).reduce((one, two) => (two.samples > one.samples ? two : one));
  const a4 = fluctuationOf('A4', 'theta');
  const published = publishedFinal('A4', 'theta', 0.6) - publishedFinal('A4', 'theta', 0.5);
  const [before, after] = a4.deviation;
  const error = a4.ofDifference / Math.sqrt(30);
  const change = reward[0][1][A4] - reward[0][0][A4];
  const n = largest.samples.toLocaleString('en');
  return [
    'Three outcomes, two opposed tastes and the six pairs of cross shares reproduce the order of the published rewards (Spearman 1.00, 1.00, 0.94, 1.00) for every reward gap and candidate count tried, and 9 to 12 of the 12 published signs. The order is a matter of who provides the curated data, and nothing else.',
    `Curation backfires where most of θ's curated data come from φ (from 65 % up, or from 96 % where φ in turn learns from θ alone): ${(100 * negative).toFixed(0)} % of the plane of cross shares. It is misdirected data: what φ's users choose carries φ's taste. A4 lies on the edge of that region, so its effect is tiny (dJ/dλ = ${decimals(effect[0][A4], 4)}, a change of ${decimals(change, 4)} from λ = 0.5 to 0.6) and its sign depends on the candidate count.`,
    `The sizes do not reproduce. φ's published changes in A4 and A5 (+0.150, −0.226) are about 20 and 70 times those of the model. The published runs are single ones, and their rewards scatter by 0.08 to 0.30 from epoch to epoch; that the curves become flat after epoch 40 is the learning rate, which halves every epoch from there on. The published rewards exceed 1.3, so the documented colour weight of 0.3 cannot have been used; and the training set grows with λ (8,000 to 10,000 images).`,
    `How many seeds does −0.038 need? With the published scatter (${before.toFixed(3)} and ${after.toFixed(3)}), ${Math.ceil(runsNeeded(published, before, after))} independent runs per arm for a power of 80 %. The two published A4 runs are not independent: their epochs correlate by ${a4.correlation.toFixed(2)}, which points to shared random numbers; with such pairs ${Math.ceil(runsNeeded(published, a4.ofDifference, 0))} are enough. Averaged over epochs 10 to 39 the published change is ${decimals(a4.difference, 3)} ± ${error.toFixed(3)}: not distinguishable from 0.`,
    `Redrawing the training data alone is far quieter: at n = ${n} the linear-noise prediction for θ's reward in A4 is an SD of ${largest.arms[0].toFixed(4)}, and the simulated spread agrees. A true −0.038 would show in a single pair of runs, while the model's own ${decimals(change, 4)} would take ${Math.ceil(runsNeeded(largest.stable, ...largest.arms))} runs per arm.`,
  ];
}

function decimals(value: number, digits: number): string {
  return value.toFixed(digits).replace('-', '−');
}

function fluctuationOf(setting: string, model: (typeof MODELS)[number]): Fluctuation {
  const [before, after] = CURATED.map((curated) => publishedSeries(setting, model, curated));
  return fluctuation(before, after);
}

function valueTable({ reward, effect }: Values): Table {
  return {
    name: 'values',
    columns: [
      'setting',
      'cross_theta',
      'cross_phi',
      'model',
      'curated_theta',
      'reward',
      'effect_of_theta',
      'published_reward',
    ],
    rows: SETTINGS.flatMap(({ name, crossTheta, crossPhi }, s) =>
      MODELS.flatMap((model, m) =>
        CURATED.map((curated, k) => [
          name,
          crossTheta,
          crossPhi,
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

function agreementTable(cells: readonly Agreement[]): Table {
  return {
    name: 'agreement',
    columns: [
      'gap',
      'candidates',
      'spearman_theta_05',
      'spearman_theta_06',
      'spearman_phi_05',
      'spearman_phi_06',
      'signs_of_12',
    ],
    rows: cells.map(({ gap, candidates, ranks, signs }) => [gap, candidates, ...ranks.flat(), signs]),
  };
}

function mapTable({ at, effect }: SignMap): Table {
  return {
    name: 'backfire_map',
    columns: ['cross_theta', 'cross_phi', 'effect'],
    rows: at.flatMap((crossTheta, a) => at.map((crossPhi, b) => [crossTheta, crossPhi, effect[a][b]])),
  };
}

function lineTable(lines: readonly SignLine[]): Table {
  return {
    name: 'sign_change',
    columns: ['curators', 'cross_phi', 'cross_theta'],
    rows: lines.flatMap(({ label, points }) =>
      points.map(({ crossPhi, crossTheta }) => [label, crossPhi, crossTheta]),
    ),
  };
}

function seedTable(cells: readonly CellResult[]): Table {
  return {
    name: 'seeds',
    columns: ['setting', 'samples', 'curated_theta', 'model', 'seeds', 'mean', 'limit', 'sd', 'predicted_sd'],
    rows: cells.flatMap((cell) =>
      MODELS.map((model, m) => [
        SETTINGS[cell.setting].name,
        cell.samples,
        CURATED[cell.level],
        model,
        cell.final[m].length,
        meanOf(cell.final[m]),
        cell.limit[m],
        deviationOf(cell.final[m]),
        cell.predictedDeviation[m],
      ]),
    ),
  };
}

function fluctuationTable(): Table {
  return {
    name: 'published_scatter',
    columns: ['setting', 'model', 'sd_05', 'sd_06', 'sd_of_difference', 'correlation', 'mean_difference'],
    rows: SETTINGS.flatMap(({ name }) =>
      MODELS.map((model) => {
        const { deviation, ofDifference, correlation, difference } = fluctuationOf(name, model);
        return [name, model, ...deviation, ofDifference, correlation, difference];
      }),
    ),
  };
}
