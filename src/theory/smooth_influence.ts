/**
 * Influence in large outcome spaces whatever the curators' rewards: DΦ_k = diag(H_k) + Σ_r h_kr t_krᵀ with a dozen terms, since the rest of it is
 * a smooth kernel over reward levels. With P = I − w_raw − Σ w_cur diag(H), which couples models but not outcomes, and the
 * projections u_kr = t_krᵀ x_k (k the producer of channel k),
 *     x = P⁻¹ (b + Σ_k w_k ⊗ Σ_r h_kr u_kr),    (I − C) u = T P⁻¹ b,    C = T P⁻¹ (w ⊗ h)
 * (Sherman, Morrison and Woodbury). All of it is sums over outcomes, gathered a few outcomes at a time.
 */
import type { Influence } from './results.ts';
import { createSigns } from './block_influence.ts';
import type { SmoothPart } from './curation.ts';
import { addMatrixProduct, addProductTransposed, factorise } from './dense.ts';
import { gmres } from './krylov.ts';
import { gatherMass } from './levels.ts';
import { factoriseLowRank } from './low_rank.ts';
import type { Pace } from './pace.ts';
import { planPointwise, pointwiseSolver } from './pointwise.ts';
import { dot } from './system.ts';
import type { Linearisation, System } from './system.ts';
import { relativeNorm } from './tangent.ts';

/** Outcomes gathered together: what a step works on stays in the processor's caches. */
const WIDTH = 128;
/** What is left of a kernel, relative to its largest entry and weighted by the mass at both levels. */
const KERNEL_TOLERANCE = 1e-12;
/** Beyond this (models² × outcomes) ten digits of influence have to do. */
const LARGE = 1e7;
const LARGE_KERNEL_TOLERANCE = 1e-9;
/** Levels count as if they held this part of the mass at least, shared by all. */
const RARE = 1e-8;
const MAX_RANK = 60;
const MAX_LEVELS = 1024;
const MAX_PROJECTIONS = 3000;
const MAX_WORK = 2e11;
const TRUSTED = 1e-9;

interface Term {
  readonly part: SmoothPart | null;
  /** Over levels: h = p∘(W left), t = W right. */
  readonly left: readonly Float64Array[];
  readonly right: readonly Float64Array[];
  readonly offset: number;
  readonly rank: number;
}

/** `direction` and `gradient` as in block elimination. Null where kernels are not smooth, or it takes too long. */
export async function smoothInfluence(
  system: System,
  linear: Linearisation,
  direction: (model: number) => Float64Array | null,
  gradient: (model: number) => Float64Array,
  pace: Pace,
): Promise<Influence | null> {
  const { modelCount, outcomeCount, channels } = system;
  const terms = separate(system, linear);
  if (terms === null) return null;
  const projections = terms.reduce((sum, { rank }) => sum + rank, 0);
  const columns = projections + modelCount;
  const work = 2 * outcomeCount * columns * columns + projections ** 3;
  if (projections > MAX_PROJECTIONS || work > MAX_WORK) return null;
  const plan = planPointwise(system, linear, WIDTH);
  if (plan === null) return null;
  const links = consumersOf(system);
  const directions = Array.from({ length: modelCount }, (_, j) => direction(j));
  const gradients = Array.from({ length: modelCount }, (_, i) => gradient(i));
  const channelsOf: number[][] = Array.from({ length: modelCount }, () => []);
  channels.forEach(({ producer }, k) => channelsOf[producer].push(k));
  const rowsOf = channelsOf.map((list) => list.reduce((sum, k) => sum + terms[k].rank, 1));
  // Per model: its channels' t rows, then ∇J, against all h columns, then all b columns.
  const sums = rowsOf.map((rows) => new Float64Array(rows * columns));
  const states = (): Float64Array => new Float64Array(plan.nodeCount * WIDTH);
  const responses = Array.from({ length: channels.length + modelCount }, states);
  const right = new Float64Array(WIDTH * columns);
  const h = new Float64Array(projections * WIDTH);
  for (let from = 0; from < outcomeCount; from += WIDTH) {
    const to = Math.min(outcomeCount, from + WIDTH);
    const width = to - from;
    const solve = pointwiseSolver(plan, from, to);
    responses.forEach((x, r) => {
      x.fill(0);
      if (r < channels.length)
        for (const { model, weight } of links[r]) x.fill(weight, model * width, (model + 1) * width);
      else x.fill(1, (r - channels.length) * width, (r - channels.length + 1) * width);
      solve(x);
    });
    for (const term of terms) fillH(term, from, to, h);
    for (let i = 0; i < modelCount; i++) {
      const left = new Float64Array(rowsOf[i] * width);
      let row = 0;
      for (const k of channelsOf[i]) {
        const { part, right: vectors } = terms[k];
        if (part === null) continue;
        for (const vector of vectors) spread(part, vector, from, to, left, row++ * width);
      }
      left.set(gradients[i].subarray(from, to), row * width);
      for (let k = 0; k < terms.length; k++) {
        const { offset, rank } = terms[k];
        for (let c = offset; c < offset + rank; c++) {
          multiply(responses[k], i * width, h, c * WIDTH, right, c * width, width);
        }
      }
      for (let j = 0; j < modelCount; j++) {
        const b = directions[j];
        const target = (projections + j) * width;
        if (b === null) right.fill(0, target, target + width);
        else multiply(responses[channels.length + j], i * width, b, from, right, target, width);
      }
      addProductTransposed(sums[i], left, right, rowsOf[i], columns, width);
    }
    await pace('influence', Math.floor((modelCount * to) / outcomeCount), modelCount);
  }
  const reduced = solveProjections(terms, channelsOf, sums, projections, modelCount);
  if (reduced === null) return null;
  const { influence, u } = reduced;
  const isolated = new Float64Array(modelCount).fill(NaN);
  const local = new Float64Array(modelCount).fill(NaN);
  const signs = createSigns();
  const sign = directions.map(() => signs());
  let residual = checkCombination();
  for (let j = 0; j < modelCount; j++) {
    const b = directions[j];
    if (b === null) {
      for (let i = 0; i < modelCount; i++) influence[i * modelCount + j] = NaN;
      continue;
    }
    local[j] = dot(gradients[j], b);
    const x = new Float64Array(outcomeCount);
    const apart = gmres(
      (input, out) => {
        linear.applySelf(j, input, out);
        for (let v = 0; v < outcomeCount; v++) out[v] = input[v] - out[v];
      },
      b,
      x,
      { tolerance: 1e-11, restart: 60, maxIterations: 240 },
    );
    isolated[j] = dot(gradients[j], x);
    residual = Math.max(residual, apart);
    await pace('influence', modelCount, modelCount, residual);
  }
  return residual <= TRUSTED ? { influence, isolated, local, residual } : null;

  /** A random combination of all columns, solved as a whole: its residual in I − DD, or its distance from the columns' sum. */
  function checkCombination(): number {
    if (terms === null || plan === null) return NaN;
    const size = modelCount * outcomeCount;
    const source = new Float64Array(size);
    directions.forEach((b, j) => b?.forEach((value, v) => (source[j * outcomeCount + v] = sign[j] * value)));
    const combined = Float64Array.from({ length: projections }, (_, row) =>
      sign.reduce((sum, s, j) => sum + s * u[row * modelCount + j], 0),
    );
    const whole = new Float64Array(size);
    const part = states();
    for (let from = 0; from < outcomeCount; from += WIDTH) {
      const to = Math.min(outcomeCount, from + WIDTH);
      const width = to - from;
      part.fill(0);
      for (let i = 0; i < modelCount; i++) {
        part.set(source.subarray(i * outcomeCount + from, i * outcomeCount + to), i * width);
      }
      terms.forEach((term, k) => {
        fillH(term, from, to, h);
        for (let v = 0; v < width; v++) {
          let curated = 0;
          for (let r = term.offset; r < term.offset + term.rank; r++)
            curated += h[r * WIDTH + v] * combined[r];
          for (const { model, weight } of links[k]) part[model * width + v] += weight * curated;
        }
      });
      pointwiseSolver(plan, from, to)(part);
      for (let i = 0; i < modelCount; i++) {
        whole.set(part.subarray(i * width, (i + 1) * width), i * outcomeCount + from);
      }
    }
    const defect = new Float64Array(size);
    linear.apply(whole, defect);
    for (let o = 0; o < size; o++) defect[o] += source[o] - whole[o];
    let apart = 0;
    let largest = 0;
    for (let i = 0; i < modelCount; i++) {
      const expected = dot(gradients[i], whole.subarray(i * outcomeCount, (i + 1) * outcomeCount));
      const found = sign.reduce((sum, s, j) => sum + s * influence[i * modelCount + j], 0);
      apart = Math.max(apart, Math.abs(found - expected));
      largest = Math.max(largest, Math.abs(expected));
    }
    return Math.max(relativeNorm(defect, source), largest > 1e-12 ? apart / largest : apart);
  }
}

/** The smooth part of every channel in few terms; null where one needs many. */
function separate(system: System, linear: Linearisation): Term[] | null {
  const tolerance =
    system.modelCount ** 2 * system.outcomeCount > LARGE ? LARGE_KERNEL_TOLERANCE : KERNEL_TOLERANCE;
  const { outcomeCount, modelCount } = system;
  // What all models produce together tells how much the levels matter.
  const mean = new Float64Array(outcomeCount);
  for (const { held } of parts(linear)) for (let v = 0; v < outcomeCount; v++) mean[v] += held[v];
  for (let i = 0; i < modelCount; i++) system.real(i).forEach((value, v) => (mean[v] += value));
  const total = mean.reduce((sum, value) => sum + value, 0);
  const terms: Term[] = [];
  let offset = 0;
  for (const { smooth } of linear.tangents) {
    if (smooth === null) {
      terms.push({ part: null, left: [], right: [], offset, rank: 0 });
      continue;
    }
    const levels = smooth.ratio.length;
    if (levels > MAX_LEVELS) return null;
    const mass = new Float64Array(levels);
    gatherMass(smooth.levels, mean, mass);
    const scale = mass.map((value) => 1 / Math.sqrt(Math.abs(value) / total + RARE / levels));
    const found = factoriseLowRank(smooth.kernel(), levels, scale, scale, tolerance, MAX_RANK);
    if (found === null) return null;
    terms.push({ part: smooth, left: found.left, right: found.right, offset, rank: found.rank });
    offset += found.rank;
  }
  return terms;
}

function parts(linear: Linearisation): SmoothPart[] {
  return linear.tangents.flatMap(({ smooth }) => (smooth === null ? [] : [smooth]));
}

/** out = x∘y for `count` numbers of each, from where they start. */
function multiply(
  x: Float64Array,
  xFrom: number,
  y: Float64Array,
  yFrom: number,
  out: Float64Array,
  outFrom: number,
  count: number,
): void {
  for (let v = 0; v < count; v++) out[outFrom + v] = x[xFrom + v] * y[yFrom + v];
}

/** Who trains on each channel, and with what weight. */
function consumersOf({ modelCount, channels, mixing }: System): { model: number; weight: number }[][] {
  const links: { model: number; weight: number }[][] = channels.map(() => []);
  for (let i = 0; i < modelCount; i++) {
    for (let t = mixing.start[i]; t < mixing.start[i + 1]; t++) {
      const k = mixing.row[t] - modelCount;
      if (k >= 0) links[k].push({ model: i, weight: mixing.weight[t] });
    }
  }
  return links;
}

/** h rows of a term, [projection][WIDTH]. */
function fillH({ part, left, offset }: Term, from: number, to: number, h: Float64Array): void {
  if (part === null) return;
  left.forEach((vector, r) => {
    const at = (offset + r) * WIDTH;
    spread(part, vector, from, to, h, at);
    for (let v = from; v < to; v++) h[at + v - from] *= part.held[v];
  });
}

/** W·vector for outcomes from … to − 1, written from `at`. */
function spread(
  { levels }: SmoothPart,
  vector: Float64Array,
  from: number,
  to: number,
  out: Float64Array,
  at: number,
): void {
  const { cell, weight, stencil } = levels;
  for (let v = from; v < to; v++) {
    let sum = 0;
    if (stencil === 1) sum = vector[cell[v]];
    else for (let s = 0, o = v * stencil; s < stencil; s++) sum += weight[o++] * vector[cell[v] + s];
    out[at + v - from] = sum;
  }
}

/** From the gathered sums to influence [model][model] and projections [projection][model]; null where I − C is singular. */
function solveProjections(
  terms: readonly Term[],
  channelsOf: readonly (readonly number[])[],
  sums: readonly Float64Array[],
  projections: number,
  modelCount: number,
): { influence: Float64Array; u: Float64Array } | null {
  const columns = projections + modelCount;
  const matrix = new Float64Array(projections * projections);
  const u = new Float64Array(projections * modelCount);
  const influence = new Float64Array(modelCount * modelCount);
  const throughH = new Float64Array(modelCount * projections);
  channelsOf.forEach((list, i) => {
    let row = 0;
    for (const k of list) {
      for (let r = 0; r < terms[k].rank; r++, row++) {
        const target = terms[k].offset + r;
        const source = sums[i].subarray(row * columns, (row + 1) * columns);
        for (let c = 0; c < projections; c++)
          matrix[target * projections + c] = (c === target ? 1 : 0) - source[c];
        u.set(source.subarray(projections), target * modelCount);
      }
    }
    const last = sums[i].subarray(row * columns);
    throughH.set(last.subarray(0, projections), i * projections);
    influence.set(last.subarray(projections), i * modelCount);
  });
  const factors = factorise(matrix, projections);
  if (projections > 0 && !(factors.pivotRatio > 1e-14)) return null;
  const column = new Float64Array(projections);
  for (let j = 0; j < modelCount; j++) {
    for (let r = 0; r < projections; r++) column[r] = u[r * modelCount + j];
    factors.solve(column);
    for (let r = 0; r < projections; r++) u[r * modelCount + j] = column[r];
  }
  addMatrixProduct(influence, throughH, u, modelCount, projections, modelCount, 1);
  return { influence, u };
}
