// Speed of atomic adds: `adds` ones per thread at random places of a table whose length is a power of two, at most 2^24.
// Thread t adds where gather.wgsl reads; a table of one word makes all threads meet.
// Moves 4 bytes there and back per add, unless caches combine them.
// Deterministic: integer counts do not depend on the order of the adds.
// Mirror: bench/measure/memory_ceilings.ts.
import package::shared::scatter::{scatter_start, scatter_next, scatter_place};

override WORKGROUP: u32 = 256u;

struct Params {
  adds: u32,
  mask: u32, // length of the table less one
}

@group(0) @binding(0) var<storage, read_write> counts: array<atomic<u32>>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) thread: vec3u) {
  var state = scatter_start(thread.x);
  for (var k = 0u; k < params.adds; k++) {
    state = scatter_next(state);
    atomicAdd(&counts[scatter_place(state, params.mask)], 1u);
  }
}
