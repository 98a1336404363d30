// 64-bit mass of every outcome in a table about to be rebuilt: a finite model's own mass, a limit model's probability
// in units of 2^−62, or a producer's mass times the curator's weight (infinitely many candidates).
// Thread (outcome, table, replicate). Moves 16 bytes per outcome.
// Deterministic: integers (a limit model's mass is an exact float32, the one place where devices may differ).
// Mirror: src/cpu/finite.ts (rebuildTable, tilt), bit for bit.
import package::shared::selection::{EXPONENT_BITS, EXPONENT_MASK};
import package::shared::wide::{bit_length_wide, multiply_wide, shift_left_wide, shift_right_wide};

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
  tilts: u32,
  first_table: u32,
  blocks: u32, // most of any table
}

struct Table {
  kind: u32,
  index: u32, // finite model, model, or tilt
  base: u32, // table the tilt starts from
  codes: u32,
  width: u32, // outcomes per block
  swapped: u32, // 1 where place b·width + k is outcome k·(outcomes/width) + b
}

@group(0) @binding(0) var<storage, read> table_info: array<Table>; // [variant][table]
@group(0) @binding(1) var<storage, read> replicates: array<vec2u>;
@group(0) @binding(2) var<storage, read> mass: array<vec2u>;
@group(0) @binding(3) var<storage, read> state: array<f32>;
@group(0) @binding(4) var<storage, read> codes: array<u32>;
@group(0) @binding(5) var<storage, read> best: array<u32>; // [replicate][tilt][block]
@group(0) @binding(6) var<storage, read_write> weighed: array<vec2u>; // [replicate][table][place]
@group(1) @binding(0) var<uniform> params: Params;

/// own·weight, scaled so that the heaviest outcome's product has `room` bits: 62 less those that the `width` outcomes of a
/// block add up to. Masses count with their 31 highest bits, weights with 22.
fn tilted(own: vec2u, code: u32, favourite: u32, width: u32) -> vec2u {
  let bits = bit_length_wide(own);
  if (bits == 0u) { return vec2u(0u); }
  let dropped = max(bits, 31u) - 31u;
  let product = multiply_wide(shift_right_wide(own, dropped).x, code >> EXPONENT_BITS); // below 2^53
  let room = 30u + countLeadingZeros(width);
  // The heaviest product is below 2^(favourite − 1001) before it is scaled; 1001 is the exponent mask less 22 bits.
  let left = i32(dropped + room + EXPONENT_MASK - 22u) - i32((code & EXPONENT_MASK) + favourite);
  if (left >= 0) { return shift_left_wide(product, u32(left)); }
  return shift_right_wide(product, u32(-left));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let place = id.x;
  if (place >= params.outcomes) { return; }
  let index = params.first_table + id.y;
  let replicate = id.z;
  let table = table_info[replicates[replicate].x * params.replicate_tables + index];
  let given = place / table.width; // the block
  let swapped = given + (place - given * table.width) * (params.outcomes / table.width);
  let outcome = select(place, swapped, table.swapped == 1u);
  var result: vec2u;
  if (table.kind == FINITE) {
    result = mass[(replicate * params.finite_models + table.index) * params.outcomes + outcome];
  } else if (table.kind == LIMIT) {
    // Powers of two and differences of neighbours: exact.
    let p = state[(replicate * params.models + table.index) * params.outcomes + outcome];
    let scaled = clamp(p, 0f, 1f) * 1073741824f;
    let whole = floor(scaled);
    result = vec2u(u32((scaled - whole) * 4294967296f), u32(whole));
  } else {
    let own = weighed[(replicate * params.replicate_tables + table.base) * params.outcomes + place];
    let code = codes[table.codes * params.outcomes + place];
    let favourite = best[(replicate * params.tilts + table.index) * params.blocks + given];
    if (table.kind == TILT) {
      result = tilted(own, code, favourite, table.width);
    } else if (code == favourite) {
      result = own;
    }
  }
  weighed[(replicate * params.replicate_tables + index) * params.outcomes + place] = result;
}
