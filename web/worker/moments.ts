/** Models that are means, at one moment: where they are, how wide, where they began, and where their users pull them. */
import type { LiveState } from '../../src/engine/index.ts';
import { BackfireError } from '../../src/errors.ts';
import { hasOutcomes } from '../../src/scenario/any_ecosystem.ts';
import type { AnyEcosystem } from '../../src/scenario/any_ecosystem.ts';
import type { GaussianEcosystem, GaussianReward } from '../../src/scenario/gaussian.ts';
import type { LinearGaussianEcosystem } from '../../src/scenario/linear_gaussian.ts';
import { MOST_LAW_NUMBERS } from './protocol.ts';
import type { Snapshot } from './protocol.ts';

/** Means over the replicates. Throws `internal` for models that are distributions over outcomes. */
export function momentsOf(
  ecosystem: AnyEcosystem,
  replicates: number,
  round: number,
  state: LiveState,
  models: readonly number[],
): Snapshot {
  if (hasOutcomes(ecosystem) || !('means' in state)) {
    throw new BackfireError('internal', 'these models are no means');
  }
  const { dimension } = ecosystem;
  const average = averageOf(ecosystem.models.length, replicates, models);
  const means = average(state.means, dimension);
  const covariances = state.covariances === null ? null : average(state.covariances, dimension ** 2);
  const gaussian = ecosystem.family === 'gaussian' ? ecosystem : null;
  return {
    kind: 'moments',
    round,
    models,
    dimension,
    means,
    spread:
      covariances === null
        ? fixedSpread(ecosystem, models)
        : deviations(covariances, models.length, dimension),
    covariances: covariances !== null && covariances.length <= MOST_LAW_NUMBERS ? covariances : null,
    initialMeans: initialMeans(ecosystem, models),
    realMeans: gaussian === null ? null : rowsOf(models, dimension, (model) => gaussian.real[model].mean),
    realSpread:
      gaussian === null
        ? null
        : rowsOf(models, dimension, (model) => deviations(gaussian.real[model].covariance, 1, dimension)),
    pull: rowsOf(models, dimension, (model, k) =>
      pullAt(ecosystem, model, means.subarray(k * dimension, (k + 1) * dimension)),
    ),
  };
}

function averageOf(
  count: number,
  replicates: number,
  models: readonly number[],
): (values: Float64Array, width: number) => Float64Array {
  return (values, width) => {
    const rows = new Float64Array(models.length * width);
    models.forEach((model, k) => {
      for (let r = 0; r < replicates; r++) {
        const from = (r * count + model) * width;
        for (let c = 0; c < width; c++) rows[k * width + c] += values[from + c] / replicates;
      }
    });
    return rows;
  };
}

function rowsOf(
  models: readonly number[],
  dimension: number,
  row: (model: number, k: number) => Float64Array,
): Float64Array {
  const rows = new Float64Array(models.length * dimension);
  models.forEach((model, k) => {
    rows.set(row(model, k), k * dimension);
  });
  return rows;
}

function deviations(covariances: Float64Array, count: number, d: number): Float64Array {
  return Float64Array.from({ length: count * d }, (_, at) => {
    const [k, c] = [Math.floor(at / d), at % d];
    return Math.sqrt(Math.max(0, covariances[k * d * d + c * d + c]));
  });
}

function fixedSpread(
  ecosystem: GaussianEcosystem | LinearGaussianEcosystem,
  models: readonly number[],
): Float64Array {
  const { dimension, parameters } = ecosystem;
  return rowsOf(models, dimension, (model) =>
    new Float64Array(dimension).fill('noise' in parameters ? parameters.noise[model] : NaN),
  );
}

function initialMeans(
  ecosystem: GaussianEcosystem | LinearGaussianEcosystem,
  models: readonly number[],
): Float64Array {
  const { dimension: d } = ecosystem;
  return rowsOf(models, d, (model) =>
    ecosystem.family === 'gaussian'
      ? ecosystem.initial[model].mean
      : ecosystem.initial.subarray(model * d, (model + 1) * d),
  );
}

function pullAt(
  ecosystem: GaussianEcosystem | LinearGaussianEcosystem,
  model: number,
  mean: Float64Array,
): Float64Array {
  if (ecosystem.family === 'gaussian') {
    return gradient(ecosystem.parameters.curators[ecosystem.curatorOf[model]].reward, mean);
  }
  const { linear, quadratic } = ecosystem.rewards[model];
  return mean.map((x, c) => linear[c] - quadratic * x);
}

/** Of r(z) = linear·z − ½ (z − centre)ᵀ quadratic (z − centre). */
function gradient({ linear, quadratic, centre }: GaussianReward, mean: Float64Array): Float64Array {
  const d = mean.length;
  return linear.map((slope, c) => {
    let sum = slope;
    for (let other = 0; other < d; other++) sum -= quadratic[c * d + other] * (mean[other] - centre[other]);
    return sum;
  });
}
