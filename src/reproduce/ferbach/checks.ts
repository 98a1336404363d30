/** What must hold along every trajectory, and in the end. */
import { anchoredFixedPoint, condensate } from '../../theory/oracles/loops.ts';
import { leastDistanceToTopLevel } from '../../theory/oracles/retraining.ts';
import { expectation } from '../../theory/oracles/selection.ts';
import type { Check } from '../reproduction.ts';
import { near } from '../reproduction.ts';
import { moons, ring } from './densities.ts';
import type { Plane } from './densities.ts';
import type { EngineAgreement, FiniteLoop } from './finite.ts';
import { loopOn, trajectory } from './loops.ts';
import type { Study } from './study.ts';
import { largestGap, most } from './study.ts';

const PAPER = 'Ferbach et al. 2024 (arXiv 2407.09499)';
/** What sums of 4,096 terms near 1 and a few operations may be off by. */
const ROUNDING = 1e-12;

/** Rounds in which a bound is crossed by more than rounding. */
export function boundChecks({ plane, pure, mixed, identityError }: Study): Check[] {
  const name = plane.title;
  const crossed = pure.map(({ gainRatio }) => gainRatio.filter((ratio) => ratio < 1 - 1e-9).length);
  const low = mixed.map(({ value, leastValue }) => value.slice(1).filter((mean) => mean < leastValue).length);
  const far = mixed.map((loop) => loop.divergence.filter((kl) => kl > loop.largestDivergence).length);
  const all = pure[0].states.length - 1;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return [
    near(
      `${name}: rounds of ${pure.length * all} that gain less than Lemma 2.2 promises`,
      sum(crossed),
      0,
      0,
      `${PAPER}, Lemma 2.2`,
      'rounds with Var(e^r) above 1e-6, where a gain is more than rounding',
    ),
    near(
      `${name}: rounds of ${mixed.length * all} below the bound of Theorem 2.2`,
      sum(low),
      0,
      0,
      `${PAPER}, Theorem 2.2`,
    ),
    near(
      `${name}: rounds beyond the divergence of Theorem 2.3`,
      sum(far),
      0,
      0,
      `${PAPER}, Theorem 2.3`,
      `${mixed.filter((loop) => loop.largestDivergence < Infinity).length} loops have λ < 1/(K−1)`,
    ),
    near(
      `${name}: largest error of the gain Var(e^r)/E e^r at K = ∞`,
      identityError,
      0,
      ROUNDING,
      'exact for K = ∞: E_{t+1} e^r − E_t e^r = Var_t(e^r)/E_t e^r',
    ),
  ];
}

export function limitChecks(study: Study): Check[] {
  const { plane, start, limit, pure, anchored, replicatorError } = study;
  const name = plane.title;
  // Curation multiplies all outcomes of the best reward alike, whatever K.
  const proportions = pure.map(({ states }) => {
    const p = states[states.length - 1];
    const held = p.reduce((total, mass, v) => (limit[v] > 0 ? total + mass : total), 0);
    return largestGap(
      p.map((mass, v) => (limit[v] > 0 ? mass / held : 0)),
      limit,
    );
  });
  const early = pure.map(
    ({ distance, leastDistance }) => distance.filter((gap, t) => gap < leastDistance[t] - ROUNDING).length,
  );
  const rises = pure.map(
    ({ distance }) => distance.filter((gap, t) => t > 0 && gap > distance[t - 1]).length,
  );
  const last = pure[0].states.length - 1;
  return [
    near(
      `${name}: largest error of p_t ∝ p_0 e^{tr} at K = ∞, ${last} rounds`,
      replicatorError,
      0,
      ROUNDING,
      `${PAPER}, Lemma 2.1`,
    ),
    near(
      `${name}: largest distance of the K = ∞ loop's approach from its closed form`,
      most(pure[3].distance.map((gap, t) => Math.abs(gap - pure[3].leastDistance[t]))),
      0,
      ROUNDING,
      'outside mass Σ p_0 e^{tr}/Σ p_0 e^{tr} over all, from p_t ∝ p_0 e^{tr}',
    ),
    near(
      `${name}: largest change of the proportions within the best region`,
      most(proportions),
      0,
      ROUNDING,
      `${PAPER}, Theorem 2.1: the limit is p_0 restricted to the best reward`,
    ),
    near(
      `${name}: rounds in which the distance to that limit grows`,
      most(rises),
      0,
      0,
      `${PAPER}, Theorem 2.1`,
    ),
    near(
      `${name}: rounds nearer to it than K candidates allow`,
      most(early),
      0,
      0,
      'outputs of weight a keep at least aK/(a+K−1) of their odds a round (derived here)',
    ),
    near(
      `${name}: largest distance to it after ${last} rounds`,
      most(pure.map(({ distance }) => distance[last])),
      0,
      1.05 *
        most(
          pure.map((loop) =>
            leastDistanceToTopLevel(start, plane.reward, loop.candidates, Math.floor(0.9 * last)),
          ),
        ),
      `${PAPER}, Theorem 2.1`,
      'the least distance possible after nine tenths of the rounds',
    ),
    ...anchored.flatMap(({ lambda, trajectoryError, stableError, rate, expectedRate }) => [
      near(
        `${name}: largest error of p_t ∝ Bᵗp_0, λ = ${lambda}, K = ∞`,
        trajectoryError,
        0,
        ROUNDING,
        'projective-linear map, B = (1−η) p_real aᵀ + η diag(a) (Kingman 1978)',
      ),
      near(
        `${name}: stable point against the Perron vector of B, λ = ${lambda}`,
        stableError,
        0,
        ROUNDING,
        'p = (1−η) p_real Z/(Z − ηa), Z = E_p a',
      ),
      near(
        `${name}: rate at the stable point, λ = ${lambda}`,
        rate,
        expectedRate,
        1e-10,
        'η max a/Z: differences among the best outcomes die out slowest',
      ),
    ]),
  ];
}

/** Real data that keep a distance from the best region, a start that does not: part of the model condenses in the best region. */
export async function condensation(): Promise<Check> {
  const plane = moons();
  const [lambda, curated] = [1, 0.5];
  const apart = plane.density.map((mass, v) => (plane.reward[v] < -3 ? mass : 0));
  const total = apart.reduce((sum, mass) => sum + mass, 0);
  const base = await loopOn(
    plane,
    apart.map((mass) => mass / total),
  );
  const states = trajectory(base, { lambda, candidates: Infinity }, 1500);
  const p = states[states.length - 1];
  const a = plane.reward.map((r) => Math.exp(r));
  const real = base.distributions[base.realOf[0]];
  const held = p.reduce((sum, mass, v) => (plane.reward[v] === 0 ? sum + mass : sum), 0);
  const expected = condensate(real, a, curated);
  const outside = expectation(
    anchoredFixedPoint(real, a, curated),
    Float64Array.from(plane.reward, (r) => (r < 0 ? 1 : 0)),
  );
  return near(
    'Moons: mass that condenses in the best region, which real data lack (λ = 1, K = ∞)',
    held,
    expected,
    1e-9,
    '1 − Σ (1−η) p_real max a/(max a − a) (Kingman 1978)',
    `real data start where rewards are below −3; the closed-form stable point leaves ${outside.toFixed(6)} outside`,
  );
}

export function engineChecks(
  { rewardError, backend }: EngineAgreement,
  finite: readonly FiniteLoop[],
): Check[] {
  const off = finite.flatMap(({ value, error, limit }) =>
    value.map((mean, k) => Math.abs(mean - limit[k]) / error[k]),
  );
  return [
    near(
      'Ring: largest difference of E[r] between engine and float64, 16 loops and 10 rounds',
      rewardError,
      0,
      backend === 'cpu' ? 1e-9 : 1e-3,
      'float64 iteration of the curation operator',
      backend === 'cpu'
        ? undefined
        : 'float32: a relative 1e-5 a probability, rewards down to −17, rounds that add up',
    ),
    near(
      `Ring: largest distance of a mean over ${finite[0].seeds} seeds from the limit, in SEM`,
      most(off),
      0,
      6,
      'population limit',
      `${off.length} means of E[e^r] at n = ${finite[0].samples}; Student's t with ${finite[0].seeds - 1} degrees of freedom: false alarm 9e-5 per mean`,
    ),
  ];
}

/** Published code against published samples: ring centres at radius 2 in the one, radius √2 in the other. */
export function radiusChecks(): Check[] {
  return [Math.SQRT2, 2].map((radius) => {
    const plane = ring(radius);
    const inside = plane.modes.filter(
      ([x, y]) => Math.hypot(x - plane.centre[0], y - plane.centre[1]) <= plane.radius,
    );
    return near(
      `modes of 8 in the best region, ring of radius ${radius === 2 ? '2' : '√2'}`,
      inside.length,
      5,
      0,
      'geometry: μ = (2, 0), r_min = 3 in the code of Wei and Zhang 2025 (arXiv 2505.09768)',
      `the nearest of the other three is ${nearestOutside(plane).toFixed(2)} below the best reward`,
    );
  });
}

function nearestOutside({ modes, centre, radius }: Plane): number {
  const beyond = modes.map(([x, y]) => Math.hypot(x - centre[0], y - centre[1]) - radius);
  return 10 * Math.min(...beyond.filter((distance) => distance > 0));
}
