// Training distribution as a matrix product: D = w_real∘R + W·[raw; curated], W of size models × (models + channels).
// One workgroup of 8×8 threads per tile of 32 models × 32 outcomes, 4×4 results a thread, 16 sources a step.
// Moves 4·(models + channels)·outcomes·models/32 bytes; for ecosystems where most models train on each other.
// Deterministic: every result is one thread's sum over sources in order.
// Mirror: src/cpu/population.ts (mix).
import package::shared::consumers::Consumer;
const TILE: u32 = 32u; // models and outcomes per workgroup
const STEP: u32 = 16u; // sources per step
const SIDE: u32 = 8u; // threads per side
const EACH: u32 = 4u; // results per thread and side

struct Params {
  outcomes: u32,
  models: u32,
  channels: u32,
  weight_stride: u32,
}

@group(0) @binding(0) var<storage, read> state: array<f32>;
@group(0) @binding(1) var<storage, read> curated: array<f32>;
@group(0) @binding(2) var<storage, read> references: array<f32>;
@group(0) @binding(3) var<storage, read> consumers: array<Consumer>;
@group(0) @binding(4) var<storage, read> matrix: array<f32>; // [variant][model][source]
@group(0) @binding(5) var<storage, read> weights: array<f32>;
@group(0) @binding(6) var<storage, read> replicates: array<vec2u>;
@group(0) @binding(7) var<storage, read_write> mixed: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> wg_weights: array<f32, TILE * STEP>; // [model][source]
var<workgroup> wg_sources: array<vec4f, STEP * SIDE>; // [source][four outcomes]

@compute @workgroup_size(SIDE, SIDE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let replicate = group.z;
  let variant = replicates[replicate].x;
  let sources = params.models + params.channels;
  let first_outcome = group.x * TILE;
  let first_model = group.y * TILE;
  var sums = array<vec4f, EACH>();

  for (var first = 0u; first < sources; first += STEP) {
    for (var i = lane; i < TILE * STEP; i += SIDE * SIDE) {
      let model = first_model + i / STEP;
      let source = first + i % STEP;
      var weight = 0f;
      if (model < params.models && source < sources) {
        weight = matrix[(variant * params.models + model) * sources + source];
      }
      wg_weights[i] = weight;

      let row = first + i / TILE;
      let outcome = first_outcome + i % TILE;
      var share = 0f;
      if (row < sources && outcome < params.outcomes) {
        if (row < params.models) {
          share = state[(replicate * params.models + row) * params.outcomes + outcome];
        } else {
          share = curated[(replicate * params.channels + row - params.models) * params.outcomes + outcome];
        }
      }
      wg_sources[i / EACH][i % EACH] = share;
    }
    workgroupBarrier();
    // A bound the compiler cannot see through: unrolled, this loop takes software drivers seconds to compile.
    let steps = min(STEP, sources - first);
    for (var k = 0u; k < steps; k++) {
      let share = wg_sources[k * SIDE + local.x];
      for (var a = 0u; a < EACH; a++) { sums[a] += wg_weights[(local.y * EACH + a) * STEP + k] * share; }
    }
    workgroupBarrier();
  }

  for (var a = 0u; a < EACH; a++) {
    let model = first_model + local.y * EACH + a;
    for (var b = 0u; b < EACH; b++) {
      let outcome = first_outcome + local.x * EACH + b;
      if (model < params.models && outcome < params.outcomes && consumers[model].sampled == 0u) {
        let real = references[consumers[model].real_row * params.outcomes + outcome];
        let real_share = weights[variant * params.weight_stride + model];
        mixed[(replicate * params.models + model) * params.outcomes + outcome] =
          real_share * real + sums[a][b];
      }
    }
  }
}
