import { examine } from '../engine/index.ts';
import { doctorText } from '../report/doctor_text.ts';
import { jsonPieces } from '../report/json_text.ts';
import { EXIT } from './exit_code.ts';
import { builtPlatform } from './platform.ts';
import { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

export interface DoctorCommandOptions {
  readonly json: boolean;
}

/** `backfire doctor`: what this machine offers and which backend would run. Returns the exit code. */
export async function doctorCommand(options: DoctorCommandOptions): Promise<number> {
  const terminal = new Terminal(options.json);
  const report = await examine(builtPlatform());
  terminal.text(doctorText(report, VERSION, terminal.paint));
  if (options.json) await terminal.document(jsonPieces({ ...report, version: VERSION }));
  return EXIT.done;
}
