import { deploymentNames, type Environment, type RegistryConfig } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';

export const cdkCommands = ['deploy', 'diff', 'synth', 'destroy'] as const;

export interface CdkOptions {
  readonly command: (typeof cdkCommands)[number];
  readonly environment: Environment;
  /** The service whose stack is meant, with those that it depends on; all stacks where it is left out. */
  readonly service?: string;
  /** Also set back what was changed past the stacks; without it CloudFormation looks at no resource that is declared as before. */
  readonly revertDrift?: boolean;
  /** Destroy without asking, but no image that no backup holds. */
  readonly yes?: boolean;
  /** Destroy without asking, images and all. */
  readonly force: boolean;
}

export interface CdkSituation {
  readonly registry: RegistryConfig;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly region?: string;
  readonly ecrLocalPort: number;
  /** Whether somebody is there to answer questions. */
  readonly interactive: boolean;
  /** The Node that runs the CDK app. */
  readonly node: string;
}

export interface CdkPlan {
  /** What follows `cdk`, which runs in the workspace's root. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The address of ecr-local, which has to answer first; none where the command goes to AWS. */
  readonly localEndpoint?: string;
}

/**
 * The CDK's command line for one environment. `local` goes to ecr-local, all others to where the AWS variables point.
 *
 * @throws PipelineError CONFIRMATION_NEEDED, REVERT_DRIFT_UNSUPPORTED
 */
export function planCdk(options: CdkOptions, situation: CdkSituation): CdkPlan {
  const { command, environment } = options;
  const asks = !options.force && !options.yes;
  if (command === 'destroy' && asks && !situation.interactive) {
    throw new PipelineError(
      'CONFIRMATION_NEEDED',
      `destroy removes what stands in ${environment}, and there is nobody to ask: pass --yes to do it all the same, or --force to do it even where no backup holds the images.`,
    );
  }
  if (options.revertDrift && environment === 'local') {
    throw new PipelineError(
      'REVERT_DRIFT_UNSUPPORTED',
      'ecr-local does not emulate --revert-drift: set back by hand what was changed past its stacks.',
    );
  }
  const goesLocal = environment === 'local' && command !== 'synth';
  const localEndpoint = `http://127.0.0.1:${situation.ecrLocalPort}`;
  return {
    args: [
      command,
      ...stacks(options, situation),
      ...flags(options, situation),
      ...app(options, situation),
    ],
    env: {
      ...defined(goesLocal ? localVariables(situation, localEndpoint) : situation.variables),
      ...quiet,
    },
    ...(goesLocal && { localEndpoint }),
  };
}

function stacks(
  { command, service, environment }: CdkOptions,
  { registry }: CdkSituation,
): string[] {
  if (service) return [deploymentNames(registry, environment).serviceStack(service)];
  // Where no stack is named, synth and diff mean all of them.
  return command === 'deploy' || command === 'destroy' ? ['--all'] : [];
}

function flags(
  { command, environment, revertDrift, yes, force }: CdkOptions,
  { interactive }: CdkSituation,
): string[] {
  switch (command) {
    case 'deploy':
      return [
        ...(interactive && environment !== 'local'
          ? ['--require-approval', 'broadening', '--progress', 'events']
          : ['--require-approval', 'never', '--progress', 'events', '--concurrency', '4']),
        ...(revertDrift ? ['--revert-drift'] : []),
      ];
    case 'synth':
      return ['--quiet'];
    case 'destroy':
      return yes || force ? ['--force'] : [];
    case 'diff':
      return [];
  }
}

function app({ environment }: CdkOptions, { node }: CdkSituation): string[] {
  return [
    '--app',
    `"${node}" --import tsx infra/src/main.ts`,
    '--context',
    `environment=${environment}`,
    '--output',
    `dist/infra/${environment}`,
    '--no-notices',
    '--no-version-reporting',
    '--no-path-metadata',
    '--no-asset-metadata',
  ];
}

/**
 * Nothing is sent home, no warning is printed that nobody here can act on, and templates are not checked by the CDK's own
 * rules at every synthesis, which takes seconds: a test of infra does so.
 */
const quiet = {
  CDK_VALIDATION: 'false',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CDK_DISABLE_VERSION_CHECK: '1',
  NODE_NO_WARNINGS: '1',
};

/** No profile, credential or endpoint of the caller's gets through: a local command must never reach an account. */
function localVariables({ variables, region }: CdkSituation, endpoint: string) {
  const others = Object.entries(variables).filter(([name]) => !name.startsWith('AWS_'));
  const noProxy = [variables['NO_PROXY'] ?? variables['no_proxy'], '127.0.0.1']
    .filter(Boolean)
    .join(',');
  return {
    ...Object.fromEntries(others),
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region ?? 'ap-southeast-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function defined(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
