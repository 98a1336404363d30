// A training set of n samples drawn with replacement from a model's pool of all data so far, and counted.
// A workgroup serves one model; threads walk its samples together. The word of a sample is addressed by (seed, stream;
// sample, round, model, purpose), so neither grid nor workgroup size changes a count.
// Moves about 4·log2(V) bytes per sample from a cached table and one atomic add. Deterministic: integers.
// Mirror: src/cpu/redraw.ts, bit for bit.
import package::shared::philox::{philox, mul_high};

override WORKGROUP: u32 = 64u;
/// Outcomes counted in workgroup memory before they reach the global counts; 1 switches it off.
override LOCAL_OUTCOMES: u32 = 1u;

const PURPOSE_REDRAW: u32 = 0x04000000u; // src/random/philox.ts

struct Params {
  outcomes: u32,
  replicate_tables: u32,
  real_tables: u32,
  finite_models: u32,
  first_pool: u32,
  round: u32,
  seed: u32,
}

struct Pool {
  finite: u32,
  model: u32,
  table: u32,
}

@group(0) @binding(0) var<storage, read> tables: array<u32>; // cumulative: real data, then [replicate][table]
@group(0) @binding(1) var<storage, read> pools: array<Pool>;
@group(0) @binding(2) var<storage, read> finite: array<vec4u>; // [variant][finite model]: model, population, …
@group(0) @binding(3) var<storage, read> replicates: array<vec2u>;
@group(0) @binding(4) var<storage, read_write> counts: array<atomic<u32>>; // [replicate][finite model][outcome]
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> wg_counts: array<atomic<u32>, LOCAL_OUTCOMES>;

/// The outcome at `word` in the cumulative table that starts at `row`: the first with cumulative mass above the draw.
fn look_up(row: u32, word: u32) -> u32 {
  let draw = mul_high(word, tables[row + params.outcomes - 1u]);
  var low = 0u;
  var high = params.outcomes - 1u;
  while (low < high) {
    let middle = (low + high) >> 1u;
    if (tables[row + middle] > draw) { high = middle; } else { low = middle + 1u; }
  }
  return low;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let pool = pools[params.first_pool + group.y];
  let replicate = group.z;
  let variant_stream = replicates[replicate];
  let population = finite[variant_stream.x * params.finite_models + pool.finite].y;
  let row = (params.real_tables + replicate * params.replicate_tables + pool.table) * params.outcomes;
  let counts_row = (replicate * params.finite_models + pool.finite) * params.outcomes;
  let key = vec2u(params.seed, variant_stream.y);

  if (LOCAL_OUTCOMES > 1u) {
    for (var v = lane; v < params.outcomes; v += WORKGROUP) { atomicStore(&wg_counts[v], 0u); }
    workgroupBarrier();
  }
  // Populations and grids stay far enough below 2^32 for the sum not to wrap.
  for (var sample = group.x * WORKGROUP + lane; sample < population; sample += grid.x * WORKGROUP) {
    let words = philox(vec4u(sample, params.round, pool.model, PURPOSE_REDRAW), key);
    let outcome = look_up(row, words.x);
    if (LOCAL_OUTCOMES > 1u) {
      atomicAdd(&wg_counts[outcome], 1u);
    } else {
      atomicAdd(&counts[counts_row + outcome], 1u);
    }
  }
  if (LOCAL_OUTCOMES > 1u) {
    workgroupBarrier();
    for (var v = lane; v < params.outcomes; v += WORKGROUP) {
      let count = atomicLoad(&wg_counts[v]);
      if (count > 0u) { atomicAdd(&counts[counts_row + v], count); }
    }
  }
}
