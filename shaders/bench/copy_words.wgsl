// Copy speed: copied[i] = source[i] xor salt, 16 bytes at a time; the salt shows which dispatch wrote last.
// A workgroup copies WORKGROUP × EACH vectors in a row, each thread every WORKGROUP-th: software adapters spend less on threads.
// Moves 32 bytes per vector.
// Deterministic: integers.
// Mirror: bench/measure/memory_ceilings.ts.
override WORKGROUP: u32 = 256u;
override EACH: u32 = 8u;

struct Params {
  vectors: u32,
  salt: u32,
}

@group(0) @binding(0) var<storage, read> source: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> copied: array<vec4u>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * WORKGROUP * EACH + lane;
  for (var k = 0u; k < EACH; k++) {
    let i = first + k * WORKGROUP;
    if (i < params.vectors) { copied[i] = source[i] ^ vec4u(params.salt); }
  }
}
