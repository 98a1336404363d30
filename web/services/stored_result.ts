/**
 * The result of the default scenario that comes with the page, so that its first paint says something. The file is made, and
 * compared with what the engine computes, by test/unit/web_stored_result.test.ts.
 */
import type { Verdict } from '../../src/theory/results.ts';
import type { MetricBand, Prediction, RankedOutcome } from '../worker/protocol.ts';
import stored from '../stored/two_eras.json' with { type: 'json' };
import type { ShownRun } from './run_service.ts';
import { emptyRun } from './run_service.ts';

/** JSON lacks NaN; the file has null in its place. */
type Numbers = readonly (number | null)[];

const numbers = (values: Numbers): Float64Array => Float64Array.from(values, (value) => value ?? NaN);
const band = ({ mean }: { readonly mean: Numbers }): MetricBand => ({
  mean: numbers(mean),
  low: null,
  high: null,
});
const VERDICTS: readonly Verdict[] = ['amplified', 'attenuated', 'inverted', 'misdirected'];

export function storedResult(): { readonly run: ShownRun; readonly prediction: Prediction } {
  return { run: storedRun(), prediction: storedPrediction() };
}

function storedRun(): ShownRun {
  const { brief, frame } = stored;
  const { start, producer, curator, weight } = brief.edges;
  const run = emptyRun({
    ...brief,
    family: 'categorical',
    update: 'synchronous',
    curatorOf: Uint32Array.from(brief.curatorOf),
    edges: {
      start: Uint32Array.from(start),
      producer: Uint32Array.from(producer),
      curator: Int32Array.from(curator),
      weight: Float64Array.from(weight),
      meaning: 'share',
    },
    realWeight: Float64Array.from(brief.realWeight),
    curation: Float64Array.from(brief.curation),
    population: Float64Array.from(brief.population),
  });
  const metrics = Object.entries(frame.metrics).map(([name, values]): [string, MetricBand] => [
    name,
    band(values),
  ]);
  run.track.append({
    rounds: Float64Array.from(frame.rounds),
    metrics: Object.fromEntries(metrics),
    homogenisation: band(frame.homogenisation),
  });
  const { models, largest, gained, lost, round } = frame.snapshot;
  const ranked = (rows: readonly (readonly RankedOutcome[])[]): readonly (readonly RankedOutcome[])[] => rows;
  return {
    ...run,
    round: frame.round,
    stopped: 'tolerance',
    snapshot: {
      kind: 'ranked',
      round,
      models,
      largest: ranked(largest),
      gained: ranked(gained),
      lost: ranked(lost),
    },
  };
}

function storedPrediction(): Prediction {
  const { prediction } = stored;
  return {
    ...prediction,
    stability: 'stable',
    reward: numbers(prediction.reward),
    curation: numbers(prediction.curation),
    influence: numbers(prediction.influence),
    isolated: numbers(prediction.isolated),
    verdict: prediction.verdict.map((said) => VERDICTS.find((verdict) => verdict === said) ?? null),
    compensation: 'proportional',
  };
}
