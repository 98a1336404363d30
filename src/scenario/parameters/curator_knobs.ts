/** Parameters that curators of all families have: temperature, candidates, size of the rewards. */
import { LIMITS } from '../limits.ts';
import { pathText } from '../problems.ts';
import { around } from './knob.ts';
import type { Knobs } from './knob.ts';
import type { WrittenReward } from './rewards.ts';

/** What is the same about curators of any family. */
export interface CuratorFacts {
  readonly name: string;
  readonly rule: 'plackett-luce' | 'argmax' | 'without-replacement';
  readonly temperature: number;
  /** Null for a curator that keeps part of a batch instead. */
  readonly candidates: number | 'infinite' | null;
  /** Most candidates that may be shown: fewer where a finite population trains on the choice. */
  readonly mostCandidates: number;
  /** Why the number of candidates cannot change, or null. */
  readonly fixedCandidates: string | null;
  /** Null where it is not written as numbers; `noReward` says why. */
  readonly reward: WrittenReward | null;
  readonly noReward: string;
  /** Highest minus lowest reward before anything varies, and how much further variety reaches to both sides together. */
  readonly span: number;
  readonly reach: number;
  /** Largest number that a reward may hold. */
  readonly largestReward: number;
  /** Whether infinitely many candidates are possible. */
  readonly mayBeInfinite: boolean;
}

/** Stays this far inside a limit that rounding must not cross. */
const INSIDE = 1 - 1e-9;
const WIDE = 8;
const USUAL_CANDIDATES = 16;
const MANY_CANDIDATES = 64;

/** Whether the span of rewards in temperatures is bounded: not for "argmax", which only compares. */
export function spanLimit({ rule, temperature }: Pick<CuratorFacts, 'rule' | 'temperature'>): number {
  return rule === 'argmax' ? Infinity : LIMITS.rewardRangeOverTemperature * temperature * INSIDE;
}

export function addChoice(knobs: Knobs, facts: CuratorFacts): void {
  addTemperature(knobs, facts);
  addCandidates(knobs, facts);
  addRewardScale(knobs, facts);
}

function addTemperature(knobs: Knobs, { name, rule, temperature, span, reach }: CuratorFacts): void {
  const path = ['curators', name, 'temperature'];
  const id = pathText(path);
  if (rule === 'argmax') {
    knobs.refuse(id, `"argmax" takes the best candidate at any temperature — use "plackett-luce"`);
    return;
  }
  const least = (span + reach) / (LIMITS.rewardRangeOverTemperature * INSIDE);
  const allowed = [LIMITS.temperatureMin, LIMITS.temperatureMax] as const;
  const [low, high] = around(temperature, WIDE);
  knobs.add({
    id,
    title: `temperature of ${name}`,
    group: `curator ${name}`,
    value: temperature,
    range: [Math.max(low, least), high],
    scale: 'log',
    allowed,
    changes: (value) => [{ path, value }],
  });
}

function addCandidates(knobs: Knobs, facts: CuratorFacts): void {
  const { name, candidates, mostCandidates, fixedCandidates } = facts;
  const path = ['curators', name, 'candidates'];
  const id = pathText(path);
  if (candidates === null) {
    knobs.refuse(id, `${name} keeps a part of a whole batch — change "keep" instead`);
    return;
  }
  if (fixedCandidates !== null) {
    knobs.refuse(id, fixedCandidates);
    return;
  }
  const value = candidates === 'infinite' ? Infinity : candidates;
  const high = Math.max(USUAL_CANDIDATES, candidates === 'infinite' ? MANY_CANDIDATES : 4 * candidates);
  knobs.add({
    id,
    title: `candidates (K) of ${name}`,
    group: `curator ${name}`,
    value,
    range: [1, high],
    scale: high > MANY_CANDIDATES ? 'log' : 'linear',
    whole: true,
    allowed: [1, mostCandidates],
    infinite: facts.mayBeInfinite,
    changes: (k) => [{ path, value: k === Infinity ? 'infinite' : k }],
  });
}

function addRewardScale(knobs: Knobs, facts: CuratorFacts): void {
  const { name, reward, span, reach, largestReward } = facts;
  const id = pathText(['curators', name, 'rewardScale']);
  if (reward === null) {
    knobs.refuse(id, facts.noReward);
    return;
  }
  const { largest, times } = reward;
  if (largest === 0) {
    knobs.refuse(id, `all rewards of ${name} are 0, and stay so whatever they are multiplied by`);
    return;
  }
  const most = Math.min(
    largestReward / largest,
    span > 0 ? Math.max(1, (spanLimit(facts) - reach) / span) : Infinity,
  );
  const [low, high] = around(largest, WIDE);
  knobs.add({
    id,
    title: `largest reward of ${name}`,
    group: `curator ${name}`,
    value: largest,
    range: [low, Math.min(high, largest * most)],
    scale: 'log',
    allowed: [Number.MIN_VALUE, largestReward],
    changes: (value) => [{ path: ['curators', name, 'reward'], value: times(value / largest) }],
  });
}

/** Most candidates where a finite population draws them one by one. */
export function mostCandidatesFor(hasFinite: boolean): number {
  return hasFinite ? LIMITS.candidatesOfFinitePopulation : LIMITS.candidates;
}
