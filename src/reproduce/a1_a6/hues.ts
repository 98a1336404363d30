/** Pictures reduced to class, hue and saturation: what the colour score of the experiment sees of them. */
import { outcomesOf } from '../../scenario/any_ecosystem.ts';
import { compileScenario } from '../../scenario/compile.ts';
import type { Ecosystem } from '../../scenario/ecosystem.ts';
import { NO_FILES } from './settings.ts';

export const HUES = 12;
export const SATURATIONS = 4;

/** The ten classes of CIFAR-10 with a typical hue (turns), its spread, and a typical saturation. Made up; the colour score is not. */
export const CLASSES: readonly (readonly [name: string, hue: number, spread: number, saturation: number])[] =
  [
    ['airplane', 0.57, 0.12, 0.3],
    ['automobile', 0.03, 0.2, 0.4],
    ['bird', 0.3, 0.18, 0.35],
    ['cat', 0.08, 0.1, 0.35],
    ['deer', 0.14, 0.08, 0.45],
    ['dog', 0.09, 0.1, 0.35],
    ['frog', 0.22, 0.1, 0.5],
    ['horse', 0.11, 0.09, 0.45],
    ['ship', 0.56, 0.12, 0.35],
    ['truck', 0.99, 0.2, 0.4],
  ];

/** Width of the bell over saturations, and the part of every class that has any colour. */
const SATURATION_SPREAD = 0.2;
const ANY_COLOUR = 0.2;
/** The score is in [0, 1]; at this temperature its largest value is worth 3, as in the model of three outcomes. */
const TEMPERATURE = 1 / 3;

export const hueOf = (k: number): number => (k + 0.5) / HUES;
export const saturationOf = (k: number): number => (k + 0.5) / SATURATIONS;

/** 1{hue in the band}·s^1.5, as in the published code: warm is hue ≥ 0.92 or ≤ 0.17, cool is 0.5 to 0.72. */
export function colourScore(band: 'warm' | 'cool', hue: number, saturation: number): number {
  const inside = band === 'warm' ? hue >= 0.92 || hue <= 0.17 : hue >= 0.5 && hue <= 0.72;
  return inside ? saturation ** 1.5 : 0;
}

/** P(hue, saturation | class), output = hue·SATURATIONS + saturation. */
export function classLaw(index: number): number[] {
  const [, hue, spread, saturation] = CLASSES[index];
  const weights = outputs((h, s) => {
    const turn = Math.abs(h - hue);
    const apart = Math.min(turn, 1 - turn);
    return Math.exp(-0.5 * (apart / spread) ** 2 - 0.5 * ((s - saturation) / SATURATION_SPREAD) ** 2);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (1 - ANY_COLOUR) * (weight / total) + ANY_COLOUR / weights.length);
}

function outputs(value: (hue: number, saturation: number) => number): number[] {
  return Array.from({ length: HUES * SATURATIONS }, (_, o) =>
    value(hueOf(Math.floor(o / SATURATIONS)), saturationOf(o % SATURATIONS)),
  );
}

/** Two models with all four curated edges, as in the model of three outcomes; candidates of one choice share the class. */
export async function hueTable(): Promise<Ecosystem> {
  const real = CLASSES.map((_, index) => classLaw(index));
  const curator = (band: 'warm' | 'cool') => ({
    reward: outputs((hue, saturation) => colourScore(band, hue, saturation)),
    temperature: TEMPERATURE,
    candidates: 4,
  });
  return outcomesOf(
    await compileScenario(
      {
        version: 1,
        family: 'conditional',
        name: 'Two tastes on hue, saturation and class',
        inputs: { labels: CLASSES.map(([name]) => name) },
        outputs: { count: HUES * SATURATIONS },
        curators: { warm: curator('warm'), cool: curator('cool') },
        models: {
          theta: { real, curator: 'warm', mix: { real: 0.5, curated: { theta: 0.25, phi: 0.25 } } },
          phi: { real, curator: 'cool', mix: { real: 0.5, curated: { theta: 0.25, phi: 0.25 } } },
        },
      },
      NO_FILES,
    ),
  );
}
