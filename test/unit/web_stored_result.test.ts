/** The result that the page shows before its device is ready is the one that the engine computes; `vitest -u` writes it anew. */
import { expect, it } from 'vitest';
import { storedText } from '../support/stored_result.ts';

it('the stored result is that of the default scenario', async () => {
  await expect(await storedText()).toMatchFileSnapshot('../../web/stored/two_eras.json');
});
