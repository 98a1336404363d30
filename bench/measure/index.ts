/** Measuring a machine: what the page and the command line use. */
export type { MeasureOptions } from './measure_machine.ts';
export { DEFAULT_BUDGET_MS, measureMachine } from './measure_machine.ts';
export type {
  BenchAdapter,
  BenchMissing,
  BenchReport,
  BenchResult,
  BenchScaling,
  BenchSection,
} from './report.ts';
export { benchReportSchema, SECTIONS } from './report.ts';
