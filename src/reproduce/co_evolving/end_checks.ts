/** What must hold of designs and of where the loop ends. */
import { holds, near } from '../reproduction.ts';
import type { Check } from '../reproduction.ts';
import { MAJORITY, TWO_GROUP_ROUNDS } from './curves.ts';
import type { Equilibrium, Protection, TwoGroups } from './curves.ts';
import { GRID, PROBLEMS, closedFormCost, designAt } from './design.ts';
import type { Design } from './design.ts';
import { favouredShare, foldAt } from './equilibria.ts';
import { PUBLISHED_DESIGN } from './published.ts';

const PAPER = 'Wei, Xie, Zhu and Zhang 2026, arXiv 2610.09415';

export function designChecks(designs: readonly Design[], protections: readonly Protection[]): Check[] {
  const checks: Check[] = [];
  PROBLEMS.forEach((problem, k) => {
    const design = designs[k];
    const name = `design ${problem.name}`;
    const printed = problem.name === 'A' ? PUBLISHED_DESIGN.A : PUBLISHED_DESIGN.B;
    let apart = 0;
    for (const synthetic of GRID.filter((_, g) => g % 7 === 5)) {
      const cost = designAt(problem, synthetic)?.totalCost ?? NaN;
      const closed = closedFormCost(problem, synthetic);
      if (!(Number.isNaN(cost) && Number.isNaN(closed))) apart = Math.max(apart, Math.abs(cost - closed));
    }
    checks.push(
      near(
        `${name}: cost J at the best η`,
        design.totalCost,
        closedFormCost(problem, design.synthetic),
        1e-9 * design.totalCost,
        'closed form N(Σ θ c + (1 − η − Σ θ) c_min); ours from the vertices of the linear program',
      ),
      near(`${name}: linear program against the closed form over η`, apart, 0, 1e-6, 'closed form'),
      near(
        `${name}: J as printed`,
        design.totalCost,
        printed.cost,
        1,
        `${PAPER}, Algorithm 1`,
        'printed as a whole number',
      ),
      holds(
        `${name}: every promised share is kept in every round`,
        problem.protect.every(
          ({ share }, c) =>
            Math.min(...protections.filter((p) => p.name === name).map(({ least }) => least[c])) >=
            share - 1e-12,
        ),
        'real data alone carry the promise: (1 − η) p_ref ≥ θ',
      ),
    );
  });
  const [a, b] = designs;
  checks.push(
    near('design A: best η', a.synthetic, 0.6714, 5e-5, `${PAPER}, setting A`, 'printed to four digits'),
    near(
      'design A: cost of a real image',
      a.meanCost,
      PUBLISHED_DESIGN.A.meanCost,
      5e-3,
      `${PAPER}, setting A`,
    ),
    near('design A: a protected class’s share of real data', a.real[6], 0.243, 1e-3, `${PAPER}, setting A`),
    near('design B: best η', b.synthetic, 0.6143, 5e-5, `${PAPER}, setting B`, 'printed to four digits'),
  );
  return checks;
}

export function equilibriumChecks(found: readonly Equilibrium[], groups: readonly TwoGroups[]): Check[] {
  const checks = [1, 5].map((t) => {
    const fold = foldAt(t).synthetic;
    const mine = found.filter(({ inverseTemperature }) => inverseTemperature === t);
    const off = ({ synthetic, strong }: Equilibrium): number =>
      Math.abs(strong - (synthetic < fold ? 0.1 : favouredShare(synthetic, t)));
    const worst = mine.reduce((a, b) => (off(b) > off(a) ? b : a));
    return near(
      `long-run airplane share, 1/τ = ${t}`,
      worst.strong,
      worst.synthetic < fold ? 0.1 : favouredShare(worst.synthetic, t),
      1e-8,
      'closed form: η = (a − 1/n)/(T(a) − 1/n) above the fold, balance below it',
      `η = ${worst.synthetic.toFixed(3)}, which is furthest off; fold at η = ${fold.toFixed(4)}`,
    );
  });
  const d = Math.exp(-5);
  const plateau = (MAJORITY * (1 - d * d) - d * (1 - d)) / (1 - d) ** 2;
  const fixed = groups[0];
  checks.push(
    near(
      'two groups with fixed tastes: the majority’s share',
      fixed.majority[fixed.majority.length - 1],
      plateau,
      1e-10,
      'plateau of two curators (Falahati et al. 2026, arXiv 2605.07724): [q(1−d²) − d(1−d)]/(1−d)²',
    ),
    holds(
      `two groups that adapt (β ≥ 0.01) lose the minority’s class within ${TWO_GROUP_ROUNDS.toLocaleString('en-US')} rounds`,
      groups
        .filter(({ adaptation }) => adaptation >= 0.01)
        .every(({ minority }) => minority[minority.length - 1] < 1e-6),
      'a shared model pulls both preferences to what it makes most of',
    ),
  );
  return checks;
}

/** Where fixed tastes leave the majority. */
export function plateauOfFixedTastes(groups: readonly TwoGroups[]): number {
  const { majority } = groups[0];
  return majority[majority.length - 1];
}
