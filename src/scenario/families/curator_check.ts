/** What the schema cannot say about curators: who is mixed with whom, whose rewards fit, whom a finite population can ask. */
import { rewardFault, rewardRange, shortNumber } from '../evaluate.ts';
import { gaussHermite } from '../gauss_hermite.ts';
import { LIMITS } from '../limits.ts';
import type { Outcomes } from '../outcomes.ts';
import { grouped, pathText } from '../problems.ts';
import type { Path, Problems } from '../problems.ts';
import { hintFor } from '../suggest.ts';
import type { Parts } from './categorical_parts.ts';
import { choiceOf } from './curator_plan.ts';
import type { CuratorSpec, FeaturesSpec } from './curator_schema.ts';
import { lengthOf, namedOutcome } from './preferences.ts';

const OPPOSITE = 'opposite';

/** Checks mixtures, adversaries and preferences, for which the outcomes need not be known. */
export function checkCurators(parts: Parts, problems: Problems): void {
  let made = 0;
  for (const [name, curator] of parts.curators) {
    if (curator === null) continue;
    const path = ['curators', name];
    if (name === OPPOSITE) {
      problems.add(
        path,
        `"${OPPOSITE}" is what an adversary with all rewards reversed is called — choose another name`,
      );
    }
    if (curator.mixture !== undefined) checkMixture(parts, curator.mixture, [...path, 'mixture'], problems);
    if (curator.adversary !== undefined && curator.adversary.curator !== OPPOSITE) {
      checkPart(
        parts,
        curator.adversary.curator,
        'an adversary',
        [...path, 'adversary', 'curator'],
        problems,
      );
    }
    if (curator.preference !== undefined && parts.features === undefined) {
      problems.add(
        [...path, 'preference'],
        'there are no features to judge by — give "features" beside "outcomes", such as "features": "one-hot"',
      );
    }
    if (curator.attention !== undefined)
      checkAttention(parts, curator.attention, [...path, 'attention'], problems);
    made += tastesOf(curator);
  }
  if (made > LIMITS.tastes) {
    problems.add(
      ['curators'],
      `with their varieties, adversaries and mixtures they make ${grouped(made)} curators of one reward each — at most ${grouped(LIMITS.tastes)}` +
        ' are allowed; use fewer nodes or curators',
    );
  }
}

/** Curators of one reward each that a curator becomes. */
export function tastesOf({ variety, adversary, mixture }: CuratorSpec): number {
  if (mixture !== undefined) return 1;
  const tastes = variety === undefined ? 1 : variety.nodes + 1;
  return adversary?.curator === OPPOSITE ? 2 * tastes : tastes;
}

function checkMixture(
  parts: Parts,
  mixture: Readonly<Record<string, number>>,
  path: Path,
  problems: Problems,
): void {
  const shares = Object.entries(mixture);
  for (const [name] of shares) {
    checkKnown(parts, name, [...path, name], problems);
    if (parts.curators.get(name)?.mixture !== undefined) {
      problems.add([...path, name], 'is a mixture itself — name the curators that it mixes');
    }
  }
  const sum = shares.reduce((total, [, share]) => total + share, 0);
  if (Math.abs(sum - 1) > LIMITS.weightSum) {
    problems.add(
      path,
      `the shares sum to ${shortNumber(sum)} — they must sum to 1 (within ${LIMITS.weightSum})`,
    );
  }
}

function checkPart(parts: Parts, name: string, as: string, path: Path, problems: Problems): void {
  checkKnown(parts, name, path, problems);
  const curator = parts.curators.get(name);
  if (curator?.mixture === undefined && curator?.adversary === undefined) return;
  problems.add(
    path,
    `${JSON.stringify(name)} is ${curator.mixture === undefined ? 'a curator with an adversary' : 'a mixture'} — ${as} must be a curator of one taste`,
  );
}

function checkKnown(parts: Parts, name: string, path: Path, problems: Problems): void {
  if (parts.curators.has(name)) return;
  problems.add(path, `there is no curator ${JSON.stringify(name)}${hintFor(name, parts.curators.keys())}`);
}

function checkAttention(
  parts: Parts,
  attention: Readonly<Record<string, number>>,
  path: Path,
  problems: Problems,
): void {
  const names = new Set(modelNames(parts));
  for (const name of Object.keys(attention)) {
    if (names.has(name)) continue;
    problems.add([...path, name], `there is no model ${JSON.stringify(name)}${hintFor(name, names)}`);
  }
  if (Object.values(attention).some((weight) => weight > 0)) return;
  problems.add(path, 'no model has a weight above 0 — give one, or leave "attention" out');
}

function modelNames({ models, ecosystem }: Parts): string[] {
  if (ecosystem === null) return [...models.keys()];
  return ecosystem.names ?? Array.from({ length: ecosystem.count }, (_, i) => `m${i}`);
}

/** Checks rewards, directions, features and preferences against the outcomes. */
export function checkCuratorValues(parts: Parts, outcomes: Outcomes, problems: Problems): void {
  const { features } = parts;
  const fits = features === undefined || features === null || checkFeatures(features, outcomes, problems);
  for (const [name, curator] of parts.curators) {
    if (curator === null) continue;
    const path = ['curators', name];
    if (curator.reward !== undefined) checkReward(curator, outcomes, path, problems);
    if (fits && features !== undefined && features !== null) {
      checkPreference(curator, features, outcomes, path, problems);
    }
  }
}

function checkReward(curator: CuratorSpec, outcomes: Outcomes, path: Path, problems: Problems): void {
  const { reward } = curator;
  const fault = reward === undefined ? null : rewardFault(reward, outcomes);
  if (fault !== null) problems.add([...path, 'reward'], fault);
  const reach = checkVariety(curator, outcomes, path, problems);
  if (reward === undefined || fault !== null || reach === null) return;
  const [low, high] = rewardRange(reward, outcomes);
  checkRewardRange(choiceOf(curator), [low - reach, high + reach], path, problems);
}

/** How far variety moves a reward at most; null where its direction does not fit the outcomes. */
function checkVariety(
  { variety }: CuratorSpec,
  outcomes: Outcomes,
  path: Path,
  problems: Problems,
): number | null {
  if (variety === undefined) return 0;
  const unlike = rewardFault(variety.direction, outcomes);
  if (unlike !== null) {
    problems.add([...path, 'variety', 'direction'], unlike);
    return null;
  }
  const [left, right] = rewardRange(variety.direction, outcomes);
  const furthest = variety.scale * gaussHermite(variety.nodes).nodes[variety.nodes - 1];
  const reach = furthest * Math.max(Math.abs(left), Math.abs(right));
  if (reach > LIMITS.reward) {
    problems.add(
      [...path, 'variety', 'scale'],
      `rewards would move by ${shortNumber(reach)} — at most ${grouped(LIMITS.reward)} is allowed`,
    );
  }
  return reach;
}

/** Whether exp(reward/temperature) can be told apart over these rewards. */
export function checkRewardRange(
  { temperature, rule }: { readonly temperature: number; readonly rule: string },
  [low, high]: readonly [number, number],
  path: Path,
  problems: Problems,
): void {
  const range = (high - low) / temperature;
  if (rule === 'argmax' || range <= LIMITS.rewardRangeOverTemperature) return;
  problems.add(
    [...path, 'temperature'],
    `rewards from ${shortNumber(low)} to ${shortNumber(high)} at temperature ${temperature} span ${shortNumber(range)} temperatures` +
      ` — at most ${LIMITS.rewardRangeOverTemperature} are allowed; raise the temperature or use "rule": "argmax"`,
  );
}

function checkFeatures(features: FeaturesSpec, { count }: Outcomes, problems: Problems): boolean {
  if (features === 'one-hot') return true;
  const path = ['features'];
  const length = features[0].length;
  const add = (at: Path, message: string): false => {
    problems.add(at, message);
    return false;
  };
  if (features.length !== count) {
    return add(
      path,
      `${grouped(features.length)} vectors for ${grouped(count)} outcomes — one per outcome is needed`,
    );
  }
  if (length > LIMITS.features || length * count > LIMITS.values) {
    return add(
      path,
      `${grouped(length)} features of ${grouped(count)} outcomes are too many — at most ${grouped(LIMITS.features)} are allowed`,
    );
  }
  let good = true;
  features.forEach((row, v) => {
    if (row.length !== length) {
      good = add(
        [...path, v],
        `${grouped(row.length)} features, but outcome 0 has ${grouped(length)} — all must have the same number`,
      );
    } else if (lengthOf(row) > 1 + LIMITS.unitLength) {
      good = add(
        [...path, v],
        `its length is ${shortNumber(lengthOf(row))} — features have |φ| ≤ 1; divide all of them by the longest`,
      );
    }
  });
  return good;
}

function checkPreference(
  curator: CuratorSpec,
  features: FeaturesSpec,
  outcomes: Outcomes,
  path: Path,
  problems: Problems,
): void {
  const { preference } = curator;
  if (preference === undefined) return;
  const place = [...path, 'preference'];
  const reach = checkVariety(curator, outcomes, path, problems);
  // |w| ≤ 1 and |φ| ≤ 1 keep ⟨w, φ⟩ within ±1.
  if (reach !== null) checkRewardRange(choiceOf(curator), [-1 - reach, 1 + reach], path, problems);
  if (typeof preference === 'string') {
    if (namedOutcome(preference, outcomes) >= 0) return;
    const { labels, count } = outcomes;
    const hint =
      labels === null
        ? ` — outcomes have no labels; give an index from 0 to ${grouped(count - 1)}`
        : hintFor(preference.slice(2), labels);
    return problems.add(place, `there is no outcome ${JSON.stringify(preference.slice(2))}${hint}`);
  }
  const length = features === 'one-hot' ? outcomes.count : features[0].length;
  if (preference.length !== length) {
    return problems.add(
      place,
      `${grouped(preference.length)} numbers for ${grouped(length)} features — one per feature is needed`,
    );
  }
  if (lengthOf(preference) <= 1 + LIMITS.unitLength) return;
  problems.add(
    place,
    `its length is ${shortNumber(lengthOf(preference))} — preferences have |w| ≤ 1; divide it by its length`,
  );
}

/** Whether a model with a finite population can be given data that this curator chose. */
export function checkFiniteChoice(
  parts: Parts,
  name: string,
  population: number | null,
  consumer: Path,
  problems: Problems,
): void {
  if (population === null) return;
  const curator = parts.curators.get(name);
  if (curator === null || curator === undefined) return;
  const members = [name, ...Object.keys(curator.mixture ?? {})];
  const adversaries = members.flatMap((each) => parts.curators.get(each)?.adversary?.curator ?? []);
  for (const each of new Set([...members, ...adversaries]))
    checkOneChoice(parts, each, population, consumer, problems);
}

function checkOneChoice(
  parts: Parts,
  name: string,
  population: number,
  consumer: Path,
  problems: Problems,
): void {
  if (parts.curators.get(name)?.rule === 'without-replacement') {
    problems.add(
      ['curators', name, 'rule'],
      `"without-replacement" is not possible for a finite population (${pathText(consumer)} has ${grouped(population)} samples)` +
        ' — it compares a whole batch at once, while finite populations draw their samples one by one; set the population to null,' +
        ' or use "plackett-luce" with about 1/keep candidates',
    );
  }
  checkCandidates(parts, name, population, consumer, problems);
}

/** A finite population draws its candidates one by one. */
export function checkCandidates(
  parts: {
    readonly curators: ReadonlyMap<string, { readonly candidates?: number | 'infinite' | undefined } | null>;
  },
  name: string,
  population: number | null,
  consumer: Path,
  problems: Problems,
): void {
  const candidates = parts.curators.get(name)?.candidates;
  if (population === null || candidates === undefined || candidates === 'infinite') return;
  if (candidates <= LIMITS.candidatesOfFinitePopulation) return;
  problems.add(
    ['curators', name, 'candidates'],
    `${grouped(candidates)} candidates are too many for a finite population (${pathText(consumer)} has ${grouped(population)} samples)` +
      ` — it must be at most ${grouped(LIMITS.candidatesOfFinitePopulation)} or "infinite", or the population null`,
  );
}
