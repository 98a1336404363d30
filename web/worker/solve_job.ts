/** What theory says about a scenario: stable point, influence, verdict; as much of it as takes seconds. */
import { BackfireError } from '../../src/errors.ts';
import { stabilityText } from '../../src/report/influence_text.ts';
import { modelVerdict, verdictText, withoutRounding } from '../../src/report/verdict_text.ts';
import { hasOutcomes } from '../../src/scenario/any_ecosystem.ts';
import type { AnyEcosystem } from '../../src/scenario/any_ecosystem.ts';
import { curationOf } from '../../src/scenario/ecosystem.ts';
import type { Compensation } from '../../src/theory/results.ts';
import { solveScenario } from '../../src/theory/solve_scenario.ts';
import { compiled } from './compiled.ts';
import { MARKS } from './marks.ts';
import type { Prediction, SolveRequest } from './protocol.ts';

/** More numbers than this (models × outcomes) take longer to settle than people wait. */
const MAX_NUMBERS = 1_500_000;

/**
 * Throws InputError for a wrong scenario; whatever else theory cannot say is said in `why`. `keep` is handed what says the
 * verdict on one model in words, where there are verdicts.
 */
export async function predict(
  request: SolveRequest,
  signal: AbortSignal,
  keep: (about: (model: number) => string) => void = () => undefined,
): Promise<Prediction> {
  const ecosystem = await compiled(request);
  signal.throwIfAborted();
  const { compensation } = request;
  const models = ecosystem.models.length;
  const width = hasOutcomes(ecosystem) ? ecosystem.outcomeCount : ecosystem.dimension;
  const size = `${models.toLocaleString('en-US')} models × ${width.toLocaleString('en-US')} ${hasOutcomes(ecosystem) ? 'outcomes' : 'dimensions'}`;
  if (models * width > MAX_NUMBERS) {
    return unknown(
      ecosystem,
      compensation,
      `Left out: for ${size} theory takes long — use \`backfire solve\`.`,
    );
  }
  try {
    const solved = await solveScenario(ecosystem, { compensation, influence: 'when-cheap', signal });
    const omitted = solved.influenceOmitted === true;
    const result = omitted ? solved : withoutRounding(ecosystem, solved);
    if (!omitted) keep((model) => modelVerdict(ecosystem, result, model, MARKS));
    return {
      models: ecosystem.models,
      converged: result.converged,
      stability: result.stability,
      rate: result.rate,
      certificate: result.certificate,
      reward: result.converged ? result.reward : null,
      curation: result.curation,
      influence: omitted ? null : result.influence,
      isolated: omitted ? null : result.isolated,
      verdict: result.verdict,
      words:
        omitted || result.curation.every((share) => share === 0) ? '' : verdictText(ecosystem, solved, MARKS),
      stabilityWords: stabilityText(result, MARKS),
      why: omitted
        ? `Influences are left out: for ${size} they take long — use \`backfire solve\`.`
        : result.curation.every((share) => share === 0)
          ? 'No model trains on curated data, so there is no curation whose growth could be judged.'
          : '',
      compensation,
    };
  } catch (error) {
    if (signal.aborted || !(error instanceof BackfireError)) throw error;
    return unknown(ecosystem, compensation, error.message);
  }
}

function unknown(ecosystem: AnyEcosystem, compensation: Compensation, why: string): Prediction {
  const { models } = ecosystem;
  const curation =
    ecosystem.family === 'linear-gaussian' ? ecosystem.parameters.curation : curationOf(ecosystem);
  return {
    models,
    converged: false,
    stability: 'neutral',
    rate: NaN,
    certificate: NaN,
    reward: null,
    curation,
    influence: null,
    isolated: null,
    verdict: models.map(() => null),
    words: '',
    stabilityWords: '',
    why,
    compensation,
  };
}
