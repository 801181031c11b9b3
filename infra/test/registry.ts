import { type Environment, environments } from '@typerush/image-registry';
import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib/core';
import { type EnvironmentSettings, environmentSettings } from '../src/environments';
import { type BuildSource } from '@typerush/infra-ecr';
import { type RunSettings } from '@typerush/infra-run';
import { addRegistryStacks } from '../src/registry-stacks';
import { type ServiceDeclaration } from '../src/service-declaration';
import { type System } from '../src/system';

const account = '123456789012';

export const gameService: ServiceDeclaration = {
  service: 'game-service',
  repository: 'game-service',
  retention: 'environment',
  container: { port: 3000, health: '/health/live', ready: '/health/ready' },
  declaredIn: 'apps/game-service/image.json',
};

export const recordService: ServiceDeclaration = {
  service: 'record-service',
  repository: 'record-service',
  retention: 'environment',
  container: { port: 3001, health: '/health/live' },
  declaredIn: 'apps/record-service/image.json',
};

export const typerush: System = {
  registry: { namespace: 'typerush', naming: 'shared' },
  services: [gameService, recordService],
};

/** As `systems` in the registry.json of this workspace. */
export const platform: System = {
  registry: { namespace: 'typerush', naming: 'per-environment' },
  services: ['api', 'realtime', 'workers'].map((service) => ({
    service,
    repository: service,
    retention: 'release',
    declaredIn: 'registry.json',
  })),
};

const branch = { owner: 'typerush', repository: 'typerush', branch: 'main' };
const connectionArn = `arn:aws:codeconnections:ap-southeast-1:${account}:connection/0123`;

/** Every way of a build project to its source. */
export const sources = {
  github: { type: 'github', ...branch },
  codeconnections: { type: 'codeconnections', connectionArn, ...branch },
  codecommit: { type: 'codecommit', repository: 'typerush', branch: 'main' },
  'a pipeline from a connection': { type: 'codepipeline', clone: { connectionArn } },
  'a pipeline from CodeCommit': {
    type: 'codepipeline',
    clone: { codeCommitRepository: 'typerush' },
  },
} as const satisfies Record<string, BuildSource>;

const secretOf = (name: string) =>
  `arn:aws:secretsmanager:ap-southeast-1:${account}:secret:ecr-pullthroughcache/${name}-AbCdEf`;

const runSecret = (name: string) =>
  `arn:aws:secretsmanager:ap-southeast-1:${account}:secret:typerush/${name}-AbCdEf`;

/** The services of the workspace, in a VPC that exists. */
export const run: RunSettings = {
  network: {
    vpcId: 'vpc-0123456789abcdef0',
    cidr: '10.0.0.0/16',
    publicSubnetIds: ['subnet-0dddddddddddddddd', 'subnet-0eeeeeeeeeeeeeeee'],
    privateSubnetIds: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
    secretsEndpoint: true,
  },
  certificateArn: `arn:aws:acm:ap-southeast-1:${account}:certificate/0123abcd-0123-0123-0123-0123456789ab`,
  accessLogBucketName: 'typerush-access-logs',
  dataStores: [
    { securityGroupId: 'sg-0aaaaaaaaaaaaaaaa', port: 5432 },
    { securityGroupId: 'sg-0bbbbbbbbbbbbbbbb', port: 6379 },
  ],
  services: {
    'game-service': {
      cpu: 512,
      memoryMb: 1024,
      tasks: { min: 2, max: 4 },
      public: true,
      variables: { OUTBOX_DIR: 'memory', SHUTDOWN_LIMIT: '100s', TRUSTED_PROXIES: '1' },
      secrets: {
        SESSION_SECRET: runSecret('session'),
        SERVICE_TOKEN: `${runSecret('tokens')}:service::`,
        REDIS_URL: runSecret('redis'),
      },
      calls: { RECORD_SERVICE_URL: 'record-service' },
    },
    'record-service': {
      secrets: {
        DATABASE_URL: runSecret('database'),
        SERVICE_TOKEN: `${runSecret('tokens')}:service::`,
      },
    },
  },
};

/** The same services in a VPC of their own, with nothing that is optional. */
export const runInNewNetwork: RunSettings = {
  network: { cidr: '10.20.0.0/16' },
  certificateArn: run.certificateArn,
  services: { 'game-service': { public: true }, 'record-service': {} },
};

/** A pipeline that builds, and deploys to these services. */
export const inPipeline: EnvironmentSettings = {
  run: runInNewNetwork,
  delivery: {
    build: {
      source: sources['a pipeline from a connection'],
      artifactBucketName: 'typerush-artifacts',
      encryptionKeyArn: `arn:aws:kms:ap-southeast-1:${account}:key/4567`,
    },
    pipeline: { ...branch },
  },
};

/** Settings that leave nothing out. */
export const everything: Required<EnvironmentSettings> = {
  encryptionKeyArn: `arn:aws:kms:ap-southeast-1:${account}:key/0123`,
  github: {
    repository: 'typerush/typerush',
    branch: 'main',
    createProvider: true,
  },
  existingRoles: {
    account,
    push: [`arn:aws:iam::${account}:role/ci/builder`],
    pull: [`arn:aws:iam::${account}:role/runner`],
  },
  otherAccounts: { accounts: ['210987654321'], organizationId: 'o-a1b2c3d4e5' },
  lambdaFunctions: { workers: 'typerush-workers-*' },
  vpc: {
    vpcId: 'vpc-0123456789abcdef0',
    cidr: '10.0.0.0/16',
    subnetIds: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb', 'subnet-0cccccccccccccccc'],
    routeTableIds: ['rtb-0aaaaaaaaaaaaaaaa', 'rtb-0bbbbbbbbbbbbbbbb', 'rtb-0cccccccccccccccc'],
    otherBuckets: ['typerush-models'],
  },
  pullThroughCache: [
    { upstream: 'ecr-public', prefix: 'cache-public' },
    { upstream: 'k8s', prefix: 'cache-k8s' },
    { upstream: 'quay', prefix: 'cache/quay' },
    ...(
      [
        'docker-hub',
        'github-container-registry',
        'gitlab-container-registry',
        'chainguard',
      ] as const
    ).map((upstream) => ({ upstream, prefix: `any/${upstream}`, secretArn: secretOf(upstream) })),
    {
      upstream: 'azure-container-registry',
      prefix: 'cache-azure',
      url: 'typerush.azurecr.io',
      secretArn: secretOf('azure'),
    },
    {
      upstream: 'ecr',
      prefix: 'cache-ecr',
      url: '210987654321.dkr.ecr.ap-southeast-1.amazonaws.com',
      roleArn: `arn:aws:iam::${account}:role/pull-from-others`,
    },
  ],
  emails: ['registry@example.com'],
  delivery: {
    build: {
      source: sources.codeconnections,
      artifactBucketName: 'typerush-artifacts',
      engine: 'docker',
      cacheBucketName: 'typerush-caches',
      network: {
        vpcId: 'vpc-0123456789abcdef0',
        subnetIds: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
        securityGroupIds: ['sg-0aaaaaaaaaaaaaaaa'],
      },
      encryptionKeyArn: `arn:aws:kms:ap-southeast-1:${account}:key/4567`,
    },
  },
  scanning: { threshold: 'HIGH', enhanced: true },
  monitoring: { limits: { sizeGb: 20, growthGb: 1, tagsPushedPerHour: 30 } },
  cost: { monthlyUsd: 10, anomalyMonitor: `arn:aws:ce::${account}:anomalymonitor/0123` },
  run,
};

export interface Synthesis {
  readonly app: App;
  /** By the part of their name that follows `typerush-<environment>-registry-`; those of the services are `run` and `run-pipeline`. */
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
    const [, run] = /^typerush-[a-z]+-(run(-pipeline)?)$/.exec(stack.stackName) ?? [];
    if (run) return [run, stack];
    expect(stack.stackName.startsWith(prefix)).toBe(true);
    return [stack.stackName.slice(prefix.length), stack];
  });
  return { app, stacks: Object.fromEntries(stacks) };
}

/** A build project with no more than it needs. */
export const deliveredFrom = (source: BuildSource): EnvironmentSettings => ({
  delivery: { build: { source, artifactBucketName: 'typerush-artifacts' } },
});

type Variant = readonly [string, () => Synthesis];

/** Further values of settings that switch something off. */
export const alternatives: readonly EnvironmentSettings[] = [
  { monitoring: { imagesInUse: false } },
  { run: runInNewNetwork },
];

/** Every environment with nothing that is optional, as it is declared, and with everything; dev delivered from each source. */
export const variants: readonly Variant[] = [
  ...environments.flatMap((environment): Variant[] => [
    [environment, () => synthesize(environment)],
    [
      `${environment} as it is declared`,
      () => synthesize(environment, { settings: environmentSettings[environment] }),
    ],
    [`${environment} with everything`, () => synthesize(environment, { settings: everything })],
  ]),
  ['prod in a pipeline', () => synthesize('prod', { settings: inPipeline })],
  ['dev that runs its services', () => synthesize('dev', { settings: { run: runInNewNetwork } })],
  ...Object.entries(sources).map(([name, source]): Variant => [
    `dev delivered from ${name}`,
    () => synthesize('dev', { settings: deliveredFrom(source) }),
  ]),
];
