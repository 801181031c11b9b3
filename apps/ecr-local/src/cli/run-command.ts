import { isScanWorker, runScanWorker } from '../scanning/scan-worker';
import { howToUse } from '../how-to-use';
import { serve } from '../serve/serve';
import { helpText, parseCommandLine, UsageError } from './command-line';

/** The exit code of a shell's own commands for a command line that is not valid. */
const usageExitCode = 2;

export interface Program {
  /** Its file; a worker thread runs it too, because a bundle has no other program. */
  readonly file: string;
  readonly version: string;
  readonly defaultPort: number;
}

/** The program of a terminal: parses the command line, then serves until a signal. */
export async function runCommand(program: Program, args: readonly string[]): Promise<void> {
  if (isScanWorker()) return runScanWorker();
  const { file, version, defaultPort } = program;
  try {
    const command = parseCommandLine(args, process.env);
    if (command.kind === 'help') return void process.stdout.write(helpText(defaultPort));
    if (command.kind === 'version') return void process.stdout.write(`${version}\n`);
    const defaults = { ECR_LOCAL_PORT: String(defaultPort), LOG_LEVEL: 'warn' };
    await serve({
      env: { ...defaults, ...withoutEmpty(process.env), ...command.settings },
      program: file,
      onListening: ({ url, region }) =>
        // The log is on stdout, for machines.
        process.stderr.write(
          `${howToUse({ url, region, account: '000000000000' })}\nCtrl-C stops it.\n`,
        ),
    });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`ecr-local: ${error.message}\nFix: see ecr-local --help.\n`);
    process.exitCode = usageExitCode;
  }
}

/** An empty variable counts as not set, as in the configuration of every service. */
const withoutEmpty = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
