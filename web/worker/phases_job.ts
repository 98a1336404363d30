/** One round taken apart for one model, in float64: what it would train on now. */
import type { LiveRun } from '../../src/engine/index.ts';
import { BackfireError } from '../../src/errors.ts';
import { hasOutcomes } from '../../src/scenario/any_ecosystem.ts';
import type { AnyEcosystem } from '../../src/scenario/any_ecosystem.ts';
import type { Ecosystem } from '../../src/scenario/ecosystem.ts';
import { createCuration } from '../../src/theory/curation.ts';
import { createPairCuration } from '../../src/theory/pair_curation.ts';
import type { Phases } from './protocol.ts';
import { labelOf, largest, lawOf } from './snapshots.ts';

/** Outcomes shown: all, or those of the largest share. */
const MOST_OUTCOMES = 24;

/**
 * Generate, curate, mix: laws averaged over the replicates. With finite populations these are the laws that samples are drawn
 * from. Throws `bad-input` for models that are means.
 */
export async function phasesOf(ecosystem: AnyEcosystem, run: LiveRun, model: number): Promise<Phases> {
  const state = await run.state();
  if (!hasOutcomes(ecosystem) || !('distributions' in state)) {
    throw new BackfireError(
      'bad-input',
      'A round can be taken apart only for models that are distributions over outcomes: models that are means move in one step. Use “one round”.',
    );
  }
  const law = (producer: number): Float64Array =>
    lawOf(ecosystem, run.replicates, state.distributions, producer);
  const { edges, parameters } = ecosystem;
  const real = ecosystem.distributions[ecosystem.realOf[model]];
  const realWeight = parameters.realWeight[model];
  const mixed = Float64Array.from(real, (share) => realWeight * share);
  const generatedBy = new Map<number, Float64Array>();
  const sources = [];
  for (let e = edges.start[model]; e < edges.start[model + 1]; e++) {
    const producer = edges.producer[e];
    const generated = generatedBy.get(producer) ?? law(producer);
    generatedBy.set(producer, generated);
    const curator = edges.curator[e];
    const weight = parameters.edgeWeight[e];
    const kept = curator < 0 ? generated : curated(ecosystem, producer, curator, generated);
    for (let v = 0; v < mixed.length; v++) mixed[v] += weight * kept[v];
    const reward = (shares: Float64Array): number =>
      curator < 0
        ? NaN
        : shares.reduce((sum, share, v) => sum + share * parameters.curators[curator].reward[v], 0);
    const [generatedReward, keptReward] = [reward(generated), reward(kept)];
    sources.push({ producer, curator, weight, generated, kept, generatedReward, keptReward });
  }
  const outcomes =
    mixed.length <= MOST_OUTCOMES
      ? Array.from(mixed.keys())
      : largest(mixed.length, (v) => mixed[v], MOST_OUTCOMES);
  const shown = (values: Float64Array): Float64Array => Float64Array.from(outcomes, (v) => values[v]);
  return {
    round: run.rounds,
    model,
    sources: sources.map((source) => ({
      ...source,
      generated: shown(source.generated),
      kept: shown(source.kept),
    })),
    realWeight,
    real: shown(real),
    before: shown(law(model)),
    mixed: shown(mixed),
    outcomes,
    labels: outcomes.map((v) => labelOf(ecosystem, v)),
  };
}

/** Shares of some outcomes in a model's present law; means over the replicates. */
export async function sharesOf(
  ecosystem: AnyEcosystem,
  run: LiveRun,
  model: number,
  outcomes: readonly number[],
): Promise<Float64Array> {
  const state = await run.state();
  if (!hasOutcomes(ecosystem) || !('distributions' in state)) {
    throw new BackfireError('internal', 'these models are no distributions over outcomes');
  }
  const law = lawOf(ecosystem, run.replicates, state.distributions, model);
  return Float64Array.from(outcomes, (v) => law[v]);
}

function curated(
  { parameters, pairs }: Ecosystem,
  producer: number,
  index: number,
  generated: Float64Array,
): Float64Array {
  const curator = parameters.curators[index];
  const out = new Float64Array(generated.length);
  const operator =
    pairs === null ? createCuration(curator) : createPairCuration(curator, pairs, pairs.generates[producer]);
  operator.curate(generated, out);
  return out;
}
