/**
 * `npm run test:mutation`: makes each mistake of scripts/lib/mutations.mjs in a copy of the project and requires that
 * the tests named there notice it by a failed assertion. The last line reads `N passed, N failed`.
 *
 *   node scripts/mutation.mjs --only NAME    those whose name contains NAME
 *   node scripts/mutation.mjs --list         names, without running anything
 */
import { parseArgs } from 'node:util';
import { applied, MutationRun } from './lib/mutation_run.mjs';
import { MUTATIONS } from './lib/mutations.mjs';
import { SetupError, runMain, say, seconds } from './lib/shell.mjs';

/** Words before the name of a mutation. */
const VERDICTS = /** @type {const} */ ({ caught: 'caught  ', survived: 'SURVIVED', invalid: 'INVALID ' });

function chosenMutations() {
  const { values } = parseArgs({ options: { only: { type: 'string' }, list: { type: 'boolean' } } });
  const chosen = MUTATIONS.filter(({ name }) => name.includes(values.only ?? ''));
  if (chosen.length === 0) throw new SetupError(`No mutation has "${values.only}" in its name; see --list.`);
  return { chosen, listOnly: values.list === true };
}

async function main() {
  const start = performance.now();
  const { chosen, listOnly } = chosenMutations();
  if (listOnly) {
    for (const { name, file } of chosen) console.log(`${name}  (${file})`);
    return 0;
  }
  for (const mutation of chosen) applied(mutation); // all must apply before anything takes time
  const run = new MutationRun();
  try {
    const tests = Array.from(new Set(chosen.flatMap((mutation) => mutation.tests)));
    const broken = await run.unmutated(tests);
    if (broken.length > 0) {
      console.log(broken.join('\n'));
      throw new SetupError('These tests fail without any mutation, so that nothing can be learnt from them.');
    }
    say(`${tests.length} test files pass unmutated, ${seconds(start)}; now ${chosen.length} mutations`);
    let caught = 0;
    await run.mutated(chosen, (mutation, { verdict, reason }) => {
      if (verdict === 'caught') caught += 1;
      const detail = verdict === 'caught' ? '' : `\n  ${mutation.file}: ${mutation.why}\n  ${reason}`;
      console.log(`${VERDICTS[verdict]} ${mutation.name}${detail}`);
    });
    say(`${chosen.length} mutations took ${seconds(start)}`);
    console.log(`${caught} passed, ${chosen.length - caught} failed`);
    return caught === chosen.length ? 0 : 1;
  } finally {
    run.remove();
  }
}

runMain(main);
