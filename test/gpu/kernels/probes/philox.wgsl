// The random words at given counters and keys.
import package::shared::philox::philox;

struct Address {
  counter: vec4u,
  key: vec4u, // the first two
}

@group(0) @binding(0) var<storage, read> addresses: array<Address>;
@group(0) @binding(1) var<storage, read_write> words: array<vec4u>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&words)) { return; }
  words[id.x] = philox(addresses[id.x].counter, addresses[id.x].key.xy);
}
