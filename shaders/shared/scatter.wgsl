// Places spread over a table, for measuring memory: cheap enough that the memory and not the arithmetic is measured.
// Mirror: bench/measure/scatter.ts, bit for bit.

/// Where thread `thread` starts: an integer hash (Wellons's lowbias32), so that neighbours have nothing in common.
fn scatter_start(thread: u32) -> u32 {
  var x = thread;
  x = (x ^ (x >> 16u)) * 0x7feb352du;
  x = (x ^ (x >> 15u)) * 0x846ca68bu;
  return x ^ (x >> 16u);
}

/// The linear congruential step of Press et al., Numerical Recipes, section 7.1.
fn scatter_next(state: u32) -> u32 {
  return state * 1664525u + 1013904223u;
}

/// A place below mask + 1, a power of two of at most 2^24: low bits of a linear congruential sequence repeat early.
fn scatter_place(state: u32, mask: u32) -> u32 {
  return (state >> 8u) & mask;
}
