/**
 * Curation where the K candidates of a choice share what is given: Φ(G) = u(b)·(P_b∘H_b) inside each block b of outcomes,
 * G = u(b)·P_b. A block's mass stays as it is; a block without mass is left alone.
 *
 * Derivative along δ, with δu its sum over a block: DΦ δ = δu·Φ_b(P_b) + DΦ_b(P_b)(δ − δu P_b). Unlike G ↦ Φ(G) on a single
 * block, whose derivative is taken along tangents only, this map is homogeneous and δ may move mass from block to block.
 */
import type { Curator } from '../scenario/ecosystem.ts';
import type { CurationTangent } from './curation.ts';
import { createCuration } from './curation.ts';

export interface BlockCuration {
  /** out = Φ(G); both of length V. Allocates nothing. */
  curate(joint: Float64Array, out: Float64Array): void;
  linearise(joint: Float64Array): CurationTangent;
}

/** `blocks` lists the outcomes of each block; together they are all outcomes of the curator. */
export function createBlockCuration(curator: Curator, blocks: readonly Uint32Array[]): BlockCuration {
  // Blocks with the same rewards share one operator.
  const known = new Map<string, ReturnType<typeof createCuration>>();
  const parts = blocks.map((outcomes) => {
    const reward = Float64Array.from(outcomes, (v) => curator.reward[v]);
    const key = reward.join();
    const operator = known.get(key) ?? createCuration({ ...curator, reward });
    known.set(key, operator);
    return {
      outcomes,
      operator,
      law: new Float64Array(outcomes.length),
      image: new Float64Array(outcomes.length),
    };
  });

  function curate(joint: Float64Array, out: Float64Array): void {
    for (const { outcomes, operator, law, image } of parts) {
      const mass = conditional(joint, outcomes, law);
      if (mass === 0) {
        for (const v of outcomes) out[v] = 0;
        continue;
      }
      operator.curate(law, image);
      for (let k = 0; k < outcomes.length; k++) out[outcomes[k]] = mass * image[k];
    }
  }

  function linearise(joint: Float64Array): CurationTangent {
    const ratio = new Float64Array(joint.length).fill(1);
    const curated = new Float64Array(joint.length);
    const tangents = parts.map(({ outcomes, operator }) => {
      const law = new Float64Array(outcomes.length);
      const mass = conditional(joint, outcomes, law);
      if (mass === 0) return null;
      const tangent = operator.linearise(law);
      for (let k = 0; k < outcomes.length; k++) {
        ratio[outcomes[k]] = tangent.ratio[k];
        curated[outcomes[k]] = mass * tangent.curated[k];
      }
      return { law, tangent };
    });
    return {
      ratio,
      curated,
      apply(delta, out) {
        parts.forEach(({ outcomes, law: change, image }, b) => {
          const here = tangents[b];
          if (here === null) {
            for (const v of outcomes) out[v] = delta[v];
            return;
          }
          let moved = 0;
          for (const v of outcomes) moved += delta[v];
          for (let k = 0; k < outcomes.length; k++) change[k] = delta[outcomes[k]] - moved * here.law[k];
          here.tangent.apply(change, image);
          for (let k = 0; k < outcomes.length; k++) {
            out[outcomes[k]] = moved * here.tangent.curated[k] + image[k];
          }
        });
      },
      transpose(f, out) {
        parts.forEach(({ outcomes, law: values, image }, b) => {
          const here = tangents[b];
          if (here === null) {
            for (const v of outcomes) out[v] = f[v];
            return;
          }
          for (let k = 0; k < outcomes.length; k++) values[k] = f[outcomes[k]];
          here.tangent.transpose(values, image);
          let level = 0;
          for (let k = 0; k < outcomes.length; k++) {
            level += here.tangent.curated[k] * values[k] - here.law[k] * image[k];
          }
          for (let k = 0; k < outcomes.length; k++) out[outcomes[k]] = image[k] + level;
        });
      },
      smooth: null,
    };
  }

  return { curate, linearise };
}

/** law = the joint law given the block, 0 where the block has no mass; returns that mass. */
export function conditional(joint: Float64Array, outcomes: Uint32Array, law: Float64Array): number {
  let mass = 0;
  for (let k = 0; k < outcomes.length; k++) mass += law[k] = joint[outcomes[k]];
  for (let k = 0; k < outcomes.length; k++) law[k] = mass === 0 ? 0 : law[k] / mass;
  return mass;
}
