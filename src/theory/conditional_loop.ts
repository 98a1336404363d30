/**
 * The loop of conditional models in the population limit, round by round, with pools and tables apart: what a model would make of inputs
 * that its pool does not hold at the moment is part of the answer here, while the stable point does without.
 */
import type { Axis, Ecosystem, Pairs } from '../scenario/ecosystem.ts';
import { blocksOf, givenMarginal } from '../scenario/pairs.ts';
import { BackfireError } from '../errors.ts';
import { createSystem } from './system.ts';

export interface ConditionalState {
  /** Per model: the law u of what its last training set gives. */
  readonly pools: readonly Float64Array[];
  /** Per model: its table P in the order of outcomes, length X·Y. */
  readonly tables: readonly Float64Array[];
}

/**
 * States of rounds 0 … `rounds`. A training set with law D replaces the pool by u', the law of what D gives, and the table by
 * (1 − s) P + s D/u' wherever u' > 0. Throws `internal` where the ecosystem is not conditional.
 */
export function conditionalStates(ecosystem: Ecosystem, rounds: number): ConditionalState[] {
  const { pairs, models, outcomeCount, distributions, initialOf, parameters, update } = ecosystem;
  if (pairs === null) throw new BackfireError('internal', 'conditionalStates needs a conditional ecosystem');
  const system = createSystem(ecosystem);
  const pools = models.map((_, i) =>
    givenMarginal(blocksOf(pairs, pairs.generates[i]), distributions[initialOf[i]]),
  );
  const tables = pairs.initialTable.map((table) => table.slice());
  const states: ConditionalState[] = [copyOf(pools, tables)];
  const joint = new Float64Array(models.length * outcomeCount);
  const mixtures = new Float64Array(joint.length);
  const row = (x: Float64Array, i: number): Float64Array =>
    x.subarray(i * outcomeCount, (i + 1) * outcomeCount);
  const mix = (): void => {
    models.forEach((_, i) => writeJoint(pairs, i, pools[i], tables[i], row(joint, i)));
    system.mixtures(joint, mixtures);
  };
  for (let t = 1; t <= rounds; t++) {
    if (update === 'synchronous') mix();
    models.forEach((_, i) => {
      if (update === 'sequential') mix();
      train(pairs, i, row(mixtures, i), pools[i], tables[i], parameters.trainingRate[i]);
    });
    states.push(copyOf(pools, tables));
  }
  return states;
}

/** Σ_b e(b) Σ_v P_b(v) r(v): what a table is worth to a reward when a task gives b with probability `task[b]`. */
export function taskReward(
  pairs: Pairs,
  axis: Axis,
  table: Float64Array,
  task: Float64Array,
  reward: Float64Array,
): number {
  const worth = givenMarginal(
    blocksOf(pairs, axis),
    table.map((p, v) => p * reward[v]),
  );
  return worth.reduce((sum, value, b) => sum + task[b] * value, 0);
}

function copyOf(pools: readonly Float64Array[], tables: readonly Float64Array[]): ConditionalState {
  return { pools: pools.map((pool) => pool.slice()), tables: tables.map((table) => table.slice()) };
}

function writeJoint(
  pairs: Pairs,
  i: number,
  pool: Float64Array,
  table: Float64Array,
  out: Float64Array,
): void {
  const { count, width, blockStep, cellStep } = blocksOf(pairs, pairs.generates[i]);
  for (let b = 0; b < count; b++) {
    for (let k = 0, v = b * blockStep; k < width; k++, v += cellStep) out[v] = pool[b] * table[v];
  }
}

function train(
  pairs: Pairs,
  i: number,
  law: Float64Array,
  pool: Float64Array,
  table: Float64Array,
  rate: number,
): void {
  const blocks = blocksOf(pairs, pairs.generates[i]);
  const { count, width, blockStep, cellStep } = blocks;
  pool.set(givenMarginal(blocks, law));
  for (let b = 0; b < count; b++) {
    if (pool[b] === 0) continue;
    for (let k = 0, v = b * blockStep; k < width; k++, v += cellStep) {
      table[v] = (1 - rate) * table[v] + (rate * law[v]) / pool[b];
    }
  }
}
