import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Aws, CfnParameter, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { type IRole } from 'aws-cdk-lib/aws-iam';
import { type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { type Construct } from 'constructs';
import { digestParameter } from '@typerush/image-registry';
import { type RunService } from './run-settings';

/** The most that Fargate waits between SIGTERM and SIGKILL, in seconds. */
const stopSeconds = 120;

export interface TaskDefinitionProps {
  readonly family: string;
  readonly service: RunService;
  readonly executionRole: IRole;
  readonly logGroup: ILogGroup;
  /** The addresses of the services that it calls, by variable. */
  readonly addresses: Readonly<Record<string, string>>;
}

/**
 * The task definition of a service. Its image is the digest that a parameter of the stack contains, and never a tag: the
 * same template and parameters always run the same image. The user, the read-only file system and the capabilities are
 * those that docker-verify runs the image with.
 */
export function taskDefinition(
  scope: Construct,
  id: string,
  { family, service, executionRole, logGroup, addresses }: TaskDefinitionProps,
): ecs.CfnTaskDefinition {
  const { platform = 'linux/amd64', secrets = {} } = service;
  const definition = new ecs.CfnTaskDefinition(scope, id, {
    family,
    cpu: String(service.cpu ?? 256),
    memory: String(service.memoryMb ?? 512),
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    runtimePlatform: {
      operatingSystemFamily: 'LINUX',
      cpuArchitecture: platform === 'linux/arm64' ? 'ARM64' : 'X86_64',
    },
    executionRoleArn: executionRole.roleArn,
    containerDefinitions: [
      {
        name: service.name,
        image: imageOf(scope, service),
        essential: true,
        portMappings: [{ containerPort: service.port, protocol: 'tcp' }],
        user: '1000:1000',
        readonlyRootFilesystem: true,
        linuxParameters: { initProcessEnabled: true, capabilities: { drop: ['ALL'] } },
        stopTimeout: stopSeconds,
        environment: Object.entries({
          ...service.variables,
          ...addresses,
          PORT: String(service.port),
        })
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([name, value]) => ({ name, value })),
        secrets: Object.entries(secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
        // ECS ignores the HEALTHCHECK of an image. This one restarts a task that hangs; the load balancer checks readiness.
        healthCheck: {
          command: ['CMD', 'node', '-e', requestHealth(service)],
          interval: 10,
          timeout: 5,
          retries: 3,
          startPeriod: 60,
        },
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': logGroup.logGroupName,
            'awslogs-region': Aws.REGION,
            'awslogs-stream-prefix': service.name,
            mode: 'non-blocking',
            'max-buffer-size': '4m',
          },
        },
      },
    ],
  });
  // The deploy step returns to a former revision if a new one does not become healthy.
  definition.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  Validations.of(definition).acknowledge({
    id: 'AwsSolutions-ECS2',
    reason: 'Addresses and limits are variables; secrets come from Secrets Manager.',
  });
  return definition;
}

function imageOf(scope: Construct, { name, repositoryName }: RunService): string {
  const digest = new CfnParameter(Stack.of(scope), digestParameter(name), {
    type: 'String',
    description: `The digest of the image of ${name}`,
    allowedPattern: '^sha256:[0-9a-f]{64}$',
    constraintDescription: 'the digest of an image, such as sha256:0123...',
  });
  const registry = `${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}`;
  return `${registry}/${repositoryName}@${digest.valueAsString}`;
}

const requestHealth = ({ port, health }: RunService) =>
  `fetch('http://127.0.0.1:${port}${health}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
