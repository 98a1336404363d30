// The heaviest outcome a curator with infinitely many candidates can find in a producer's output: the largest binary
// logarithm of mass × weight, or the highest rank among outcomes that have mass. Conditional models: in each block of outcomes.
// One workgroup of 64 lanes per (tilted table, replicate, block). Moves 12 bytes per outcome.
// Deterministic: integers.
// Mirror: src/cpu/finite.ts (tilt), bit for bit.
import package::shared::selection::EXPONENT_MASK;
import package::shared::wide::bit_length_wide;

const LANES: u32 = 64u;
const ARGMAX: u32 = 1u;

struct Params {
  outcomes: u32,
  replicate_tables: u32,
  first_tilt: u32,
  tilts: u32,
  blocks: u32, // most of any table
}

struct Tilt {
  base: u32, // the producer's own table
  codes: u32,
  rule: u32,
  width: u32, // outcomes per block
}

@group(0) @binding(0) var<storage, read> weighed: array<vec2u>; // masses of the producers' own tables
@group(0) @binding(1) var<storage, read> codes: array<u32>;
@group(0) @binding(2) var<storage, read> tilts: array<Tilt>; // [variant][tilt]
@group(0) @binding(3) var<storage, read> replicates: array<vec2u>;
@group(0) @binding(4) var<storage, read_write> best: array<u32>; // [replicate][tilt][block]
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> wg_best: array<u32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = params.first_tilt + group.x;
  let replicate = group.y;
  let tilt = tilts[replicates[replicate].x * params.tilts + index];
  let first = group.z * tilt.width;
  if (first >= params.outcomes) { return; }
  let row = (replicate * params.replicate_tables + tilt.base) * params.outcomes;
  var own = 0u;
  for (var v = first + lane; v < first + tilt.width; v += LANES) {
    let bits = bit_length_wide(weighed[row + v]);
    if (bits > 0u) {
      let code = codes[tilt.codes * params.outcomes + v];
      own = max(own, select(bits + EXPONENT_MASK - (code & EXPONENT_MASK), code, tilt.rule == ARGMAX));
    }
  }
  wg_best[lane] = own;
  workgroupBarrier();
  if (lane == 0u) {
    var all = 0u;
    for (var other = 0u; other < LANES; other++) { all = max(all, wg_best[other]); }
    best[(replicate * params.tilts + index) * params.blocks + group.z] = all;
  }
}
