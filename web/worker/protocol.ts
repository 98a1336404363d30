/** What the page and its workers say to each other. Everything here is plain data; sizes are what a page can draw. */
import type { BenchReport, BenchSection } from '../../bench/measure/index.ts';
import type { BackendRequest, DoctorReport } from '../../src/engine/index.ts';
import type { BackendInfo, StopReason } from '../../src/engine/results.ts';
import type { Compensation, SolveResult, Verdict } from '../../src/theory/results.ts';

export interface Problem {
  /** The place in the document, such as `models.theta.mix`; empty for the document itself. */
  readonly where: string;
  readonly message: string;
}

/** What went wrong, in words for people. */
export interface Failure {
  /** A BackfireError's code; `unforeseen` for anything else. */
  readonly code: string;
  readonly message: string;
  /** Of a scenario, one by one, so that an editor can mark each at its place. */
  readonly problems: readonly Problem[];
}

export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** A scenario and the CSV files it names, by the path it uses. */
export interface ScenarioSource {
  readonly document: unknown;
  readonly files: Readonly<Record<string, string>>;
}

export interface CuratorBrief {
  readonly name: string;
  /** NaN where the family or rule has none. */
  readonly temperature: number;
  readonly candidates: number;
  readonly rule: string;
  /** Reward of every outcome; null above MOST_LAW_NUMBERS outcomes, and for models that are means. */
  readonly reward: Float64Array | null;
}

/** A compiled scenario as far as the page draws it. */
export interface EcosystemBrief {
  readonly family: 'categorical' | 'conditional' | 'linear-gaussian' | 'gaussian';
  readonly name: string;
  readonly description: string;
  readonly models: readonly string[];
  readonly curators: readonly CuratorBrief[];
  /** Per model: its own curator. */
  readonly curatorOf: Uint32Array;
  /** Who trains on whose output: edges of consumer i are start[i] … start[i+1]−1; curator −1 is raw output. */
  readonly edges: {
    readonly start: Uint32Array;
    readonly producer: Uint32Array;
    readonly curator: Int32Array;
    readonly weight: Float64Array;
    /** Shares of a training set, or how strongly a map passes a mean on (root mean square of its singular values). */
    readonly meaning: 'share' | 'map';
  };
  /** Share of real data per model; NaN where the family has none. */
  readonly realWeight: Float64Array;
  /** λ per model. */
  readonly curation: Float64Array;
  /** Training samples a round per model; 0 is the population limit. */
  readonly population: Float64Array;
  /** Outcomes, or dimensions of a mean. */
  readonly width: number;
  /** One per outcome; null where the scenario gives none, or more than MOST_LAW_NUMBERS. */
  readonly labels: readonly string[] | null;
  readonly pairs: {
    readonly inputs: number;
    readonly outputs: number;
    readonly inputLabels: readonly string[] | null;
    readonly outputLabels: readonly string[] | null;
    readonly generates: readonly ('outputs' | 'inputs')[];
  } | null;
  /** Real data [model][outcome]; null above MOST_LAW_NUMBERS numbers, and for models that are means. */
  readonly real: Float32Array | null;
  readonly update: 'synchronous' | 'sequential';
  readonly rounds: number;
  readonly tolerance: number;
  readonly seed: number;
  readonly replicates: number;
  readonly scenarioHash: string;
}

/** Whole distributions cross to the page up to this many numbers; above it, ranked lists of the watched models. */
export const MOST_LAW_NUMBERS = 16_384;
/** Outcomes that are drawn one by one; of more with labels, such as words, ranked lists are shown. */
export const MOST_BARS = 40;
/** Models a page shows; more run on the command line. */
export const MOST_MODELS = 4_096;

/** A metric of every model over the rounds of a frame, [entry][model]: the mean over replicates and, of several, a band. */
export interface MetricBand {
  readonly mean: Float64Array;
  /** 10 % and 90 % quantiles over the replicates; null for one replicate. */
  readonly low: Float64Array | null;
  readonly high: Float64Array | null;
}

/** One outcome in a ranked list. */
export interface RankedOutcome {
  readonly outcome: number;
  readonly label: string;
  readonly share: number;
  readonly real: number;
}

/** The models at one moment, as far as they are watched; means over the replicates. */
export type Snapshot =
  | {
      readonly kind: 'laws';
      readonly round: number;
      /** Watched models, by index. */
      readonly models: readonly number[];
      /** [watched model][outcome]. */
      readonly laws: Float32Array;
      /** Real data of the watched models, likewise; null where the brief has them of all. */
      readonly real: Float32Array | null;
      /** All models at once; null where there are few of them, or outcomes are pairs. */
      readonly wall: Wall | null;
      /** Last integer counts of the first replicate, rows of zeros in the population limit; null where all are. */
      readonly counts: Uint32Array | null;
    }
  | {
      readonly kind: 'ranked';
      readonly round: number;
      readonly models: readonly number[];
      /** Per watched model: outcomes of the largest share, and of the largest gains and losses against its real data. */
      readonly largest: readonly (readonly RankedOutcome[])[];
      readonly gained: readonly (readonly RankedOutcome[])[];
      readonly lost: readonly (readonly RankedOutcome[])[];
    }
  | {
      readonly kind: 'moments';
      readonly round: number;
      readonly models: readonly number[];
      readonly dimension: number;
      /** [watched model][d]. */
      readonly means: Float64Array;
      /** [watched model][d]: standard deviation per coordinate, fixed in the family linear-gaussian. */
      readonly spread: Float64Array;
      /** [watched model][d][d]; null where the spread is fixed, and above MOST_LAW_NUMBERS. */
      readonly covariances: Float64Array | null;
      /** Where the models began, and the law of their real data where the family has such; as above. */
      readonly initialMeans: Float64Array;
      readonly realMeans: Float64Array | null;
      readonly realSpread: Float64Array | null;
      /** [watched model][d]: gradient, at the model's mean, of the reward that its own users give. */
      readonly pull: Float64Array;
    };

/** Laws of all models as a picture of models × outcomes; of many outcomes each column is the mean share of several. */
export interface Wall {
  readonly columns: number;
  /** [model][column]: mean share of one outcome. */
  readonly shares: Float32Array;
}

/** What happened since the last frame. */
export interface Frame {
  /** Which start of the run this belongs to; frames of earlier starts are to be ignored. */
  readonly start: number;
  /** The rounds whose metrics follow, ascending; round 0 is the initial state. Long runs are thinned out. */
  readonly rounds: Float64Array;
  readonly metrics: Readonly<Record<string, MetricBand>>;
  /** [entry]; NaN for single models and for models that are means. */
  readonly homogenisation: MetricBand;
  /** Rounds done. */
  readonly round: number;
  /** Null while the run goes on. */
  readonly stopped: StopReason | null;
  readonly playing: boolean;
  readonly backend: BackendInfo;
  readonly elapsedMs: number;
  readonly roundsPerSecond: number;
  readonly snapshot: Snapshot | null;
  /** Ended by this; the run may be reset or opened again. */
  readonly failure: Failure | null;
}

export interface RunRequest extends ScenarioSource {
  readonly backend: BackendRequest;
}

export interface Watch {
  /** Models whose distributions are wanted; of several thousand only these. */
  readonly models: readonly number[];
  /** Length of ranked lists. */
  readonly most: number;
}

/** Rounds per second; `max` is as fast as it goes. */
export type Speed = number | 'max';

/** A round taken apart for one model: what its producers generate, what curators choose of it, the mix, the refitted model. */
export interface Phases {
  readonly round: number;
  readonly model: number;
  readonly sources: readonly {
    readonly producer: number;
    /** −1 for raw output. */
    readonly curator: number;
    /** Share of the training set. */
    readonly weight: number;
    /** What the producer generates, and what reaches the training set of it, per shown outcome. */
    readonly generated: Float64Array;
    readonly kept: Float64Array;
    /** Average reward that the curator gives before and after it chose; NaN for raw output. */
    readonly generatedReward: number;
    readonly keptReward: number;
  }[];
  readonly realWeight: number;
  readonly real: Float64Array;
  readonly before: Float64Array;
  readonly mixed: Float64Array;
  /** Shown outcomes by index: all, or those of the largest share. */
  readonly outcomes: readonly number[];
  readonly labels: readonly string[];
}

/** What theory says before the run. */
export interface Prediction {
  readonly models: readonly string[];
  readonly converged: boolean;
  readonly stability: SolveResult['stability'];
  readonly rate: number;
  readonly certificate: number;
  /** Per model; null where no stable point was found. */
  readonly reward: Float64Array | null;
  readonly curation: Float64Array;
  /** influence[i*M + j] = dJ_i/dλ_j; null where it was left out, and then `why` says so. */
  readonly influence: Float64Array | null;
  /** dJ_j/dλ_j with the loop through other models cut. */
  readonly isolated: Float64Array | null;
  readonly verdict: readonly (Verdict | null)[];
  /** The report's sentences, one paragraph per model, styled by the marks of marked_text.ts. */
  readonly words: string;
  /** What the command line prints about the stable point. */
  readonly stabilityWords: string;
  readonly why: string;
  readonly compensation: Compensation;
}

/** Models and who trains on whom, as in a brief. */
export interface LayoutRequest {
  readonly models: number;
  /** [models + 1]. */
  readonly start: Uint32Array;
  readonly producer: Uint32Array;
  readonly weight: Float64Array;
}

export interface SolveRequest extends ScenarioSource {
  readonly compensation: Compensation;
}

export type ExportKind =
  'metrics.csv' | 'final.csv' | 'final.parquet' | 'run.json' | 'result.json' | 'chart.svg';

export interface ExportedFile {
  readonly name: string;
  readonly type: string;
  readonly parts: BlobPart[];
}

/** What a browser says of its adapter; texts are empty where it keeps them to itself. */
export interface AdapterDetails {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly features: readonly string[];
  /** Every limit, by the name that WebGPU gives it. */
  readonly limits: Readonly<Record<string, number>>;
}

export interface BenchRequest {
  readonly backend: 'webgpu' | 'cpu';
  readonly sections: readonly BenchSection[];
  readonly budgetMs: number;
}

/** While a machine is measured: what comes next, or the report so far. */
export type BenchNews =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly what: string }
  | { readonly kind: 'result'; readonly report: BenchReport };

export type { BackendRequest, BenchReport, BenchSection, Compensation, DoctorReport };
