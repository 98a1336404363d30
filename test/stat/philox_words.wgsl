// Philox blocks and high products for a test of what the driver makes of shaders/shared/philox.wgsl.
// Thread t: the words at inputs[2t] under key inputs[2t+1].xy, and mul_high of inputs[2t+1].zw.
// Moves 64 bytes per thread.
// Deterministic: integer arithmetic only.
// Mirror: src/random/philox.ts.
import package::shared::philox::{philox, mul_high};

@group(0) @binding(0) var<storage, read> inputs: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> outputs: array<vec4u>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let item = id.x;
  if (2u * item >= arrayLength(&inputs)) { return; }
  let rest = inputs[2u * item + 1u];
  outputs[2u * item] = philox(inputs[2u * item], rest.xy);
  outputs[2u * item + 1u] = vec4u(mul_high(rest.z, rest.w), 0u, 0u, 0u);
}
