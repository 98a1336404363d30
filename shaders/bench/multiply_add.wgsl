// Arithmetic speed: 16 independent chains of x ← x·factor + addend in float32, `steps` groups of four a chain.
// Thread t starts chain j at t mod 16 + j; 64 multiply-adds per step.
// Moves 16 bytes per thread at the end: the sums of four chains each.
// Deterministic: exact where the host picks integers that stay below 2^24.
// Mirror: bench/measure/arithmetic_ceilings.ts.
override WORKGROUP: u32 = 256u;

struct Params {
  steps: u32,
  factor: f32,
  addend: f32,
}

@group(0) @binding(0) var<storage, read_write> sums: array<vec4f>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let factor = vec4f(params.factor);
  let addend = vec4f(params.addend);
  var a = vec4f(f32(thread.x % 16u)) + vec4f(0f, 1f, 2f, 3f);
  var b = a + 4f;
  var c = a + 8f;
  var d = a + 12f;
  for (var step = 0u; step < params.steps; step++) {
    a = fma(a, factor, addend); b = fma(b, factor, addend); c = fma(c, factor, addend); d = fma(d, factor, addend);
    a = fma(a, factor, addend); b = fma(b, factor, addend); c = fma(c, factor, addend); d = fma(d, factor, addend);
    a = fma(a, factor, addend); b = fma(b, factor, addend); c = fma(c, factor, addend); d = fma(d, factor, addend);
    a = fma(a, factor, addend); b = fma(b, factor, addend); c = fma(c, factor, addend); d = fma(d, factor, addend);
  }
  sums[thread.x] = a + b + c + d;
}
