// Elementary functions at given points: e^x, 1 − e^(−|x|), ln(1 − y).
import package::shared::elementary::{exponential, one_minus_exp, log_one_minus};

@group(0) @binding(0) var<storage, read> points: array<vec2f>; // x, y
@group(0) @binding(1) var<storage, read_write> results: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&results)) { return; }
  let x = points[id.x].x;
  let y = points[id.x].y;
  results[id.x] = vec4f(exponential(x), one_minus_exp(abs(x), exponential(-abs(x))), log_one_minus(y), 0f);
}
