/** The models of a run at one moment, as far as the page watches them. */
import type { LiveState } from '../../src/engine/index.ts';
import { hasOutcomes } from '../../src/scenario/any_ecosystem.ts';
import type { AnyEcosystem } from '../../src/scenario/any_ecosystem.ts';
import type { Ecosystem } from '../../src/scenario/ecosystem.ts';
import { momentsOf } from './moments.ts';
import { MOST_BARS, MOST_LAW_NUMBERS } from './protocol.ts';
import type { RankedOutcome, Snapshot, Watch } from './protocol.ts';
import { wallOf } from './wall.ts';

export function snapshotOf(
  ecosystem: AnyEcosystem,
  replicates: number,
  round: number,
  state: LiveState,
  { models, most }: Watch,
): Snapshot {
  if (!hasOutcomes(ecosystem) || !('distributions' in state)) {
    return momentsOf(ecosystem, replicates, round, state, models);
  }
  const { outcomeCount } = ecosystem;
  const listed = ecosystem.labels !== null && ecosystem.pairs === null && outcomeCount > MOST_BARS;
  if (listed || models.length * outcomeCount > MOST_LAW_NUMBERS)
    return rankedOf(ecosystem, replicates, round, state.distributions, { models, most });
  const laws = new Float32Array(models.length * outcomeCount);
  models.forEach((model, k) => {
    laws.set(lawOf(ecosystem, replicates, state.distributions, model), k * outcomeCount);
  });
  const counts = state.counts === null ? null : new Uint32Array(models.length * outcomeCount);
  models.forEach((model, k) => {
    if (state.counts === null) return;
    counts?.set(state.counts.subarray(model * outcomeCount, (model + 1) * outcomeCount), k * outcomeCount);
  });
  const real = realOf(ecosystem, models);
  const wall = wallOf(ecosystem, replicates, state.distributions);
  return { kind: 'laws', round, models, laws, real, wall, counts };
}

function realOf(
  { models: all, outcomeCount, distributions, realOf: real }: Ecosystem,
  models: readonly number[],
): Float32Array | null {
  if (all.length * outcomeCount <= MOST_LAW_NUMBERS) return null;
  const rows = new Float32Array(models.length * outcomeCount);
  models.forEach((model, k) => {
    rows.set(distributions[real[model]], k * outcomeCount);
  });
  return rows;
}

/** Mean law of a model over the replicates. */
export function lawOf(
  { models, outcomeCount }: Ecosystem,
  replicates: number,
  distributions: Float32Array | Float64Array,
  model: number,
): Float64Array {
  const law = new Float64Array(outcomeCount);
  for (let r = 0; r < replicates; r++) {
    const from = (r * models.length + model) * outcomeCount;
    for (let v = 0; v < outcomeCount; v++) law[v] += distributions[from + v] / replicates;
  }
  return law;
}

function rankedOf(
  ecosystem: Ecosystem,
  replicates: number,
  round: number,
  distributions: Float32Array | Float64Array,
  { models, most }: Watch,
): Snapshot {
  const rows = models.map((model) => {
    const law = lawOf(ecosystem, replicates, distributions, model);
    const real = ecosystem.distributions[ecosystem.realOf[model]];
    const row = (outcome: number): RankedOutcome => ({
      outcome,
      label: labelOf(ecosystem, outcome),
      share: law[outcome],
      real: real[outcome],
    });
    const top = (size: (outcome: number) => number): RankedOutcome[] =>
      largest(law.length, size, most).map(row);
    return {
      largest: top((v) => law[v]),
      gained: top((v) => law[v] - real[v]),
      lost: top((v) => real[v] - law[v]),
    };
  });
  return {
    kind: 'ranked',
    round,
    models,
    largest: rows.map((row) => row.largest),
    gained: rows.map((row) => row.gained),
    lost: rows.map((row) => row.lost),
  };
}

/** An outcome's label, a pair's two, or its number. */
export function labelOf({ labels, pairs }: Pick<Ecosystem, 'labels' | 'pairs'>, outcome: number): string {
  if (labels !== null || pairs === null) return labels === null ? String(outcome) : labels[outcome];
  const [input, output] = [Math.floor(outcome / pairs.outputs), outcome % pairs.outputs];
  const name = (given: readonly string[] | null, index: number): string => given?.[index] ?? String(index);
  return `${name(pairs.inputLabels, input)} → ${name(pairs.outputLabels, output)}`;
}

/** Indices of the largest positive sizes, largest first. */
export function largest(count: number, size: (index: number) => number, most: number): number[] {
  const best: number[] = [];
  for (let v = 0; v < count; v++) {
    const value = size(v);
    if (!(value > 0) || (best.length === most && value <= size(best[most - 1]))) continue;
    const place = best.findIndex((other) => size(other) < value);
    best.splice(place < 0 ? best.length : place, 0, v);
    if (best.length > most) best.pop();
  }
  return best;
}
