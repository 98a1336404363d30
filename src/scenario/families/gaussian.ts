import type { Family } from './family.ts';
import { checkGaussian } from './gaussian_check.ts';
import { compileGaussian } from './gaussian_compile.ts';
import { gaussianPartsOf } from './gaussian_parts.ts';

/** The family `gaussian`: models are Gaussians with mean and covariance, refitted by moments. */
export const gaussian: Family = {
  draft(document, problems) {
    const parts = gaussianPartsOf(document);
    checkGaussian(parts, problems);
    return {
      checkWritten: () => undefined,
      resolve: () => Promise.resolve((checked) => compileGaussian(checked, parts)),
    };
  },
};
