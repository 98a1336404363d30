/** The engine's public face. */
export type { BackendRequest, Choice } from './choose.ts';
export { chooseBackend } from './choose.ts';
export type { DoctorReport } from './doctor.ts';
export { examine } from './doctor.ts';
export type { Platform } from './platform.ts';
export type { RunProgress } from './loop.ts';
export type { RunOptions } from './run_loop.ts';
export { runEnsemble, runScenario } from './run.ts';
export type { Backend, Checkpoint, Measures, Simulation } from './simulation.ts';
export { createGpuBackend } from './gpu/backend.ts';
export { createCpuBackend } from './cpu/simulation.ts';
export type { LinearGaussianRunOptions } from './moments/linear_gaussian.ts';
export { runLinearGaussian } from './moments/linear_gaussian.ts';
export type { MomentRunOptions } from './moments/loop.ts';
export type { GaussianRunOptions } from './moments/gaussian.ts';
export { runGaussian } from './moments/gaussian.ts';
export type { AnyRunOptions } from './run_any.ts';
export { openScenario, runAnyScenario } from './run_any.ts';
export type { LiveRun, LiveState } from './live.ts';
export type {
  SweepAxis,
  SweepCell,
  SweepMeasure,
  SweepMetric,
  SweepRequest,
  SweepResult,
} from './sweep/request.ts';
export { sweepLevels } from './sweep/levels.ts';
export { sweepMetrics } from './sweep/readout.ts';
export { sweepDocument, sweepScenario } from './sweep/sweep.ts';
