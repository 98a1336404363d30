/** `npm run setup`: everything the tests need. `npm test` does the same by itself. */
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureTestMachine } from './lib/setup_tests.mjs';
import { runMain } from './lib/shell.mjs';

runMain(async () => {
  await ensureDependencies();
  await ensureTestMachine();
});
