// ln x, a turn, −ln((a + ½)/2^32), and the two normals of words a and b.
import package::shared::elementary::{logarithm, turn};
import package::shared::normals::{minus_log_of_word, normal_pair};

@group(0) @binding(0) var<storage, read> points: array<f32>; // x
@group(0) @binding(1) var<storage, read> words: array<vec2u>; // a, b
@group(0) @binding(2) var<storage, read_write> results: array<vec2f>; // three an item

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&points)) { return; }
  let pair = words[id.x];
  results[3u * id.x] = vec2f(logarithm(points[id.x]), minus_log_of_word(pair.x));
  results[3u * id.x + 1u] = turn(pair.y);
  results[3u * id.x + 2u] = normal_pair(pair.x, pair.y);
}
