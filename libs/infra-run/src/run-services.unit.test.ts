import { App, Stack } from 'aws-cdk-lib/core';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RunServices, type RunServicesProps } from './run-services';
import { type RunService } from './run-settings';

const secret = (name: string) =>
  `arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:typerush/${name}-AbCdEf`;

const game: RunService = {
  name: 'game-service',
  repositoryName: 'typerush/game-service',
  port: 3000,
  health: '/health/live',
  ready: '/health/ready',
  public: true,
  tasks: { min: 1, max: 3 },
  secrets: { SESSION_SECRET: secret('session') },
  calls: { RECORD_SERVICE_URL: 'record-service' },
};
const records: RunService = {
  name: 'record-service',
  repositoryName: 'typerush/record-service',
  port: 3001,
  health: '/health/live',
  platform: 'linux/arm64',
  secrets: { DATABASE_URL: `${secret('database')}:url::` },
};
const props: RunServicesProps = {
  project: 'typerush-dev',
  protect: false,
  network: { cidr: '10.20.0.0/16' },
  certificateArn:
    'arn:aws:acm:ap-southeast-1:123456789012:certificate/0123abcd-0123-0123-0123-0123456789ab',
  services: [game, records],
};

function templateOf(changes: Partial<RunServicesProps> = {}): Template {
  const stack = new Stack(new App(), 'Stack');
  new RunServices(stack, 'Run', { ...props, ...changes });
  return Template.fromStack(stack);
}

const template = templateOf();

interface Container {
  readonly Name: string;
  readonly Image: unknown;
  readonly [property: string]: unknown;
}
const containers = Object.values(template.findResources('AWS::ECS::TaskDefinition')).flatMap(
  ({ Properties }) => Properties.ContainerDefinitions as Container[],
);

describe('the task definitions of RunServices', () => {
  it('name their image by the digest of a parameter, which takes nothing else', () => {
    expect(containers).toHaveLength(2);
    for (const { Image } of containers) {
      expect(JSON.stringify(Image)).toMatch(
        /"\/typerush\/(game|record)-service@",\{"Ref":"(Game|Record)ServiceDigest"\}\]\]\}$/,
      );
    }
    for (const parameter of Object.values(template.findParameters('*Digest'))) {
      const pattern = new RegExp(parameter['AllowedPattern']);
      expect(pattern.test(`sha256:${'0a'.repeat(32)}`)).toBe(true);
      for (const wrong of ['latest', 'sha256:0a', `sha256:${'0A'.repeat(32)}`]) {
        expect(pattern.test(wrong)).toBe(false);
      }
    }
  });

  it('run as a user without privileges on a read-only file system', () => {
    for (const container of containers) {
      expect(container).toMatchObject({
        User: '1000:1000',
        ReadonlyRootFilesystem: true,
        LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
      });
      expect(container).not.toHaveProperty('Privileged');
    }
  });

  it('give a task the 120 seconds that Fargate has at most to end', () => {
    expect(containers.map(({ StopTimeout }) => StopTimeout)).toEqual([120, 120]);
  });

  it('take secrets only from Secrets Manager, and give tasks no AWS credentials', () => {
    const [gameContainer, recordsContainer] = containers;
    expect(gameContainer?.['Secrets']).toEqual([
      { Name: 'SESSION_SECRET', ValueFrom: secret('session') },
    ]);
    expect(recordsContainer?.['Secrets']).toEqual([
      { Name: 'DATABASE_URL', ValueFrom: `${secret('database')}:url::` },
    ]);
    template.allResourcesProperties('AWS::ECS::TaskDefinition', { TaskRoleArn: Match.absent() });
  });

  it('name the address of a service that is called', () => {
    expect(containers[0]?.['Environment']).toContainEqual({
      Name: 'RECORD_SERVICE_URL',
      Value: 'http://record-service.typerush-dev.internal:3001',
    });
    template.hasResourceProperties('AWS::ServiceDiscovery::Service', { Name: 'record-service' });
  });

  it('keep their former revisions, to which a deployment may return', () => {
    template.allResources('AWS::ECS::TaskDefinition', {
      UpdateReplacePolicy: 'Retain',
      DeletionPolicy: 'RetainExceptOnCreate',
    });
  });

  it('run on the platform of their image', () => {
    const platforms = Object.values(template.findResources('AWS::ECS::TaskDefinition')).map(
      ({ Properties }) => Properties.RuntimePlatform.CpuArchitecture,
    );
    expect(platforms).toEqual(['X86_64', 'ARM64']);
  });
});

describe('the services of RunServices', () => {
  it('name the family and no revision, so that a stack update keeps the image that runs', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::ECS::Service'))) {
      expect(Properties.TaskDefinition).toBe(`typerush-dev-${Properties.ServiceName}`);
    }
  });

  it('return to the last healthy revision by themselves, in private subnets', () => {
    template.allResourcesProperties('AWS::ECS::Service', {
      DeploymentConfiguration: {
        MinimumHealthyPercent: 100,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
    });
  });

  it('scale by load if they may have more than one number of tasks', () => {
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 1);
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 1,
      MaxCapacity: 3,
    });
  });

  it('let in only the load balancer and the services that call them', () => {
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(
      ({ Properties }) => [Properties.FromPort, JSON.stringify(Properties.SourceSecurityGroupId)],
    );
    expect(rules).toEqual([
      [3000, expect.stringMatching(/Balancer/)],
      [3001, expect.stringMatching(/gameservice/)],
    ]);
  });
});

describe('the execution roles of RunServices', () => {
  const roles = Object.values(template.findResources('AWS::IAM::Role')).map(
    ({ Properties }) =>
      Properties.Policies[0].PolicyDocument.Statement as {
        Sid: string;
        Action: string | string[];
        Resource: unknown;
      }[],
  );

  it('pull only from the repository of their service', () => {
    const repositories = roles.map((statements) =>
      JSON.stringify(statements.find(({ Sid }) => Sid === 'Pull')?.Resource),
    );
    expect(repositories).toEqual([
      expect.stringContaining(':repository/typerush/game-service"'),
      expect.stringContaining(':repository/typerush/record-service"'),
    ]);
  });

  it('may not push, delete, pass roles or call ECS, and read only the secrets of their service', () => {
    for (const statements of roles) {
      const actions = statements.flatMap(({ Action }) => Action);
      expect(actions.join()).not.toMatch(/Put(Image|Secret)|Upload|Delete|iam:|ecs:|\*/);
    }
    const secrets = roles.map((all) => all.find(({ Sid }) => Sid === 'Secrets')?.Resource);
    expect(secrets).toEqual([secret('session'), secret('database')]);
  });
});

describe('the load balancer of RunServices', () => {
  const attributes = (found: Record<string, { [key: string]: unknown }>, property: string) =>
    Object.values(found).flatMap((resource) => {
      const properties = resource['Properties'] as Record<string, { Key: string; Value: string }[]>;
      return (properties[property] ?? []).map(({ Key, Value }) => [Key, Value]);
    });

  it('keeps the WebSocket of a player who only watches, and lets a race end', () => {
    expect(
      attributes(
        template.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'),
        'LoadBalancerAttributes',
      ),
    ).toContainEqual(['idle_timeout.timeout_seconds', '3600']);
    const targets = template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(attributes(targets, 'TargetGroupAttributes')).toContainEqual([
      'deregistration_delay.timeout_seconds',
      '110',
    ]);
  });

  it('sends traffic once the service is ready, over HTTPS only', () => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      HealthCheckPath: '/health/ready',
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 80,
      DefaultActions: [Match.objectLike({ Type: 'redirect' })],
    });
  });

  it('cannot be deleted by mistake where it is protected', () => {
    const found = templateOf({ protect: true }).findResources(
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
    );
    expect(attributes(found, 'LoadBalancerAttributes')).toContainEqual([
      'deletion_protection.enabled',
      'true',
    ]);
  });
});

describe('the network of RunServices', () => {
  it('has no way out of its private subnets but endpoints', () => {
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::Route', 1);
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 5);
  });

  it('creates neither a VPC nor endpoints if it exists', () => {
    const existing = templateOf({
      network: {
        vpcId: 'vpc-0123456789abcdef0',
        cidr: '10.0.0.0/16',
        publicSubnetIds: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
        privateSubnetIds: ['subnet-0cccccccccccccccc', 'subnet-0dddddddddddddddd'],
      },
      dataStores: [{ securityGroupId: 'sg-0aaaaaaaaaaaaaaaa', port: 5432 }],
    });
    existing.resourceCountIs('AWS::EC2::VPC', 0);
    existing.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
    const opened = existing.findResources('AWS::EC2::SecurityGroupIngress', {
      Properties: { GroupId: 'sg-0aaaaaaaaaaaaaaaa', FromPort: 5432 },
    });
    expect(Object.keys(opened)).toHaveLength(2);
  });
});

describe('invalid settings of RunServices', () => {
  const message = (changes: Partial<RunServicesProps>): string => {
    try {
      templateOf(changes);
    } catch (error) {
      return (error as Error).message;
    }
    return 'nothing was thrown';
  };

  it.each<[string, Partial<RunServicesProps>, RegExp]>([
    ['no public service', { services: [records] }, /one service has to be public, and none is/],
    [
      'two public services',
      { services: [game, { ...records, public: true }] },
      /public, and game-service and record-service is/,
    ],
    [
      'an unknown callee',
      { services: [{ ...game, calls: { A: 'nobody' } }] },
      /calls names "nobody"/,
    ],
    [
      'memory that Fargate does not have',
      { services: [{ ...game, cpu: 256, memoryMb: 1536 }, records] },
      /game-service: invalid memoryMb 1536: with 256 CPU units, Fargate has 512, 1024, 2048/,
    ],
    [
      'a variable that is set twice',
      { services: [{ ...game, variables: { SESSION_SECRET: 'x' } }, records] },
      /SESSION_SECRET is set twice/,
    ],
    [
      'a secret in place of its ARN',
      { services: [{ ...game, secrets: { SESSION_SECRET: 'hunter2' } }, records] },
      /secrets\.SESSION_SECRET is not the ARN of a secret/,
    ],
    [
      'a range that is too small',
      { network: { cidr: '10.0.0.0/28' } },
      /invalid cidr "10.0.0.0\/28"/,
    ],
    ['a certificate that is none', { certificateArn: 'mine' }, /invalid certificateArn "mine"/],
    [
      'no task at all',
      { services: [{ ...game, tasks: { min: 0, max: 1 } }, records] },
      /min at least 1/,
    ],
  ])('reject %s', (_name, changes, expected) => {
    expect(message(changes)).toMatch(expected);
  });

  it('never print a secret that was put in the wrong place', () => {
    const services = [{ ...game, secrets: { SESSION_SECRET: 'hunter2' } }, records];
    expect(message({ services })).not.toContain('hunter2');
  });
});
