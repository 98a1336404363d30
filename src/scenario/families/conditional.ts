import { checkPairNetwork, checkPairValues } from './conditional_check.ts';
import { compileConditional } from './conditional_compile.ts';
import { pairPartsOf } from './conditional_parts.ts';
import type { Family } from './family.ts';

/** The family `conditional`: models are tables P(output|input) whose pool of inputs follows their training sets. */
export const conditional: Family = {
  draft(document, problems) {
    const parts = pairPartsOf(document);
    const { inputs, outputs } = parts;
    checkPairNetwork(parts, problems);
    return {
      checkWritten(found) {
        if (inputs !== null && outputs !== null) checkPairValues(parts, inputs, outputs, found);
      },
      resolve(_, found) {
        if (inputs === null || outputs === null) return Promise.resolve(null);
        checkPairValues(parts, inputs, outputs, found);
        return Promise.resolve((checked) => compileConditional(checked, parts, inputs, outputs));
      },
    };
  },
};
