/** Backfire as a library: scenarios in, runs and stable points out, in any runtime. */
export * from './engine/index.ts';
export { BackfireError, InputError } from './errors.ts';
export { browserPlatform } from './platform/browser.ts';
export { loadScenario } from './scenario/compile.ts';
export { parseCsv } from './scenario/csv.ts';
export { loadDataset } from './scenario/datasets/datasets.ts';
export type { AnyEcosystem } from './scenario/any_ecosystem.ts';
export { hasOutcomes } from './scenario/any_ecosystem.ts';
export type { Ecosystem, Ensemble } from './scenario/ecosystem.ts';
export { gaussianEnsembleOf } from './scenario/gaussian.ts';
export { linearGaussianEnsembleOf } from './scenario/linear_gaussian.ts';
export { ensembleOf } from './scenario/ecosystem.ts';
export { PRESETS } from './scenario/presets/presets.ts';
export { philox4x32 } from './random/philox.ts';
export { solve } from './theory/solve.ts';
export { solveScenario } from './theory/solve_scenario.ts';
