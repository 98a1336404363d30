// First step of a 64-bit prefix sum: the mass of each tile of 1,024 outcomes.
// One workgroup of 64 lanes per (tile, table, replicate). Moves 8 bytes per outcome.
// Deterministic: integers.
// Mirror: src/cpu/finite.ts (tabulate), bit for bit.
import package::shared::wide::add_wide;

const LANES: u32 = 64u;
const TILE: u32 = 1024u;

struct Params {
  outcomes: u32,
  replicate_tables: u32,
  first_table: u32,
  tiles: u32,
}

@group(0) @binding(0) var<storage, read> weighed: array<vec2u>;
@group(0) @binding(1) var<storage, read_write> tile_sums: array<vec2u>; // [replicate][table][tile + 1]
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> wg_sum: array<vec2u, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let table = group.z * params.replicate_tables + params.first_table + group.y;
  let end = min((group.x + 1u) * TILE, params.outcomes);
  var own = vec2u(0u);
  for (var v = group.x * TILE + lane; v < end; v += LANES) {
    own = add_wide(own, weighed[table * params.outcomes + v]);
  }
  wg_sum[lane] = own;
  workgroupBarrier();
  if (lane == 0u) {
    var all = vec2u(0u);
    for (var other = 0u; other < LANES; other++) { all = add_wide(all, wg_sum[other]); }
    tile_sums[table * (params.tiles + 1u) + group.x] = all;
  }
}
