import {
  deploymentNames,
  digestParameter,
  type Environment,
  type RegistryConfig,
} from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';

export interface CdkOptions {
  readonly command: 'deploy' | 'diff' | 'synth' | 'destroy';
  readonly environment: Environment;
  /** Only the stack of this service and those that it depends on. Default: all stacks. */
  readonly service?: string;
  /** Also undo changes made outside the stacks. Otherwise CloudFormation skips resources whose declaration did not change. */
  readonly revertDrift?: boolean;
  /** Destroy without a prompt, but no image without a backup. */
  readonly yes?: boolean;
  /** Destroy without a prompt, even images without a backup. */
  readonly force: boolean;
}

/** The machine and the workspace that the CDK runs in. */
export interface CdkRunContext {
  readonly registry: RegistryConfig;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Of the environment. @default - that of the AWS configuration */
  readonly region?: string;
  readonly ecrLocalPort: number;
  /** Whether there is a terminal to prompt on. */
  readonly interactive: boolean;
  /** The Node that runs the CDK app. */
  readonly node: string;
}

export interface CdkPlan {
  /** The arguments of `cdk`, which runs in the workspace root. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The address of ecr-local, which must respond first; undefined if the command uses AWS. */
  readonly localEndpoint?: string;
}

/**
 * The CDK's command line for one environment. `local` uses ecr-local, the others use the AWS variables.
 *
 * @throws PipelineError CONFIRMATION_NEEDED
 */
export function planCdk(options: CdkOptions, context: CdkRunContext): CdkPlan {
  const { command, environment } = options;
  const prompts = !options.force && !options.yes;
  if (command === 'destroy' && prompts && !context.interactive) {
    throw new PipelineError(
      'CONFIRMATION_NEEDED',
      `destroy needs confirmation: it deletes the stacks of environment "${environment}", and there is no terminal to prompt on.\n` +
        'Nothing was deleted.\n' +
        'Fix: pass --yes to destroy if every image has a backup,\n' +
        '     or --force to destroy even images without one.',
    );
  }
  return {
    args: [
      command,
      ...stacks(options, context.registry),
      ...flags(options, context.interactive),
      ...['--app', `"${context.node}" --import tsx infra/src/main.ts`],
      ...['--context', `environment=${environment}`],
      ...['--output', `dist/infra/${environment}`],
      ...withoutMetadata,
    ],
    ...surroundings(command === 'synth' ? 'synth' : environment, context),
  };
}

/**
 * The CDK's command line for the stack that runs the services, with the image of each by its digest, and that of their
 * pipeline. It uses what an earlier command has synthesized.
 */
export function planRunStack(
  { environment, revertDrift }: Pick<CdkOptions, 'environment' | 'revertDrift'>,
  digests: ReadonlyMap<string, string>,
  context: CdkRunContext,
): CdkPlan {
  const { runStack } = deploymentNames(context.registry, environment);
  const options: CdkOptions = { command: 'deploy', environment, revertDrift, force: false };
  return {
    args: [
      'deploy',
      `${runStack}*`,
      ...flags(options, context.interactive),
      ...['--app', `dist/infra/${environment}`],
      ...[...digests].flatMap(([service, digest]) => [
        '--parameters',
        `${runStack}:${digestParameter(service)}=${digest}`,
      ]),
      ...withoutMetadata,
    ],
    ...surroundings(environment, context),
  };
}

const withoutMetadata = [
  '--no-notices',
  '--no-version-reporting',
  '--no-path-metadata',
  '--no-asset-metadata',
];

/** The variables of the CDK, and the address of ecr-local if the command uses it. */
function surroundings(
  where: Environment | 'synth',
  context: CdkRunContext,
): Pick<CdkPlan, 'env' | 'localEndpoint'> {
  if (where !== 'local') return { env: { ...defined(inRegion(context)), ...quiet } };
  const localEndpoint = `http://127.0.0.1:${context.ecrLocalPort}`;
  return {
    env: { ...defined(localVariables(context, localEndpoint)), ...quiet },
    localEndpoint,
  };
}

function stacks({ command, service, environment }: CdkOptions, registry: RegistryConfig): string[] {
  const { serviceStack, runStack } = deploymentNames(registry, environment);
  if (service) return [serviceStack(service)];
  // All but the services: they come after their images, and those after the registry.
  if (command === 'deploy') return [`!${runStack}*`];
  // Without a stack, synth and diff use all of them.
  return command === 'destroy' ? ['--all'] : [];
}

function flags(
  { command, environment, revertDrift, yes, force }: CdkOptions,
  interactive: boolean,
): string[] {
  switch (command) {
    case 'deploy':
      return [
        ...['--progress', 'events', '--require-approval'],
        ...(interactive && environment !== 'local'
          ? ['broadening']
          : ['never', '--concurrency', '4']),
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

/**
 * Disables telemetry, warnings that the caller cannot act on, and the CDK's own checks of templates, which take seconds at
 * every synthesis: a test of infra makes them.
 */
const quiet = {
  CDK_VALIDATION: 'false',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CDK_DISABLE_VERSION_CHECK: '1',
  NODE_NO_WARNINGS: '1',
};

/** The region of the environment, if it is known: the CDK would read it from the variables and profiles of the caller. */
const inRegion = ({ variables, region }: CdkRunContext) => ({
  ...variables,
  ...(region && { AWS_REGION: region, AWS_DEFAULT_REGION: region }),
});

/** Without the caller's AWS variables: a local command must never reach an account. */
function localVariables({ variables, region }: CdkRunContext, endpoint: string) {
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
