// Curated distribution: curated(v) = p(v)·H(v), H interpolated from the reward nodes of the outcome's stencil.
// Thread (outcome, channel, replicate). Moves 16 bytes per outcome.
// Deterministic: one owner per outcome. Last step of exact reweighting.
// Mirror: src/theory/curation.ts (curate).
import package::shared::curators::{CuratorInfo, lagrange, MAX_STENCIL};

override WORKGROUP: u32 = 64u;

struct Params {
  outcomes: u32,
  models: u32,
  channels: u32,
  first_channel: u32,
  node_stride: u32,
}

@group(0) @binding(0) var<storage, read> state: array<f32>;
@group(0) @binding(1) var<storage, read> channels: array<vec2u>;
@group(0) @binding(2) var<storage, read> replicates: array<vec2u>;
@group(0) @binding(3) var<storage, read> curators: array<CuratorInfo>;
@group(0) @binding(4) var<storage, read> stencils: array<vec2u>; // [curator][outcome]: first node, position
@group(0) @binding(5) var<storage, read> ratio: array<f32>;
@group(0) @binding(6) var<storage, read_write> curated: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let outcome = id.x;
  if (outcome >= params.outcomes) { return; }
  let channel = params.first_channel + id.y;
  let replicate = id.z;
  let row = replicate * params.channels + channel;
  let source = channels[replicates[replicate].x * params.channels + channel];
  let stencil = stencils[source.y * params.outcomes + outcome];
  let node = row * params.node_stride + stencil.x;
  var h = 0f;
  if (curators[source.y].stencil == 1u) {
    h = ratio[node];
  } else {
    for (var k = 0u; k < MAX_STENCIL; k++) { h += ratio[node + k] * lagrange(bitcast<f32>(stencil.y), k); }
    h = max(h, 0f);
  }
  let p = state[(replicate * params.models + source.x) * params.outcomes + outcome];
  curated[row * params.outcomes + outcome] = select(p * h, 0f, p == 0f);
}
