/** `npm start`: sets up what is missing, then runs the main job, the two eras of the State of the Union addresses. */
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureBuild } from './lib/dist.mjs';
import { startCli } from './lib/start_cli.mjs';
import { ROOT, runMain } from './lib/shell.mjs';

runMain(async () => {
  await ensureDependencies();
  await ensureBuild();
  process.chdir(ROOT);
  await startCli(['run', 'two-eras', '--out', 'backfire-out/two-eras', ...process.argv.slice(2)]);
});
