import { LinearParts } from './linear_gaussian_check.ts';
import { compileLinearGaussian } from './linear_gaussian_compile.ts';
import type { Family } from './family.ts';

/** The family `linear-gaussian`: x_i' = Σ_j B_ij x_j + λ_i a_i + c_i. */
export const linearGaussian: Family = {
  draft(document, problems) {
    const parts = new LinearParts(document);
    parts.checkNames(problems);
    return {
      checkWritten(found) {
        parts.checkValues(found);
      },
      resolve(_tables, found) {
        const network = parts.checkValues(found);
        if (network === null) return Promise.resolve(null);
        return Promise.resolve((checked) => compileLinearGaussian(checked, network));
      },
    };
  },
};
