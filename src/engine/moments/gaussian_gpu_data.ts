/** The tables of shaders/evolve_gaussian.wgsl. */
import { choleskyInto } from '../../cpu/gaussian_factor.ts';
import { windowOf } from '../../cpu/gaussian_memory.ts';
import type { EvolveGaussianSizes } from '../../kernels/evolve_gaussian.ts';
import { lawStride, momentsOf } from '../../kernels/evolve_gaussian.ts';
import type { ChannelKind, GaussianPlan } from '../../plan/gaussian_plan.ts';
import type { GaussianEnsemble, GaussianLaw } from '../../scenario/gaussian.ts';

const KINDS: Readonly<Record<ChannelKind, number>> = { identity: 0, tilt: 1, choice: 2 };
const NOISY_BIT = 0x80000000;
const MODEL_WORDS = 8;

export function gaussianSizes(
  plan: GaussianPlan,
  { ecosystem, stream }: GaussianEnsemble,
): EvolveGaussianSizes {
  return {
    models: plan.models,
    dimension: plan.dimension,
    replicates: stream.length,
    channels: plan.channels.length,
    sources: plan.sourceStart[plan.models],
    curators: ecosystem.parameters.curators.length,
    ring: ringStarts(ecosystem)[plan.models],
    seed: ecosystem.seed,
    unbiased: ecosystem.estimator === 'unbiased' ? 1 : 0,
  };
}

/** First entry of every model's window in a replicate's ring, and their number at the end. */
function ringStarts({ retention, rounds }: GaussianEnsemble['ecosystem']): Uint32Array {
  const starts = new Uint32Array(retention.length + 1);
  retention.forEach((rule, i) => {
    starts[i + 1] = starts[i] + (rule.kind === 'window' ? windowOf(rule.rounds, rounds) : 0);
  });
  return starts;
}

export type GaussianTables = Readonly<
  Record<'models' | 'sources' | 'channels' | 'replicates', Uint32Array> &
    Record<'curators' | 'ring', Float32Array>
>;

/** Everything but the trajectory and the laws. */
export function gaussianTables(plan: GaussianPlan, ensemble: GaussianEnsemble): GaussianTables {
  const { variantOf, stream } = ensemble;
  return {
    models: Uint32Array.from(plan.variants.flatMap((_, v) => modelWords(plan, ensemble, v))),
    sources: Uint32Array.from(plan.variants.flatMap((_, v) => sourceWords(plan, v))),
    channels: Uint32Array.from(
      plan.variants.flatMap(({ kinds }) =>
        plan.channels.flatMap(({ producer, curator }, c) => [producer, curator, KINDS[kinds[c]], 0]),
      ),
    ),
    curators: Float32Array.from(
      plan.variants.flatMap(({ tilts }) =>
        tilts.flatMap(({ push, pull }) => [...push, ...(pull ?? new Float64Array(push.length ** 2))]),
      ),
    ),
    replicates: Uint32Array.from([...variantOf].flatMap((variant, r) => [variant, stream[r]])),
    ring: initialRing(plan, ensemble),
  };
}

function modelWords(plan: GaussianPlan, { ecosystem }: GaussianEnsemble, v: number): number[] {
  const { lastSource, parameters } = plan.variants[v];
  const starts = ringStarts(ecosystem);
  const words: number[] = [];
  ecosystem.retention.forEach((rule, i) => {
    const keep = rule.kind === 'window' ? 2 : rule.kind === 'accumulate' ? 1 : 0;
    const window = Math.max(starts[i + 1] - starts[i], 1);
    words.push(plan.sourceStart[i], lastSource[i], parameters.population[i], keep);
    words.push(plan.channelStart[i], plan.channelStart[i + 1], starts[i], window);
  });
  if (words.length !== MODEL_WORDS * plan.models) throw new RangeError('a model is eight words');
  return words;
}

function sourceWords(plan: GaussianPlan, v: number): number[] {
  const { threshold, row, candidates, parameters } = plan.variants[v];
  return Array.from(threshold, (value, s) => {
    const channel = row[s] - 2 * plan.models;
    const curator = channel < 0 ? 0 : plan.channels[channel].curator;
    const noisy = parameters.curators.length > 0 && parameters.curators[curator].rule !== 'argmax';
    return [value, row[s], candidates[s], (noisy ? curator | NOISY_BIT : curator) >>> 0];
  }).flat();
}

/** The initial state is the data of round 0: its covariance as the estimator has it becomes that by maximum likelihood. */
function initialRing(
  plan: GaussianPlan,
  { ecosystem, stream, variants, variantOf }: GaussianEnsemble,
): Float32Array {
  const starts = ringStarts(ecosystem);
  const size = momentsOf(plan.dimension);
  const perReplicate = starts[plan.models] * size;
  const ring = new Float32Array(stream.length * perReplicate);
  for (let r = 0; r < stream.length; r++) {
    const { population } = variants[variantOf[r]];
    for (let i = 0; i < plan.models; i++) {
      if (starts[i + 1] === starts[i]) continue;
      const n = population[i];
      const shrink = ecosystem.estimator === 'unbiased' ? (n - 1) / n : 1;
      const { mean, covariance } = ecosystem.initial[i];
      const scaled = { mean, covariance: covariance.map((value) => value * shrink) };
      packInto(scaled, ring, r * perReplicate + starts[i] * size);
    }
  }
  return ring;
}

/** Real data, one law per model, as they stand at the head of the table of laws. */
export function realLaws({ ecosystem }: GaussianEnsemble): Float32Array {
  const { dimension: d, real } = ecosystem;
  const stride = lawStride(d);
  const laws = new Float32Array(real.length * stride);
  const factor = new Float64Array(d * d);
  real.forEach(({ mean, covariance }, i) => {
    choleskyInto(covariance, factor, d);
    laws.set(mean, i * stride);
    laws.set(factor, i * stride + 2 * d);
  });
  return laws;
}

/** Mean, then the covariance of a and b ≤ a, row by row. */
export function packInto({ mean, covariance }: GaussianLaw, out: Float32Array, at: number): void {
  const d = mean.length;
  out.set(mean, at);
  let k = at + d;
  for (let a = 0; a < d; a++) for (let b = 0; b <= a; b++) out[k++] = covariance[a * d + b];
}

/** The reverse. */
export function unpackInto(packed: Float32Array, at: number, { mean, covariance }: GaussianLaw): void {
  const d = mean.length;
  for (let i = 0; i < d; i++) mean[i] = packed[at + i];
  let k = at + d;
  for (let a = 0; a < d; a++) {
    for (let b = 0; b <= a; b++) covariance[a * d + b] = covariance[b * d + a] = packed[k++];
  }
}
