// A round of training data for finite populations, in integers only: each of the n samples picks its source, draws one
// outcome (raw, real) or K candidates and a curator's choice, and is counted.
// A workgroup serves one model; thread t draws samples t, t + WORKGROUP, … of its block. Random words are addressed by
// (seed, stream; sample, round, model, block), so neither grid nor workgroup size changes a count.
// Moves about 4·log2(V) bytes per candidate from cached tables and one atomic add per sample.
// Deterministic: integer counts do not depend on the order of the adds.
// Mirror: src/cpu/finite.ts, bit for bit.
import package::shared::philox::{philox, mul_high};
import package::shared::selection::{Choice, consider, consider_rank};

override WORKGROUP: u32 = 64u;
override SAMPLES_PER_THREAD: u32 = 4u;
/// Outcomes counted in workgroup memory before they reach the global counts; 1 switches it off.
override LOCAL_OUTCOMES: u32 = 1u;

const REAL_DATA: u32 = 0u;
const RAW: u32 = 1u; // also output tilted by a curator with infinitely many candidates: one draw from its own table
const CURATED: u32 = 2u;
const CURATED_ARGMAX: u32 = 3u;
const TILTED: u32 = 4u; // conditional models: a draw from their own table gives the block, one from the tilted table the rest

struct Params {
  outcomes: u32,
  replicate_tables: u32, // tables per replicate
  finite_models: u32,
  first_model: u32, // in the list of finite models
  model_count: u32,
  round: u32,
  seed: u32,
  thresholds_stride: u32,
  real_tables: u32,
}

struct FiniteModel {
  model: u32,
  source_start: u32,
  source_end: u32,
  unused: u32,
}

struct Source {
  kind: u32,
  table: u32, // of real data, or of a producer's output in this replicate
  codes: u32, // the curator's row of selection codes; TILTED: the tilted table
  candidates: u32, // 1 without a choice, 2 for TILTED
  width: u32, // outcomes per block of the table, of which the candidates of one choice come from one
  swapped: u32, // 1 where place b·width + k of the table is outcome k·(outcomes/width) + b
}

@group(0) @binding(0) var<storage, read> tables: array<u32>; // cumulative: real data, then [replicate][table]
@group(0) @binding(1) var<storage, read> codes: array<u32>; // [curator][outcome]
@group(0) @binding(2) var<storage, read> models: array<FiniteModel>;
@group(0) @binding(3) var<storage, read> sources: array<Source>; // [variant][source]
@group(0) @binding(4) var<storage, read> thresholds: array<u32>; // [variant][source], cumulative shares of 2^31
@group(0) @binding(5) var<storage, read> schedule: array<vec2u>; // [variant][finite model]: population, first workgroup
@group(0) @binding(6) var<storage, read> replicates: array<vec2u>;
@group(0) @binding(7) var<storage, read_write> counts: array<atomic<u32>>; // [replicate][finite model][outcome]
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> wg_counts: array<atomic<u32>, LOCAL_OUTCOMES>;

/// The place at `word` among `width` from `first` on in the cumulative table that starts at `row`: the first of them with
/// cumulative mass above the draw.
fn look_up(row: u32, first: u32, width: u32, word: u32) -> u32 {
  var low = first;
  var high = first + width - 1u;
  var below = 0u;
  if (first > 0u) { below = tables[row + first - 1u]; }
  let draw = below + mul_high(word, tables[row + high] - below);
  while (low < high) {
    let middle = (low + high) >> 1u;
    if (tables[row + middle] > draw) { high = middle; } else { low = middle + 1u; }
  }
  return low;
}

fn pick_source(row: u32, first: u32, end: u32, word: u32) -> u32 {
  let draw = word >> 1u;
  var low = first;
  var high = end - 1u;
  while (low < high) {
    let middle = (low + high) >> 1u;
    if (thresholds[row + middle] > draw) { high = middle; } else { low = middle + 1u; }
  }
  return low;
}

fn show(choice: Choice, kind: u32, code_row: u32, place: u32, word: u32) -> Choice {
  let code = codes[code_row + place];
  if (kind == CURATED_ARGMAX) { return consider_rank(choice, place, code); }
  return consider(choice, place, code, word);
}

/// The outcome at a place of a source's table.
fn outcome_at(source: Source, place: u32) -> u32 {
  if (source.swapped == 0u) { return place; }
  let given = place / source.width;
  return given + (place - given * source.width) * (params.outcomes / source.width);
}

fn draw_sample(replicate: u32, model: FiniteModel, sample: u32) -> u32 {
  let variant_stream = replicates[replicate];
  let key = vec2u(params.seed, variant_stream.y);
  let source_row = variant_stream.x * params.thresholds_stride;
  var words = philox(vec4u(sample, params.round, model.model, 0u), key);
  let picked = pick_source(source_row, model.source_start, model.source_end, words.x);
  let source = sources[source_row + picked];
  let own_row = (params.real_tables + replicate * params.replicate_tables) * params.outcomes;
  let code_row = source.codes * params.outcomes;
  var row = source.table * params.outcomes + select(own_row, 0u, source.kind == REAL_DATA);
  var start = 0u;
  var width = params.outcomes;
  var offset = 0u;
  var choice = Choice(0u, 0u, vec2u(0u));
  // The second word gives the first candidate; from then on two candidates a block, an outcome word and a decision word each.
  for (var candidate = 0u; candidate < source.candidates; candidate++) {
    let odd = (candidate & 1u) == 1u;
    if (candidate > 0u && !odd) { words = philox(vec4u(sample, params.round, model.model, candidate >> 1u), key); }
    let word = select(select(words.x, words.z, odd), words.y, candidate == 0u);
    let place = offset + look_up(row, start, width, word);
    if (candidate == 0u) { // the others share what it is given
      start = place - place % source.width;
      width = source.width;
    }
    if (source.kind == CURATED || source.kind == CURATED_ARGMAX) {
      choice = show(choice, source.kind, code_row, place, select(words.y, words.w, odd));
    } else {
      choice.outcome = place;
      row = own_row + code_row + start; // TILTED: cumulative within each block
      offset = start;
      start = 0u;
    }
  }
  return outcome_at(source, choice.outcome);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let replicate = group.z;
  let index = group.y * grid.x + group.x;
  let schedule_row = replicates[replicate].x * params.finite_models;
  // The finite model whose workgroups include this one.
  var finite = params.first_model;
  var high = params.first_model + params.model_count - 1u;
  let origin = schedule[schedule_row + params.first_model].y;
  while (finite < high) {
    let middle = (finite + high + 1u) >> 1u;
    if (schedule[schedule_row + middle].y - origin <= index) { finite = middle; } else { high = middle - 1u; }
  }
  let slot = schedule[schedule_row + finite];
  let model = models[finite];
  let first = (index - (slot.y - origin)) * WORKGROUP * SAMPLES_PER_THREAD;
  let counts_row = (replicate * params.finite_models + finite) * params.outcomes;

  if (LOCAL_OUTCOMES > 1u) {
    for (var v = lane; v < params.outcomes; v += WORKGROUP) { atomicStore(&wg_counts[v], 0u); }
    workgroupBarrier();
  }
  for (var k = 0u; k < SAMPLES_PER_THREAD; k++) {
    let sample = first + k * WORKGROUP + lane;
    if (sample < slot.x) {
      let outcome = draw_sample(replicate, model, sample);
      if (LOCAL_OUTCOMES > 1u) {
        atomicAdd(&wg_counts[outcome], 1u);
      } else {
        atomicAdd(&counts[counts_row + outcome], 1u);
      }
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
