// Speed of reads at random places: the sum of `reads` words of a table whose length is a power of two, at most 2^24.
// Thread t reads where its own linear congruential sequence (Numerical Recipes' constants, upper bits) leads; no address waits for a read.
// Moves 4 bytes per read, and as many more as the memory moves with them.
// Deterministic: integers.
// Mirror: bench/measure/memory_ceilings.ts.
import package::shared::scatter::{scatter_start, scatter_next, scatter_place};

override WORKGROUP: u32 = 256u;

struct Params {
  reads: u32,
  mask: u32, // length of the table less one
}

@group(0) @binding(0) var<storage, read> table: array<u32>;
@group(0) @binding(1) var<storage, read_write> sums: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) thread: vec3u) {
  var state = scatter_start(thread.x);
  var sum = 0u;
  for (var k = 0u; k < params.reads; k++) {
    state = scatter_next(state);
    sum += table[scatter_place(state, params.mask)];
  }
  sums[thread.x] = sum;
}
