// 64-bit integers: a + b, a − b, a.low·b.low, a >> shift and the bit length of a.
import package::shared::wide::{add_wide, subtract_wide, multiply_wide, shift_right_wide, bit_length_wide};

struct Operands {
  a: vec2u,
  b: vec2u,
  shift: vec2u,
}

@group(0) @binding(0) var<storage, read> operands: array<Operands>;
@group(0) @binding(1) var<storage, read_write> results: array<vec4u>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (2u * id.x + 1u >= arrayLength(&results)) { return; }
  let one = operands[id.x];
  results[2u * id.x] = vec4u(add_wide(one.a, one.b), subtract_wide(one.a, one.b));
  results[2u * id.x + 1u] =
    vec4u(multiply_wide(one.a.x, one.b.x), shift_right_wide(one.a, one.shift.x).x, bit_length_wide(one.a));
}
