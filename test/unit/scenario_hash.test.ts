import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileScenario, loadScenario } from '../support/outcome_scenarios.ts';
import { Sha256 } from '../../src/scenario/sha256.ts';
import { changed, EXAMPLE, NETWORK, TABLES } from './scenario_fixture.ts';

const hashOf = async (document: unknown): Promise<string> =>
  (await compileScenario(document, TABLES)).scenarioHash;

test('SHA-256 agrees with the standard’s vectors and with Node', () => {
  const hex = (text: string): string => new Sha256().update(new TextEncoder().encode(text)).hex();
  expect(hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 });
  fc.assert(
    fc.property(pieces, (list) => {
      const ours = new Sha256();
      const node = createHash('sha256');
      for (const piece of list) {
        ours.update(piece);
        node.update(piece);
      }
      expect(ours.hex()).toBe(node.digest('hex'));
    }),
    { seed: 1 },
  );
});

test('the hash of the example stays what it is', async () => {
  expect(await hashOf(EXAMPLE)).toBe('4a5eb825addc3e3267764ad4e5fee38e3414c24f252e3c2e9620fece3c89be5b');
});

const SAME: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'title and description': { name: 'Another', description: '' },
  labels: { 'outcomes.labels': ['a', 'b', 'c'] },
  'defaults left out': {
    rounds: undefined,
    seed: undefined,
    update: undefined,
    'models.theta.initial': undefined,
  },
  'order of producers': { 'models.phi.mix.curated': { theta: 0.2, phi: 0.3 } },
  'curator written out': { 'models.theta.mix.curated.phi': { weight: 0.2, curator: 'cool' } },
  'a distribution written twice': { 'models.phi.initial': [0.2, 0.6, 0.2] },
  'the sign of zero': { 'curators.warm.reward': [3, -0, 0] },
};

test.each(Object.entries(SAME))('does not depend on: %s', async (_, changes) => {
  expect(await hashOf(changed(EXAMPLE, changes))).toBe(await hashOf(EXAMPLE));
});

test('does not depend on formatting or names', async () => {
  const text = JSON.stringify(EXAMPLE, null, 7).replaceAll('theta', 'first').replaceAll('"warm"', '"w"');
  expect((await loadScenario(text, 'x', TABLES)).scenarioHash).toBe(await hashOf(EXAMPLE));
});

const DIFFERENT: Readonly<Record<string, unknown>> = {
  rounds: 201,
  tolerance: 0,
  seed: 2,
  replicates: 2,
  update: 'sequential',
  'curators.warm.reward': [3, 0, 1e-9],
  'curators.warm.temperature': 2,
  'curators.warm.candidates': 5,
  'curators.cool.candidates': 'infinite',
  'curators.cool.rule': 'argmax',
  'models.theta.real': [0.2, 0.5, 0.3],
  'models.theta.initial': 'uniform',
  'models.theta.curator': 'cool',
  'models.theta.population': 10,
  'models.theta.trainingRate': 0.5,
  'models.theta.mix': { real: 0.4, raw: { theta: 0.2 }, curated: { theta: 0.2, phi: 0.2 } },
  'models.theta.mix.curated.phi': { weight: 0.2, curator: 'warm' },
  'models.theta.mix.raw': { phi: 0.1 },
  'models.theta.mix.raw.phi': 0,
};

test('depends on every setting that decides a result', async () => {
  const hashes = await Promise.all(
    Object.entries(DIFFERENT).map(([path, value]) => hashOf(changed(EXAMPLE, { [path]: value }))),
  );
  hashes.push(await hashOf(EXAMPLE));
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('of a network depends on the seed, through the network too', async () => {
  const seven = await compileScenario(NETWORK, TABLES);
  const eight = await compileScenario(NETWORK, TABLES, { seed: 8 });
  expect(eight.edges.producer).not.toEqual(seven.edges.producer);
  expect(eight.scenarioHash).not.toBe(seven.scenarioHash);
  expect((await compileScenario(NETWORK, TABLES)).scenarioHash).toBe(seven.scenarioHash);
});
