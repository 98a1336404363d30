/**
 * A scenario compiled to numbers: the one description that the backends, the theory and the reports work on.
 *
 * Models, outcomes and curators are indices here; their names are kept for the reports only. Every array is
 * float64 and normalised; nothing below this line parses or validates.
 */

/** How a curator picks one of the K candidates it is shown (mathematics: curation operator). */
export type SelectionRule = 'plackett-luce' | 'argmax' | 'without-replacement';

/** One curator: a reward per outcome and a rule that turns K candidates into one choice. */
export interface Curator {
  readonly name: string;
  /** Reward of every outcome, length V. */
  readonly reward: Float64Array;
  /** τ > 0: P(pick k) ∝ exp(reward/τ). Ignored by `argmax`. */
  readonly temperature: number;
  /** K ≥ 1, or Infinity; for `without-replacement` one of every K outputs is kept, and K need not be whole. */
  readonly candidates: number;
  readonly rule: SelectionRule;
}

/** One group of users whose preference follows what models generate: after every round w ← Proj((1−β) w + β φ̄), |w| ≤ 1. */
export interface PreferenceGroup {
  readonly name: string;
  /** w before the first round, length F. */
  readonly preference: Float64Array;
  /** β in (0,1]. */
  readonly adaptation: number;
  /** Weight of every model in φ̄ = Σ_i attention_i E_{P_i}[φ], length M; they sum to 1. */
  readonly attention: Float64Array;
}

/** A curator whose reward moves: fixed + Σ_g weight_g ⟨w_g, φ⟩. `Curator.reward` is its reward before the first round. */
export interface DrivenCurator {
  readonly curator: number;
  /** Length V; null for zero. */
  readonly fixed: Float64Array | null;
  /** Per group. */
  readonly weight: Float64Array;
}

/** Preferences that co-evolve with the models (Wei, Xie, Zhu and Zhang 2026, arXiv 2610.09415). */
export interface Drift {
  /** F. */
  readonly featureCount: number;
  /** φ, [outcome][feature], |φ(v)| ≤ 1; null where every outcome is a feature of its own. */
  readonly features: Float64Array | null;
  readonly groups: readonly PreferenceGroup[];
  readonly driven: readonly DrivenCurator[];
}

/** Which rounds of training data a model is fitted to. Its initial state counts as the data of round 0. */
export type Retention =
  | { readonly kind: 'replace' }
  | { readonly kind: 'accumulate' }
  /** As many samples as a round has, drawn from the union of all rounds. */
  | { readonly kind: 'accumulate-subsample' }
  | { readonly kind: 'window'; readonly rounds: number };

/** What a conditional model generates from what: outputs given inputs, or inputs given outputs. */
export type Axis = 'outputs' | 'inputs';

/**
 * Conditional models: an outcome is a pair, v = input·outputs + output, and a model's distribution the joint law of
 * the inputs it generates for (the inputs of its last training set) and what it makes of them. The K candidates of a
 * choice share what is given.
 */
export interface Pairs {
  /** X and Y; outcomeCount = X·Y. */
  readonly inputs: number;
  readonly outputs: number;
  readonly inputLabels: readonly string[] | null;
  readonly outputLabels: readonly string[] | null;
  /** Per model. */
  readonly generates: readonly Axis[];
  /**
   * Per model: its first conditional table, length X·Y in the order of outcomes, P(output|input) (rows over outputs sum
   * to 1) or P(input|output). Kept wherever a training set says nothing about what is given.
   */
  readonly initialTable: readonly Float64Array[];
}

/** The numbers that may differ from replicate to replicate (±δ pairs, sweep cells). */
export interface Parameters {
  /** Share of real data per model, length M. */
  readonly realWeight: Float64Array;
  /** Share of the training set that comes over each edge, length E; with `realWeight` they sum to 1 per consumer. */
  readonly edgeWeight: Float64Array;
  readonly curators: readonly Curator[];
  /** Training samples a round per model, length M; 0 is the population limit. */
  readonly population: Uint32Array;
  /** s in (0,1] per model: P' = (1−s) P + s D. */
  readonly trainingRate: Float64Array;
}

/** Who trains on whose output. Edges are grouped by consumer (compressed sparse rows). */
export interface Edges {
  /** Length M+1: the edges of consumer i are start[i] … start[i+1]−1. */
  readonly start: Uint32Array;
  readonly producer: Uint32Array;
  /** Index of the curator that chose this data, or −1 for raw output. */
  readonly curator: Int32Array;
}

/** What the scenarios of every family have. */
export interface EcosystemHead {
  readonly name: string;
  readonly description: string;
  readonly models: readonly string[];
  readonly update: 'synchronous' | 'sequential';
  readonly rounds: number;
  /** Largest step of any model at which a run stops (total variation, or a distance); 0 never stops early. */
  readonly tolerance: number;
  /** Unsigned 32-bit. */
  readonly seed: number;
  readonly replicates: number;
  /** Hex digest of everything that decides a result. */
  readonly scenarioHash: string;
}

/** Models whose output is one of V outcomes, or one of X·Y pairs of an input and an output. */
export interface Ecosystem extends EcosystemHead {
  readonly family: 'categorical' | 'conditional';
  /** V, the number of outcomes. */
  readonly outcomeCount: number;
  /** One label per outcome, or null when the scenario only gave a count. */
  readonly labels: readonly string[] | null;
  /** Distinct probability vectors of length V; `realOf` and `initialOf` point into it. */
  readonly distributions: readonly Float64Array[];
  /** Per model: which distribution is its real data, which its state before the first round. */
  readonly realOf: Uint32Array;
  readonly initialOf: Uint32Array;
  /** Per model: index of its own curator, whose reward defines the model's alignment J = E[reward]. */
  readonly curatorOf: Uint32Array;
  readonly edges: Edges;
  readonly parameters: Parameters;
  /** Per model. */
  readonly retention: readonly Retention[];
  /** Of the family `conditional`; null for `categorical`. */
  readonly pairs: Pairs | null;
  /** Rewards that follow what models generate; left out where all are fixed. */
  readonly drift?: Drift;
}

/** Replicates side by side: replicate r uses `variants[variantOf[r]]` and random stream `stream[r]`. */
export interface Ensemble {
  readonly ecosystem: Ecosystem;
  readonly variants: readonly Parameters[];
  readonly variantOf: Uint32Array;
  readonly stream: Uint32Array;
}

/** The ensemble a scenario asks for: R copies of one parameter set, streams 0 … R−1. */
export function ensembleOf(ecosystem: Ecosystem): Ensemble {
  const replicates = ecosystem.replicates;
  return {
    ecosystem,
    variants: [ecosystem.parameters],
    variantOf: new Uint32Array(replicates),
    stream: Uint32Array.from({ length: replicates }, (_, r) => r),
  };
}

/** λ per model: the sum of its curated edge weights. */
export function curationOf(
  ecosystem: Pick<Ecosystem, 'edges' | 'models'> & { readonly parameters: Pick<Parameters, 'edgeWeight'> },
): Float64Array {
  const { edges, parameters, models } = ecosystem;
  const curation = new Float64Array(models.length);
  for (let i = 0; i < models.length; i++) {
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
      if (edges.curator[e] >= 0) curation[i] += parameters.edgeWeight[e];
    }
  }
  return curation;
}

/** Every model trains on its newest data alone. */
export function replaceAll(models: number): Retention[] {
  return Array.from({ length: models }, () => ({ kind: 'replace' }));
}
