// How a curator's rewards are laid out for the GPU. Host side: src/plan/curator_tables.ts.

const RULE_IDENTITY: u32 = 0u; // one candidate: nothing to choose
const RULE_PLACKETT_LUCE: u32 = 1u;
const RULE_TILT: u32 = 2u; // Plackett–Luce, infinitely many candidates
const RULE_ARGMAX: u32 = 3u;
const RULE_TOP: u32 = 4u; // argmax, infinitely many candidates
const RULE_CLOCK: u32 = 5u; // one of every `candidates` outputs is kept, without replacement

/// Lagrange points per outcome on a reward grid; a curator on distinct rewards uses one.
const MAX_STENCIL: u32 = 6u;

struct CuratorInfo {
  rule: u32,
  candidates: f32,
  stencil: u32,
  node_offset: u32,
  node_count: u32,
  cell_count: u32,
  quadrature_count: u32,
  quadrature_step: f32,
  // A curator chooses within each of its blocks; only conditional models have more than one. Entries first_block … of the
  // same array tell of the nodes and cells of each; a curator with one block is its own block.
  block_count: u32,
  first_block: u32,
  first_node: u32, // of a block, among the curator's
  first_cell: u32,
}

/// Weight of point k of six at 0 … 5 for an argument at `position` in that range.
fn lagrange(position: f32, k: u32) -> f32 {
  var weight = 1f;
  for (var j = 0u; j < MAX_STENCIL; j++) {
    if (j != k) { weight *= (position - f32(j)) / (f32(k) - f32(j)); }
  }
  return weight;
}
