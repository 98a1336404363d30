import { expect, it } from 'vitest';
import { documentChanges } from '../../web/services/document_changes.ts';

it('names what was changed, added and left out', () => {
  const before = { seed: 1, models: { theta: { mix: { real: 0.5 }, population: null } }, list: [1, 2] };
  const after = { models: { theta: { mix: { real: 0.4 }, population: 100 } }, list: [1, 2, 3], name: 'B' };
  expect(documentChanges(before, after)).toEqual([
    { path: 'seed', before: '1', after: 'none' },
    { path: 'models.theta.mix.real', before: '0.5', after: '0.4' },
    { path: 'models.theta.population', before: 'null', after: '100' },
    { path: 'list[2]', before: 'none', after: '3' },
    { path: 'name', before: 'none', after: '"B"' },
  ]);
  expect(documentChanges(before, structuredClone(before))).toEqual([]);
});
