// The least a dispatch can do: count itself.
// One thread.
// Moves 8 bytes.
// Deterministic: each dispatch waits for the one before, since both write the same word.
// Mirror: bench/measure/overheads.ts.

@group(0) @binding(0) var<storage, read_write> ticks: array<u32>;

@compute @workgroup_size(1)
fn main() {
  ticks[0] += 1u;
}
