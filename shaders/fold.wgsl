// One level of a summation tree with fan-in 32: next[segment][k] = Σ partial[piece][k] over the segment's pieces.
// Thread (segment, channel, replicate). Passes repeat until one segment per reward cell is left.
// Moves 4·stencil bytes per piece; error grows with the logarithm of the number of outcomes.
// Deterministic: every sum has one owner and a fixed order.
// Mirror: src/theory/curation.ts (masses per level).
import package::shared::curators::{CuratorInfo, MAX_STENCIL};

override WORKGROUP: u32 = 64u;

struct Params {
  pass_index: u32,
  curator_count: u32,
  channels: u32,
  first_channel: u32,
  partial_stride: u32,
}

@group(0) @binding(0) var<storage, read> partial: array<f32>;
@group(0) @binding(1) var<storage, read> channels: array<vec2u>;
@group(0) @binding(2) var<storage, read> replicates: array<vec2u>;
@group(0) @binding(3) var<storage, read> curators: array<CuratorInfo>;
@group(0) @binding(4) var<storage, read> segments: array<u32>;
@group(0) @binding(5) var<storage, read_write> next: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let channel = params.first_channel + id.y;
  let replicate = id.z;
  let curator = channels[replicates[replicate].x * params.channels + channel].y;
  let header = 2u * (params.pass_index * params.curator_count + curator);
  let offset = segments[header];
  if (id.x >= segments[header + 1u]) { return; }

  let row = (replicate * params.channels + channel) * params.partial_stride;
  for (var k = 0u; k < curators[curator].stencil; k++) {
    var sum = 0f;
    for (var piece = segments[offset + id.x]; piece < segments[offset + id.x + 1u]; piece++) {
      sum += partial[(row + piece) * MAX_STENCIL + k];
    }
    next[(row + id.x) * MAX_STENCIL + k] = sum;
  }
}
