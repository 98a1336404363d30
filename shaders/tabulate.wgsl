// Last step of a 64-bit prefix sum: cumulative 32-bit tables to draw from, table(v) = Σ_{u≤v} mass(u) >> shift, with the
// shift that leaves 31 bits of the total.
// One workgroup of 64 lanes per (tile of 1,024 outcomes, table, replicate), 16 neighbouring outcomes a lane.
// Moves 12 bytes per outcome.
// Deterministic: integers.
// Mirror: src/cpu/finite.ts (tabulate), bit for bit.
import package::shared::wide::{add_wide, bit_length_wide, shift_right_wide};

const LANES: u32 = 64u;
const EACH: u32 = 16u;

struct Params {
  outcomes: u32,
  replicate_tables: u32,
  real_tables: u32,
  first_table: u32,
  tiles: u32,
}

@group(0) @binding(0) var<storage, read> weighed: array<vec2u>;
@group(0) @binding(1) var<storage, read> tile_sums: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> tables: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> wg_sum: array<vec2u, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let replicate_table = params.first_table + group.y;
  let table = group.z * params.replicate_tables + replicate_table;
  let first = (group.x * LANES + lane) * EACH;
  let end = min(first + EACH, params.outcomes);
  var own = vec2u(0u);
  for (var v = first; v < end; v++) { own = add_wide(own, weighed[table * params.outcomes + v]); }
  wg_sum[lane] = own;
  workgroupBarrier();
  let sums = table * (params.tiles + 1u);
  let bits = bit_length_wide(tile_sums[sums + params.tiles]);
  let shift = select(0u, bits - 31u, bits > 31u);
  var running = tile_sums[sums + group.x];
  for (var other = 0u; other < lane; other++) { running = add_wide(running, wg_sum[other]); }
  for (var v = first; v < end; v++) {
    running = add_wide(running, weighed[table * params.outcomes + v]);
    tables[(params.real_tables + table) * params.outcomes + v] = shift_right_wide(running, shift).x;
  }
}
