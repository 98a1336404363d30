/** `npm run -s backfire -- …`: the command line of this checkout, set up and built first where needed. */
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureBuild } from './lib/dist.mjs';
import { startCli } from './lib/start_cli.mjs';
import { runMain } from './lib/shell.mjs';

runMain(async () => {
  await ensureDependencies();
  await ensureBuild();
  // npm runs scripts in the repository's root; paths on the command line mean the folder it was typed in.
  process.chdir(process.env.INIT_CWD ?? process.cwd());
  await startCli(process.argv.slice(2));
});
