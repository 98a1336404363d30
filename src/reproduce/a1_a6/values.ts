/** Stable points of the six settings, and how they answer to θ's curation, over reward gaps and candidate counts. */
import type { Ecosystem } from '../../scenario/ecosystem.ts';
import { rankCorrelation } from '../../theory/rank_correlation.ts';
import { solve } from '../../theory/solve.ts';
import type { Choices } from './settings.ts';
import { CURATED, MODELS, SETTINGS, parametersOf, publishedFinal, withParameters } from './settings.ts';

/** Per setting, in the order of SETTINGS. */
export interface Values {
  /** reward[model][k]: J at λ_θ = CURATED[k]. */
  readonly reward: readonly (readonly (readonly number[])[])[];
  /** dJ_model/dλ_θ at λ_θ = 0.5. */
  readonly effect: readonly (readonly number[])[];
}

export async function valuesOf(base: Ecosystem, choices: Choices = {}): Promise<Values> {
  const reward: number[][][] = MODELS.map(() => CURATED.map(() => []));
  const effect: number[][] = MODELS.map(() => []);
  for (const { crossTheta, crossPhi } of SETTINGS) {
    for (let k = 0; k < CURATED.length; k++) {
      const parameters = parametersOf(base, crossTheta, crossPhi, CURATED[k], choices);
      const solved = await solve(withParameters(base, parameters), { influence: k === 0 });
      for (let m = 0; m < MODELS.length; m++) {
        reward[m][k].push(solved.reward[m]);
        if (k === 0) effect[m].push(solved.influence[m * MODELS.length]);
      }
    }
  }
  return { reward, effect };
}

export interface Agreement {
  readonly gap: number;
  readonly candidates: number;
  /** Spearman's ρ with the published values, [model][k]. */
  readonly ranks: readonly (readonly number[])[];
  /** Of the 12 changes from λ_θ = 0.5 to 0.6 (two models, six settings), how many have the published sign. */
  readonly signs: number;
}

export const GAPS = [0.3, 0.6, 1, 1.5, 2, 3, 4] as const;
export const CANDIDATES = [4, 6] as const;

/** How the model's values compare with the published ones in every cell of GAPS × CANDIDATES. */
export async function agreementGrid(base: Ecosystem): Promise<Agreement[]> {
  const cells: Agreement[] = [];
  for (const candidates of CANDIDATES) {
    for (const gap of GAPS) {
      const { reward } = await valuesOf(base, { gap, candidates });
      const ranks = MODELS.map((model, m) =>
        CURATED.map((curated, k) =>
          rankCorrelation(
            reward[m][k],
            SETTINGS.map(({ name }) => publishedFinal(name, model, curated)),
          ),
        ),
      );
      let signs = 0;
      for (let m = 0; m < MODELS.length; m++) {
        SETTINGS.forEach(({ name }, s) => {
          const change = reward[m][1][s] - reward[m][0][s];
          const reported =
            publishedFinal(name, MODELS[m], CURATED[1]) - publishedFinal(name, MODELS[m], CURATED[0]);
          if (change * reported > 0) signs++;
        });
      }
      cells.push({ gap, candidates, ranks, signs });
    }
  }
  return cells;
}

/** Spearman's ρ of φ's rewards with the published ones per λ_θ, were A1 the setting (0, 0.1) instead of (0, 1). */
export async function otherReadingOfA1(base: Ecosystem, choices: Choices): Promise<number[]> {
  const { reward } = await valuesOf(base, choices);
  const ranks: number[] = [];
  for (let k = 0; k < CURATED.length; k++) {
    const parameters = parametersOf(base, 0, 0.1, CURATED[k], choices);
    const first = await solve(withParameters(base, parameters), { influence: false });
    const published = SETTINGS.map(({ name }) => publishedFinal(name, 'phi', CURATED[k]));
    ranks.push(rankCorrelation([first.reward[1], ...reward[1][k].slice(1)], published));
  }
  return ranks;
}
