// Finite refit in fixed point: mass' = ⌊mass·(1−s)⌋ + count·s, with masses in units of 2^−32 samples, and the
// probabilities other kernels read, P = mass/n.
// Thread (outcome, finite model, replicate). Moves 24 bytes per outcome.
// Deterministic: 64-bit integers (s is a multiple of 2^−32; s = 1 replaces the mass by the counts).
// Mirror: src/cpu/finite.ts (absorb), bit for bit.
import package::shared::wide::{add_wide, multiply_wide};
import package::shared::philox::mul_high;

override WORKGROUP: u32 = 64u;

struct Params {
  outcomes: u32,
  models: u32,
  finite_models: u32,
  first_model: u32,
}

@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read> finite: array<vec4u>; // [variant][finite model]: model, population, rate, retained
@group(0) @binding(2) var<storage, read> replicates: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> mass: array<vec2u>; // low, high
@group(0) @binding(4) var<storage, read_write> state: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.outcomes) { return; }
  let slot = params.first_model + id.y;
  let info = finite[replicates[id.z].x * params.finite_models + slot];
  if (info.w != 0u) { return; } // shaders/retain.wgsl keeps up its masses
  let index = (id.z * params.finite_models + slot) * params.outcomes + id.x;
  let rate = info.z; // in 2^−32; 0 stands for 1
  var next = vec2u(0u, counts[index]);
  if (rate != 0u) {
    let old = mass[index];
    let kept = 0u - rate; // 1 − s in 2^−32
    let rest = add_wide(multiply_wide(old.y, kept), vec2u(mul_high(old.x, kept), 0u));
    next = add_wide(rest, multiply_wide(counts[index], rate));
  }
  mass[index] = next;
  state[(id.z * params.models + info.x) * params.outcomes + id.x] =
    (f32(next.y) + f32(next.x) * 2.3283064e-10f) / f32(info.y);
}
