/** What a scenario may ask for. Messages and the JSON Schema quote these numbers. */
export const LIMITS = {
  nameLength: 64,
  labelLength: 200,
  titleLength: 200,
  descriptionLength: 10_000,
  models: 65_536,
  curators: 1_024,
  /** Curators of one reward each that mixtures, adversaries and varieties make. */
  tastes: 4_096,
  /** Pairs (producer, consumer) of a topology; each becomes a raw and a curated edge. */
  pairs: 2 ** 23,
  /** Raw and curated edges, one per taste of a curator. */
  edges: 2 ** 24,
  outcomes: 2 ** 26,
  /** Float64 numbers held by the distinct distributions and rewards together: 2 GiB. */
  values: 2 ** 28,
  rounds: 10_000_000,
  replicates: 65_535,
  population: 2 ** 31 - 1,
  seed: 2 ** 32 - 1,
  candidates: 2 ** 31 - 1,
  /** A finite population draws its K candidates one by one, so K is bounded there. */
  candidatesOfFinitePopulation: 65_536,
  /** Largest absolute reward, and largest temperature. */
  reward: 1e9,
  temperatureMin: 1e-9,
  temperatureMax: 1e9,
  /** exp(700) is just below the largest float64. */
  rewardRangeOverTemperature: 700,
  trainingRateMin: 1e-6,
  /** Smallest part of a batch that is kept without replacement. */
  keepMin: 1e-9,
  /** Nodes of the quadrature over curators that differ. */
  varietyNodes: 32,
  /** Features of an outcome. */
  features: 4_096,
  /** How much longer than 1 a vector of features or preferences may be. */
  unitLength: 1e-9,
  /** How far the weights of a training set may sum from 1 before they are renormalised. */
  weightSum: 1e-9,
  /** The same for a distribution written as an array. */
  distributionSum: 1e-6,
  /** Dimensions of a mean. */
  dimension: 1_024,
  /** Models that are means, or means and covariances. */
  momentModels: 1_000,
  /** Models times dimensions, and entries of all their maps together. */
  coordinates: 4_096,
  mapEntries: 2 ** 22,
  /** Largest absolute coordinate, map entry or reward coefficient of a linear-gaussian scenario. */
  coordinate: 1e6,
  /** Largest absolute coordinate of a mean in any round: its square, summed over dimensions and weighed, must fit float32. */
  mean: 1e12,
  /** Most samples of which a binomial number is drawn one by one. */
  binomialPopulation: 2 ** 24,
  /** Dimensions of a Gaussian with a full covariance. */
  gaussianDimension: 32,
  /** JSON nesting. */
  depth: 64,
  /** Problems listed in one message. */
  problems: 10,
} as const;
