/** Scenarios shipped with Backfire: each a file that its user could have written. */
import { InputError } from '../../errors.ts';
import { hintFor } from '../suggest.ts';
import a1 from './a1.json' with { type: 'json' };
import a2 from './a2.json' with { type: 'json' };
import a3 from './a3.json' with { type: 'json' };
import a4 from './a4.json' with { type: 'json' };
import a5 from './a5.json' with { type: 'json' };
import a6 from './a6.json' with { type: 'json' };
import collapse from './collapse.json' with { type: 'json' };
import curationThroughATurn from './curation-through-a-turn.json' with { type: 'json' };
import ferbachLoop from './ferbach-loop.json' with { type: 'json' };
import gaussianMechanism from './gaussian-mechanism.json' with { type: 'json' };
import hueSaturationA4 from './hue-saturation-a4.json' with { type: 'json' };
import hub1000 from './hub-1000.json' with { type: 'json' };
import opposedCurators from './opposed-curators.json' with { type: 'json' };
import presidents from './presidents.json' with { type: 'json' };
import ring1000 from './ring-1000.json' with { type: 'json' };
import swap from './swap.json' with { type: 'json' };
import threeModels from './three-models.json' with { type: 'json' };
import trueInversion from './true-inversion.json' with { type: 'json' };
import twoEras from './two-eras.json' with { type: 'json' };
import varianceBlowUp from './variance-blow-up.json' with { type: 'json' };

export interface Preset {
  /** The file's name without `.json`. */
  readonly id: string;
  readonly title: string;
  /** What comes out, in one sentence. */
  readonly expectation: string;
  /** What the file holds, not yet checked. */
  readonly document: PresetDocument;
}

export interface PresetDocument {
  readonly name: string;
  readonly family: string;
}

function preset(id: string, document: PresetDocument, expectation: string): Preset {
  return { id, title: document.name, expectation, document };
}

/** All presets, the main one first. */
export const PRESETS: readonly Preset[] = [
  preset(
    'two-eras',
    twoEras,
    'More curation at early makes early less positive, because four fifths of its curated data are chosen by the readers of late, who avoid charged words.',
  ),
  preset(
    'presidents',
    presidents,
    'Reward builds up along the line of presidents, from 0.11 at Washington to about 2.3 from the 1880s on, and influence runs forward in time only: curation at one president changes none before.',
  ),
  preset(
    'a1',
    a1,
    'More curation at theta raises the reward of theta (dJ/dλ ≈ 0.94) and lowers that of phi (≈ −0.06), all of whose curated data come from theta.',
  ),
  preset(
    'a2',
    a2,
    'More curation at theta raises the reward of theta (dJ/dλ ≈ 0.79); more curation at phi lowers the reward of phi (≈ −0.11), because four fifths of its curated data are chosen by the readers of theta.',
  ),
  preset(
    'a3',
    a3,
    'Both models gain from their own curation (dJ/dλ ≈ 0.61 for theta, 0.44 for phi) and lose a little by the other’s.',
  ),
  preset(
    'a4',
    a4,
    'More curation at theta slightly lowers the reward of theta itself (dJ/dλ ≈ −0.007) and raises that of phi, which supplies seven tenths of its curated data.',
  ),
  preset(
    'a5',
    a5,
    'Both models gain from their own curation (dJ/dλ ≈ 0.72 for theta, 0.57 for phi) and lose a little by the other’s.',
  ),
  preset(
    'a6',
    a6,
    'With most curated data exchanged, curation at either model raises the rewards of both, its own effect being much weaker than in A1 to A3 (dJ/dλ ≈ 0.22 for theta, 0.02 for phi).',
  ),
  preset(
    'ring-1000',
    ring1000,
    'By symmetry all models end at the same reward (≈ 1.10), above that of their real data (≈ 0.92).',
  ),
  preset(
    'hub-1000',
    hub1000,
    'Models that share the taste of the hub end above it in reward (≈ 2.03 against 1.66), because the hub also trains on the other camp, which ends below its real data (≈ 0.71 against 0.92).',
  ),
  preset(
    'true-inversion',
    trueInversion,
    'A true inversion, rare among ecosystems: alone theta would gain from more curation (dJ/dλ ≈ 0.07), with phi echoing its data it loses as much.',
  ),
  preset(
    'ferbach-loop',
    ferbachLoop,
    'The reward settles above that of the real data (≈ 0.14 against −0.09) without collapse: every outcome keeps at least half of its real probability.',
  ),
  preset(
    'opposed-curators',
    opposedCurators,
    'The model settles at a probability of ≈ 0.825 for "yes": an adversarial share above 1/(1+e) ≈ 0.269 keeps the loop from fixing on what the readers like.',
  ),
  preset(
    'three-models',
    threeModels,
    'More curation at green lowers the reward of green itself (dJ/dλ ≈ −0.40), half of whose curated data are chosen by the readers of red; red and blue gain from theirs.',
  ),
  preset(
    'variance-blow-up',
    varianceBlowUp,
    'The variance settles at ≈ 1.570 times that of the real data; a reward a twenty-fifth steeper (slope above ≈ 0.3536 instead of 0.34) would let it grow without bound.',
  ),
  preset(
    'collapse',
    collapse,
    'On average the variance of the model that forgets falls by a factor of 1 − 1/25 a round, to ≈ 0.017 after 100 rounds, while the one that keeps all its data stays at ≈ 0.975.',
  ),
  preset(
    'curation-through-a-turn',
    curationThroughATurn,
    'More curation at theta pays off in the first round and backfires in the long run (dJ/dλ ≈ −0.29 instead of 1), because phi hands it back turned by 60 degrees.',
  ),
  preset(
    'gaussian-mechanism',
    gaussianMechanism,
    'More curation at theta raises the reward of theta (dJ/dλ ≈ 1.48) and lowers that of phi (≈ −0.88), in whose direction curation points at first.',
  ),
  preset(
    'swap',
    swap,
    'The two sets of inputs change hands every round, so the loop never settles; each model keeps its skill on its own task and takes over the other’s.',
  ),
  preset(
    'hue-saturation-a4',
    hueSaturationA4,
    'As with three outcomes, more curation at theta hardly moves its own reward (dJ/dλ ≈ 0.03) and raises that of phi (≈ 0.30), which supplies seven tenths of its curated data.',
  ),
];

/** The preset of that id. Throws InputError when there is none. */
export function findPreset(id: string): Preset {
  const found = PRESETS.find((known) => known.id === id);
  if (found !== undefined) return found;
  const ids = PRESETS.map((known) => known.id);
  throw new InputError('', `there is no preset ${JSON.stringify(id)}${hintFor(id, ids)}`);
}
