/**
 * Influence in large outcome spaces where all curators judge by one coordinate (their rewards are affine in it).
 *
 * Rewards and everything the adjoint of the loop makes of them are analytic functions of that coordinate, so as far as influence goes, the
 * distributions may be replaced by signed masses on n Chebyshev–Lobatto points, the transpose of barycentric interpolation: Σ_v p_v f(t_v) ≈
 * Σ_g (Σ_v p_v ℓ_g(t_v)) f(t_g). The error falls like ϱ^{−n} with ϱ = b + √(1+b²), b = π/range (the strip |Im ρ| < π/2
 * where curation is analytic) unless some 1 − A(ρ) nearly vanishes closer by; two sizes are compared to know it.
 */
import type { Curator, Ecosystem } from '../scenario/ecosystem.ts';
import { influenceMatrix } from './influence.ts';
import { LOCAL_OUTCOMES } from './local_resolvent.ts';
import type { Pace } from './pace.ts';
import type { Compensation, Influence } from './results.ts';
import { createSystem } from './system.ts';

/** Two sizes must agree to this, relative to the largest influence. */
const AGREEMENT = 1e-8;

/** Null where the curators do not share a coordinate, or two sizes disagree. Errors are included in `residual`. */
export async function chebyshevInfluence(
  ecosystem: Ecosystem,
  state: Float64Array,
  compensation: Compensation,
  pace: Pace,
): Promise<Influence | null> {
  const shared = sharedCoordinate(ecosystem);
  if (shared === null) return null;
  const b = Math.PI / Math.max(shared.range, 1e-3);
  const needed = Math.ceil(30 / Math.log(b + Math.hypot(1, b))) + 12;
  if (needed > LOCAL_OUTCOMES - 16) return null;
  const results: Influence[] = [];
  for (const count of [needed, needed + 16]) {
    const coarse = collocate(ecosystem, state, shared, count);
    const system = createSystem(coarse.ecosystem);
    results.push(
      await influenceMatrix(system, system.linearise(coarse.state), coarse.state, compensation, pace, {}),
    );
  }
  const [first, second] = results;
  const residual = Math.max(
    second.residual,
    disagreement(first.influence, second.influence),
    disagreement(first.isolated, second.isolated),
  );
  return residual <= AGREEMENT ? { ...second, residual } : null;
}

interface SharedCoordinate {
  /** The coordinate of every outcome, scaled to [−1, 1]. */
  readonly position: Float64Array;
  /** reward_c = offset_c + slope_c·position. */
  readonly offset: Float64Array;
  readonly slope: Float64Array;
  /** Largest reward range over temperature of the curators in use. */
  readonly range: number;
}

function sharedCoordinate(ecosystem: Ecosystem): SharedCoordinate | null {
  const { curatorOf, edges, parameters } = ecosystem;
  const { curators, edgeWeight } = parameters;
  const selecting = new Set<number>();
  edges.curator.forEach((c, e) => {
    if (c >= 0 && edgeWeight[e] > 0 && curators[c].candidates > 1) selecting.add(c);
  });
  const used = new Set<number>([...selecting, ...curatorOf]);
  const base = [...used].find((c) => span(curators[c].reward) > 0);
  if (base === undefined) return null;
  const reward = curators[base].reward;
  const low = minimum(reward);
  const half = span(reward) / 2;
  const position = reward.map((r) => (r - low) / half - 1);
  const first = reward.indexOf(low);
  const last = reward.indexOf(maximum(reward));
  const offset = new Float64Array(curators.length);
  const slope = new Float64Array(curators.length);
  let range = 0;
  for (const c of used) {
    const { reward: r, rule, temperature } = curators[c];
    if (selecting.has(c) && rule === 'argmax') return null;
    slope[c] = (r[last] - r[first]) / (position[last] - position[first]);
    offset[c] = r[first] - slope[c] * position[first];
    const scale = span(r);
    for (let v = 0; v < r.length; v++) {
      if (Math.abs(r[v] - offset[c] - slope[c] * position[v]) > 1e-13 * scale) return null;
    }
    if (selecting.has(c)) range = Math.max(range, scale / temperature);
  }
  return { position, offset, slope, range };
}

function collocate(
  ecosystem: Ecosystem,
  state: Float64Array,
  shared: SharedCoordinate,
  count: number,
): { ecosystem: Ecosystem; state: Float64Array } {
  const outcomes = ecosystem.outcomeCount;
  const models = ecosystem.models.length;
  const node = Float64Array.from({ length: count }, (_, g) => -Math.cos((Math.PI * g) / (count - 1)));
  const sources = [
    ...ecosystem.distributions,
    ...Array.from({ length: models }, (_, i) => state.subarray(i * outcomes, (i + 1) * outcomes)),
  ];
  const masses = sources.map(() => new Float64Array(count));
  const basis = new Float64Array(count);
  for (let v = 0; v < outcomes; v++) {
    barycentricBasis(node, shared.position[v], basis);
    for (let d = 0; d < sources.length; d++) {
      const p = sources[d][v];
      const mass = masses[d];
      if (p !== 0) for (let g = 0; g < count; g++) mass[g] += p * basis[g];
    }
  }
  const coarseState = new Float64Array(models * count);
  for (let i = 0; i < models; i++) coarseState.set(masses[ecosystem.distributions.length + i], i * count);
  const curators: Curator[] = ecosystem.parameters.curators.map((curator, c) => ({
    ...curator,
    reward: node.map((t) => shared.offset[c] + shared.slope[c] * t),
  }));
  return {
    ecosystem: {
      ...ecosystem,
      outcomeCount: count,
      labels: null,
      distributions: masses.slice(0, ecosystem.distributions.length),
      parameters: { ...ecosystem.parameters, curators },
    },
    state: coarseState,
  };
}

/** Lagrange basis on Chebyshev–Lobatto points by the barycentric formula (weights ±1, halved at the ends). */
function barycentricBasis(node: Float64Array, t: number, basis: Float64Array): void {
  const last = node.length - 1;
  let total = 0;
  for (let g = 0; g <= last; g++) {
    const distance = t - node[g];
    if (distance === 0) {
      basis.fill(0);
      basis[g] = 1;
      return;
    }
    const weight = (g % 2 === 0 ? 1 : -1) * (g === 0 || g === last ? 0.5 : 1);
    basis[g] = weight / distance;
    total += basis[g];
  }
  for (let g = 0; g <= last; g++) basis[g] /= total;
}

function disagreement(a: Float64Array, b: Float64Array): number {
  let difference = 0;
  let largest = 0;
  for (let k = 0; k < a.length; k++) {
    if (Number.isNaN(b[k])) continue;
    difference = Math.max(difference, Math.abs(a[k] - b[k]));
    largest = Math.max(largest, Math.abs(b[k]));
  }
  return largest === 0 ? difference : difference / largest;
}

function minimum(values: Float64Array): number {
  return values.reduce((low, value) => Math.min(low, value), Infinity);
}

function maximum(values: Float64Array): number {
  return values.reduce((high, value) => Math.max(high, value), -Infinity);
}

function span(values: Float64Array): number {
  return maximum(values) - minimum(values);
}
