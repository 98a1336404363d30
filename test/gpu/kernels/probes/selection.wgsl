// A stream of candidates per thread, with the choice after each of them: by weight, then by rank.
import package::shared::selection::{Choice, consider, consider_rank};

const LENGTH: u32 = 600u;

@group(0) @binding(0) var<storage, read> candidates: array<vec4u>; // [thread][step]: outcome, code, word, rank
@group(0) @binding(1) var<storage, read_write> choices: array<vec4u>; // outcome | outcome by rank << 16, exponent, total

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if ((id.x + 1u) * LENGTH > arrayLength(&choices)) { return; }
  var weighed = Choice(0u, 0u, vec2u(0u));
  var ranked = Choice(0u, 0u, vec2u(0u));
  for (var step = 0u; step < LENGTH; step++) {
    let one = candidates[id.x * LENGTH + step];
    weighed = consider(weighed, one.x, one.y, one.z);
    ranked = consider_rank(ranked, one.x, one.w);
    choices[id.x * LENGTH + step] = vec4u(weighed.outcome | (ranked.outcome << 16u), weighed.exponent, weighed.total);
  }
}
