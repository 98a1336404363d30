// 64-bit integers: a + b, a.low·b.low, a >> shift, a << shift, the bit length of a, a < b.
import package::shared::wide::{
  add_wide, multiply_wide, shift_right_wide, shift_left_wide, bit_length_wide, less_wide
};

struct Operands {
  a: vec2u,
  b: vec2u,
  shift: vec2u,
}

@group(0) @binding(0) var<storage, read> operands: array<Operands>;
@group(0) @binding(1) var<storage, read_write> results: array<vec4u>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (3u * id.x + 2u >= arrayLength(&results)) { return; }
  let one = operands[id.x];
  results[3u * id.x] = vec4u(add_wide(one.a, one.b), multiply_wide(one.a.x, one.b.x));
  results[3u * id.x + 1u] = vec4u(shift_right_wide(one.a, one.shift.x), shift_left_wide(one.a, one.shift.x));
  results[3u * id.x + 2u] = vec4u(bit_length_wide(one.a), select(0u, 1u, less_wide(one.a, one.b)), 0u, 0u);
}
