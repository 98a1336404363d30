/** The data behind the figures. */
import type { Table } from '../reproduction.ts';
import type { Steepest } from './checks.ts';
import {
  printedInDistribution,
  printedInPreference,
  sharpInDistribution,
  sharpInPreference,
} from './constants.ts';
import { READINGS } from './curves.ts';
import type { Equilibrium, PartialRuns, Protection, SettingRun, TwoGroups } from './curves.ts';
import type { Design } from './design.ts';
import { PROBLEMS } from './design.ts';
import { CLASS_NAMES } from './loop.ts';

export function dataTables(data: {
  readonly runs: readonly SettingRun[];
  readonly partial: PartialRuns;
  readonly steepest: readonly Steepest[];
  readonly equilibria: readonly Equilibrium[];
  readonly groups: readonly TwoGroups[];
  readonly designs: readonly Design[];
  readonly protections: readonly Protection[];
}): Table[] {
  return [
    {
      name: 'trajectories',
      columns: [
        'setting',
        'round',
        'airplane_limit',
        'airplane_independent',
        'airplane_5000_mean',
        'airplane_5000_sd',
      ],
      rows: data.runs.flatMap(({ setting, limit, sampled }) =>
        limit.map((share, round) => [
          setting.name,
          round,
          share,
          round === 0 ? '' : setting.share[round - 1],
          ...(sampled === null ? ['', ''] : momentsOf(sampled.map((curve) => curve[round]))),
        ]),
      ),
    },
    {
      name: 'partial_training',
      columns: ['selection', 'eta', 'inverse_temperature', 'training_rate', 'round', 'airplane'],
      rows: [...data.partial.byRate, ...data.partial.fitted].flatMap((run) =>
        run.share.map((share, round) => [
          READINGS.find(({ selection }) => selection === run.selection)?.name ?? '',
          run.synthetic,
          run.inverseTemperature,
          run.trainingRate,
          round,
          share,
        ]),
      ),
    },
    {
      name: 'constants',
      columns: [
        'candidates',
        'L_p_printed',
        'L_p_sharp',
        'L_p_found',
        'L_w_printed',
        'L_w_sharp',
        'L_w_found',
      ],
      rows: data.steepest.map(({ candidates, inDistribution, inPreference }) => [
        candidates === Infinity ? 'infinite' : candidates,
        printedInDistribution(1),
        sharpInDistribution(1, candidates),
        inDistribution,
        printedInPreference(1),
        sharpInPreference(1),
        inPreference,
      ]),
    },
    {
      name: 'equilibria',
      columns: [
        'inverse_temperature',
        'eta',
        'airplane_from_full_preference',
        'airplane_from_weak_preference',
      ],
      rows: data.equilibria.map((one) => [one.inverseTemperature, one.synthetic, one.strong, one.weak]),
    },
    {
      name: 'two_groups',
      columns: ['beta', 'round', 'majority_class', 'minority_class'],
      rows: data.groups.flatMap(({ adaptation, majority, minority }) =>
        majority.map((share, round) => [adaptation, round, share, minority[round]]),
      ),
    },
    {
      name: 'designs',
      columns: ['design', 'eta', 'cost', ...CLASS_NAMES],
      rows: data.designs.map((design, k) => [
        PROBLEMS[k].name,
        design.synthetic,
        design.totalCost,
        ...design.real,
      ]),
    },
    {
      name: 'protection',
      columns: ['reference_data', 'class', 'exact_fit', 'partial_training', 'least_in_20_rounds'],
      rows: data.protections.flatMap(({ name, exact, partial, least }) =>
        exact.map((share, k) => [name, CLASS_NAMES[6 + k], share, partial[k], least[k]]),
      ),
    },
  ];
}

function momentsOf(values: readonly number[]): [number, number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return [mean, Math.sqrt(variance)];
}
