// 64-bit mass of every outcome in a table about to be rebuilt: a finite model's own mass, a limit model's probability
// in units of 2^−30, or a producer's table mass times the curator's weight (infinitely many candidates).
// Thread (outcome, table, replicate). Moves 16 bytes per outcome.
// Deterministic: integers (a limit model's mass is a rounded float32, the one place where devices may differ).
// Mirror: src/cpu/finite.ts (tabulate, tilt), bit for bit.
import package::shared::selection::{EXPONENT_BITS, EXPONENT_MASK};
import package::shared::wide::{multiply_wide, shift_right_wide};

override WORKGROUP: u32 = 64u;

const FINITE: u32 = 0u;
const LIMIT: u32 = 1u;
const TILT: u32 = 2u;
const TILT_ARGMAX: u32 = 3u;

struct Params {
  outcomes: u32,
  models: u32,
  finite_models: u32,
  replicate_tables: u32,
  real_tables: u32,
  tilts: u32,
  first_table: u32,
}

struct Table {
  kind: u32,
  index: u32, // finite model, model, or tilt
  base: u32, // table the tilt starts from
  codes: u32,
}

@group(0) @binding(0) var<storage, read> table_info: array<Table>; // [variant][table]
@group(0) @binding(1) var<storage, read> replicates: array<vec2u>;
@group(0) @binding(2) var<storage, read> mass: array<vec2u>;
@group(0) @binding(3) var<storage, read> state: array<f32>;
@group(0) @binding(4) var<storage, read> tables: array<u32>;
@group(0) @binding(5) var<storage, read> codes: array<u32>;
@group(0) @binding(6) var<storage, read> best: array<u32>;
@group(0) @binding(7) var<storage, read_write> weighed: array<vec2u>; // [replicate][table][outcome]
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let v = id.x;
  if (v >= params.outcomes) { return; }
  let index = params.first_table + id.y;
  let replicate = id.z;
  let table = table_info[replicates[replicate].x * params.replicate_tables + index];
  var result: vec2u;
  if (table.kind == FINITE) {
    result = mass[(replicate * params.finite_models + table.index) * params.outcomes + v];
  } else if (table.kind == LIMIT) {
    let p = state[(replicate * params.models + table.index) * params.outcomes + v];
    result = vec2u(u32(clamp(p, 0f, 1f) * 1073741824f), 0u);
  } else {
    let row = (params.real_tables + replicate * params.replicate_tables + table.base) * params.outcomes;
    var below = 0u;
    if (v > 0u) { below = tables[row + v - 1u]; }
    let code = codes[table.codes * params.outcomes + v];
    let favourite = best[replicate * params.tilts + table.index];
    let own = tables[row + v] - below;
    if (table.kind == TILT) {
      // Product before shift: a rare outcome's mass may make up for another's much smaller weight, and the other way round.
      let product = multiply_wide(own, code >> EXPONENT_BITS); // below 2^53
      let lifted = vec2u(product.x << 10u, (product.y << 10u) | (product.x >> 22u));
      result = shift_right_wide(lifted, (code & EXPONENT_MASK) + favourite - (EXPONENT_MASK + 1u));
    } else {
      result = vec2u(select(0u, own, code == favourite), 0u);
    }
  }
  weighed[(replicate * params.replicate_tables + index) * params.outcomes + v] = result;
}
