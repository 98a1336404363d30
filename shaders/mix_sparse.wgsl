// Training distribution over edges: D_i(v) = w_real·R_i(v) + Σ_edges w_e·(raw or curated output)(v).
// Thread (outcome, consumer, replicate), for ecosystems where most models do not train on each other.
// Moves 4 bytes per edge and outcome, plus 8.
// Deterministic: one owner per outcome, edges in stored order.
// Mirror: src/cpu/population.ts (mix).
import package::shared::consumers::{Consumer, CURATED_BIT};
override WORKGROUP: u32 = 64u;

struct Params {
  outcomes: u32,
  models: u32,
  channels: u32,
  weight_stride: u32,
  first_model: u32,
}

@group(0) @binding(0) var<storage, read> state: array<f32>;
@group(0) @binding(1) var<storage, read> curated: array<f32>;
@group(0) @binding(2) var<storage, read> references: array<f32>; // rows of length `outcomes`
@group(0) @binding(3) var<storage, read> consumers: array<Consumer>;
@group(0) @binding(4) var<storage, read> edges: array<u32>; // producer, or channel with CURATED_BIT
@group(0) @binding(5) var<storage, read> weights: array<f32>; // [variant]: real share of each model, rates, edges
@group(0) @binding(6) var<storage, read> replicates: array<vec2u>;
@group(0) @binding(7) var<storage, read_write> mixed: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let outcome = id.x;
  if (outcome >= params.outcomes) { return; }
  let model = params.first_model + id.y;
  let replicate = id.z;
  let consumer = consumers[model];
  if (consumer.sampled == 1u) { return; }
  let weight_row = replicates[replicate].x * params.weight_stride;
  let edge_weight = weight_row + 2u * params.models;
  var d = weights[weight_row + model] * references[consumer.real_row * params.outcomes + outcome];
  for (var e = consumer.edge_start; e < consumer.edge_end; e++) {
    let source = edges[e];
    var share: f32;
    if ((source & CURATED_BIT) != 0u) {
      share = curated[(replicate * params.channels + (source ^ CURATED_BIT)) * params.outcomes + outcome];
    } else {
      share = state[(replicate * params.models + source) * params.outcomes + outcome];
    }
    d += weights[edge_weight + e] * share;
  }
  mixed[(replicate * params.models + model) * params.outcomes + outcome] = d;
}
