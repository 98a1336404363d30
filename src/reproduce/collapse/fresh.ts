/** Loops that add fresh real samples every round, with samples of their own that may be too typical. */
import type { FreshLoop, LoopMoments } from '../../theory/oracles/collapse.ts';
import { freshDataLimit, freshDataRound } from '../../theory/oracles/collapse.ts';
import type { Law } from './estimates.ts';
import { Estimates, rangeOf } from './estimates.ts';
import { RandomNumbers } from './normals.ts';

const ROUNDS = 30;
const REPLICATES = 3000;
const SEED = 71_003;
const SOURCE =
  'loops of Alemohammad et al. 2024, Self-Consuming Generative Models Go MAD (ICLR 2024), for a Gaussian fitted by maximum likelihood: ' +
  'exact recursion of E σ² and E (μ − μ_0)²';

export interface FreshCase extends FreshLoop {
  readonly label: string;
}

export const FRESH_CASES: readonly FreshCase[] = [
  { real: 30, synthetic: 70, bias: 1, label: '30 real, 70 own' },
  { real: 30, synthetic: 70, bias: 0.8, label: '30 real, 70 own, less varied' },
  { real: 0, synthetic: 100, bias: 0.8, label: '100 own, less varied' },
];

export interface FreshResult extends FreshCase {
  readonly variance: Law;
  readonly drift: Law;
  /** Where the loop settles. */
  readonly limit: LoopMoments;
}

/** E σ_t² and E (μ_t − μ_0)² of every case from σ_0 = 1; `bias` scales the variance of the loop's own samples. */
export function freshResults(effort = 1): FreshResult[] {
  return FRESH_CASES.map((one, index) => {
    const [variance, drift] = [new Estimates(ROUNDS), new Estimates(ROUNDS)];
    for (let replicate = 0; replicate < effort * REPLICATES; replicate++) {
      const numbers = new RandomNumbers(SEED + index, replicate);
      const rows = [new Float64Array(ROUNDS), new Float64Array(ROUNDS)];
      let [mean, spread] = [0, 1];
      for (let t = 0; t < ROUNDS; t++) {
        let [sum, squares] = [0, 0];
        for (let k = 0; k < one.real + one.synthetic; k++) {
          const own = k >= one.real;
          const z = own ? mean + Math.sqrt(one.bias * spread) * numbers.normal() : numbers.normal();
          sum += z;
          squares += z * z;
        }
        mean = sum / (one.real + one.synthetic);
        spread = squares / (one.real + one.synthetic) - mean * mean;
        rows[0][t] = spread;
        rows[1][t] = mean * mean;
      }
      variance.add(rows[0]);
      drift.add(rows[1]);
    }
    const exact = trajectory(one);
    const common = { x: rangeOf(1, ROUNDS), label: one.label, source: SOURCE, checked: [1, 5, 30] };
    const name = one.label.replace('less varied', `λ_b = ${one.bias}`);
    return {
      ...one,
      limit: one.real > 0 ? freshDataLimit(one) : { variance: 0, drift: exact[ROUNDS - 1].drift },
      variance: { ...common, name: `${name}: E σ²`, measured: variance, exact: exact.map((m) => m.variance) },
      drift: { ...common, name: `${name}: E (μ − μ_0)²`, measured: drift, exact: exact.map((m) => m.drift) },
    };
  });
}

function trajectory(loop: FreshLoop): LoopMoments[] {
  let moments: LoopMoments = { variance: 1, drift: 0 };
  return rangeOf(1, ROUNDS).map(() => (moments = freshDataRound(moments, loop)));
}
