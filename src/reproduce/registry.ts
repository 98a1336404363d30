/** All reproductions; each is loaded when it is asked for. */
import type { Reproduction } from './reproduction.ts';

interface Entry {
  readonly name: string;
  /** For the list of names. */
  readonly title: string;
  load(): Promise<Reproduction>;
}

export const REPRODUCTIONS: readonly Entry[] = [
  {
    name: 'fig3',
    title:
      'the Gaussian mechanism: curation that looks right at once and turns against a model in the long run',
    load: async () => (await import('./fig3/fig3.ts')).fig3,
  },
  {
    name: 'a1-a6',
    title: 'six settings of two models that train on each other, and how many seeds their effects need',
    load: async () => (await import('./a1_a6/a1_a6.ts')).a1a6,
  },
  {
    name: 'fig5',
    title: 'two models with disjoint inputs that train only on each other, and the swap of their inputs',
    load: async () => (await import('./fig5/fig5.ts')).fig5,
  },
  {
    name: 'ferbach',
    title: 'one model on its own curated output: bounds, exact identities and limit laws',
    load: async () => (await import('./ferbach/ferbach.ts')).ferbach,
  },
  {
    name: 'co-evolving',
    title: 'preferences that follow what a model makes: lock-in, thresholds, and protecting a minority',
    load: async () => (await import('./co_evolving/co_evolving.ts')).coEvolving,
  },
  {
    name: 'collapse',
    title: 'model collapse in closed forms, and when keeping old data saves a model',
    load: async () => (await import('./collapse/collapse.ts')).collapse,
  },
  {
    name: 'pluralism',
    title: 'two groups of users curate one model: what both keep, and when they compromise',
    load: async () => (await import('./pluralism/pluralism.ts')).pluralism,
  },
  {
    name: 'deconfounded',
    title: 'does curation invert, or is the data misdirected? a census of random ecosystems',
    load: async () => (await import('./deconfounded/deconfounded.ts')).deconfounded,
  },
];
