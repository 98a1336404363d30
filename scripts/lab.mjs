/** `npm run lab`: sets up what is missing, then serves the lab. Arguments go to `backfire lab`: `npm run lab -- --port 8000`. */
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureBuild } from './lib/dist.mjs';
import { startCli } from './lib/start_cli.mjs';
import { runMain } from './lib/shell.mjs';

runMain(async () => {
  await ensureDependencies();
  await ensureBuild();
  await startCli(['lab', ...process.argv.slice(2)]);
});
