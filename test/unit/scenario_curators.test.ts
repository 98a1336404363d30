/** Curators that are more than one taste: what they become, and what is refused. */
import { describe, expect, it } from 'vitest';
import { solveText } from '../../src/report/influence_text.ts';
import { PLAIN } from '../../src/report/paint.ts';
import { curationOf } from '../../src/scenario/ecosystem.ts';
import { LIMITS } from '../../src/scenario/limits.ts';
import { ScenarioError } from '../../src/scenario/problems.ts';
import { solve } from '../../src/theory/solve.ts';
import { compileScenario } from '../support/outcome_scenarios.ts';
import { changed, EXAMPLE, inputErrorOf, NETWORK, TABLES } from './scenario_fixture.ts';

const compiled = (changes: Readonly<Record<string, unknown>>) =>
  compileScenario(changed(EXAMPLE, changes), TABLES);

const MIXED = { mixture: { warm: 0.75, cool: 0.25 } };
const RULE = 'curators.warm.rule';
const UNLIMITED = { 'curators.warm.candidates': undefined, [RULE]: 'without-replacement' };

describe('what curators become', () => {
  it('a mixture is one edge per curator it mixes, its reward their mean', async () => {
    const ecosystem = await compiled({ 'curators.crowd': MIXED, 'models.phi.curator': 'crowd' });
    const { edges, parameters, curatorOf } = ecosystem;
    expect([...edges.start]).toEqual([0, 4, 7]);
    expect([...edges.producer]).toEqual([0, 0, 1, 1, 0, 1, 1]);
    expect([...edges.curator]).toEqual([-1, 0, 0, 1, 0, 0, 1]);
    const weights = [0.1, 0.2, 0.15, 0.05, 0.2, 0.225, 0.075];
    weights.forEach((weight, e) => expect(parameters.edgeWeight[e]).toBeCloseTo(weight, 15));
    expect(parameters.curators.map(({ name }) => name)).toEqual(['warm', 'cool', 'crowd']);
    expect([...parameters.curators[curatorOf[1]].reward]).toEqual([2.25, 0, 0.75]);
    expect(curationOf(ecosystem)[1]).toBeCloseTo(0.5, 15);
  });

  it('who is drawn twice is one edge; who is never drawn is none', async () => {
    const noisy = { 'curators.warm.noise': 0.5, 'curators.cool.noise': 0.5 };
    const { edges, parameters } = await compiled({
      ...noisy,
      'curators.crowd': { mixture: { warm: 0.5, cool: 0.5 } },
      'models.theta.mix': { real: 0.5, curated: { phi: { weight: 0.5, curator: 'crowd' } } },
    });
    const names = Array.from(edges.curator.subarray(0, edges.start[1]), (c) => parameters.curators[c].name);
    expect(names).toEqual(['warm', 'a blind choice', 'cool']);
    expect([...parameters.edgeWeight.subarray(0, 3)]).toEqual([0.125, 0.25, 0.125]);
    const blind = await compiled({ 'curators.warm.noise': 1 });
    expect(blind.parameters.curators[blind.edges.curator[1]].candidates).toBe(1);
    const same = await compiled({
      'curators.warm.noise': 0,
      'curators.warm.adversary': { share: 0 },
      'curators.warm.variety': { direction: [1, 0, 0], scale: 0 },
    });
    expect(same.scenarioHash).toBe((await compiled({})).scenarioHash);
  });

  it('an opposite adversary has the rewards with the other sign, and keeps the rule', async () => {
    const { edges, parameters } = await compiled({
      'curators.warm.adversary': { share: 0.25 },
      'curators.warm.temperature': 2,
    });
    const reversed = parameters.curators[edges.curator[2]];
    expect(reversed).toMatchObject({ name: 'warm, reversed', temperature: 2, candidates: 4 });
    expect([...reversed.reward]).toEqual([-3, 0, 0]);
    expect(parameters.edgeWeight[1]).toBeCloseTo(0.15, 15);
    expect(parameters.edgeWeight[2]).toBeCloseTo(0.05, 15);
  });

  it('variety makes one curator per node', async () => {
    const { edges, parameters } = await compiled({
      'curators.cool.variety': { direction: [1, 0, -1], scale: 0.5, nodes: 3 },
    });
    const [low, middle, high] = parameters.curators.filter(({ name }) => name.startsWith('cool, taste'));
    expect([...middle.reward]).toEqual([0, 0, 3]);
    expect(high.reward[0]).toBeCloseTo(0.5 * Math.sqrt(3), 14);
    expect(low.reward[2]).toBeCloseTo(3 + 0.5 * Math.sqrt(3), 14);
    const last = parameters.edgeWeight.subarray(edges.start[2] - 3);
    expect(last[1]).toBeCloseTo((0.3 * 2) / 3, 15);
    expect(parameters.curators.find(({ name }) => name === 'cool')?.reward).toEqual(Float64Array.of(0, 0, 3));
  });

  it('keeping a part without replacement is 1/f candidates', async () => {
    const { parameters } = await compiled({ ...UNLIMITED, 'curators.warm.keep': 0.4 });
    expect(parameters.curators[0]).toMatchObject({ rule: 'without-replacement', candidates: 2.5 });
  });

  it('reports do not call the tastes of a model’s own curator strangers', async () => {
    const text = async (changes: Readonly<Record<string, unknown>>): Promise<string> => {
      const ecosystem = await compiled({
        'models.phi.mix': { real: 0.5, curated: { phi: 0.5 } },
        ...changes,
      });
      return solveText(ecosystem, await solve(ecosystem), PLAIN);
    };
    const own = { 'curators.crowd': MIXED, 'models.phi.curator': 'crowd' };
    expect(await text(own)).not.toContain('not by its own');
    const varied = { 'curators.cool.variety': { direction: [1, 0, 0], scale: 1, nodes: 3 } };
    expect(await text(varied)).not.toContain('not by its own');
    const foreign = { 'models.phi.mix': { real: 0.5, curated: { phi: { weight: 0.5, curator: 'warm' } } } };
    expect(await text(foreign)).toContain('is chosen by curator “warm”, not by its own, “cool”');
  });

  it('networks of thousands take mixtures too', async () => {
    const ecosystem = await compileScenario(
      changed(NETWORK, {
        'curators.both': { mixture: { low: 0.5, high: 0.5 } },
        'ecosystem.curators': 'both',
      }),
      TABLES,
    );
    const plain = await compileScenario(changed(NETWORK, { 'ecosystem.curators': 'low' }), TABLES);
    const curated = plain.edges.curator.filter((c) => c >= 0).length;
    expect(ecosystem.edges.curator.length).toBe(plain.edges.curator.length + curated);
    curationOf(ecosystem).forEach((lambda, i) => expect(lambda).toBeCloseTo(curationOf(plain)[i], 14));
  });
});

type Case = readonly [changes: Readonly<Record<string, unknown>>, where: string, message: string];
const warm = 'curators.warm';
const CASES: readonly Case[] = [
  [
    { 'curators.crowd': { mixture: { warm: 0.7, cool: 0.2 } } },
    'curators.crowd.mixture',
    'the shares sum to 0.9',
  ],
  [
    { 'curators.crowd': { mixture: { warm: 0.5, coool: 0.5 } } },
    'curators.crowd.mixture.coool',
    'there is no curator "coool"; did you mean "cool"?',
  ],
  [
    { 'curators.crowd': MIXED, 'curators.more': { mixture: { crowd: 1 } } },
    'curators.more.mixture.crowd',
    'is a mixture itself',
  ],
  [
    { 'curators.crowd': { ...MIXED, temperature: 1 } },
    'curators.crowd.temperature',
    'does not go with "mixture"',
  ],
  [{ 'curators.crowd': { ...MIXED, noise: 0.1 } }, 'curators.crowd.noise', 'does not go with "mixture"'],
  [{ 'curators.crowd': { mixture: {} } }, 'curators.crowd.mixture', 'the shares sum to 0'],
  [{ [`${warm}.reward`]: undefined }, `${warm}.reward`, 'missing — it must be a reward per outcome'],
  [{ [`${warm}.noise`]: 1.5 }, `${warm}.noise`, '1.5 is not allowed'],
  [
    { [`${warm}.adversary`]: { share: 0.1, curator: 'nobody' } },
    `${warm}.adversary.curator`,
    'no curator "nobody"',
  ],
  [
    { 'curators.crowd': MIXED, [`${warm}.adversary`]: { share: 0.1, curator: 'crowd' } },
    `${warm}.adversary.curator`,
    '"crowd" is a mixture — an adversary must be a curator of one taste',
  ],
  [
    { [`${warm}.adversary`]: { share: 0.1, curator: 'cool' }, 'curators.cool.adversary': { share: 0.1 } },
    `${warm}.adversary.curator`,
    '"cool" is a curator with an adversary',
  ],
  [
    { [`${warm}.variety`]: { direction: [1, 0], scale: 1 } },
    `${warm}.variety.direction`,
    '2 rewards for 3 outcomes',
  ],
  [
    { [`${warm}.variety`]: { direction: [1, 0, 0], scale: -1 } },
    `${warm}.variety.scale`,
    '-1 is not allowed',
  ],
  [
    { [`${warm}.variety`]: { direction: [1, 0, 0], scale: 1, nodes: 99 } },
    `${warm}.variety.nodes`,
    '99 is not allowed — it must be a whole number from 2 to 32',
  ],
  [
    { [`${warm}.variety`]: { direction: [1, 0, 0], scale: 400 } },
    `${warm}.temperature`,
    'at most 700 are allowed',
  ],
  [
    { [RULE]: 'without-replacement' },
    `${warm}.keep`,
    'missing — without replacement it must be a number from',
  ],
  [{ [RULE]: 'without-replacement', [`${warm}.keep`]: 0.5 }, `${warm}.candidates`, 'does not go with'],
  [{ [`${warm}.keep`]: 0.5 }, `${warm}.keep`, 'belongs to the rule "without-replacement"'],
  [{ ...UNLIMITED, [`${warm}.keep`]: 0 }, `${warm}.keep`, '0 is not allowed — it must be a number from'],
  [
    { ...UNLIMITED, [`${warm}.keep`]: 0.5, 'models.phi.population': 100 },
    RULE,
    '"without-replacement" is not possible for a finite population (models.phi has 100 samples)',
  ],
  [
    {
      ...UNLIMITED,
      [`${warm}.keep`]: 0.5,
      'curators.crowd': MIXED,
      'models.phi': {
        real: 'uniform',
        curator: 'crowd',
        population: 100,
        mix: { real: 0.5, curated: { phi: 0.5 } },
      },
    },
    RULE,
    'compares a whole batch at once',
  ],
  [
    {
      ...Object.fromEntries(
        Array.from({ length: 70 }, (_, k) => [
          `curators.c${k}`,
          {
            reward: [1, 0, 0],
            candidates: 2,
            adversary: { share: 0.5 },
            variety: { direction: [1, 0, 0], scale: 1, nodes: 32 },
          },
        ]),
      ),
    },
    'curators',
    `make ${(70 * 66 + 2).toLocaleString('en-US')} curators of one reward each — at most ${LIMITS.tastes.toLocaleString('en-US')}`,
  ],
];

describe('what is refused', () => {
  it.each(CASES)('%j', async (changes, where, message) => {
    const error = await inputErrorOf(() => compiled(changes));
    const problems = error instanceof ScenarioError ? error.problems : [];
    expect(problems.filter((problem) => problem.where === where).map((problem) => problem.message)).toEqual([
      expect.stringContaining(message),
    ]);
  });
});

describe('what is refused wherever it hides', () => {
  const FEATURES = { features: 'one-hot' };
  const preferring = (variety: object): Record<string, unknown> => ({
    ...FEATURES,
    'curators.taste': { preference: [1, 0, 0], temperature: 0.01, candidates: 2, variety },
  });

  it('variety of a preference is checked like that of a reward', async () => {
    const short = await inputErrorOf(() => compiled(preferring({ direction: [1, 2], scale: 1 })));
    expect(short.message).toContain('curators.taste.variety.direction');
    const wide = await inputErrorOf(() => compiled(preferring({ direction: [0, 1, 0], scale: 10 })));
    expect(wide.message).toMatch(/curators\.taste\.temperature: rewards from .* span/);
    await compiled(preferring({ direction: [0, 1, 0], scale: 0.001 }));
  });

  it('a finite population is kept from the adversaries of the members of a mixture', async () => {
    const error = await inputErrorOf(() =>
      compiled({
        'curators.many': { reward: [0, 1, 0], candidates: 1_000_000 },
        'curators.tricked': {
          reward: [1, 0, 0],
          candidates: 2,
          adversary: { share: 0.1, curator: 'many' },
        },
        'curators.crowd': { mixture: { tricked: 0.5, cool: 0.5 } },
        'models.phi.curator': 'crowd',
        'models.phi.population': 10,
      }),
    );
    expect(error.message).toContain('curators.many.candidates');
  });

  it('the name of the reversed adversary is nobody else’s', async () => {
    const error = await inputErrorOf(() =>
      compiled({ 'curators.opposite': { reward: [1, 0, 0], candidates: 2 } }),
    );
    expect(error.message).toContain('choose another name');
  });
});
