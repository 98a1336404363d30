import { resolveOutcomes, writtenOutcomes } from '../outcomes.ts';
import { checkNetwork, checkValues } from './categorical_check.ts';
import { compileCategorical } from './categorical_compile.ts';
import { partsOf } from './categorical_parts.ts';
import type { Family } from './family.ts';

/** The family `categorical`: models are probability vectors over V outcomes. */
export const categorical: Family = {
  draft(document, problems) {
    const parts = partsOf(document);
    checkNetwork(parts, problems);
    return {
      checkWritten(found) {
        const outcomes = parts.outcomes === null ? null : writtenOutcomes(parts.outcomes);
        if (outcomes !== null) checkValues(parts, outcomes, found);
      },
      async resolve(tables, found) {
        const outcomes =
          parts.outcomes === null ? null : await resolveOutcomes(parts.outcomes, tables, found);
        if (outcomes === null) return null;
        checkValues(parts, outcomes, found);
        return (checked) => compileCategorical(checked, parts, outcomes);
      },
    };
  },
};
