// One training model as the mixing kernels see it. Host side: src/engine/gpu/state.ts.

struct Consumer {
  edge_start: u32,
  edge_end: u32,
  real_row: u32, // row of the reference table
  sampled: u32, // 1 for a finite population, which is drawn instead of mixed
}

/// Marks an edge whose source is a curated channel rather than a producer's raw output.
const CURATED_BIT: u32 = 0x80000000u;
