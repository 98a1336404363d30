/**
 * What a measurement of one machine says, as plain JSON. Numbers and where they come from, never a judgement: what they mean
 * depends on the adapter named beside them.
 */
import { z } from 'zod';

export const BENCH_FORMAT = 'backfire-bench';
export const BENCH_VERSION = 1;

export const SECTIONS = ['ceilings', 'kernels', 'rounds', 'scaling'] as const;

const section = z.enum(SECTIONS);
const number = z.number();
const positive = z.number().positive();

const adapter = z.object({
  /** Empty where the browser does not tell. */
  vendor: z.string(),
  architecture: z.string(),
  description: z.string(),
  /** True where the "GPU" is the CPU in disguise: its numbers are those of software. */
  software: z.boolean(),
});

const result = z.object({
  section,
  /** Stable, for comparing reports: "copy", "round-limit". */
  name: z.string(),
  title: z.string(),
  unit: z.enum(['GB/s', 'G/s', 'ms', 'µs', 'ns']),
  better: z.enum(['higher', 'lower']),
  /** For example "2 × 64 MiB". */
  size: z.string(),
  /** In `unit`, as are the interquartile range and the samples. */
  median: positive,
  iqr: number.min(0),
  samples: z.array(positive).min(1),
  /** Timestamps of the GPU, or batches timed by the host's clock. */
  clock: z.enum(['timestamp', 'wall']),
  /** Bytes that must be moved, over the time, over the copy speed of the same report. Left out where it means nothing. */
  ratioToCeiling: positive.optional(),
  /** How bytes of the ratio are counted, or what else a reader has to know. */
  note: z.string().optional(),
});

const scaling = z.object({
  axis: z.enum(['population', 'outcomes', 'models']),
  title: z.string(),
  unit: z.literal('ms'),
  /** Ascending. */
  sizes: z.array(positive),
  /** Time of one round per size. */
  medians: z.array(positive),
  iqr: z.array(number.min(0)),
  samples: z.array(z.array(positive).min(1)),
  /** Smallest size of the fit: below it what a round costs whatever its size would show; null without a fit. */
  fittedFrom: positive.nullable(),
  /** The b of time ∝ size^b; null where fewer than three sizes are large enough. */
  exponent: number.nullable(),
  /** 95 % bootstrap interval of the exponent: scatter between samples alone. */
  interval: z.tuple([number, number]).nullable(),
  /** Why there are no larger sizes. */
  stopped: z.string(),
});

const missing = z.object({
  section,
  what: z.string(),
  /** A code of BackfireError, or why it was not tried. */
  code: z.string(),
  reason: z.string(),
});

export const benchReportSchema = z.object({
  format: z.literal(BENCH_FORMAT),
  version: z.literal(BENCH_VERSION),
  backend: z.enum(['webgpu', 'cpu']),
  /** Null for the CPU backend, and where no adapter was found. */
  adapter: adapter.nullable(),
  /** What computes, in words: the adapter's description, or the CPU backend's. */
  description: z.string(),
  features: z.array(z.string()),
  limits: z.record(z.string(), number),
  runtime: z.string(),
  /** ISO 8601, when the measurement began. */
  date: z.iso.datetime(),
  budgetMs: positive,
  elapsedMs: number.min(0),
  /** Smallest step of the host's clock in ms. */
  clockTickMs: positive,
  sections: z.array(section),
  results: z.array(result),
  scaling: z.array(scaling),
  /** Everything asked for and not there, with the reason; empty for a complete report. */
  missing: z.array(missing),
});

export type BenchSection = (typeof SECTIONS)[number];
export type BenchAdapter = z.infer<typeof adapter>;
export type BenchResult = z.infer<typeof result>;
export type BenchScaling = z.infer<typeof scaling>;
export type BenchMissing = z.infer<typeof missing>;
export type BenchReport = z.infer<typeof benchReportSchema>;
