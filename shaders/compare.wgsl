// Homogenisation: Σ |P_i(v) − P_j(v)| over pairs i < j and outcomes, as one partial sum per workgroup.
// 64 lanes stride over items (model i, outcome v); each item runs over the models j > i. 64 workgroups a replicate.
// Moves 4 bytes per pair and outcome, mostly from cache.
// Deterministic: lanes and workgroups of fixed shape, added in order; the host adds the partial sums in float64.
// Mirror: src/cpu/measure.ts (homogenisation).
const LANES: u32 = 64u;
const GROUPS: u32 = 64u;

struct Params {
  outcomes: u32,
  models: u32,
  first_partial: u32,
}

@group(0) @binding(0) var<storage, read> current: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>; // [round][replicate][workgroup]
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> wg_sum: array<f32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let base = group.y * params.models * params.outcomes;
  let items = params.models * params.outcomes;
  var total = 0f;
  for (var item = group.x * LANES + lane; item < items; item += LANES * GROUPS) {
    let p = current[base + item];
    var distance = 0f;
    for (var other = item + params.outcomes; other < items; other += params.outcomes) {
      distance += abs(p - current[base + other]);
    }
    total += distance;
  }
  wg_sum[lane] = total;
  workgroupBarrier();
  if (lane == 0u) {
    var all = 0f;
    for (var other = 0u; other < LANES; other++) { all += wg_sum[other]; }
    sums[params.first_partial + group.y * GROUPS + group.x] = all;
  }
}
