/**
 * (I − DD)^{-1} b for a b that sits at one model of a large network with few outcomes. What a model changes fades with
 * distance, so only models whose residual still matters are touched: block relaxation driven by residuals (the block form of
 * Andersen, Chung and Lang's push, 2006). Each visit inverts the model's own block exactly and pushes the rest on to its consumers.
 */
import { factorise } from './dense.ts';
import type { Linearisation, System } from './system.ts';
import { fromTangent, relativeNorm, tangentMatrix, toTangent } from './tangent.ts';

/** Up to this many outcomes a model's block is held as a dense matrix. */
export const LOCAL_OUTCOMES = 128;

export interface LocalResolvent {
  /** x = (I − F_jj)^{-1} b for one model (length V); returns the relative residual. */
  alone(model: number, b: Float64Array, x: Float64Array): number;
  /** x = (I − DD)^{-1} b, [model][outcome]; returns the relative residual, or null where the relaxation diverges. */
  solve(model: number, b: Float64Array, x: Float64Array): number | null;
}

export function createLocalResolvent(
  system: System,
  linear: Linearisation,
  tolerance: number,
): LocalResolvent {
  const { modelCount, outcomeCount } = system;
  const q = outcomeCount - 1;
  const channelBlock = linear.tangents.map((tangent) =>
    tangentMatrix((input, out) => tangent.apply(input, out), 1, outcomeCount),
  );
  const inverse = Array.from({ length: modelCount }, (_, j) =>
    invertBlock(
      tangentMatrix((input, out) => linear.applySelf(j, input, out), 1, outcomeCount),
      q,
    ),
  );
  const outlets = collectOutlets(system);
  const residual = new Float64Array(modelCount * q);
  const solution = new Float64Array(modelCount * q);
  const queued = new Uint8Array(modelCount);
  const queue = new Uint32Array(modelCount);
  const step = new Float64Array(q);
  const image = new Float64Array(q);
  const reduced = new Float64Array(q);
  const defect = new Float64Array(outcomeCount);

  function norm(model: number): number {
    let sum = 0;
    for (let a = 0, o = model * q; a < q; a++) sum += Math.abs(residual[o++]);
    return sum;
  }

  return {
    alone(model, b, x) {
      toTangent(b, outcomeCount, reduced);
      multiply(inverse[model], reduced, 0, q, step);
      fromTangent(step, outcomeCount, x);
      linear.applySelf(model, x, defect);
      for (let v = 0; v < outcomeCount; v++) defect[v] += b[v] - x[v];
      return relativeNorm(defect, b);
    },
    solve(model, b, x) {
      residual.fill(0);
      solution.fill(0);
      toTangent(b, outcomeCount, reduced);
      residual.set(reduced, model * q);
      const start = norm(model);
      if (start === 0) {
        x.fill(0);
        return 0;
      }
      const threshold = 0.03 * tolerance * start;
      let head = 0;
      let length = 1;
      queue[0] = model;
      queued[model] = 1;
      const limit = 400 * modelCount;
      for (let visits = 0; length > 0; visits++) {
        const i = queue[head];
        head = head + 1 === modelCount ? 0 : head + 1;
        length--;
        queued[i] = 0;
        if (visits > limit) {
          queued.fill(0);
          return null;
        }
        multiply(inverse[i], residual, i * q, q, step);
        residual.fill(0, i * q, (i + 1) * q);
        for (let a = 0, o = i * q; a < q; a++) solution[o++] += step[a];
        for (const { channel, consumers, weights } of outlets[i]) {
          let pushed = step;
          if (channel >= 0) {
            multiply(channelBlock[channel], step, 0, q, image);
            pushed = image;
          }
          for (let t = 0; t < consumers.length; t++) {
            const consumer = consumers[t];
            const weight = weights[t];
            let size = 0;
            for (let a = 0, o = consumer * q; a < q; a++, o++) {
              const value = residual[o] + weight * pushed[a];
              residual[o] = value;
              size += Math.abs(value);
            }
            if (queued[consumer] === 0 && size > threshold) {
              queued[consumer] = 1;
              const tail = head + length;
              queue[tail < modelCount ? tail : tail - modelCount] = consumer;
              length++;
            }
          }
        }
      }
      let left = 0;
      for (let i = 0; i < modelCount; i++) left += norm(i);
      fromTangent(solution, outcomeCount, x);
      return left / start;
    },
  };
}

/** What flows out of a model over one kind of link: raw (channel −1) or curated. */
interface Outlet {
  readonly channel: number;
  readonly consumers: number[];
  readonly weights: number[];
}

/** Links to other models, grouped by producer and channel. */
function collectOutlets(system: System): Outlet[][] {
  const { modelCount, mixing, channels } = system;
  const outlets: Outlet[][] = Array.from({ length: modelCount }, () => []);
  const known = new Map<number, Outlet>();
  for (let i = 0; i < modelCount; i++) {
    for (let t = mixing.start[i]; t < mixing.start[i + 1]; t++) {
      const source = mixing.row[t];
      const channel = source - modelCount;
      const producer = channel < 0 ? source : channels[channel].producer;
      if (producer === i) continue;
      let outlet = known.get(source);
      if (outlet === undefined) {
        outlet = { channel: Math.max(-1, channel), consumers: [], weights: [] };
        known.set(source, outlet);
        outlets[producer].push(outlet);
      }
      outlet.consumers.push(i);
      outlet.weights.push(mixing.weight[t]);
    }
  }
  return outlets;
}

/** (I − B)^{-1}, row-major. */
function invertBlock(b: Float64Array, n: number): Float64Array {
  for (let o = 0; o < b.length; o++) b[o] = (o % (n + 1) === 0 ? 1 : 0) - b[o];
  const factors = factorise(b, n);
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    column.fill(0);
    column[j] = 1;
    factors.solve(column);
    for (let i = 0; i < n; i++) inverse[i * n + j] = column[i];
  }
  return inverse;
}

/** out = A·x[offset …] for an n×n matrix. */
function multiply(a: Float64Array, x: Float64Array, offset: number, n: number, out: Float64Array): void {
  for (let i = 0, o = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += a[o++] * x[offset + j];
    out[i] = sum;
  }
}
