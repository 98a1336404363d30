// Tables of conditional models after a training law D, in place: P' = (1 − s)·P + s·D/u' and G' = u'·P' (D itself for
// s = 1) in every block whose mass u' = Σ D is not 0; elsewhere the table is kept.
// One workgroup of 64 lanes per (block, model, replicate); a block is all outcomes that share what the model is given.
// Moves 16 bytes per outcome.
// Deterministic: 64 lanes, added in order. Mirror: src/cpu/remember.ts.
const LANES: u32 = 64u;

struct Params {
  outcomes: u32,
  models: u32,
  inputs: u32,
  first_model: u32,
}

@group(0) @binding(0) var<storage, read_write> state: array<f32>;
@group(0) @binding(1) var<storage, read_write> kept: array<f32>; // tables, laid out like the state
@group(0) @binding(2) var<storage, read> given_outputs: array<u32>; // [model]: 1 where it generates inputs, 0 outputs
@group(0) @binding(3) var<storage, read> rates: array<f32>; // [variant][model]
@group(0) @binding(4) var<storage, read> replicates: array<vec2u>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> wg_sum: array<f32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let model = params.first_model + group.y;
  let outputs = params.outcomes / params.inputs;
  let columns = given_outputs[model] == 1u;
  if (group.x >= select(params.inputs, outputs, columns)) { return; }
  let first = (group.z * params.models + model) * params.outcomes + group.x * select(outputs, 1u, columns);
  let step = select(1u, outputs, columns);
  let width = select(outputs, params.inputs, columns);

  var own = 0f;
  for (var k = lane; k < width; k += LANES) { own += state[first + k * step]; }
  wg_sum[lane] = own;
  workgroupBarrier();
  var mass = 0f;
  for (var other = 0u; other < LANES; other++) { mass += wg_sum[other]; }
  if (mass <= 0f) { return; }
  let rate = rates[replicates[group.z].x * params.models + model];
  for (var k = lane; k < width; k += LANES) {
    let v = first + k * step;
    let fresh = state[v] / mass;
    if (rate == 1f) {
      kept[v] = fresh;
    } else {
      let table = (1f - rate) * kept[v] + rate * fresh;
      kept[v] = table;
      state[v] = mass * table;
    }
  }
}
