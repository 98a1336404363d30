/** Where more curation at θ lowers θ's own reward: the plane of cross shares (c_θ, c_φ). */
import type { Ecosystem } from '../../scenario/ecosystem.ts';
import { solve } from '../../theory/solve.ts';
import type { Choices } from './settings.ts';
import { CURATED, parametersOf, withParameters } from './settings.ts';

/** dJ_θ/dλ_θ at λ_θ = 0.5. */
export async function ownEffect(
  base: Ecosystem,
  crossTheta: number,
  crossPhi: number,
  choices: Choices = {},
): Promise<number> {
  const parameters = parametersOf(base, crossTheta, crossPhi, CURATED[0], choices);
  return (await solve(withParameters(base, parameters))).influence[0];
}

export interface SignMap {
  /** Cell middles along either axis. */
  readonly at: readonly number[];
  /** effect[a][b] at c_θ = at[a], c_φ = at[b]. */
  readonly effect: readonly (readonly number[])[];
}

export async function signMap(base: Ecosystem, cells: number): Promise<SignMap> {
  const at = Array.from({ length: cells }, (_, k) => (k + 0.5) / cells);
  const effect: number[][] = [];
  for (const crossTheta of at) {
    const row: number[] = [];
    for (const crossPhi of at) row.push(await ownEffect(base, crossTheta, crossPhi));
    effect.push(row);
  }
  return { at, effect };
}

/** Negative part of a grid of (n+1)² points over the closed square. */
export async function negativePart(base: Ecosystem, n: number): Promise<number> {
  let negative = 0;
  for (let a = 0; a <= n; a++) {
    for (let b = 0; b <= n; b++) if ((await ownEffect(base, a / n, b / n)) < 0) negative++;
  }
  return negative / (n + 1) ** 2;
}

/** The c_θ at which the effect changes sign, to 1e-9; NaN where it is positive up to c_θ = 1. */
export async function signChange(base: Ecosystem, crossPhi: number, choices: Choices = {}): Promise<number> {
  let [low, high] = [0, 1];
  let [atLow, atHigh] = [
    await ownEffect(base, low, crossPhi, choices),
    await ownEffect(base, high, crossPhi, choices),
  ];
  if (atHigh > 0) return NaN;
  // Regula falsi; an end that stays twice counts half (Illinois), or it would stay for long.
  let kept = 0;
  for (;;) {
    const middle = (low * atHigh - high * atLow) / (atHigh - atLow);
    const effect = await ownEffect(base, middle, crossPhi, choices);
    if (Math.abs(effect) < 1e-10 || high - low < 1e-9) return middle;
    if (effect > 0) {
      [low, atLow] = [middle, effect];
      if (kept === 1) atHigh /= 2;
      kept = 1;
    } else {
      [high, atHigh] = [middle, effect];
      if (kept === -1) atLow /= 2;
      kept = -1;
    }
  }
}

/** Points (c_φ, c_θ) of the line of sign change. */
export async function signLine(
  base: Ecosystem,
  points: number,
  choices: Choices = {},
): Promise<{ readonly crossPhi: number; readonly crossTheta: number }[]> {
  const line = [];
  for (let k = 0; k < points; k++) {
    const crossPhi = k / (points - 1);
    line.push({ crossPhi, crossTheta: await signChange(base, crossPhi, choices) });
  }
  return line;
}
