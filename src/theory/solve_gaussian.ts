/** `solve` for the family `gaussian`: where means and covariances settle, how fast, and who moves whom. */
import { InputError } from '../errors.ts';
import { curationOf } from '../scenario/ecosystem.ts';
import type { GaussianEcosystem } from '../scenario/gaussian.ts';
import type { Eigenvalues } from './eigenvalues.ts';
import { eigenvaluesOf } from './eigenvalues.ts';
import { anchoredLoopOf, blowUpNumber } from './gaussian/anchor.ts';
import { gaussianInfluence } from './gaussian/influence.ts';
import type { GaussianLinearisation } from './gaussian/linear.ts';
import { expectedReward } from './gaussian/reward.ts';
import type { GaussianStablePoint } from './gaussian/stable_point.ts';
import { findGaussianStablePoint, lineariseAt } from './gaussian/stable_point.ts';
import type { GaussianSystem } from './gaussian/system.ts';
import { createGaussianSystem, lawAt } from './gaussian/system.ts';
import { arnoldi } from './krylov.ts';
import { createPace } from './pace.ts';
import type { Pace } from './pace.ts';
import type { MomentSolveResult } from './results.ts';
import type { SolveOptions } from './solve.ts';
import { retainedPace } from './retention.ts';
import { undefinedEffects, verdicts } from './solve.ts';
import type { Spectrum } from './spectrum.ts';
import { classify } from './spectrum.ts';

/** Up to this many unknowns all eigenvalues of DF are computed; beyond, Arnoldi's method finds the largest. */
const ALL_EIGENVALUES = 600;
const ARNOLDI = { tolerance: 1e-8, maxSteps: 160 };
/** Influences that take longer than seconds are left out of quick looks. */
const CHEAP_UNKNOWNS = 1_000;

/**
 * Stable point, multipliers and influence matrix in the population limit (population sizes and retention do not move a
 * stable point; `retained` says what retention does to the pace). No sufficient condition is known, so `certificate` is NaN. `residual` is relative to the spread of models and data.
 *
 * Throws InputError where the variance grows without bound, with the threshold where it has a closed form, and where a curator with
 * finitely many candidates, of whose choice no closed form is known, has a say.
 */
export async function solveGaussian(
  ecosystem: GaussianEcosystem,
  options: SolveOptions = {},
): Promise<MomentSolveResult> {
  refuseFiniteChoice(ecosystem);
  const tolerance = options.tolerance ?? 1e-12;
  const pace = createPace(options.onProgress, options.signal);
  const system = createGaussianSystem(ecosystem);
  let point = await located(system, tolerance, pace);
  let linear = lineariseAt(system, point.state);
  let spectrum = spectrumOf(system, linear);
  if (
    point.residual <= tolerance &&
    (spectrum.stability === 'unstable' || spectrum.stability === 'period-2')
  ) {
    // Newton may have landed on a point that the loop only passes by: follow the loop much further before it may finish.
    const later = await located(system, tolerance, pace, 1e-10);
    if (later.residual <= tolerance) {
      point = later;
      linear = lineariseAt(system, point.state);
      spectrum = spectrumOf(system, linear);
    }
  }
  const converged = point.residual <= tolerance;
  const { models, dimension: d, curatorOf, parameters } = ecosystem;
  const laws = models.map((_, i) => lawAt(point.state, i, d));
  const unknowns = models.length * linear.size;
  const wanted = options.influence ?? true;
  const omitted = wanted === false || (wanted === 'when-cheap' && unknowns > CHEAP_UNKNOWNS);
  const effects =
    converged && !spectrum.neutral && !omitted
      ? await gaussianInfluence(linear, models.length, options.compensation ?? 'proportional', pace)
      : undefinedEffects(models.length);
  // Keeping data averages moments; multipliers are the same in moments as in means and covariances.
  const retained = converged ? retainedPace(ecosystem, spectrum.multipliers) : null;
  return {
    converged,
    rounds: point.rounds,
    residual: point.residual,
    stability: spectrum.stability,
    stablePoint: laws.map(({ mean }) => mean.slice()),
    stableCovariance: laws.map(({ covariance }) => covariance.slice()),
    reward: Float64Array.from(laws, ({ mean, covariance }, i) =>
      expectedReward(parameters.curators[curatorOf[i]].reward, mean, covariance),
    ),
    curation: curationOf(ecosystem),
    influence: effects.influence,
    isolated: effects.isolated,
    local: effects.local,
    verdict: verdicts(effects),
    rate: converged ? spectrum.rate : NaN,
    certificate: NaN,
    influenceResidual: effects.residual,
    stationary: null,
    ...(retained === null ? {} : { retained }),
    ...(omitted ? { influenceOmitted: true } : {}),
  };
}

/** The stable point. Throws InputError where the variance grows without bound. */
async function located(
  system: GaussianSystem,
  tolerance: number,
  pace: Pace,
  handOver?: number,
): Promise<GaussianStablePoint> {
  const point = await findGaussianStablePoint(system, tolerance, pace, handOver);
  if (point.blownUp === null) return point;
  const { ecosystem } = system;
  throw new InputError(
    ecosystem.models.length === 1 ? `models.${ecosystem.models[0]}` : 'models',
    `no stable point: the variance grows without bound (a trillionfold by round ${point.blownUp})${blowUpReason(ecosystem)}` +
      ' — curation stretches the distribution faster than real data holds it together; raise the temperature, flatten the reward or use more real data',
  );
}

/** The threshold of blow-up and where a scenario lies, or '' where it has no closed form. */
export function blowUpReason(ecosystem: GaussianEcosystem): string {
  const loop = anchoredLoopOf(ecosystem, ecosystem.parameters);
  if (loop === null || loop.ratio === 0) return '';
  const number = blowUpNumber(loop);
  return number > 1
    ? `: 4κ(1+κ)·γᵀΣγ is ${number.toPrecision(4)} and must not exceed 1 (κ = ${loop.ratio.toPrecision(4)}, γ = reward slope ÷ temperature)`
    : '';
}

function refuseFiniteChoice({ edges, parameters, models }: GaussianEcosystem): void {
  for (let i = 0; i < models.length; i++) {
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
      if (edges.curator[e] < 0) continue;
      const { name, candidates } = parameters.curators[edges.curator[e]];
      if (candidates === 1 || candidates === Infinity) continue;
      throw new InputError(
        `curators.${name}.candidates`,
        `the best of ${candidates} candidates of a Gaussian is no Gaussian, so stable points have no closed form — solve needs "infinite" candidates or 1; finite populations can be run without it`,
      );
    }
  }
}

function spectrumOf(system: GaussianSystem, linear: GaussianLinearisation): Spectrum {
  const n = system.modelCount * linear.size;
  return classify(
    [n <= ALL_EIGENVALUES ? allMultipliers(system, linear) : largestMultipliers(system, linear, n)],
    1,
  );
}

/** Eigenvalues of one whole round's derivative; models that train in turn see what came before them. */
function allMultipliers(system: GaussianSystem, linear: GaussianLinearisation): Eigenvalues {
  const matrix = linear.matrix();
  const n = system.modelCount * linear.size;
  if (system.ecosystem.update === 'synchronous') return eigenvaluesOf(matrix, n);
  const round = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let q = 0; q < n; q++) {
    column.fill(0);
    column[q] = 1;
    oneRound(system, linear, column);
    for (let k = 0; k < n; k++) round[k * n + q] = column[k];
  }
  return eigenvaluesOf(round, n);
}

function largestMultipliers(system: GaussianSystem, linear: GaussianLinearisation, n: number): Eigenvalues {
  // A start without symmetry, the same every time.
  const start = Float64Array.from({ length: n }, (_, k) => 1 + ((k * 0.618033988749895) % 1));
  return arnoldi(
    (x, out) => {
      out.set(x);
      oneRound(system, linear, out);
    },
    start,
    ARNOLDI,
  );
}

/** Replaces a deviation by what one round makes of it. */
function oneRound(
  { ecosystem, modelCount }: GaussianSystem,
  linear: GaussianLinearisation,
  x: Float64Array,
): void {
  const { size } = linear;
  if (ecosystem.update === 'synchronous') {
    const image = new Float64Array(x.length);
    linear.apply(x, image);
    x.set(image);
    return;
  }
  const row = new Float64Array(size);
  for (let i = 0; i < modelCount; i++) {
    linear.applyRow(x, i, row);
    x.set(row, i * size);
  }
}
