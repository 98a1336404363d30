/** Falahati et al. 2026: two groups of users curate one model. */
import { pluralistPosition } from '../../theory/oracles/two_curators.ts';
import type { Outcome, Reproduction, ReproductionContext, Table } from '../reproduction.ts';
import { bifurcationFigure, slowingOf, slowingRounds } from './bifurcation_figure.ts';
import type { Slowing } from './bifurcation_figure.ts';
import { boundTrial } from './bounds.ts';
import { boundChecks, lineChecks, plateauChecks } from './checks.ts';
import type { LineRun } from './line.ts';
import { lineModel, lineRun } from './line.ts';
import { OUTSIDE_WEIGHTS, outsideMass } from './outside.ts';
import type { PlateauCase, PlateauRuns } from './plateau.ts';
import { plateauCases, plateauModel, plateauRuns } from './plateau.ts';
import { plateauFigure } from './plateau_figure.ts';

export interface PluralismOptions {
  /** Of finite training sets, and their seeds. */
  readonly samples: number;
  readonly seeds: number;
  /** Distances between the favourites in the bifurcation diagram, and rounds. */
  readonly distances: number;
  readonly lineRounds: number;
  readonly trials: number;
}

const FULL: PluralismOptions = { samples: 500, seeds: 40, distances: 126, lineRounds: 2000, trials: 300 };
/** Rounds of the plateau in the population limit. */
const PLATEAU_ROUNDS = 4000;

export const pluralism: Reproduction = {
  name: 'pluralism',
  title: 'Two groups of users curate one model',
  summary:
    'Two groups with different tastes and no real data: which share of the outputs each keeps, when one is lost, and when two tastes end in a compromise.',
  source: 'Falahati et al. 2026, arXiv 2605.07724',
  run: (context) => pluralismOutcome(context, FULL),
};

export async function pluralismOutcome(
  context: ReproductionContext,
  options: PluralismOptions,
): Promise<Outcome> {
  context.onProgress(0, 'shares and gaps');
  const model = await plateauModel();
  const cases = await plateauCases(model);
  context.onProgress(0.1, 'the same through the engine');
  const plateau = await plateauRuns(model, options.samples, options.seeds, PLATEAU_ROUNDS, context);
  context.onProgress(0.4, 'bounds');
  const trial = await boundTrial(options.trials, 100);
  const outside = [];
  for (const weight of OUTSIDE_WEIGHTS) outside.push(await outsideMass(weight, 200));
  context.signal.throwIfAborted();
  context.onProgress(0.5, 'favourites on a line');
  const line = await lineModel();
  const runs: LineRun[] = [];
  for (let k = 0; k < options.distances; k++) {
    const distance = 0.5 + (2.5 * k) / (options.distances - 1);
    runs.push(lineRun(line, distance, [options.lineRounds]));
    context.onProgress(0.5 + (0.35 * k) / options.distances, 'favourites on a line');
    context.signal.throwIfAborted();
  }
  const tabulated = [1.5, 2, 3].map((distance) => lineRun(line, distance, [5 * options.lineRounds]));
  const rounds = slowingRounds(5 * options.lineRounds);
  const slowing = [
    { distance: 1, label: 'd = 1' },
    { distance: 1.3, label: 'd = 1.3' },
    { distance: Math.SQRT2, label: 'd = √2' },
  ].map(({ distance, label }) => slowingOf(lineRun(line, distance, rounds), label, rounds));
  context.onProgress(0.95, 'figures');
  return {
    checks: [
      ...plateauChecks(cases, plateau),
      ...boundChecks(trial, outside),
      ...lineChecks(runs, tabulated, slowing, options.lineRounds),
    ],
    comparisons: [],
    figures: [
      await bifurcationFigure(runs, slowing, options.lineRounds),
      await plateauFigure(plateau, outside),
    ],
    tables: [
      plateauTable(cases),
      engineTable(plateau),
      outsideTable(outside),
      lineTable(runs),
      slowingTable(slowing),
    ],
    findings: findings(slowing),
  };
}

function findings(slowing: readonly Slowing[]): string[] {
  const critical = slowing[2];
  const last = critical.rounds.length - 1;
  return [
    'Two groups that each like one side keep a* of the outputs, more than its share for the larger group: strong feelings (large gaps) bring a* close to the shares, weak ones let the larger group take all. Of two equal groups the one with the weaker feelings keeps less. The closed form holds to rounding in all cases.',
    'Lemma 3.3 as stated in the main text (mass that neither group prefers decays) is false: where 2e^−δ > 1 + e^−gap such outcomes are the better compromise and take over, here by a factor of exactly 80000/79941 in the first round. With the condition of its appendix it holds.',
    'On a line the two groups act exactly as one curator with reward −x² + log cosh(d x), as long as the model is even in x. That gives every round in closed form, and the pitchfork at d = √(2τ).',
    `At the critical distance nothing settles soon: the width falls as t^−¼, and after ${critical.rounds[last].toLocaleString('en')} rounds it is still ${critical.width[last].toFixed(2)}. A bifurcation diagram from simulation is blurred there, and experiments of 20 to 25 rounds cannot tell compromise from pluralism near it.`,
    'The experiments with images and texts (entropy of topics and of lengths, FID) are not repeated here: they need the trained networks. What they report, that larger distances between tastes keep more diversity, is what the diagram shows.',
  ];
}

function plateauTable(cases: readonly PlateauCase[]): Table {
  return {
    name: 'plateau',
    columns: ['share', 'gap_1', 'gap_2', 'solved', 'closed_form', 'rate'],
    rows: cases.map(({ share, gaps, solved, expected, rate }) => [share, ...gaps, solved, expected, rate]),
  };
}

function engineTable({ runs, samples, seeds }: PlateauRuns): Table {
  return {
    name: 'plateau_engine',
    columns: [
      'share',
      'gap_1',
      'gap_2',
      'closed_form',
      'limit',
      'samples',
      'seeds',
      'mean',
      'sd',
      'predicted_sd',
    ],
    rows: runs.map((run) => [
      run.share,
      ...run.gaps,
      run.expected,
      run.limit,
      samples,
      seeds,
      run.mean,
      run.deviation,
      run.predictedDeviation,
    ]),
  };
}

function outsideTable(outside: readonly (readonly number[])[]): Table {
  return {
    name: 'outside',
    columns: ['outside_weight', 'round', 'mass'],
    rows: outside.flatMap((values, k) => values.map((mass, t) => [OUTSIDE_WEIGHTS[k], t, mass])),
  };
}

function lineTable(runs: readonly LineRun[]): Table {
  return {
    name: 'bifurcation',
    columns: ['distance', 'position', 'theory'],
    rows: runs.map(({ distance, position }) => [distance, position, pluralistPosition(distance)]),
  };
}

function slowingTable(slowing: readonly Slowing[]): Table {
  return {
    name: 'slowing',
    columns: ['distance', 'round', 'width', 'theory'],
    rows: slowing.flatMap(({ distance, rounds, width, predicted }) =>
      rounds.map((round, t) => [distance, round, width[t], predicted[t]]),
    ),
  };
}
