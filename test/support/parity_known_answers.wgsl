// Philox words for counters and keys from the host: published known answers, on any WGSL implementation.
import package::shared::philox::philox;

@group(0) @binding(0) var<storage, read> inputs: array<vec4u>; // counter, then key in the first two words
@group(0) @binding(1) var<storage, read_write> words: array<vec4u>;

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  words[group.x] = philox(inputs[2u * group.x], inputs[2u * group.x + 1u].xy);
}
