// Known answers at start-up: one Philox block and one product-sum per thread, compared by the host.
// Thread t: words of counter (t, t², ~t, 7) under key (t, 11), and Σ_{k≤t} k/4 in float32 (exact below 2^24).
// Moves 32 bytes per thread.
// Deterministic: exact arithmetic only.
// Mirror: src/gpu/self_test.ts.
import package::shared::philox::philox;

const THREADS: u32 = 64u;

@group(0) @binding(0) var<storage, read_write> answers: array<vec4u>;

var<workgroup> wg_quarter: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(local_invocation_index) lane: u32) {
  wg_quarter[lane] = f32(lane) * 0.25f;
  workgroupBarrier();
  var sum = 0f;
  for (var k = 0u; k <= lane; k++) { sum += wg_quarter[k]; }
  answers[2u * lane] = philox(vec4u(lane, lane * lane, ~lane, 7u), vec2u(lane, 11u));
  answers[2u * lane + 1u] = vec4u(bitcast<u32>(sum), countOneBits(lane), firstLeadingBit(lane + 1u), lane ^ 0xffffffffu);
}
