// Training on the data of several rounds in the population limit: P = mean of the training laws D_0 … D_t (all rounds)
// or of the last w of them (window).
// Thread (outcome, averaged model, replicate). Moves 24 bytes per outcome (all rounds), or 4·w + 12.
// Deterministic: one owner per outcome. The sum over all rounds is a 64-bit integer in units of 2^−40, so that rounding
// does not build up; a window's laws are summed afresh, in the order of rows. Mirror: src/cpu/average.ts.
import package::shared::wide::add_wide;

override WORKGROUP: u32 = 64u;

const WINDOW: u32 = 1u;

struct Params {
  outcomes: u32,
  models: u32,
  past_rows: u32, // per replicate
  first_averaged: u32,
  round: u32, // rounds done; the laws are those of the next
}

struct Averaged {
  model: u32,
  rule: u32,
  rounds: u32, // w
  first_row: u32, // low and high words of the sum; or the window's laws, round s in row s mod w
}

@group(0) @binding(0) var<storage, read> mixed: array<f32>; // D_t
@group(0) @binding(1) var<storage, read> averaged: array<Averaged>;
@group(0) @binding(2) var<storage, read_write> past: array<u32>; // [replicate][row][outcome]
@group(0) @binding(3) var<storage, read_write> state: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let v = id.x;
  if (v >= params.outcomes) { return; }
  let own = averaged[params.first_averaged + id.y];
  let index = (id.z * params.models + own.model) * params.outcomes + v;
  let row = (id.z * params.past_rows + own.first_row) * params.outcomes + v;
  let sets = params.round + 2u; // with round 0's
  if (own.rule == WINDOW) {
    past[row + ((params.round + 1u) % own.rounds) * params.outcomes] = bitcast<u32>(mixed[index]);
    let held = min(sets, own.rounds);
    var sum = 0f;
    for (var k = 0u; k < held; k++) { sum += bitcast<f32>(past[row + k * params.outcomes]); }
    state[index] = sum / f32(held);
    return;
  }
  // Powers of two and differences of neighbours: exact.
  let scaled = clamp(mixed[index], 0f, 1f) * 256f;
  let whole = floor(scaled);
  let law = vec2u(u32((scaled - whole) * 4294967296f), u32(whole));
  let sum = add_wide(vec2u(past[row], past[row + params.outcomes]), law);
  past[row] = sum.x;
  past[row + params.outcomes] = sum.y;
  state[index] = (f32(sum.y) + f32(sum.x) * 2.3283064e-10f) * 0.00390625f / f32(sets);
}
