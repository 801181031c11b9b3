import { parseArgs } from 'node:util';
import { type Environment } from '@typerush/service-kit';
import { ecrLocalConfig } from '../config';

type Variable = keyof typeof ecrLocalConfig.shape;

interface Flag {
  /** What the flag sets. */
  readonly variable: Variable;
  /** Of its value in the help, `<port>`; a flag without has a value of its own. */
  readonly value?: string;
  readonly sets?: string;
  readonly help: string;
}

/** In the order of the help. */
export const flags: Readonly<Record<string, Flag>> = {
  port: {
    variable: 'ECR_LOCAL_PORT',
    value: '<port>',
    help: 'Port to listen on; 0 selects a free one.',
  },
  host: {
    variable: 'ECR_LOCAL_HOST',
    value: '<address>',
    help: 'Address to listen on. Default: 127.0.0.1, for this machine only.',
  },
  data: {
    variable: 'ECR_LOCAL_DATA',
    value: '<folder>',
    help: 'Folder of all data. Default: .ecr-local',
  },
  memory: {
    variable: 'ECR_LOCAL_STORAGE',
    sets: 'memory',
    help: 'Keep all data in memory, until the end of the process.',
  },
  'disk-limit': {
    variable: 'ECR_LOCAL_DISK_LIMIT',
    value: '<size>',
    help: 'Reject pushes beyond this size of all images, such as 10GB. Default: none.',
  },
  'tls-cert': {
    variable: 'ECR_LOCAL_TLS_CERT',
    value: '<file>',
    help: 'Serve HTTPS with this certificate, a file in PEM.',
  },
  'tls-key': {
    variable: 'ECR_LOCAL_TLS_KEY',
    value: '<file>',
    help: 'Private key of the certificate, a file in PEM.',
  },
  region: {
    variable: 'AWS_REGION',
    value: '<region>',
    help: 'Region of requests that name none. Default: ap-southeast-1',
  },
  roles: {
    variable: 'ECR_LOCAL_ROLES',
    value: '<file>',
    help: 'Users and roles with their permissions. Default: any credentials may do anything.',
  },
  advisories: {
    variable: 'ECR_LOCAL_ADVISORIES',
    value: '<path>',
    help: 'Folder or archive of OSV advisories to scan images with. Default: none.',
  },
  protocol: {
    variable: 'ECR_LOCAL_PROTOCOL',
    value: '<name>',
    help: 'Registry protocol, ecr or oci (the specification). Default: ecr',
  },
  'log-level': {
    variable: 'LOG_LEVEL',
    value: '<level>',
    help: 'Minimum level of the log on stdout; info logs each request. Default: warn',
  },
};

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'serve'; readonly settings: Environment };

/** The command line is not valid. The message has the reason and the fix. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError for an unknown flag, an invalid value, or flags that exclude each other */
export function parseCommandLine(args: readonly string[], env: Environment = {}): Command {
  const values = parseFlags(args);
  if (values['help']) return { kind: 'help' };
  if (values['version']) return { kind: 'version' };
  if (values['memory'] && values['data'] !== undefined) {
    throw new UsageError('--memory and --data exclude each other: set one of them.');
  }
  const isSet = (name: string) => Boolean(values[name] ?? env[flags[name]?.variable ?? '']);
  if (isSet('tls-cert') !== isSet('tls-key')) {
    throw new UsageError('--tls-cert and --tls-key need each other: set both of them.');
  }
  const settings = Object.entries(flags).flatMap(([name, flag]) => {
    const value = values[name];
    if (value === undefined) return [];
    return [[flag.variable, checked(name, flag, flag.sets ?? String(value))] as const];
  });
  return { kind: 'serve', settings: Object.fromEntries(settings) };
}

function parseFlags(args: readonly string[]): Readonly<Record<string, unknown>> {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...options,
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
      strict: true,
    }).values;
  } catch (error) {
    // The first sentence says what is wrong; the others are about positional arguments, which this program does not have.
    const [problem = ''] = (error as Error).message.split(/\.(\s|$)/);
    throw new UsageError(`${problem}.`);
  }
}

function checked(name: string, { variable }: Flag, value: string): string {
  const schema = ecrLocalConfig.shape[variable];
  if (value.trim() !== '' && schema.safeParse(value).success) return value;
  const expected = schema.description?.split(', or leave it out')[0] ?? 'another value';
  throw new UsageError(`Invalid --${name} "${value}". Expected ${expected}.`);
}

/** The text of `--help`. */
export function helpText(defaultPort: number): string {
  const rows = Object.entries(flags).map(([name, { value = '', variable, help }]) => ({
    flag: `--${name} ${value}`.trim(),
    help: name === 'port' ? `${help} Default: ${defaultPort}` : help,
    variable,
  }));
  const width = Math.max(...rows.map(({ flag }) => flag.length));
  const line = (flag: string, help: string) => `  ${flag.padEnd(width)}  ${help}`;
  return [
    'Amazon ECR on this machine: the ECR API, the registry protocol for docker, STS and CloudFormation.',
    '',
    'Usage: npx @typerush/ecr-local [flags]',
    '',
    ...rows.map(({ flag, help }) => line(flag, help)),
    line('--version', 'Print the version.'),
    line('--help', 'Print this help.'),
    '',
    'Each flag can also be set by an environment variable; a flag takes precedence:',
    '',
    ...rows.map(({ flag, variable }) => line(flag.split(' ')[0] ?? flag, variable)),
    '',
    'GET /health/ready reports when it is ready, /metrics its metrics, / its first commands.',
    '',
  ].join('\n');
}
