// Second step of a 64-bit prefix sum: exclusive scan of the tile masses, in place, the total behind the last.
// Thread (table, replicate), one after the other over the tiles: a table has one tile per 1,024 outcomes.
// Moves 16 bytes per tile.
// Deterministic: integers.
// Mirror: src/cpu/finite.ts (tabulate), bit for bit.
import package::shared::wide::add_wide;

override WORKGROUP: u32 = 64u;

struct Params {
  replicate_tables: u32,
  first_table: u32,
  table_count: u32,
  tiles: u32,
}

@group(0) @binding(0) var<storage, read_write> tile_sums: array<vec2u>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.table_count) { return; }
  let row = (id.y * params.replicate_tables + params.first_table + id.x) * (params.tiles + 1u);
  var running = vec2u(0u);
  for (var tile = 0u; tile < params.tiles; tile++) {
    let own = tile_sums[row + tile];
    tile_sums[row + tile] = running;
    running = add_wide(running, own);
  }
  tile_sums[row + params.tiles] = running;
}
