// Density ratio H per reward node. Finite K: H(a) = K a ∫ e^(−s a) φ(s)^(K−1) ds with φ(s) = E_p[e^(−s a)], a = e^ρ.
// One workgroup of 64 lanes per (channel, replicate, block of the curator). Lanes stride over quadrature nodes, then over reward nodes.
// O(nodes × quadrature) exponentials, a few kilobytes moved. All in logarithms (x = ρ + ln s): no overflow at any range.
// Deterministic: 64 lanes always, added in order. Ends normalised, Σ mass·H = 1; of several blocks each keeps its mass.
// Mirror: src/theory/quadrature.ts, src/theory/curation.ts, src/theory/without_replacement.ts (float64).
import package::shared::curators::{CuratorInfo, MAX_STENCIL, RULE_IDENTITY, RULE_PLACKETT_LUCE, RULE_TILT, RULE_ARGMAX, RULE_CLOCK};
import package::shared::elementary::{exponential, one_minus_exp, log_one_minus};

const LANES: u32 = 64u;
const U_MIN: f32 = -3.7f; // s = c·exp(u − e^(−u)): the integrand below is under 1e-17
/// Each leaves a 65th of the interval that holds ln s: 700 shrinks to 6e-7, a hundredth of float32's step there.
const ROOT_STAGES: u32 = 5u;
const ROOT_MARGIN: f32 = 0.001f; // more than rounding and the driver's log are off by

struct Params {
  channels: u32,
  first_channel: u32,
  partial_stride: u32,
  node_stride: u32,
  quadrature_stride: u32,
  blocks: u32, // most that any curator has
}

@group(0) @binding(0) var<storage, read> cells: array<f32>;
@group(0) @binding(1) var<storage, read> channels: array<vec2u>;
@group(0) @binding(2) var<storage, read> replicates: array<vec2u>;
@group(0) @binding(3) var<storage, read> curators: array<CuratorInfo>;
@group(0) @binding(4) var<storage, read> nodes: array<f32>; // ρ, ascending
@group(0) @binding(5) var<storage, read_write> node_mass: array<f32>;
@group(0) @binding(6) var<storage, read_write> scratch: array<vec2f>; // ln s, quadrature weight times φ^(K−1)
@group(0) @binding(7) var<storage, read_write> ratio: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> wg_sum: array<f32, LANES>;
var<workgroup> wg_max: array<u32, LANES>;

// Every lane adds all 64 values itself: short loops compile far faster than unrolled trees on software drivers.

fn sum_lanes(lane: u32, value: f32) -> f32 {
  wg_sum[lane] = value;
  workgroupBarrier();
  var total = 0f;
  for (var other = 0u; other < LANES; other++) { total += wg_sum[other]; }
  workgroupBarrier();
  return total;
}

fn max_lanes(lane: u32, value: u32) -> u32 {
  wg_max[lane] = value;
  workgroupBarrier();
  var largest = 0u;
  for (var other = 0u; other < LANES; other++) { largest = max(largest, wg_max[other]); }
  workgroupBarrier();
  return largest;
}

/// Sum of the lanes above this one, and of all.
fn suffix_lanes(lane: u32, value: f32) -> vec2f {
  wg_sum[lane] = value;
  workgroupBarrier();
  var above = 0f;
  for (var other = LANES - 1u; other > lane; other--) { above += wg_sum[other]; }
  var all = above;
  for (var other = i32(lane); other >= 0; other--) { all += wg_sum[other]; }
  workgroupBarrier();
  return vec2f(above, all);
}

/// ln(1 − x), also where x is near 1 and the complement is known.
fn log_complement(x: f32, complement: f32) -> f32 {
  if (x <= 0.5f) { return log_one_minus(x); }
  return log(max(complement, 1e-37f));
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let channel = params.first_channel + group.x;
  let replicate = group.y;
  let row = replicate * params.channels + channel;
  let whole = curators[channels[replicates[replicate].x * params.channels + channel].y];
  if (group.z >= whole.block_count) { return; }
  let curator = curators[whole.first_block + group.z];
  let count = curator.node_count;
  let node_row = row * params.node_stride + curator.first_node;
  let cell_row = row * params.partial_stride + curator.first_cell;

  // Mass at each node: the transpose of interpolation.
  var mass_sum = 0f;
  var highest = 0u;
  for (var n = lane; n < count; n += LANES) {
    var mass = 0f;
    for (var k = 0u; k < min(curator.stencil, n + 1u); k++) {
      if (n - k < curator.cell_count) { mass += cells[(cell_row + n - k) * MAX_STENCIL + k]; }
    }
    node_mass[node_row + n] = mass;
    mass_sum += mass;
    if (mass > 0f) { highest = max(highest, n); }
  }
  let held = sum_lanes(lane, mass_sum);
  let total = select(held, 1f, held == 0f);
  let top = max_lanes(lane, highest);
  let top_rho = nodes[curator.node_offset + top];
  storageBarrier();

  if (curator.rule == RULE_PLACKETT_LUCE) {
    var mean = 0f;
    for (var n = lane; n <= top; n += LANES) {
      mean += node_mass[node_row + n] * exponential(nodes[curator.node_offset + n] - top_rho);
    }
    let others = curator.candidates - 1f;
    let log_c = -top_rho - log(1f + others * (sum_lanes(lane, mean) / total));
    let scratch_row = (row * params.blocks + group.z) * params.quadrature_stride;
    for (var q = lane; q < curator.quadrature_count; q += LANES) {
      let u = U_MIN + f32(q) * curator.quadrature_step;
      let left = exponential(-u);
      let log_s = log_c + u - left;
      var phi = 0f;
      var psi = 0f; // 1 − φ, summed on its own so that φ^(K−1) keeps its precision for large K
      for (var n = 0u; n < count; n++) {
        let mass = node_mass[node_row + n] / total;
        let x = exponential(nodes[curator.node_offset + n] + log_s);
        let survival = exponential(-x);
        phi += mass * survival;
        psi += mass * one_minus_exp(x, survival);
      }
      let power = exponential(others * log_complement(psi, phi));
      scratch[scratch_row + q] = vec2f(log_s, curator.quadrature_step * (1f + left) * power);
    }
    storageBarrier();
    for (var n = lane; n < count; n += LANES) {
      var h = 0f;
      for (var q = 0u; q < curator.quadrature_count; q++) {
        let x = nodes[curator.node_offset + n] + scratch[scratch_row + q].x;
        h += scratch[scratch_row + q].y * exponential(x - exponential(x));
      }
      ratio[node_row + n] = curator.candidates * h;
    }
  } else if (curator.rule == RULE_TILT) {
    for (var n = lane; n < count; n += LANES) {
      // Nodes above the reachable top carry no mass; their weights must not drown those that do. One step of the
      // exponent is more than a reward grid interpolates across.
      ratio[node_row + n] = exponential(min(nodes[curator.node_offset + n] - top_rho, 1f));
    }
  } else if (curator.rule == RULE_ARGMAX) {
    // P(level g is best of K) = F^K − (F − g)^K, scanned from the top so that F near 1 keeps its precision.
    var above_tiles = 0f;
    for (var tile = (count + LANES - 1u) / LANES; tile > 0u; tile--) {
      let n = (tile - 1u) * LANES + lane;
      var mass = 0f;
      if (n < count) { mass = node_mass[node_row + n] / total; }
      let suffix = suffix_lanes(lane, mass);
      let above = clamp(above_tiles + suffix.x, 0f, 1f);
      above_tiles += suffix.y;
      if (n < count) {
        let f = max(1f - above, 1e-37f);
        let log_f = log_complement(above, f);
        let share = min(mass / f, 1f);
        var h = curator.candidates * exponential((curator.candidates - 1f) * log_f);
        if (mass > 0f) {
          let exponent = min(-curator.candidates * log_complement(share, 1f - share), 87f);
          let chosen = one_minus_exp(exponent, exponential(-exponent));
          h = exponential(curator.candidates * log_f) * chosen / mass;
        }
        ratio[node_row + n] = h;
      }
    }
  } else if (curator.rule == RULE_CLOCK) {
    // H = K (1 − e^(−s a)) with s such that φ(s) = 1 − 1/K = left. One level alone has its root where e^(−s a) = left: with
    // a = E a too early (Jensen), at the lowest level too late. Each lane tries one place in between, ln s + ρ of the reachable top.
    let kept = 1f / curator.candidates;
    let left = (curator.candidates - 1f) / curator.candidates;
    var mean = 0f;
    for (var n = lane; n <= top; n += LANES) {
      mean += node_mass[node_row + n] * exponential(nodes[curator.node_offset + n] - top_rho);
    }
    let depth = log(-log_complement(kept, left));
    let lowest = nodes[curator.node_offset] - top_rho;
    var low = depth - log(max(sum_lanes(lane, mean) / total, 1e-37f)) - ROOT_MARGIN;
    var width = max(depth - lowest + ROOT_MARGIN - low, 0f);
    for (var stage = 0u; stage < ROOT_STAGES; stage++) {
      let at = low + width * (f32(lane + 1u) / f32(LANES + 1u));
      var took = 0f;
      var remains = 0f;
      for (var n = 0u; n < count; n++) {
        let mass = node_mass[node_row + n] / total;
        let x = exponential(nodes[curator.node_offset + n] - top_rho + at);
        let survival = exponential(-x);
        took += mass * one_minus_exp(x, survival);
        remains += mass * survival;
      }
      // The smaller of the two sums keeps more digits.
      let early = select(remains > left, took < kept, kept < 0.5f);
      low += width * (f32(max_lanes(lane, select(0u, lane + 1u, early))) / f32(LANES + 1u));
      width /= f32(LANES + 1u);
    }
    let at = low + 0.5f * width;
    for (var n = lane; n < count; n += LANES) {
      let x = exponential(nodes[curator.node_offset + n] - top_rho + at);
      ratio[node_row + n] = curator.candidates * one_minus_exp(x, exponential(-x));
    }
  } else {
    for (var n = lane; n < count; n += LANES) {
      ratio[node_row + n] = select(select(0f, 1f, n == top), 1f, curator.rule == RULE_IDENTITY);
    }
  }
  storageBarrier();

  var chosen_mass = 0f;
  for (var n = lane; n < count; n += LANES) { chosen_mass += node_mass[node_row + n] * ratio[node_row + n]; }
  let chosen = sum_lanes(lane, chosen_mass);
  if (held == 0f) { // nothing is given here
    for (var n = lane; n < count; n += LANES) { ratio[node_row + n] = 1f; }
    return;
  }
  let scale = select(held, 1f, whole.block_count == 1u) / chosen;
  for (var n = lane; n < count; n += LANES) { ratio[node_row + n] *= scale; }
}
