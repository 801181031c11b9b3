import { type Environment } from '@typerush/image-registry';
import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib/core';
import { type EnvironmentSettings } from '../src/environments';
import { addRegistryStacks } from '../src/registry-stacks';
import { type ServiceDeclaration } from '../src/service-declaration';
import { platform } from '../src/systems/platform';
import { type System } from '../src/systems/system';

const account = '123456789012';

export const gameService: ServiceDeclaration = {
  service: 'game-service',
  repository: 'game-service',
  retention: 'environment',
  declaredIn: 'apps/game-service/image.json',
};

export const recordService: ServiceDeclaration = {
  service: 'record-service',
  repository: 'record-service',
  retention: 'environment',
  declaredIn: 'apps/record-service/image.json',
};

export const typerush: System = {
  registry: { namespace: 'typerush', naming: 'shared' },
  services: [gameService, recordService],
};

/** A service that Lambda runs. */
export const textService: ServiceDeclaration = {
  service: 'text-service',
  repository: 'text-service',
  retention: 'release',
  lambdaFunctions: 'typerush-text-*',
  declaredIn: 'infra/src/systems/platform.ts',
};

/** Settings that leave nothing out. */
export const everything: Required<EnvironmentSettings> = {
  encryptionKeyArn: `arn:aws:kms:ap-southeast-1:${account}:key/0123`,
  github: { repository: 'typerush/typerush', branch: 'main' },
  existingRoles: {
    account,
    push: [`arn:aws:iam::${account}:role/ci/builder`],
    pull: [`arn:aws:iam::${account}:role/runner`],
  },
  vpc: {
    vpcId: 'vpc-0123456789abcdef0',
    cidr: '10.0.0.0/16',
    subnetIds: ['subnet-0aaa', 'subnet-0bbb', 'subnet-0ccc'],
    routeTableIds: ['rtb-0aaa', 'rtb-0bbb', 'rtb-0ccc'],
    otherBuckets: ['typerush-artifacts'],
  },
};

export interface Synthesis {
  readonly app: App;
  /** By the part of their name that follows `typerush-<environment>-registry-`. */
  readonly stacks: Readonly<Record<string, Stack>>;
}

/** The stacks of an environment, by default of both systems and with nothing that is optional. */
export function synthesize(
  environment: Environment,
  {
    systems = [typerush, platform],
    settings = {},
  }: {
    readonly systems?: readonly [System, ...System[]];
    readonly settings?: EnvironmentSettings;
  } = {},
): Synthesis {
  const app = new App({ defaultStackSynthesizer: new BootstraplessSynthesizer() });
  addRegistryStacks(app, { systems, environment, settings });
  const prefix = `typerush-${environment}-registry-`;
  const stacks = app.node.children.filter(Stack.isStack).map((stack) => {
    expect(stack.stackName.startsWith(prefix)).toBe(true);
    return [stack.stackName.slice(prefix.length), stack];
  });
  return { app, stacks: Object.fromEntries(stacks) };
}

/** Every environment as it is by default, and with everything that it may have. */
export const variants: readonly (readonly [string, () => Synthesis])[] = (
  ['local', 'dev', 'staging', 'prod'] as const
).flatMap((environment) => [
  [environment, () => synthesize(environment)],
  [
    `${environment} with everything`,
    () =>
      synthesize(environment, {
        systems: [typerush, { ...platform, services: [...platform.services, textService] }],
        settings: everything,
      }),
  ],
]);
