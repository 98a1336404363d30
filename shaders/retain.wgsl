// Finite populations on the data of several rounds: mass += counts (all rounds), mass = Σ counts of the last w rounds
// (window), both with P = mass/(n·data sets); or pool += counts and counts = 0, to be drawn from the pool (redraw).
// Thread (outcome, retained model, replicate). Moves 28 bytes per outcome, once in a run 4·w more for a window.
// Deterministic: 64-bit integers, masses in units of 2^−32 samples.
// Mirror: src/cpu/retain.ts, bit for bit.
override WORKGROUP: u32 = 64u;

const ACCUMULATE: u32 = 0u;
const WINDOW: u32 = 1u;
const SUBSAMPLE: u32 = 2u;

struct Params {
  outcomes: u32,
  models: u32,
  finite_models: u32,
  replicate_tables: u32,
  past_rows: u32, // per replicate
  first_retained: u32,
  round: u32, // rounds done; the counts are those of the next
}

struct Retained {
  finite: u32,
  model: u32,
  rule: u32,
  rounds: u32, // w
  first_row: u32, // counts of the window's rounds, round s in row s mod w; or the pool's low and high words
  pool_table: u32,
}

@group(0) @binding(0) var<storage, read_write> counts: array<u32>;
@group(0) @binding(1) var<storage, read> finite: array<vec4u>; // [variant][finite model]: model, population, …
@group(0) @binding(2) var<storage, read> retained: array<Retained>;
@group(0) @binding(3) var<storage, read> replicates: array<vec2u>;
@group(0) @binding(4) var<storage, read_write> mass: array<vec2u>; // low, high
@group(0) @binding(5) var<storage, read_write> past: array<u32>; // [replicate][row][outcome]
@group(0) @binding(6) var<storage, read_write> state: array<f32>;
@group(0) @binding(7) var<storage, read_write> weighed: array<vec2u>; // [replicate][table][outcome]
@group(1) @binding(0) var<uniform> params: Params;

/// The mass when a window of w rounds moves on to round t; its first row for this outcome is at `first`.
fn slide(old: vec2u, first: u32, w: u32, t: u32, count: u32) -> vec2u {
  let newest = first + (t % w) * params.outcomes;
  let oldest = past[newest];
  past[newest] = count;
  if (t < w) { return vec2u(old.x, old.y + count); }
  if (t > w) { return vec2u(old.x, old.y + count - oldest); }
  // The initial state, a fraction of a sample here and there, leaves the window.
  var sum = 0u;
  for (var k = 0u; k < w; k++) { sum += past[first + k * params.outcomes]; }
  return vec2u(0u, sum);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let v = id.x;
  if (v >= params.outcomes) { return; }
  let own = retained[params.first_retained + id.y];
  let replicate = id.z;
  let index = (replicate * params.finite_models + own.finite) * params.outcomes + v;
  let row = (replicate * params.past_rows + own.first_row) * params.outcomes + v;
  let count = counts[index];
  let t = params.round + 1u;
  if (own.rule == SUBSAMPLE) {
    let high = past[row + params.outcomes] + count;
    past[row + params.outcomes] = high;
    counts[index] = 0u;
    weighed[(replicate * params.replicate_tables + own.pool_table) * params.outcomes + v] = vec2u(past[row], high);
    return;
  }
  let old = mass[index];
  var next = vec2u(old.x, old.y + count);
  var sets = t + 1u;
  if (own.rule == WINDOW) {
    next = slide(old, row, own.rounds, t, count);
    sets = min(sets, own.rounds);
  }
  mass[index] = next;
  let population = finite[replicates[replicate].x * params.finite_models + own.finite].y;
  state[(replicate * params.models + own.model) * params.outcomes + v] =
    (f32(next.y) + f32(next.x) * 2.3283064e-10f) / f32(population * sets); // below 2^31
}
