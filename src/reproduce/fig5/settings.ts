/** What is compared: the published setting, and how far it is taken. */
/** No curation, and a fifth of the exchanged data, as published. */
export const CURATED = [0, 0.2] as const;
/** Shares of real data. */
export const REAL = [0, 0.1, 0.3] as const;
/** Shares of inputs that the two tasks have in common. */
export const SHARED = [0, 0.2, 0.4] as const;
/** Training samples a round, as published, and runs. */
export const POPULATION = 1024;
export const RUNS = 200;
