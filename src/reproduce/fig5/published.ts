/**
 * The published curves of Qwen2.5-0.5B with LoRA, XSum summaries against CoEdIT paraphrases: mean rewards on the test sets, read off the
 * authors' figure (Zhang, Wei and Zhang 2026, Fig. 5; settings r0s0c1_noCur and r0s0c1_cCur2) to ±0.006 on the own task and ±0.003 on the
 * other's; points hidden below others may be off by more.
 */
export const PUBLISHED_EPOCHS = [0, 1, 2, 3, 4, 5, 6, 12] as const;

/** Test examples behind every point of the summariser: the authors' evaluation returns inside its first batch. */
export const EXAMPLES = { own: 16, cross: 8 } as const;

export interface PublishedCurve {
  readonly model: 'summariser' | 'paraphraser';
  readonly task: 'own' | 'cross';
  /** Share of the exchanged data that was curated. */
  readonly curated: 0 | 0.2;
  /** One per epoch of PUBLISHED_EPOCHS. */
  readonly rewards: readonly number[];
}

export const PUBLISHED: readonly PublishedCurve[] = [
  {
    model: 'summariser',
    task: 'own',
    curated: 0,
    rewards: [0.154, 0.084, 0.123, 0.08, 0.146, 0.174, 0.173, 0.156],
  },
  {
    model: 'summariser',
    task: 'own',
    curated: 0.2,
    rewards: [0.151, -0.03, 0.138, 0.085, 0.189, 0.153, 0.149, 0.198],
  },
  {
    model: 'paraphraser',
    task: 'own',
    curated: 0,
    rewards: [0.712, 0.526, 0.7, 0.63, 0.711, 0.674, 0.702, 0.702],
  },
  {
    model: 'paraphraser',
    task: 'own',
    curated: 0.2,
    rewards: [0.712, 0.491, 0.709, 0.647, 0.705, 0.676, 0.709, 0.706],
  },
  {
    model: 'summariser',
    task: 'cross',
    curated: 0,
    rewards: [0.26, 0.435, 0.287, 0.39, 0.407, 0.414, 0.429, 0.412],
  },
  {
    model: 'summariser',
    task: 'cross',
    curated: 0.2,
    rewards: [0.26, 0.378, 0.226, 0.335, 0.439, 0.366, 0.361, 0.357],
  },
  {
    model: 'paraphraser',
    task: 'cross',
    curated: 0,
    rewards: [0.402, 0.424, 0.454, 0.43, 0.445, 0.43, 0.449, 0.436],
  },
  {
    model: 'paraphraser',
    task: 'cross',
    curated: 0.2,
    rewards: [0.403, 0.429, 0.442, 0.435, 0.45, 0.43, 0.457, 0.45],
  },
];
