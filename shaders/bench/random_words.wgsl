// Speed of the generator: the exclusive or of `blocks` blocks of Philox4x32-10, four words each.
// Thread t draws at counters (t, 0, 0, k) for k below `blocks`, under key (seed, 0).
// Moves 16 bytes per thread at the end.
// Deterministic: integers.
// Mirror: bench/measure/arithmetic_ceilings.ts.
import package::shared::philox::philox;

override WORKGROUP: u32 = 256u;

struct Params {
  blocks: u32,
  seed: u32,
}

@group(0) @binding(0) var<storage, read_write> words: array<vec4u>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) thread: vec3u) {
  var all = vec4u(0u);
  for (var k = 0u; k < params.blocks; k++) { all ^= philox(vec4u(thread.x, 0u, 0u, k), vec2u(params.seed, 0u)); }
  words[thread.x] = all;
}
