// Metrics of one model after a round: sums over a tile of 2,048 outcomes of reward, entropy, distances and mass.
// Reward, entropy and the distance to the real data of a conditional model are those of its own task, E = e·table.
// One workgroup of 64 lanes per (tile, model, replicate); the host adds the tiles in float64.
// Moves 24 bytes per outcome, writes 32 per tile.
// Deterministic: 64 lanes, added in order. Mirror: src/cpu/measure.ts.
const LANES: u32 = 64u;
const TILE: u32 = 2048u;
const SUMS: u32 = 8u;
const NONE: u32 = 0xffffffffu;

struct Params {
  outcomes: u32,
  models: u32,
  tiles: u32,
  first_partial: u32, // index of this round's first tile
}

struct References {
  real_row: u32,
  reward_row: u32,
  stable_row: u32, // NONE where no stable point is known
  task_row: u32, // e of a conditional model's own task; NONE for other families
}

@group(0) @binding(0) var<storage, read> current: array<f32>;
@group(0) @binding(1) var<storage, read> previous: array<f32>;
@group(0) @binding(2) var<storage, read> before: array<f32>; // two rounds back
@group(0) @binding(3) var<storage, read> references: array<f32>;
@group(0) @binding(4) var<storage, read> models: array<References>; // [variant][model]
@group(0) @binding(5) var<storage, read> replicates: array<vec2u>;
@group(0) @binding(6) var<storage, read> kept: array<f32>; // tables of conditional models; not read for other families
@group(0) @binding(7) var<storage, read_write> sums: array<f32>; // [round][replicate][model][tile][8]
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> wg_sums: array<f32, LANES * SUMS>; // [lane][sum]

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let model = group.y;
  let replicate = group.z;
  let row = (replicate * params.models + model) * params.outcomes;
  let info = models[replicates[replicate].x * params.models + model];
  let end = min((group.x + 1u) * TILE, params.outcomes);
  var low = vec4f(0f);
  var high = vec4f(0f);
  for (var v = group.x * TILE + lane; v < end; v += LANES) {
    let p = current[row + v];
    var own = p;
    if (info.task_row != NONE) { own = references[info.task_row * params.outcomes + v] * kept[row + v]; }
    let reward = references[info.reward_row * params.outcomes + v];
    let to_real = abs(own - references[info.real_row * params.outcomes + v]);
    var entropy = 0f;
    if (own > 0f) { entropy = -own * log(own); }
    var to_stable = 0f;
    if (info.stable_row != NONE) { to_stable = abs(p - references[info.stable_row * params.outcomes + v]); }
    low += vec4f(own * reward, entropy, to_real, abs(p - previous[row + v]));
    high += vec4f(abs(p - before[row + v]), to_stable, p, 0f);
  }
  for (var k = 0u; k < 4u; k++) {
    wg_sums[lane * SUMS + k] = low[k];
    wg_sums[lane * SUMS + 4u + k] = high[k];
  }
  workgroupBarrier();
  if (lane < SUMS) {
    var total = 0f;
    for (var other = 0u; other < LANES; other++) { total += wg_sums[other * SUMS + lane]; }
    let tile = (replicate * params.models + model) * params.tiles + group.x;
    sums[(params.first_partial + tile) * SUMS + lane] = total;
  }
}
