import { Command, Option } from 'commander';
import type { DoctorCommandOptions } from './doctor_command.ts';
import { EXIT } from './exit_code.ts';
import type { LabCommandOptions } from './lab_command.ts';
import {
  BACKEND_NAMES,
  COMPENSATION_NAMES,
  parseBackend,
  parseCompensation,
  parsePort,
  parseReplicates,
  parseRounds,
  parseSeed,
} from './option_values.ts';
import type { ReproduceCommandOptions } from './reproduce_command.ts';
import type { RunCommandOptions } from './run_command.ts';
import { presetList } from './scenario_argument.ts';
import type { SolveCommandOptions } from './solve_command.ts';
import { VERSION } from './version.ts';

const SCENARIO = 'a scenario file (JSON) or the name of a preset';

/** The command line. Commands are loaded when they are run, so that help and mistakes answer at once. */
export function createProgram(finish: (exitCode: number) => void): Command {
  const program = new Command('backfire')
    .description('Runs ecosystems of generative models that train on each other’s curated output.')
    .version(VERSION)
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: false })
    .addHelpText(
      'after',
      `\nPresets:\n${presetList()}\n\nExit codes: ${EXIT.done} done, ${EXIT.failed} a run that failed, ${EXIT.badInput} bad input, ` +
        `${EXIT.cancelled} cancelled with Ctrl-C (what was finished is kept).`,
    );

  program
    .command('run')
    .description('run a scenario and show what happened to every model')
    .argument('<scenario>', SCENARIO)
    .addOption(backendOption('where to compute; auto takes what is fastest here'))
    .option('--rounds <n>', 'rounds, instead of the scenario’s', parseRounds)
    .option('--seed <s>', 'seed of the random numbers, instead of the scenario’s', parseSeed)
    .option('--replicates <r>', 'independent copies side by side, instead of the scenario’s', parseReplicates)
    .option(
      '--out <dir>',
      'write metrics.csv, final.csv or final.parquet, chart.svg and run.json into this folder',
    )
    .option('--no-influence', 'leave out the predicted stable point, the influences and the verdict')
    .option('--json', 'print one JSON document to standard output', false)
    .action(async (scenario: string, options: RunCommandOptions) => {
      const { runCommand } = await import('./run_command.ts');
      finish(await runCommand(scenario, options));
    });

  program
    .command('solve')
    .description('find the stable point, who influences whom, and a verdict on every model')
    .argument('<scenario>', SCENARIO)
    .addOption(backendOption('accepted as in run; solve needs float64 and always computes on the CPU'))
    .addOption(
      new Option(
        `--compensation <${COMPENSATION_NAMES}>`,
        'what makes room when a model’s curated share grows: all the rest in proportion, real data, or raw output of the same producer',
      )
        .argParser(parseCompensation)
        .default('proportional'),
    )
    .option('--json', 'print one JSON document to standard output', false)
    .action(async (scenario: string, options: SolveCommandOptions) => {
      const { solveCommand } = await import('./solve_command.ts');
      finish(await solveCommand(scenario, options));
    });

  program
    .command('reproduce')
    .description(
      'regenerate what a paper reports: figures, data, and every number held against the published one',
    )
    .argument('[name]', 'what to reproduce, or "all"; no name lists what there is')
    .addOption(backendOption('where to compute; auto takes what is fastest here'))
    .option(
      '--out <dir>',
      'write the figures, data and report.json into this folder (default: reproductions/NAME)',
    )
    .option('--json', 'print the report as one JSON document to standard output', false)
    .action(async (name: string | undefined, options: ReproduceCommandOptions) => {
      const { reproduceCommand } = await import('./reproduce_command.ts');
      finish(await reproduceCommand(name, options));
    });

  program
    .command('lab')
    .description('serve the lab, a page for the browser, on this machine until Ctrl-C')
    .option(
      '--port <p>',
      'where to listen; 0 takes any free port (default: 5273, or the next free one)',
      parsePort,
    )
    .action(async (options: LabCommandOptions) => {
      const { labCommand } = await import('./lab_command.ts');
      finish(await labCommand(options));
    });

  program
    .command('doctor')
    .description('show the adapters of this machine and which backend would run')
    .option('--json', 'print one JSON document to standard output', false)
    .action(async (options: DoctorCommandOptions) => {
      const { doctorCommand } = await import('./doctor_command.ts');
      finish(await doctorCommand(options));
    });

  return program;
}

function backendOption(description: string): Option {
  return new Option(`--backend <${BACKEND_NAMES}>`, description).argParser(parseBackend).default('auto');
}
