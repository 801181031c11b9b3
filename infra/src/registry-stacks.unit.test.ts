import { environments } from '@typerush/image-registry';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, type Stack } from 'aws-cdk-lib/core';
import {
  everything,
  gameService,
  platform,
  recordService,
  synthesize,
  typerush,
  variants,
} from '../test/registry';
import { type EnvironmentSettings } from './environments';
import { addRegistryStacks } from './registry-stacks';
import { type ServiceDeclaration } from './service-declaration';

const repositoryType = 'AWS::ECR::Repository';
const services = ['game-service', 'record-service', 'api', 'realtime', 'workers'];

function template(stack: Stack | undefined): Template {
  if (!stack) throw new Error('there is no such stack');
  return Template.fromStack(stack);
}

/** A name, or the last part of an ARN, with the region of the stack left out. */
function withoutRegion(name: unknown): string {
  if (typeof name === 'string') return name;
  const [, parts] = (name as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  const last = parts.at(-1);
  return typeof last === 'string' ? last : String(parts.at(-2)).replace(/-$/, '');
}

/** The properties of the repository in a stack. */
function repositoryIn(stack: Stack | undefined): Record<string, unknown> {
  const [repository] = Object.values(template(stack).findResources(repositoryType));
  return repository?.['Properties'];
}

describe.each(environments)('the stacks of %s', (environment) => {
  const { stacks } = synthesize(environment);

  it('are the roles, and one for each service of both systems', () => {
    expect(Object.keys(stacks)).toEqual(expect.arrayContaining(['access', ...services]));
    template(stacks['access']).resourceCountIs('AWS::IAM::Role', 2);
    for (const service of services) template(stacks[service]).resourceCountIs(repositoryType, 1);
    expect(stacks).not.toHaveProperty('network');
  });

  it('grant access only to the roles that the access stack creates', () => {
    const roles = Object.values(template(stacks['access']).findResources('AWS::IAM::Role')).map(
      ({ Properties }) => `:role/${withoutRegion(Properties.RoleName)}`,
    );
    expect(roles).toEqual([
      `:role/typerush-${environment}-registry-push`,
      `:role/typerush-${environment}-registry-pull`,
    ]);
    for (const service of services) {
      const { Statement: statements } = repositoryIn(stacks[service])['RepositoryPolicyText'] as {
        Statement: { Principal: { AWS: { 'Fn::Join': [string, unknown[]] } } }[];
      };
      expect(statements.map(({ Principal }) => withoutRegion(Principal.AWS))).toEqual(roles);
    }
  });

  it('put the services after the roles, without an import that ties them together', () => {
    for (const service of services)
      expect(stacks[service]?.dependencies).toEqual([stacks['access']]);
    for (const stack of Object.values(stacks)) {
      const text = JSON.stringify(template(stack).toJSON());
      expect(text).not.toContain('Fn::ImportValue');
      expect(text).not.toContain('"Export"');
    }
  });

  it('publish the URI of each repository in outputs and in parameters', () => {
    for (const service of services) {
      const of = template(stacks[service]);
      expect(Object.keys(of.findOutputs('*'))).toEqual(
        expect.arrayContaining(['RepositoryUri', 'RepositoryArn', 'RepositoryName']),
      );
      const [repository] = Object.keys(of.findResources(repositoryType));
      for (const [what, attribute] of [
        ['uri', 'RepositoryUri'],
        ['arn', 'Arn'],
      ]) {
        of.hasResourceProperties('AWS::SSM::Parameter', {
          Name: `/typerush/${environment}/registry/${service}/${what}`,
          Type: 'String',
          Value: { 'Fn::GetAtt': [repository, attribute] },
        });
      }
    }
  });

  it('keep the logical name of the repository, a change of which would replace it', () => {
    expect(Object.keys(template(stacks['game-service']).findResources(repositoryType))).toEqual([
      'ServiceRepositoryB5DB2931',
    ]);
  });
});

const hundred = Array.from({ length: 100 }, (_, nth) => ({
  ...gameService,
  service: `service-${nth}`,
  repository: `service-${nth}`,
}));
const hundredServices = () =>
  synthesize('prod', {
    systems: [{ ...typerush, services: [gameService, recordService, ...hundred] }, platform],
    settings: everything,
  });

describe.each([
  ...variants,
  ['prod with everything and a hundred services', hundredServices] as const,
])('the templates of %s', (_name, synthesis) => {
  const { stacks } = synthesis();

  it('leave account and region open, need no bootstrap, and fit into a request', () => {
    for (const stack of Object.values(stacks)) {
      expect(stack.environment).toBe('aws://unknown-account/unknown-region');
      const json = template(stack).toJSON();
      expect(json).not.toHaveProperty('Rules');
      // The digests of the images that run; nothing else comes from outside.
      const parameters = Object.keys((json['Parameters'] ?? {}) as object);
      expect(parameters.filter((name) => !name.endsWith('Digest'))).toEqual([]);
      // As the CDK sends it; CloudFormation takes 51,200 bytes.
      const bytes = Buffer.byteLength(JSON.stringify(json, null, 1));
      expect([stack.stackName, bytes < 50_000]).toEqual([stack.stackName, true]);
    }
  });
});

describe('the two systems', () => {
  it.each(environments)('have their repositories in %s', (environment) => {
    const { stacks } = synthesize(environment);
    expect(services.map((service) => repositoryIn(stacks[service])['RepositoryName'])).toEqual([
      'typerush/game-service',
      'typerush/record-service',
      `typerush-${environment}/api`,
      `typerush-${environment}/realtime`,
      `typerush-${environment}/workers`,
    ]);
  });

  it.each([
    ['dev', 'game-service', 'MUTABLE', undefined],
    ['dev', 'api', 'MUTABLE', undefined],
    ['staging', 'api', 'MUTABLE', undefined],
    ['prod', 'game-service', 'IMMUTABLE_WITH_EXCLUSION', ['prod', 'latest']],
    ['prod', 'api', 'IMMUTABLE_WITH_EXCLUSION', ['prod', 'latest', 'main', 'dev']],
  ] as const)('in %s let tags of %s be %s', (environment, service, mutability, moving) => {
    const repository = repositoryIn(synthesize(environment).stacks[service]);
    expect(repository['ImageTagMutability']).toBe(mutability);
    expect(repository['ImageTagMutabilityExclusionFilters']).toEqual(
      moving?.map((tag) => ({
        ImageTagMutabilityExclusionFilterType: 'WILDCARD',
        ImageTagMutabilityExclusionFilterValue: tag,
      })),
    );
  });

  it('keep every repository of prod when its stack goes', () => {
    const { stacks } = synthesize('prod');
    for (const service of services) {
      template(stacks[service]).hasResource(repositoryType, {
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });
});

describe('settings', () => {
  const { stacks } = synthesize('prod', { settings: everything });

  it('encrypt every repository with the key', () => {
    for (const service of services) {
      expect(repositoryIn(stacks[service])['EncryptionConfiguration']).toEqual({
        EncryptionType: 'KMS',
        KmsKey: everything.encryptionKeyArn,
      });
    }
  });

  it('grant access to GitHub and to existing roles, besides those that are created', () => {
    const { Statement: statements } = repositoryIn(stacks['api'])['RepositoryPolicyText'] as {
      Statement: { Sid: string; Principal: { AWS: { 'Fn::Join': [string, unknown[]] } } }[];
    };
    expect(statements.map(({ Sid, Principal }) => [Sid, withoutRegion(Principal.AWS)])).toEqual([
      ['Push', ':role/typerush-prod-registry-push'],
      ['Push2', ':role/typerush-prod-registry-github'],
      ['Push3', ':role/ci/builder'],
      ['Pull', ':role/typerush-prod-registry-pull'],
      ['Pull2', ':role/runner'],
      ['PullOfOthers', ':iam::210987654321:root'],
      ['PullOfOthers2', '*'],
    ]);
    template(stacks['api']).resourceCountIs('AWS::IAM::Policy', 0);
  });

  it.each([
    [
      'that the approval of a deployment does not hold back, where services run',
      everything,
      '-push',
    ],
    ['of the name of the registry elsewhere', { github: everything.github }, ''],
  ] as const)('let push only jobs of an environment on GitHub %s', (_, settings, suffix) => {
    const { stacks } = synthesize('prod', { settings });
    template(stacks['access']).hasResourceProperties('AWS::IAM::Role', {
      RoleName: { 'Fn::Join': ['', ['typerush-prod-registry-github-', { Ref: 'AWS::Region' }]] },
      AssumeRolePolicyDocument: { Statement: [Match.objectLike(fromEnvironment(`prod${suffix}`))] },
    });
  });

  it('create nothing that costs for services if they run elsewhere', () => {
    const settings = { ...everything, run: undefined, vpc: undefined };
    const { stacks } = synthesize('prod', { settings });
    const types = Object.values(stacks).flatMap((stack) =>
      Object.values(template(stack).toJSON().Resources as Record<string, { Type: string }>),
    );
    expect(types.length).toBeGreaterThan(10);
    for (const { Type } of types) {
      expect(Type).not.toMatch(
        /^AWS::(ECS|EC2|ElasticLoadBalancingV2|ServiceDiscovery|ApplicationAutoScaling|CodePipeline|SecretsManager)::/,
      );
    }
  });

  it('let deploy only jobs of the environment on GitHub that may demand an approval', () => {
    template(stacks['run']).hasResourceProperties('AWS::IAM::Role', {
      RoleName: { 'Fn::Join': ['', ['typerush-prod-run-github-', { Ref: 'AWS::Region' }]] },
      AssumeRolePolicyDocument: { Statement: [Match.objectLike(fromEnvironment('prod'))] },
    });
  });

  it.each<[EnvironmentSettings, string]>([
    [
      { lambdaFunctions: { 'text-service': '*' } },
      'lambdaFunctions names the unknown service "text-service". Known: game-service, record-service, api, realtime, workers',
    ],
    [
      { lambdaFunctions: { api: 'arn:aws:lambda:::function:api' } },
      'invalid lambdaFunctions of "api": "arn:aws:lambda:::function:api". Expected the name of a function',
    ],
    [
      { lambdaFunctions: { 'record-service': 'records' } },
      'Lambda cannot run images of "record-service": they are for several platforms (linux/amd64, linux/arm64), and Lambda accepts one. Leave one platform in apps/record-service/image.json',
    ],
    [{ encryptionKeyArn: 'alias/images' }, 'invalid encryptionKeyArn "alias/images"'],
  ])('are refused with %j, before any stack is made', (settings, message) => {
    const app = new App();
    const services = [
      gameService,
      { ...recordService, platforms: ['linux/amd64', 'linux/arm64'] as const },
    ];
    const systems = [{ ...typerush, services }, platform] as const;
    expect(() => addRegistryStacks(app, { systems, environment: 'prod', settings })).toThrow(
      `infra/src/environments.ts, prod: ${message}`,
    );
    expect(app.node.children).toEqual([]);
  });

  it('let a build in the VPC reach its buckets by the route to S3', () => {
    const { delivery, vpc } = everything;
    const policy = (settings: EnvironmentSettings) =>
      JSON.stringify(template(synthesize('dev', { settings }).stacks['network']).toJSON());
    expect(policy({ vpc, delivery })).toContain(':s3:::typerush-caches/*');
    expect(policy({ vpc })).not.toContain(':s3:::typerush-caches');
    const elsewhere = { ...vpc, vpcId: 'vpc-0fffffffffffffff0' };
    expect(policy({ vpc: elsewhere, delivery })).not.toContain(':s3:::typerush-caches');
  });

  it('bring the endpoints of the VPC', () => {
    template(stacks['network']).resourceCountIs('AWS::EC2::VPCEndpoint', 4);
    template(stacks['network']).allResourcesProperties('AWS::EC2::VPCEndpoint', {
      VpcId: everything.vpc.vpcId,
    });
  });
});

describe('a repository', () => {
  const dev = (...declared: ServiceDeclaration[]) => ({
    systems: [{ ...typerush, services: declared }] as const,
    environment: 'dev' as const,
    settings: {},
  });

  it.each([
    ['shared', 'typerush/game-service'],
    ['per-environment', 'typerush-prod/game-service'],
  ] as const)('is named by the naming %s', (naming, name) => {
    const system = { ...typerush, registry: { ...typerush.registry, naming } };
    const { stacks } = synthesize('prod', { systems: [system] });
    expect(repositoryIn(stacks['game-service'])['RepositoryName']).toBe(name);
  });

  it('lets in those functions of Lambda that are set for its service, and no others', () => {
    const settings = { lambdaFunctions: { 'game-service': 'typerush-game-*' } };
    const { stacks } = synthesize('dev', { settings });
    const policy = (name: string) => JSON.stringify(template(stacks[name]).toJSON());
    expect(policy('game-service')).toContain('lambda.amazonaws.com');
    expect(policy('game-service')).toContain(':function:typerush-game-*');
    expect(policy('record-service')).not.toContain('lambda.amazonaws.com');
  });

  it('may have a lifecycle policy of its own', () => {
    const keep = (rulePriority: number, tag: string, countNumber: number) => ({
      rulePriority,
      description: `Keep the last ${countNumber} of ${tag}`,
      selection: {
        tagStatus: 'tagged' as const,
        tagPatternList: [tag],
        countType: 'imageCountMoreThan' as const,
        countNumber,
      },
      action: { type: 'expire' as const },
    });
    const retention = {
      rules: [
        ...['prod', 'staging', 'latest'].map((tag, index) => keep(index + 1, tag, 9999)),
        keep(4, 'build-*', 30),
      ],
    };
    const services = [{ ...gameService, retention }];
    const { stacks } = synthesize('prod', { systems: [{ ...typerush, services }] });
    template(stacks['game-service']).hasResourceProperties(repositoryType, {
      LifecyclePolicy: { LifecyclePolicyText: JSON.stringify(retention) },
      ImageTagMutabilityExclusionFilters: [Match.anyValue(), Match.anyValue()],
    });
  });

  it.each([
    ['service', 'game-service'],
    ['repository', 'typerush/game-service'],
  ] as const)('is rejected if its %s is taken', (field, taken) => {
    const twin = { ...recordService, [field]: 'game-service' };
    const app = new App();
    expect(() => addRegistryStacks(app, dev(gameService, twin))).toThrow(
      `apps/record-service/image.json: ${field} "${taken}" is taken by apps/game-service/image.json.`,
    );
    expect(app.node.children).toEqual([]);
  });

  it('is rejected if its service has the name of a supporting stack', () => {
    const app = new App();
    expect(() => addRegistryStacks(app, dev({ ...gameService, service: 'monitoring' }))).toThrow(
      'apps/game-service/image.json: invalid service name "monitoring"',
    );
    expect(app.node.children).toEqual([]);
  });

  it('is rejected if ECR would reject its name, before any stack is created', () => {
    const app = new App();
    expect(() =>
      addRegistryStacks(app, dev(gameService, { ...recordService, repository: 'a'.repeat(250) })),
    ).toThrow(expect.objectContaining({ code: 'REPOSITORY_NAME_INVALID' }));
    expect(app.node.children).toEqual([]);
  });
});

const fromEnvironment = (environment: string) => ({
  Condition: {
    StringEquals: Match.objectLike({
      'token.actions.githubusercontent.com:sub': `repo:typerush/typerush:environment:${environment}`,
    }),
  },
});
