// Mass per piece of a reward cell: partial[piece][k] = Σ_v p(v)·L_k(v) over the ≤ 32 outcomes of a piece.
// Thread (piece, channel, replicate); a channel is one producer's output seen by one curator.
// Moves 12 bytes per outcome (probability, index, position) and writes 4·stencil per piece.
// Deterministic: every sum has one owner and a fixed order. First step of exact reweighting, finished by fold and reweigh.
// Mirror: src/theory/curation.ts (masses per level).
import package::shared::curators::{CuratorInfo, lagrange, MAX_STENCIL};

override WORKGROUP: u32 = 64u;

struct Params {
  outcomes: u32,
  models: u32,
  channels: u32,
  first_channel: u32,
  partial_stride: u32,
}

@group(0) @binding(0) var<storage, read> state: array<f32>;
@group(0) @binding(1) var<storage, read> channels: array<vec2u>; // [variant][channel]: producer, curator
@group(0) @binding(2) var<storage, read> replicates: array<vec2u>; // variant, stream
@group(0) @binding(3) var<storage, read> curators: array<CuratorInfo>;
@group(0) @binding(4) var<storage, read> items: array<vec2u>; // [curator][rank]: outcome, position in its stencil
@group(0) @binding(5) var<storage, read> segments: array<u32>; // header (offset, count) per pass and curator, then starts
@group(0) @binding(6) var<storage, read_write> partial: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let channel = params.first_channel + id.y;
  let replicate = id.z;
  let source = channels[replicates[replicate].x * params.channels + channel];
  let curator = source.y;
  let offset = segments[2u * curator];
  if (id.x >= segments[2u * curator + 1u]) { return; }

  let stencil = curators[curator].stencil;
  let p_row = (replicate * params.models + source.x) * params.outcomes;
  let item_row = curator * params.outcomes;
  var sums: array<f32, MAX_STENCIL>;
  for (var k = 0u; k < MAX_STENCIL; k++) { sums[k] = 0f; }
  for (var item = segments[offset + id.x]; item < segments[offset + id.x + 1u]; item++) {
    let entry = items[item_row + item];
    let p = state[p_row + entry.x];
    if (stencil == 1u) {
      sums[0] += p;
    } else {
      for (var k = 0u; k < MAX_STENCIL; k++) { sums[k] += p * lagrange(bitcast<f32>(entry.y), k); }
    }
  }
  let out = ((replicate * params.channels + channel) * params.partial_stride + id.x) * MAX_STENCIL;
  for (var k = 0u; k < stencil; k++) { partial[out + k] = sums[k]; }
}
