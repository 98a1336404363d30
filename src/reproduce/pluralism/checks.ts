/** What must hold for two groups of users. */
import {
  adversaryThreshold,
  outsideFactor,
  sharedPlateau,
  sharesOfBoth,
} from '../../theory/oracles/two_curators.ts';
import type { Check } from '../reproduction.ts';
import { near } from '../reproduction.ts';
import type { Slowing } from './bifurcation_figure.ts';
import type { BoundTrial } from './bounds.ts';
import type { LineRun } from './line.ts';
import { OTHER_WEIGHT, OUTSIDE_WEIGHTS, SIDE_MASS } from './outside.ts';
import type { PlateauCase, PlateauRuns } from './plateau.ts';
import { GAPS } from './plateau.ts';

const PAPER = 'Falahati et al. 2026 (arXiv 2605.07724)';

export function plateauChecks(
  cases: readonly PlateauCase[],
  { runs, backend, samples, seeds, rounds }: PlateauRuns,
): Check[] {
  const off = cases.map(({ solved, expected }) => Math.abs(solved - expected));
  const sides = cases.map(({ share, gaps, solved }) => {
    const [low, high] = sharesOfBoth(...gaps);
    return Number(share > low && share < high) === Number(solved > 1e-9 && solved < 1 - 1e-9);
  });
  const thresholds = GAPS.map((gap) => {
    const threshold = adversaryThreshold(gap);
    return (
      sharedPlateau(1 - 0.999 * threshold, gap, gap) === 1 &&
      sharedPlateau(1 - 1.001 * threshold, gap, gap) < 1
    );
  });
  const engineTolerance = backend === 'cpu' ? 1e-9 : 1e-5;
  const settled = runs.filter(({ share, gaps }) => {
    const rate = cases.find(
      (one) => one.share === share && one.gaps[0] === gaps[0] && one.gaps[1] === gaps[1],
    )?.rate;
    return rate !== undefined && rate ** rounds < 1e-12;
  });
  const noisy = runs.filter(({ predictedDeviation, expected }) => {
    // Linear noise speaks of sides that noise does not bring near extinction.
    return expected > 5 * predictedDeviation && 1 - expected > 5 * predictedDeviation;
  });
  const z = noisy.map(
    ({ mean, expected, predictedDeviation }) =>
      Math.max(0, Math.abs(mean - expected) - 2 / samples) / (predictedDeviation / Math.sqrt(seeds)),
  );
  const ratio = noisy.map(({ deviation, predictedDeviation }) =>
    Math.abs(deviation / predictedDeviation - 1),
  );
  return [
    near(
      `largest error of the plateau's a*, ${cases.length} shares and gaps, solved`,
      Math.max(...off),
      0,
      1e-9,
      'a* = [q(1−d₁d₂) − d₁(1−d₂)]/[(1−d₁)(1−d₂)], d = e^−gap, cut at 0 and 1',
    ),
    near(
      'cases in which one side is lost although both should last, or the reverse',
      sides.filter((agrees) => !agrees).length,
      0,
      0,
      'q between d₁(1−d₂)/(1−d₁d₂) and (1−d₂)/(1−d₁d₂)',
    ),
    near(
      `largest error of a* through the engine, ${settled.length} cases that settle in ${rounds} rounds`,
      Math.max(...settled.map(({ limit, expected }) => Math.abs(limit - expected))),
      0,
      engineTolerance,
      'the same closed form',
      backend === 'cpu' ? undefined : 'float32',
    ),
    near(
      'gaps at which adversaries prevent fixation from 1/(1+e^gap) on',
      thresholds.filter(Boolean).length,
      GAPS.length,
      0,
      'a* with both gaps alike and q = 1 − adversaries',
    ),
    near(
      `largest distance of a mean of ${seeds} seeds at n = ${samples} from a*, in SEM`,
      Math.max(...z),
      0,
      4.5,
      'stable point; linear noise for the error',
      `${z.length} cases, beyond 2/n for the bias; false alarm 7e-6 each`,
    ),
    near(
      'largest relative distance of an SD from the linear-noise prediction',
      Math.max(...ratio),
      0,
      4.5 / Math.sqrt(2 * (seeds - 1)) + 2 / Math.sqrt(samples),
      'linear-noise approximation',
      '4.5 standard errors of an SD, and 2/√n for higher orders',
    ),
  ];
}

export function boundChecks(
  { checked, trials, escapes, narrow }: BoundTrial,
  outside: readonly (readonly number[])[],
): Check[] {
  const [growing, dying] = outside;
  return [
    near(
      `rounds of ${checked} in ${trials} random ecosystems that leave the bounds of Lemma 3.5`,
      escapes,
      0,
      0,
      `${PAPER}, Lemma 3.5`,
    ),
    near(
      `rounds of ${checked} with less variance than Theorem 3.6 says`,
      narrow,
      0,
      0,
      `${PAPER}, Theorem 3.6`,
    ),
    near(
      'factor of the outside mass where Lemma 3.3 says it decays',
      growing[1] / growing[0],
      80_000 / 79_941,
      1e-12,
      'exact fraction for e^−δ = 0.8, e^−gap = 0.59, masses 0.059, 0.882, 0.059',
      `closed form ${outsideFactor(OUTSIDE_WEIGHTS[0], OTHER_WEIGHT, 1 - 2 * SIDE_MASS).toFixed(9)}`,
    ),
    near(
      'rounds in which that mass grows, of 200',
      growing.filter((mass, t) => t > 0 && mass > growing[t - 1]).length,
      200,
      0,
      '2e^−δ > 1 + e^−gap: what neither prefers is the better compromise',
    ),
    near(
      'rounds in which it falls where 2e^−δ < 1 + e^−gap, of 200',
      dying.filter((mass, t) => t > 0 && mass < dying[t - 1]).length,
      200,
      0,
      `${PAPER}, Lemma 3.3 with the condition of its appendix`,
    ),
  ];
}

export function lineChecks(
  runs: readonly LineRun[],
  tabulated: readonly LineRun[],
  slowing: readonly Slowing[],
  rounds: number,
): Check[] {
  const source = 's = (d/2) m, m = tanh(d² m/2τ) (Curie–Weiss)';
  const critical = slowing[2];
  const far = runs.filter(({ distance }) => Math.abs(distance - Math.SQRT2) > 0.1);
  return [
    ...tabulated.map(({ distance, position }, k) =>
      near(
        `d = ${distance}: most likely place after ${5 * rounds} rounds`,
        position,
        [0.41339, 0.9575, 1.49963][k],
        6e-6,
        source,
        'half a unit of the fifth decimal, and the interpolation between grid points',
      ),
    ),
    near(
      `largest distance of the most likely place from theory, d = 0.5 … 3 but for √2 ± 0.1`,
      Math.max(...far.map(({ position, expected }) => Math.abs(position - expected))),
      0,
      5e-6,
      source,
      'interpolation between points 1/80 apart, of order (1/80)⁴ over the curvature',
    ),
    near(
      'largest error of a probability against p_0 e^{tρ}, ρ = −x² + log cosh(d x)',
      Math.max(...runs.map(({ error }) => error), ...tabulated.map(({ error }) => error)),
      0,
      1e-11,
      'closed form for starts even in x: two groups act as one curator (derived here)',
      'rounding of up to 10,000 rounds',
    ),
    near(
      `d = √2: width after ${critical.rounds[critical.rounds.length - 1]} rounds over the asymptotic law`,
      critical.width[critical.width.length - 1] / critical.predicted[critical.predicted.length - 1],
      1,
      0.02,
      'E x² → √(3/t) Γ(3/4)/Γ(1/4), from ρ = −x⁴/3 + O(x⁶)',
      'the next term is of relative order x²',
    ),
    near(
      'critical distance at τ = 1',
      firstSplit(runs),
      Math.SQRT2,
      2.5 / (runs.length - 1),
      'd = √(2τ)',
      'one step of the diagram',
    ),
  ];
}

/** The first distance at which the most likely place is not the middle. */
function firstSplit(runs: readonly LineRun[]): number {
  return runs.find(({ position }) => position > 0)?.distance ?? NaN;
}
