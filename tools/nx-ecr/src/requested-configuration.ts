import { type PreTasksExecution } from '@nx/devkit';

/** What the command requests, for the tasks of a run: a configuration, or `project:target:configuration`; empty if it does not. */
const variable = 'NX_ECR_REQUESTED_CONFIGURATION';

/**
 * Nx runs a target in its default configuration if it does not have the requested one: a push to an environment that does not
 * exist would go to `dev`. Tasks see only the configuration that Nx has chosen, so this hook passes the requested one on to them.
 */
export const preTasksExecution: PreTasksExecution = (_options, { argv }) => {
  process.env[variable] = readRequest(argv) ?? '';
};

interface ChosenTarget {
  readonly projectName?: string;
  readonly targetName?: string;
  /** The configuration that Nx has chosen. */
  readonly configurationName?: string;
}

/** The configuration that was requested for a target, if Nx has chosen another one. */
export function replacedConfiguration({
  projectName,
  targetName,
  configurationName,
}: ChosenTarget): string | undefined {
  const request = process.env[variable] ?? '';
  const own = `${projectName}:${targetName}:`;
  // Of another target, or a target whose name has a colon.
  if (request.includes(':') && !request.startsWith(own)) return undefined;
  const requested = request.startsWith(own) ? request.slice(own.length) : request;
  return requested === '' || requested === configurationName ? undefined : requested;
}

const option = /^(?:-c|--c|--configuration)(?:=(.*))?$/;

/**
 * The last of `-c production`, `-c=production`, `--configuration=production`, `--prod` and `project:target:production`; what is
 * after `--` is for the tasks.
 */
function readRequest(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  let request: string | undefined;
  own.forEach((argument, index) => {
    const [match, value] = option.exec(argument) ?? [];
    if (match) request = value ?? own[index + 1];
    if (argument === '--prod') request = 'production';
    if (/^[^-:/][^:]*:[^:]+:.+$/.test(argument)) request = argument;
  });
  return request;
}
