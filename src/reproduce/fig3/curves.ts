/** The exact curves of the figure: rewards, alignment proxies and effects of curation over the scale t of the loop. */
import { gridCrossings, refinedCrossings } from '../../theory/linear_gaussian/crossings.ts';
import {
  linearInfluence,
  linearStablePoint,
  theoremInfluence,
} from '../../theory/linear_gaussian/influence.ts';
import { blockProducts } from '../../theory/linear_gaussian/rotations.ts';
import {
  createLinearSystem,
  dot,
  gradientOf,
  meanOf,
  rewardsAt,
} from '../../theory/linear_gaussian/system.ts';
import { CURATION, DELTA, mechanism, REWARD_P, REWARD_Q, settingOf, SHIFT, turnMatrix } from './mechanism.ts';

/** 250 scales from 0.05 to 1, as the authors' grid. */
export const SCALES = Array.from({ length: 250 }, (_, k) => (k === 249 ? 1 : 0.05 + k * (0.95 / 249)));

export interface Curves {
  readonly rewardP: number[];
  readonly rewardQ: number[];
  /** cos∠(∇J_p(θ*), θ*) and cos∠(∇J_q(φ*), A a): how well curation points along the reward at first. */
  readonly proxyP: number[];
  readonly proxyQ: number[];
  /** dJ/dλ by the implicit function theorem, by the paper's theorem and by central differences. */
  readonly effectP: number[];
  readonly effectQ: number[];
  readonly theoremP: number[];
  readonly theoremQ: number[];
  readonly differenceP: number[];
  readonly differenceQ: number[];
}

export function exactCurves(): Curves {
  const points = SCALES.map((scale) => {
    const turn = turnMatrix(scale);
    const system = createLinearSystem(mechanism(settingOf(scale, CURATION, 0, turn)));
    const stable = linearStablePoint(system);
    const reward = rewardsAt(system, stable);
    const { influence } = linearInfluence(system, stable);
    const theorem = theoremInfluence(system, stable);
    const [up, down] = [CURATION + DELTA, CURATION - DELTA].map((curation) =>
      rewardsAt(system, linearStablePoint(system, Float64Array.of(curation, 0))),
    );
    const [theta, phi] = [meanOf(system, stable, 0), meanOf(system, stable, 1)];
    return {
      rewardP: reward[0],
      rewardQ: reward[1],
      proxyP: cosine(gradientOf(system.rewards[0], theta), theta),
      proxyQ: cosine(gradientOf(system.rewards[1], phi), times(turn, SHIFT)),
      effectP: influence[0],
      effectQ: influence[2],
      theoremP: theorem[0],
      theoremQ: theorem[2],
      differenceP: (up[0] - down[0]) / (2 * DELTA),
      differenceQ: (up[1] - down[1]) / (2 * DELTA),
    };
  });
  const column = (key: keyof Curves): number[] => points.map((point) => point[key]);
  return {
    rewardP: column('rewardP'),
    rewardQ: column('rewardQ'),
    proxyP: column('proxyP'),
    proxyQ: column('proxyQ'),
    effectP: column('effectP'),
    effectQ: column('effectQ'),
    theoremP: column('theoremP'),
    theoremQ: column('theoremQ'),
    differenceP: column('differenceP'),
    differenceQ: column('differenceQ'),
  };
}

/** J(λ) = slope·λ − bend·λ² at a scale, for both models; without a constant because nothing but curation drives the means. */
export interface Parabola {
  readonly slope: number;
  readonly bend: number;
  /** Where J is largest; beyond it curation hurts. */
  readonly best: number;
}

export function parabolas(scale: number): Parabolas {
  const known = PARABOLAS.get(scale) ?? parabolasOf(scale);
  PARABOLAS.set(scale, known);
  return known;
}

interface Parabolas {
  readonly p: Parabola;
  readonly q: Parabola;
}

/** Crossings at many λ₀ look at the same scales again and again. */
const PARABOLAS = new Map<number, Parabolas>();

function parabolasOf(scale: number): Parabolas {
  const system = createLinearSystem(mechanism(settingOf(scale, 1, 0)));
  const response = linearStablePoint(system); // per unit of λ
  const [p, q] = system.rewards.map(({ linear, quadratic }, i) => {
    const moved = meanOf(system, response, i);
    const slope = dot(linear, moved);
    const bend = 0.5 * quadratic * dot(moved, moved);
    return { slope, bend, best: slope / (2 * bend) };
  });
  return { p, q };
}

/** Scales at which curation stops helping or hurting, at a given share λ₀; λ₀ = 0 is the effect of the linear part alone. */
export function crossingsAt(curation: number): { readonly p: number[]; readonly q: number[] } {
  const effect =
    (model: 'p' | 'q') =>
    (scale: number): number => {
      const { slope, bend } = parabolas(scale)[model];
      return slope - 2 * bend * curation;
    };
  return { p: refinedCrossings(effect('p'), SCALES), q: refinedCrossings(effect('q'), SCALES) };
}

/** Crossings of the polygon through the 250 points, as the authors read them. */
export function crossingsOnGrid(values: readonly number[]): number[] {
  return gridCrossings(SCALES, values);
}

/** What each rotation contributes to g·(push of curation) at once, a for θ and A a for φ, and to g·(stable response) in the long run. */
export interface Blocks {
  readonly rawP: Float64Array;
  readonly distortedP: Float64Array;
  readonly rawQ: Float64Array;
  readonly distortedQ: Float64Array;
}

export function blockContributions(scale: number): Blocks {
  const system = createLinearSystem(mechanism(settingOf(scale, 1, 0)));
  const response = linearStablePoint(system);
  return {
    rawP: blockProducts(REWARD_P, SHIFT),
    distortedP: blockProducts(REWARD_P, meanOf(system, response, 0)),
    rawQ: blockProducts(REWARD_Q, times(turnMatrix(scale), SHIFT)),
    distortedQ: blockProducts(REWARD_Q, meanOf(system, response, 1)),
  };
}

/** Numbers of the blocks whose contribution changes its sign. */
export function flippedBlocks(raw: Float64Array, distorted: Float64Array): number[] {
  return [...raw.keys()].filter((k) => raw[k] * distorted[k] < 0);
}

function times(matrix: Float64Array, x: Float64Array): Float64Array {
  const d = x.length;
  return x.map((_, k) => dot(matrix.subarray(k * d, (k + 1) * d), x));
}

function cosine(a: Float64Array, b: Float64Array): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
