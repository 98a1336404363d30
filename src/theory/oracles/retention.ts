/**
 * Neutral drift of one model that keeps old data: exact second moments, without curation. X_t is the share of every
 * outcome among the n samples of round t, X_0 the initial state; F = E Σ_v P(v)² is the homozygosity.
 */

/**
 * All data kept: F_t after rounds 0 … t of a model that draws a share `raw` of its data from itself and the rest from its
 * first state `start`. P_t = (t·P_{t−1} + X_t)/(t+1) gives, with D = (1−η)·R + η·P_{t−1},
 * (t+1)²·F_t = t²·F_{t−1} + 2t·E⟨P, D⟩ + (1−1/n)·E|D|² + 1/n.
 */
export function accumulatedHomozygosity(
  start: Float64Array,
  raw: number,
  population: number,
  rounds: number,
): Float64Array {
  const fixed = start.reduce((sum, p) => sum + p * p, 0);
  const all = new Float64Array(rounds + 1);
  all[0] = fixed;
  for (let t = 1; t <= rounds; t++) {
    const old = all[t - 1];
    const withLaw = (1 - raw) * fixed + raw * old; // the mean of P is the first state all along
    const ofLaw = (1 - raw * raw) * fixed + raw * raw * old;
    const fresh = ofLaw + (1 - ofLaw) / population;
    all[t] = (t * t * old + 2 * t * withLaw + fresh) / (t + 1) ** 2;
  }
  return all;
}

/**
 * Heterozygosity 1 − F left after all rounds, in parts of the first, by a model that keeps all data and trains on nothing
 * but its own output: Π_{s≥2} (1 − 1/(n s²)) = sin(π/√n)/((π/√n)(1 − 1/n)), 1/2 for n = 1. It never dies out.
 */
export function heterozygosityKept(population: number): number {
  if (population === 1) return 0.5;
  const x = Math.PI / Math.sqrt(population);
  return Math.sin(x) / (x * (1 - 1 / population));
}

/**
 * All data kept, n samples of them drawn anew (with replacement) for each fit: heterozygosity of the pool and of the
 * model after each round of training on its own output. A round draws twice, so the pool loses (2/n − 1/n²)/(t+1)² of it
 * (the first round, whose model is the initial state, 1/(4n)), and the model has 1 − 1/n of the pool's.
 */
export function subsampledHeterozygosity(
  start: Float64Array,
  population: number,
  rounds: number,
): { readonly pool: Float64Array; readonly model: Float64Array } {
  const pool = new Float64Array(rounds + 1);
  pool[0] = 1 - start.reduce((sum, p) => sum + p * p, 0);
  const once = 1 / population;
  for (let t = 1; t <= rounds; t++) {
    const lost = t === 1 ? once : 2 * once - once * once;
    pool[t] = pool[t - 1] * (1 - lost / (t + 1) ** 2);
  }
  return { pool, model: pool.map((value, t) => (t === 0 ? value : (1 - once) * value)) };
}

/**
 * The last w rounds kept, nothing but its own output: heterozygosity after each round. G[a][b] = E⟨X_{t−a}, X_{t−b}⟩ over the
 * rounds in the window; a new round has E⟨X, X_b⟩ = mean of column b, and E|X|² = (1−1/n)·(mean of all) + 1/n.
 */
export function windowedHeterozygosity(
  start: Float64Array,
  window: number,
  population: number,
  rounds: number,
): Float64Array {
  const fixed = start.reduce((sum, p) => sum + p * p, 0);
  let overlaps: number[][] = [[fixed]];
  const all = new Float64Array(rounds + 1);
  for (let t = 0; ; t++) {
    const held = overlaps.length;
    const columns = overlaps.map((_, b) => overlaps.reduce((sum, row) => sum + row[b], 0) / held);
    const mean = columns.reduce((sum, value) => sum + value, 0) / held;
    all[t] = 1 - mean;
    if (t === rounds) return all;
    const newest = [(1 - 1 / population) * mean + 1 / population, ...columns];
    overlaps = [newest, ...overlaps.map((row, a) => [columns[a], ...row])]
      .slice(0, window)
      .map((row) => row.slice(0, window));
  }
}
