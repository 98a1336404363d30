/** The six cross-consumption settings of the CIFAR-10 experiment, on three outcomes and on pictures reduced to their colours. */
import type { Outcome, Reproduction, ReproductionContext } from '../reproduction.ts';
import { threeStates } from './settings.ts';
import { TABLE_AS_PUBLISHED, tableOutcome } from './table.ts';
import { AS_PUBLISHED, threeStateOutcome } from './three_states.ts';
import { valuesOf } from './values.ts';

export const a1a6: Reproduction = {
  name: 'a1-a6',
  title: 'Six settings of two models that train on each other',
  summary:
    'The cross-consumption settings A1–A6 of the CIFAR-10 experiment, with three outcomes and with a table of hue, saturation and class: order, signs, where curation backfires, and how many seeds its effects need.',
  source:
    'Zhang, Wei and Zhang 2026, When and How Human Curation Backfires: Preference Alignment under Multi-Model Self-Consuming Loop, arXiv 2605.29267',
  run: async (context) => {
    const three = await threeStateOutcome(part(context, 0, 0.75), AS_PUBLISHED);
    const values = await valuesOf(await threeStates());
    const table = await tableOutcome(part(context, 0.75, 1), TABLE_AS_PUBLISHED, values);
    return joined(three, table);
  },
};

/** Progress from `from` to `to` of the whole. */
function part(context: ReproductionContext, from: number, to: number): ReproductionContext {
  return {
    ...context,
    onProgress: (done, doing) => {
      context.onProgress(from + (to - from) * done, doing);
    },
  };
}

function joined(one: Outcome, two: Outcome): Outcome {
  return {
    checks: [...one.checks, ...two.checks],
    comparisons: [...one.comparisons, ...two.comparisons],
    figures: [...one.figures, ...two.figures],
    tables: [...one.tables, ...two.tables],
    findings: [...one.findings, ...two.findings],
  };
}
