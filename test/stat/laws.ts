/** Exact laws of training samples, by enumeration and closed forms that share nothing with the engine. */
import type { CuratorShape, NetworkShape } from './networks.ts';

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let v = 0; v < a.length; v++) sum += a[v] * b[v];
  return sum;
}

/** Law of what a curator picks from K independent draws of p, by going through all V^K draws. */
export function pickedByEnumeration(p: ArrayLike<number>, curator: CuratorShape): number[] {
  const { reward, temperature = 1, candidates = 4, rule = 'plackett-luce' } = curator;
  const weight = reward.map((r) => Math.exp(r / temperature));
  const law = reward.map(() => 0);
  const shown: number[] = [];
  const visit = (probability: number): void => {
    if (probability === 0) return;
    if (shown.length < candidates) {
      for (let v = 0; v < reward.length; v++) {
        shown.push(v);
        visit(probability * p[v]);
        shown.pop();
      }
    } else if (rule === 'argmax') {
      const best = Math.max(...shown.map((v) => reward[v]));
      law[shown.find((v) => reward[v] === best) ?? -1] += probability;
    } else {
      const total = shown.reduce((sum, v) => sum + weight[v], 0);
      for (const v of shown) law[v] += (probability * weight[v]) / total;
    }
  };
  visit(1);
  return law;
}

/** Law of the pick from infinitely many draws: the tilt p·e^(r/τ)/Z, or p on its best reachable reward level. */
export function pickedFromInfinity(p: ArrayLike<number>, curator: CuratorShape): number[] {
  const { reward, temperature = 1, rule = 'plackett-luce' } = curator;
  const reachable = reward.filter((_, v) => p[v] > 0);
  const best = Math.max(...reachable);
  const mass = reward.map((r, v) => {
    if (rule === 'argmax') return r === best ? p[v] : 0;
    return p[v] * Math.exp((r - best) / temperature);
  });
  const total = mass.reduce((sum, value) => sum + value, 0);
  return mass.map((value) => value / total);
}

/**
 * P(the pick from K draws has the high reward) where outcomes have two rewards, `gap` temperatures apart, and a draw is high
 * with probability `high`: Σ_k C(K,k) high^k (1−high)^(K−k) · k e^gap/(k e^gap + K − k).
 */
export function pickedHigh(high: number, gap: number, candidates: number): number {
  let logBinomial = candidates * Math.log1p(-high); // of k = 0
  let total = 0;
  for (let k = 1; k <= candidates; k++) {
    logBinomial += Math.log(((candidates - k + 1) / k) * (high / (1 - high)));
    total += (Math.exp(logBinomial) * k) / (k + (candidates - k) * Math.exp(-gap));
  }
  return total;
}

function picked(p: ArrayLike<number>, curator: CuratorShape): number[] {
  return curator.candidates === Infinity ? pickedFromInfinity(p, curator) : pickedByEnumeration(p, curator);
}

/** D_i = w_real·R + Σ w·(raw or picked output): the law of model i's training samples in `state`, one row per model. */
export function trainingLaw(shape: NetworkShape, i: number, state: readonly ArrayLike<number>[]): number[] {
  const { real, realWeight, sources } = shape.models[i];
  const law = real.map((probability) => realWeight * probability);
  for (const { producer, weight, curator } of sources) {
    const p = state[producer];
    const output = curator === undefined ? p : picked(p, shape.curators?.[curator] ?? { reward: [] });
    for (let v = 0; v < law.length; v++) law[v] += weight * output[v];
  }
  return law;
}
