import { taskFamily } from '@typerush/image-registry';
import { logGroup } from '@typerush/infra-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as autoscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { type ILogGroup } from 'aws-cdk-lib/aws-logs';
import * as discovery from 'aws-cdk-lib/aws-servicediscovery';
import { Fn } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { executionRole } from './execution-role';
import { type LoadBalancer } from './load-balancer';
import { type RunNetwork, securityGroup } from './run-network';
import { type RunService } from './run-settings';
import { taskDefinition } from './task-definition';

export interface FargateServiceProps {
  readonly service: RunService;
  /** Prefix of the task definition, such as `typerush-dev`. */
  readonly project: string;
  readonly cluster: ecs.CfnCluster;
  readonly network: RunNetwork;
  readonly namespace: discovery.CfnPrivateDnsNamespace;
  /** The addresses of the services that it calls, by variable. */
  readonly addresses: Readonly<Record<string, string>>;
  /** @default - not reachable from outside */
  readonly balancer?: LoadBalancer;
}

/** The processor usage that scaling aims at, in percent. */
const targetCpu = 60;

/**
 * A service on Fargate. A deployment starts new tasks beside the old ones and ends those once the new are healthy; if they do
 * not become so, ECS returns to the last revision that was.
 */
export class FargateService extends Construct {
  readonly securityGroupId: string;
  readonly executionRole: iam.Role;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FargateServiceProps,
  ) {
    super(scope, id);
    const { network, service } = props;
    const group = securityGroup(this, 'Tasks', {
      vpcId: network.vpcId,
      description: `Tasks of ${service.name}`,
      from: [],
      // The VPC with its endpoints and data stores, and AWS: S3 has public addresses even behind its endpoint.
      to: [{ cidrIp: network.cidr }, { cidrIp: '0.0.0.0/0', port: 443 }],
    });
    this.securityGroupId = group.attrGroupId;
    if (props.balancer) this.allow('Balancer', props.balancer.securityGroupId);
    const log = logGroup(this, `/ecs/${props.project}/${service.name}`);
    this.executionRole = executionRole(this, 'ExecutionRole', { service, logGroup: log });
    const created = this.service(this.definition(log));
    if (service.tasks && service.tasks.max > service.tasks.min) this.scale(created, service.tasks);
  }

  /** Lets a security group reach the port of the service. */
  allow(id: string, sourceSecurityGroupId: string): void {
    const { port } = this.props.service;
    new ec2.CfnSecurityGroupIngress(this, `From${id}`, {
      groupId: this.securityGroupId,
      sourceSecurityGroupId,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      description: `Port ${port} of ${this.props.service.name}`,
    });
  }

  private definition(logGroup: ILogGroup): ecs.CfnTaskDefinition {
    const { service, project, addresses } = this.props;
    return taskDefinition(this, 'Definition', {
      family: taskFamily(project, service.name),
      service,
      executionRole: this.executionRole,
      logGroup,
      addresses,
    });
  }

  private service(definition: ecs.CfnTaskDefinition): ecs.CfnService {
    const { service, cluster, network, balancer } = this.props;
    const created = new ecs.CfnService(this, 'Service', {
      cluster: cluster.ref,
      serviceName: service.name,
      // Without a revision, so that CloudFormation never changes the image that runs: the deploy step does (ADR 63).
      taskDefinition: definition.family ?? '',
      launchType: 'FARGATE',
      desiredCount: service.tasks?.min ?? 1,
      deploymentConfiguration: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...network.privateSubnetIds],
          securityGroups: [this.securityGroupId],
          assignPublicIp: 'DISABLED',
        },
      },
      serviceRegistries: [{ registryArn: this.discovery().attrArn }],
      propagateTags: 'SERVICE',
      enableEcsManagedTags: true,
      ...(balancer && {
        healthCheckGracePeriodSeconds: 60,
        loadBalancers: [
          {
            containerName: service.name,
            containerPort: service.port,
            targetGroupArn: balancer.targetGroupArn,
          },
        ],
      }),
    });
    created.addResourceDependency(definition);
    if (balancer) created.addResourceDependency(balancer.listener);
    return created;
  }

  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html */
  private discovery(): discovery.CfnService {
    return new discovery.CfnService(this, 'Address', {
      name: this.props.service.name,
      namespaceId: this.props.namespace.attrId,
      dnsConfig: { routingPolicy: 'MULTIVALUE', dnsRecords: [{ type: 'A', ttl: 10 }] },
      healthCheckCustomConfig: { failureThreshold: 1 },
    });
  }

  private scale(service: ecs.CfnService, { min, max }: { min: number; max: number }): void {
    const target = new autoscaling.CfnScalableTarget(this, 'Scaling', {
      serviceNamespace: 'ecs',
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: Fn.join('/', ['service', this.props.cluster.ref, service.attrName]),
      minCapacity: min,
      maxCapacity: max,
    });
    new autoscaling.CfnScalingPolicy(this, 'ByLoad', {
      policyName: `${this.props.project}-${this.props.service.name}-by-load`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        targetValue: targetCpu,
        scaleInCooldown: 300,
        scaleOutCooldown: 60,
      },
    });
  }
}
