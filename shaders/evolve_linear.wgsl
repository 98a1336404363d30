// Rounds of linear-Gaussian models: x' = B x + (k/n)·a + c + (σ/√n)·z with k ~ Binomial(n, λ) and z standard normal.
// LANES threads serve one replicate and share its (model, four coordinates) items; WORKGROUP/LANES replicates a workgroup.
// A round moves about 12 bytes per entry of B and 32 per coordinate, nearly all of it from caches, and 16 per model to memory.
// Deterministic: words are addressed by (seed, stream; block, round, model, purpose), sums run in index order in one thread.
// Mirror: src/cpu/evolve_linear.ts; k is the same to the last one, z to float32 rounding.
import package::shared::philox::philox;
import package::shared::normals::normal_quad;

override WORKGROUP: u32 = 64u;
/// Threads per replicate, a power of two that divides WORKGROUP.
override LANES: u32 = 1u;

/// Of PURPOSE in src/random/philox.ts.
const CURATED_COUNT: u32 = 5u << 24u;
const MEAN_NOISE: u32 = 6u << 24u;
/// Marks an entry whose producer has already moved in this round.
const MOVED_BIT: u32 = 0x80000000u;

struct Params {
  models: u32,
  dimension: u32,
  replicates: u32,
  models_per_step: u32, // trained between two barriers
  first_round: u32,
  rounds: u32,
  seed: u32,
  constants: u32, // 0 where c is zero throughout
  stable_known: u32, // 0 where distances to stable points mean nothing
}

struct Training {
  fraction: f32, // curated share, where it is not drawn
  scale: f32, // σ/√n; 0 in the population limit
  drawn: u32, // n, where the curated samples are counted by chance; 0 where their number is fixed
  threshold: u32, // chance of one sample to be curated, in 2^-32
}

struct Replicate {
  variant: u32,
  stream: u32,
  values_start: u32,
  unused: u32,
}

struct Coordinate {
  slope: f32, // of the reward
  half_quadratic: f32, // of the model's reward
  stable: f32,
  unused: f32,
}

@group(0) @binding(0) var<storage, read> pattern: array<u32>; // starts of the rows of B, then the entries' columns
@group(0) @binding(1) var<storage, read> values: array<f32>; // [map set][entry]
@group(0) @binding(2) var<storage, read> vectors: array<vec2f>; // [variant][coordinate]: a, c
@group(0) @binding(3) var<storage, read> training: array<Training>; // [variant][model]
@group(0) @binding(4) var<storage, read> replicates: array<Replicate>;
@group(0) @binding(5) var<storage, read> coordinates: array<Coordinate>;
@group(0) @binding(6) var<storage, read_write> state: array<f32>; // [round mod 3][replicate][coordinate]
@group(0) @binding(7) var<storage, read_write> measures: array<vec4f>; // [round][replicate][model]: J, |x|, step, to stable
@group(1) @binding(0) var<uniform> params: Params;

/// Curated samples among n. A sample is curated when its word is below the threshold; words are revealed bit by bit, from the
/// highest, and only of the samples that are still undecided.
fn curated_count(n: u32, threshold: u32, round: u32, model: u32, key: vec2u) -> u32 {
  var undecided = n;
  var successes = 0u;
  var next = 0u;
  var words = vec4u(0u);
  for (var rest = threshold; undecided > 0u && rest != 0u; rest <<= 1u) {
    var ones = 0u;
    var left = undecided;
    loop {
      if ((next & 3u) == 0u) { words = philox(vec4u(next >> 2u, round, model, CURATED_COUNT), key); }
      let word = words.x;
      words = words.yzwx;
      next++;
      if (left <= 32u) {
        ones += countOneBits(word & (0xffffffffu >> (32u - left)));
        break;
      }
      ones += countOneBits(word);
      left -= 32u;
    }
    if (rest >= 0x80000000u) {
      successes += undecided - ones;
      undecided = ones;
    } else {
      undecided -= ones;
    }
  }
  return successes;
}

/// Offsets of a replicate's means in `state`: now and after the round.
struct Places {
  now: u32,
  next: u32,
}

/// Adds one coordinate to the sums of g·x, x², the squares of the step and of the distance to the stable point.
fn tally(sums: vec4f, x: f32, places: Places, row: u32) -> vec4f {
  let moved = x - state[places.now + row];
  var away = 0f;
  if (params.stable_known != 0u) { away = x - coordinates[row].stable; }
  return sums + vec4f(coordinates[row].slope * x, x * x, moved * moved, away * away);
}

fn report(sums: vec4f, model: u32, measured: u32) {
  let half_quadratic = coordinates[model * params.dimension].half_quadratic;
  measures[measured + model] = vec4f(sums.x - half_quadratic * sums.y, sqrt(sums.yzw));
}

/// Trains four coordinates of a model; a lone thread measures them at once.
fn train(sums: vec4f, replicate: Replicate, places: Places, scale: f32, fraction: f32, model: u32, quad: u32, round: u32) -> vec4f {
  let coordinate_count = params.models * params.dimension;
  var noise = vec4f(0f);
  if (scale > 0f) {
    let key = vec2u(params.seed, replicate.stream);
    noise = scale * normal_quad(philox(vec4u(quad, round, model, MEAN_NOISE), key));
  }
  let first = model * params.dimension + 4u * quad;
  let end = min(first + 4u, (model + 1u) * params.dimension);
  let vector = replicate.variant * coordinate_count;
  var result = sums;
  var entry = pattern[first];
  for (var row = first; row < end; row++) {
    let row_end = pattern[row + 1u];
    var sum = 0f;
    if (fraction > 0f) { sum = fraction * vectors[vector + row].x; }
    if (params.constants != 0u) { sum += vectors[vector + row].y; }
    for (; entry < row_end; entry++) {
      let column = pattern[coordinate_count + 1u + entry];
      let place = select(places.now, places.next, column >= MOVED_BIT) + (column & ~MOVED_BIT);
      sum += values[replicate.values_start + entry] * state[place];
    }
    let x = sum + noise.x;
    noise = noise.yzwx;
    state[places.next + row] = x;
    if (LANES == 1u) { result = tally(result, x, places, row); }
  }
  return result;
}

fn measure(places: Places, model: u32) -> vec4f {
  var sums = vec4f(0f);
  for (var row = model * params.dimension; row < (model + 1u) * params.dimension; row++) {
    sums = tally(sums, state[places.next + row], places, row);
  }
  return sums;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * grid.x + group.x) * (WORKGROUP / LANES) + lane / LANES;
  let part = lane % LANES;
  let present = index < params.replicates; // absent threads take part in the barriers
  let replicate = replicates[min(index, params.replicates - 1u)];
  let key = vec2u(params.seed, replicate.stream);
  let coordinate_count = params.models * params.dimension;
  let plane = params.replicates * coordinate_count;
  let quads = (params.dimension + 3u) >> 2u;
  for (var k = 0u; k < params.rounds; k++) {
    let round = params.first_round + k;
    let places = Places(
      (round % 3u) * plane + index * coordinate_count,
      ((round + 1u) % 3u) * plane + index * coordinate_count,
    );
    let measured = (k * params.replicates + index) * params.models;
    for (var first = 0u; first < params.models; first += params.models_per_step) {
      // Items part, part + LANES, … of this step, counted up without a division.
      var quad = part;
      for (var model = first; present && model < first + params.models_per_step; model++) {
        if (quad < quads) {
          let info = training[replicate.variant * params.models + model];
          var fraction = info.fraction;
          if (info.drawn > 0u) {
            fraction = f32(curated_count(info.drawn, info.threshold, round, model, key)) / f32(info.drawn);
          }
          var sums = vec4f(0f);
          for (; quad < quads; quad += LANES) {
            sums = train(sums, replicate, places, info.scale, fraction, model, quad, round);
          }
          if (LANES == 1u) { report(sums, model, measured); }
        }
        quad -= quads;
      }
      if (LANES > 1u) { storageBarrier(); }
    }
    // A fast thread is at most one round ahead, where it writes the third place of the state: one barrier a step will do.
    for (var model = part; LANES > 1u && present && model < params.models; model += LANES) {
      report(measure(places, model), model, measured);
    }
  }
}
