// A round of finite Gaussian models: mean' = m + Σy/n, covariance' = (Σyyᵀ − ΣyΣyᵀ/n)/n for n samples m + y, then the factors that the next draws from.
// Workgroup (model, replicate): lane l draws samples l, l + LANES, …; entry e of the sums is added up over the lanes by lane e mod LANES.
// Moves 4·(3d² + 2d) bytes per law and round, and none per sample: random words are addressed, moments stay in workgroup memory.
// Deterministic: LANES follows from the dimension alone, and every sum has its order. Float32: flat directions are told by 1e-6 of the diagonal.
// Mirror: src/cpu/evolve_gaussian.ts, with src/cpu/gaussian_sampler.ts, gaussian_factor.ts and gaussian_memory.ts.
import package::shared::elementary::logarithm;
import package::shared::normals::{minus_log_of_word, normal_pair};
import package::shared::philox::philox;

override LANES: u32 = 64u;
/// LANES·d, and LANES·(d + d(d+1)/2).
override SAMPLES: u32 = 64u;
override SUMS: u32 = 128u;
/// One dimension; any quadratic reward; any window of rounds. Compilers need not toil over what a scenario lacks.
override SCALAR: bool = false;
override QUADRATIC: bool = true;
override WINDOW: bool = true;

const FLAT: f32 = 1e-6f;

const KIND_IDENTITY: u32 = 0u;
const KIND_TILT: u32 = 1u; // the tilted law itself; any other kind has candidates to choose from
const KEEP_ALL: u32 = 1u;
const KEEP_WINDOW: u32 = 2u;
const NOISY_BIT: u32 = 0x80000000u; // Plackett–Luce rather than argmax

struct Params {
  models: u32,
  dimension: u32,
  replicates: u32,
  channels: u32,
  sources: u32,
  curators: u32,
  ring: u32, // entries of one replicate
  seed: u32,
  first_model: u32,
  round: u32, // from 1
  old_slot: u32,
  new_slot: u32,
  old_plane: u32,
  new_plane: u32,
  unbiased: u32,
  draw: u32, // 0: only the factors of new_slot
}

struct Model {
  first_source: u32,
  last_source: u32,
  population: u32,
  keep: u32,
  first_channel: u32,
  end_channel: u32,
  ring: u32, // first entry
  window: u32,
}

struct Source {
  threshold: u32,
  row: u32, // real data, raw output, channels
  candidates: u32,
  curator: u32, // with NOISY_BIT
}

struct Channel {
  producer: u32,
  curator: u32,
  kind: u32,
  unused: u32,
}

@group(0) @binding(0) var<storage, read> models: array<Model>; // [variant][model]
@group(0) @binding(1) var<storage, read> sources: array<Source>; // [variant][source]
@group(0) @binding(2) var<storage, read> channels: array<Channel>; // [variant][channel]
@group(0) @binding(3) var<storage, read> curators: array<f32>; // [variant][curator]: slope h (d), curvature P (d×d)
@group(0) @binding(4) var<storage, read> replicates: array<vec2u>; // variant, stream
@group(0) @binding(5) var<storage, read_write> trajectory: array<f32>; // [slot][replicate][model]: mean, covariance (a, b ≤ a)
@group(0) @binding(6) var<storage, read_write> laws: array<f32>; // real data [model], then [plane][replicate][model, channel]: see law_stride
@group(0) @binding(7) var<storage, read_write> ring: array<f32>; // [replicate][entry]: moments of a round's data
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> wg_sample: array<f32, SAMPLES>; // [coordinate][lane]
var<workgroup> wg_chosen: array<f32, SAMPLES>;
var<workgroup> wg_sums: array<f32, SUMS>; // [entry][lane]

fn dimension() -> u32 {
  return select(params.dimension, 1u, SCALAR);
}

/// Numbers of a mean with a covariance.
fn moments() -> u32 {
  return entry_of(dimension(), 0u);
}

/// Where the covariance of a and b ≤ a stands behind the mean.
fn entry_of(a: u32, b: u32) -> u32 {
  return dimension() + a * (a + 1u) / 2u + b;
}

/// A law: mean (d), slope of the reward there (d), lower triangular factor (d×d), room for two more matrices.
fn law_stride() -> u32 {
  let d = dimension();
  return 2u * d + 3u * d * d;
}

fn state_at(slot: u32, replicate: u32, model: u32) -> u32 {
  return ((slot * params.replicates + replicate) * params.models + model) * moments();
}

/// Row 0 … of a replicate's own laws: the models' output, then the channels.
fn law_at(plane: u32, replicate: u32, row: u32) -> u32 {
  let rows = params.models + params.channels;
  return (params.models + (plane * params.replicates + replicate) * rows + row) * law_stride();
}

/// The law behind a row of the table; producers that have trained in this round are read as they are now.
fn law_of(variant: u32, replicate: u32, row: u32) -> u32 {
  if (row < params.models) { return row * law_stride(); }
  let own = row - params.models;
  var producer = own;
  if (own >= params.models) { producer = channels[variant * params.channels + own - params.models].producer; }
  let trained = producer < params.first_model;
  return law_at(select(params.old_plane, params.new_plane, trained), replicate, own);
}

/// Fills the lane's sample with normals, two from the candidate's first block of words and four from each further one; returns the first.
fn draw_normals(k: u32, model: u32, first: u32, stream: u32, lane: u32) -> vec4u {
  let d = dimension();
  var head = vec4u(0u);
  var coordinate = 0u;
  for (var more = 0u; coordinate < d; more++) {
    let words = philox(vec4u(k, params.round, model, first + more), vec2u(params.seed, stream));
    if (more == 0u) { head = words; }
    // The first block's first two words are spoken for.
    for (var half = select(0u, 1u, more == 0u); half < 2u; half++) {
      let pair = normal_pair(select(words.x, words.z, half == 1u), select(words.y, words.w, half == 1u));
      if (coordinate < d) { wg_sample[coordinate * LANES + lane] = pair.x; }
      if (coordinate + 1u < d) { wg_sample[(coordinate + 1u) * LANES + lane] = pair.y; }
      coordinate += 2u;
    }
  }
  return head;
}

/// Multiplies the lane's sample by the factor of a law.
fn spread(law: u32, lane: u32) {
  let d = dimension();
  let factor = law + 2u * d;
  for (var i = d; i > 0u; i--) {
    var sum = 0f;
    for (var j = 0u; j < i; j++) { sum += laws[factor + (i - 1u) * d + j] * wg_sample[j * LANES + lane]; }
    wg_sample[(i - 1u) * LANES + lane] = sum;
  }
}

/// Reward of the lane's sample in temperatures, relative to that of its law's mean.
fn score_of(law: u32, curator: u32, lane: u32) -> f32 {
  let d = dimension();
  let curvature = curator * (d + d * d) + d;
  var score = 0f;
  for (var i = 0u; i < d; i++) {
    var slope = laws[law + d + i];
    if (QUADRATIC) {
      for (var j = 0u; j < d; j++) { slope -= 0.5f * curators[curvature + i * d + j] * wg_sample[j * LANES + lane]; }
    }
    score += slope * wg_sample[i * LANES + lane];
  }
  return score;
}

/// Leaves the offset of sample k from its law's mean in wg_sample; returns the law.
fn draw(variant: u32, replicate: u32, model: u32, stream: u32, k: u32, lane: u32) -> u32 {
  let d = dimension();
  let info = models[variant * params.models + model];
  let stride = 1u + (max(d, 2u) + 1u) / 4u; // blocks of words a candidate takes
  var index = variant * params.sources + info.first_source;
  var law = 0u;
  var candidates = 1u;
  var best = 0f;
  for (var c = 0u; c < candidates; c++) {
    let words = draw_normals(k, model, c * stride, stream, lane);
    if (c == 0u) {
      let last = variant * params.sources + info.last_source;
      for (; index < last; index++) {
        if (words.x < sources[index].threshold) { break; }
      }
      candidates = sources[index].candidates;
      law = law_of(variant, replicate, sources[index].row);
    }
    spread(law, lane);
    if (candidates == 1u) { break; }
    let who = sources[index].curator;
    var score = score_of(law, variant * params.curators + (who & ~NOISY_BIT), lane);
    if ((who & NOISY_BIT) != 0u) { score -= logarithm(minus_log_of_word(words.y)); }
    // The last candidate's place holds the choice.
    let better = c == 0u || score > best;
    best = select(best, score, better);
    for (var i = 0u; i < d; i++) {
      let at = i * LANES + lane;
      let chosen = select(wg_chosen[at], wg_sample[at], better);
      wg_chosen[at] = chosen;
      if (c + 1u == candidates) { wg_sample[at] = chosen; }
    }
  }
  return law;
}

/// Adds the lane's sample to its sums, about the mean of the model's last state.
fn add_sample(law: u32, old: u32, lane: u32) {
  let d = dimension();
  for (var i = 0u; i < d; i++) {
    let off = (laws[law + i] - trajectory[old + i]) + wg_sample[i * LANES + lane];
    wg_sample[i * LANES + lane] = off;
    wg_sums[i * LANES + lane] += off;
    for (var j = 0u; j <= i; j++) {
      wg_sums[entry_of(i, j) * LANES + lane] += off * wg_sample[j * LANES + lane];
    }
  }
}

/// Covariance by maximum likelihood ÷ covariance as the estimator has it, of `count` samples.
fn divisor(count: f32) -> f32 {
  return select(1f, (count - 1f) / count, params.unbiased == 1u);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let d = dimension();
  let model = params.first_model + group.x;
  let replicate = group.y;
  let variant = replicates[replicate].x;
  let stream = replicates[replicate].y;
  let info = models[variant * params.models + model];
  let old = state_at(params.old_slot, replicate, model);
  let fresh = state_at(params.new_slot, replicate, model);
  let entries = (replicate * params.ring + info.ring) * moments();
  let n = f32(info.population);
  let round = f32(params.round);

  if (params.draw == 1u) {
    for (var e = 0u; e < moments(); e++) { wg_sums[e * LANES + lane] = 0f; }
    for (var k = lane; k < info.population; k += LANES) {
      let law = draw(variant, replicate, model, stream, k, lane);
      add_sample(law, old, lane);
    }
    workgroupBarrier();
    for (var e = lane; e < moments(); e += LANES) {
      var sum = 0f;
      for (var l = 0u; l < LANES; l++) { sum += wg_sums[e * LANES + l]; }
      wg_sums[e * LANES] = sum / n;
    }
    workgroupBarrier();

    // A share w of the data is new; or the last `kept` rounds count, each a block of the ring.
    let w = select(1f, 1f / (round + 1f), info.keep == KEEP_ALL);
    let kept = min(info.window, params.round + 1u);
    let newest = entries + params.round % info.window * moments();
    for (var a = lane; a < d; a += LANES) {
      var mean = trajectory[old + a] + w * wg_sums[a * LANES];
      if (WINDOW && info.keep == KEEP_WINDOW) {
        ring[newest + a] = mean;
        mean = 0f;
        for (var s = 0u; s < kept; s++) { mean += ring[entries + s * moments() + a] / f32(kept); }
      }
      trajectory[fresh + a] = mean;
    }
    storageBarrier();

    for (var a = 0u; a < d; a++) {
      for (var b = 0u; b <= a; b++) {
        let e = entry_of(a, b);
        if (e % LANES != lane) { continue; }
        let off = wg_sums[a * LANES] * wg_sums[b * LANES];
        var value = wg_sums[e * LANES] - off; // of the new data, by maximum likelihood
        if (a == b) { value = max(value, 0f); }
        var count = n;
        if (info.keep == KEEP_ALL) {
          let before = divisor(n * round) * trajectory[old + e];
          value = (1f - w) * before + w * value + w * (1f - w) * off;
          count = n * (round + 1f);
        }
        if (WINDOW && info.keep == KEEP_WINDOW) {
          ring[newest + e] = value;
          value = 0f;
          for (var s = 0u; s < kept; s++) {
            let at = entries + s * moments();
            let apart = (ring[at + a] - trajectory[fresh + a]) * (ring[at + b] - trajectory[fresh + b]);
            value += (ring[at + e] + apart) / f32(kept);
          }
          count = n * f32(kept);
        }
        trajectory[fresh + e] = value / divisor(count);
      }
    }
    storageBarrier();
  }

  let own_laws = 1u + info.end_channel - info.first_channel;
  for (var c = lane; c < own_laws; c += LANES) {
    let index = info.first_channel + c - 1u; // of a channel; the first law is the model's output
    let own = c == 0u;
    let law = law_at(params.new_plane, replicate, select(params.models + index, model, own));
    var channel = Channel();
    if (!own) { channel = channels[variant * params.channels + index]; }
    let curator = (variant * params.curators + channel.curator) * (d + d * d);
    make_law(fresh, law, curator, channel.kind);
  }
}

/// A law from a state: its mean, the slope of the reward there, the lower triangular factor L of its covariance. A tilted law has, with
/// B = I + LᵀPL = U Uᵀ and U upper triangular, the factor F = L U⁻ᵀ and the mean μ + F Fᵀ (h − Pμ).
fn make_law(state: u32, law: u32, curator: u32, kind: u32) {
  let d = dimension();
  let factor = law + 2u * d;
  let image = factor + d * d; // P L
  let turned = image + d * d; // B with its rows and columns in reverse order, whose L is U reversed
  if (SCALAR) {
    let mean = trajectory[state];
    let pull = select(0f, curators[curator + 1u], QUADRATIC && kind != KIND_IDENTITY);
    let slope = curators[curator] - pull * mean;
    let variance = max(trajectory[state + 1u], 0f) / select(1f, 1f + trajectory[state + 1u] * pull, kind == KIND_TILT);
    laws[law] = select(mean, mean + variance * slope, kind == KIND_TILT);
    laws[law + 1u] = slope;
    laws[factor] = sqrt(variance);
    return;
  }
  for (var i = 0u; i < d; i++) {
    laws[law + i] = trajectory[state + i];
    for (var j = 0u; j < d; j++) {
      var value = 0f;
      if (j <= i) { value = trajectory[state + entry_of(i, j)]; }
      laws[factor + i * d + j] = value;
    }
  }
  let last_phase = select(0u, 1u, QUADRATIC && kind == KIND_TILT);
  for (var phase = 0u; phase <= last_phase; phase++) {
    if (phase == 1u) { multiply(factor, curator, image, turned); }
    cholesky(select(factor, turned, phase == 1u));
  }
  if (kind == KIND_IDENTITY) { return; }
  if (last_phase == 1u) { divide(factor, turned); }
  for (var i = 0u; i < d; i++) {
    var slope = curators[curator + i];
    if (QUADRATIC) {
      for (var j = 0u; j < d; j++) { slope -= curators[curator + d + i * d + j] * trajectory[state + j]; }
    }
    laws[law + d + i] = slope;
  }
  if (kind != KIND_TILT) { return; }
  for (var k = 0u; k < d; k++) {
    var push = 0f;
    for (var i = k; i < d; i++) { push += laws[factor + i * d + k] * laws[law + d + i]; }
    for (var i = k; i < d; i++) { laws[law + i] += laws[factor + i * d + k] * push; }
  }
}

/// A matrix whose lower triangle is given becomes its lower triangular factor.
fn cholesky(at: u32) {
  let d = dimension();
  for (var j = 0u; j < d; j++) {
    for (var i = j; i < d; i++) {
      var sum = laws[at + i * d + j];
      let diagonal = sum;
      for (var k = 0u; k < j; k++) { sum -= laws[at + i * d + k] * laws[at + j * d + k]; }
      if (i == j) {
        sum = select(0f, sqrt(sum), sum > FLAT * diagonal);
      } else {
        let root = laws[at + j * d + j];
        sum = select(0f, sum / root, root > 0f);
      }
      laws[at + i * d + j] = sum;
    }
  }
}

/// P L, and I + LᵀPL in reverse order.
fn multiply(factor: u32, curator: u32, image: u32, turned: u32) {
  let d = dimension();
  for (var j = 0u; j < d; j++) {
    for (var i = 0u; i < d; i++) {
      var sum = 0f;
      for (var k = j; k < d; k++) { sum += curators[curator + d + i * d + k] * laws[factor + k * d + j]; }
      laws[image + i * d + j] = sum;
    }
    for (var i = 0u; i <= j; i++) {
      var sum = select(0f, 1f, i == j);
      for (var k = i; k < d; k++) { sum += laws[factor + k * d + i] * laws[image + k * d + j]; }
      laws[turned + (d - 1u - i) * d + d - 1u - j] = sum;
    }
  }
}

/// L becomes L U⁻ᵀ.
fn divide(factor: u32, turned: u32) {
  let d = dimension();
  for (var i = 0u; i < d; i++) {
    for (var b = i + 1u; b > 0u; b--) {
      let row = turned + (d - b) * d; // U of b − 1, from the end
      var sum = laws[factor + i * d + b - 1u];
      for (var k = b; k <= i; k++) { sum -= laws[factor + i * d + k] * laws[row + d - 1u - k]; }
      laws[factor + i * d + b - 1u] = sum / laws[row + d - b];
    }
  }
}
