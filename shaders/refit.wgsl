// Population refit with partial training: P'(v) = (1 − s)·P(v) + s·D(v), in place.
// Thread (outcome, model, replicate). Moves 12 bytes per outcome.
// Deterministic: one owner per outcome.
// Mirror: src/cpu/population.ts (refit).
import package::shared::consumers::Consumer;
override WORKGROUP: u32 = 64u;

struct Params {
  outcomes: u32,
  models: u32,
  weight_stride: u32,
  first_model: u32,
}

@group(0) @binding(0) var<storage, read_write> state: array<f32>;
@group(0) @binding(1) var<storage, read> mixed: array<f32>;
@group(0) @binding(2) var<storage, read> consumers: array<Consumer>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read> replicates: array<vec2u>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let model = params.first_model + id.y;
  if (id.x >= params.outcomes || consumers[model].sampled == 1u) { return; }
  let index = (id.z * params.models + model) * params.outcomes + id.x;
  let rate = weights[replicates[id.z].x * params.weight_stride + params.models + model];
  state[index] = select((1f - rate) * state[index] + rate * mixed[index], mixed[index], rate == 1f);
}
