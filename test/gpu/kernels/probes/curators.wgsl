// The six Lagrange weights at given positions.
import package::shared::curators::{lagrange, MAX_STENCIL};

@group(0) @binding(0) var<storage, read> positions: array<f32>;
@group(0) @binding(1) var<storage, read_write> weights: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if ((id.x + 1u) * MAX_STENCIL > arrayLength(&weights)) { return; }
  for (var k = 0u; k < MAX_STENCIL; k++) { weights[id.x * MAX_STENCIL + k] = lagrange(positions[id.x], k); }
}
