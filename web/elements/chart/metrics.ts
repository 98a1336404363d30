/** What a chart over rounds can show: names, units and one sentence of meaning per metric. */
import type { ChartMetric } from '../../state/lab_state.ts';
import type { EcosystemBrief } from '../../worker/protocol.ts';

type Family = EcosystemBrief['family'];

export interface MetricInfo {
  readonly id: ChartMetric;
  /** On the tab. */
  readonly label: string;
  /** Along the axis, with its unit. */
  readonly axis: string;
  readonly meaning: string;
  /** Distances that shrink by a factor a round are straight lines on a logarithmic axis. */
  readonly log: boolean;
  /** Why there may be nothing to see. */
  readonly absent: string;
}

const OUTCOMES: readonly Family[] = ['categorical', 'conditional'];
const MEANS: readonly Family[] = ['linear-gaussian', 'gaussian'];
const ANY: readonly Family[] = [...OUTCOMES, ...MEANS];

const TABLE: readonly (MetricInfo & { readonly families: readonly Family[] })[] = [
  {
    id: 'reward',
    families: ANY,
    label: 'Reward',
    axis: 'expected reward J',
    meaning:
      'J: the reward that a model’s own curator gives its output, on average, in units of that reward.',
    log: false,
    absent: 'No reward is known for this run.',
  },
  {
    id: 'effectiveSupport',
    families: OUTCOMES,
    label: 'Diversity',
    axis: 'effective number of outcomes',
    meaning:
      'Effective support: how many equally likely outcomes would be as diverse (the exponential of the entropy).',
    log: false,
    absent: 'No diversity is known for this run.',
  },
  {
    id: 'entropy',
    families: OUTCOMES,
    label: 'Entropy',
    axis: 'entropy (nats)',
    meaning:
      'Entropy of a model’s output in nats: 0 when it always makes the same, higher the more varied it is.',
    log: false,
    absent: 'No entropy is known for this run.',
  },
  {
    id: 'norm',
    families: MEANS,
    label: 'Size of the mean',
    axis: 'length of the mean',
    meaning: 'Euclidean length of a model’s mean, in units of the outcomes.',
    log: false,
    absent: 'No mean is known for this run.',
  },
  {
    id: 'variance',
    families: ['gaussian'],
    label: 'Variance',
    axis: 'variance per dimension',
    meaning: 'Variance of a model’s output, averaged over the dimensions, in squared units of the outcomes.',
    log: false,
    absent: 'No variance is known for this run.',
  },
  {
    id: 'tvToReal',
    families: OUTCOMES,
    label: 'Distance to real data',
    axis: 'total variation to real data',
    meaning:
      'Total variation between a model and its real data: the share of its output that would have to change, 0 to 1.',
    log: false,
    absent: 'No real data is known for this run.',
  },
  {
    id: 'distanceToReal',
    families: ['gaussian'],
    label: 'Distance to real data',
    axis: '2-Wasserstein distance to real data',
    meaning: '2-Wasserstein distance between a model and its real data, in units of the outcomes.',
    log: false,
    absent: 'No real data is known for this run.',
  },
  {
    id: 'step',
    families: ANY,
    label: 'Step',
    axis: 'change in a round',
    meaning:
      'How far a model moves in one round (total variation, or 2-Wasserstein distance for means), on a logarithmic axis.',
    log: true,
    absent: 'No model has moved yet: a logarithmic axis shows positive steps only.',
  },
  {
    id: 'homogenisation',
    families: OUTCOMES,
    label: 'Homogenisation',
    axis: 'mean distance between models',
    meaning: 'Mean total variation between pairs of models, 0 to 1: it falls as they become alike.',
    log: false,
    absent: 'A single model has nobody to be alike.',
  },
  {
    id: 'tvToStable',
    families: OUTCOMES,
    label: 'Distance to stable point',
    axis: 'total variation to stable point',
    meaning: 'Total variation between a model and its predicted stable point, 0 to 1, on a logarithmic axis.',
    log: true,
    absent: 'No stable point is known for this scenario, or the models have reached it.',
  },
  {
    id: 'distanceToStable',
    families: MEANS,
    label: 'Distance to stable point',
    axis: '2-Wasserstein distance to stable point',
    meaning: '2-Wasserstein distance between a model and its predicted stable point, on a logarithmic axis.',
    log: true,
    absent: 'No stable point is known for this scenario, or the models have reached it.',
  },
];

/** The metrics of a family, in the order of their tabs; never empty. */
export function metricsOf(family: Family): readonly MetricInfo[] {
  return TABLE.filter(({ families }) => families.includes(family));
}

/** The chosen metric, or the family's first where it lacks that one. */
export function metricShown(family: Family, chosen: ChartMetric): MetricInfo {
  const known = metricsOf(family);
  return known.find(({ id }) => id === chosen) ?? known[0];
}
