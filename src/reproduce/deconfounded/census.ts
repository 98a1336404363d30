/** Counting: how often more curation lowers a model's own reward, and why, under each meaning of "more curation". */
import { analyseGrowth } from '../../theory/growth.ts';
import type { Growth, GrowthEffect } from '../../theory/growth.ts';
import type { Condition } from './random_systems.ts';
import { randomSystem } from './random_systems.ts';

export interface Definition {
  readonly name: string;
  readonly growth: Growth;
}

/** From the published way of raising curation to the purest one. */
export const DEFINITIONS: readonly Definition[] = [
  { name: 'all curated data, real data shrink', growth: { of: 'all', at: 'real' } },
  { name: 'own curated data, real data shrink', growth: { of: 'own', at: 'real' } },
  { name: 'own curated data, all else shrinks', growth: { of: 'own', at: 'rest' } },
];

/**
 * What becomes of the model's own reward. Of the losses, `misdirected`: the new mixture is worse from the first round;
 * `self-defeating`: it is better, but the model's own loop turns it into a loss; `inverted`: it would gain alone and loses
 * through the other models.
 */
export type Fate = 'gain' | 'misdirected' | 'self-defeating' | 'inverted';

export function fateOf({ local, isolated, total }: GrowthEffect): Fate {
  if (total >= 0) return 'gain';
  if (local <= 0) return 'misdirected';
  return isolated > 0 ? 'inverted' : 'self-defeating';
}

export interface Tally {
  readonly condition: Condition;
  readonly definition: Definition;
  /** Systems with a stable point that the loop leads to, and a defined effect. */
  systems: number;
  /** Of these, the ones where the new mixture alone raises the reward. */
  aligned: number;
  /** Locally aligned, and the loop through the others adds to the isolated effect. */
  amplified: number;
  readonly fates: Record<Fate, number>;
}

/** One analysed system under one definition. */
export interface Case {
  readonly condition: number;
  readonly system: number;
  readonly definition: number;
  readonly effect: GrowthEffect;
}

export interface Census {
  /** [condition][definition]. */
  readonly tallies: readonly (readonly Tally[])[];
  /** Every case of the first condition, and every inverted one of the others. */
  readonly cases: readonly Case[];
  /** Systems left out: no stable point that the loop leads to. */
  readonly unsettled: number;
}

export const SEED = 2605;
const MODEL = 0;
const RESIDUAL = 1e-10;

/** Draws and analyses `sizes[c]` systems of every condition; `tick` is called after each and may throw to stop. */
export async function takeCensus(
  conditions: readonly Condition[],
  sizes: readonly number[],
  tick: () => Promise<void>,
): Promise<Census> {
  const growths = DEFINITIONS.map(({ growth }) => growth);
  const cases: Case[] = [];
  const tallies: Tally[][] = [];
  let unsettled = 0;
  for (const [condition, law] of conditions.entries()) {
    const row = DEFINITIONS.map((definition) => emptyTally(law, definition));
    tallies.push(row);
    for (let system = 0; system < sizes[condition]; system++) {
      const analysis = await analyseGrowth(randomSystem(law, condition, system, SEED), MODEL, growths);
      await tick();
      if (analysis.rate >= 1 || analysis.residual > RESIDUAL) {
        unsettled++;
        continue;
      }
      analysis.effects.forEach((effect, definition) => {
        const fate = fateOf(effect);
        count(row[definition], effect, fate);
        if (condition === 0 || fate === 'inverted') cases.push({ condition, system, definition, effect });
      });
    }
  }
  return { tallies, cases, unsettled };
}

function emptyTally(condition: Condition, definition: Definition): Tally {
  const fates = { gain: 0, misdirected: 0, 'self-defeating': 0, inverted: 0 };
  return { condition, definition, systems: 0, aligned: 0, amplified: 0, fates };
}

function count(tally: Tally, { local, isolated, total }: GrowthEffect, fate: Fate): void {
  tally.systems++;
  tally.fates[fate]++;
  if (local <= 0) return;
  tally.aligned++;
  if (total > isolated) tally.amplified++;
}
