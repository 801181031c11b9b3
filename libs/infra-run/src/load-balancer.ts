import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type RunNetwork, securityGroup } from './run-network';
import { type RunService, type RunSettings } from './run-settings';

export interface LoadBalancerProps extends Pick<
  RunSettings,
  'certificateArn' | 'accessLogBucketName'
> {
  readonly network: RunNetwork;
  readonly service: RunService;
  /** Whether it has to be unlocked before it can be deleted. */
  readonly protect: boolean;
}

/**
 * A WebSocket is idle if neither side sends anything for so long. Socket.IO sends a ping every 25 s. Services must keep
 * idle connections for longer (service-kit's `listen` does), or some requests fail with 502.
 */
const idleSeconds = 3600;
/**
 * How long connections of a task that is replaced go on before ECS stops it; then it has `stopTimeout` to end.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay
 */
const deregistrationSeconds = 110;

/** An application load balancer that forwards HTTPS to one service and redirects HTTP. */
export class LoadBalancer extends Construct {
  readonly dnsName: string;
  readonly targetGroupArn: string;
  readonly securityGroupId: string;
  /** A service can only be created once its target group has a listener. */
  readonly listener: elb.CfnListener;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const group = this.group(props);
    this.securityGroupId = group.attrGroupId;
    const balancer = this.balancer(props);
    this.dnsName = balancer.attrDnsName;
    const targets = this.targets(props);
    this.targetGroupArn = targets.attrTargetGroupArn;
    this.listener = new elb.CfnListener(this, 'Https', {
      loadBalancerArn: balancer.attrLoadBalancerArn,
      port: 443,
      protocol: 'HTTPS',
      certificates: [{ certificateArn: props.certificateArn }],
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      defaultActions: [{ type: 'forward', targetGroupArn: this.targetGroupArn }],
    });
    new elb.CfnListener(this, 'Http', {
      loadBalancerArn: balancer.attrLoadBalancerArn,
      port: 80,
      protocol: 'HTTP',
      defaultActions: [
        {
          type: 'redirect',
          redirectConfig: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' },
        },
      ],
    });
  }

  private group({ network, service }: LoadBalancerProps): ec2.CfnSecurityGroup {
    const group = securityGroup(this, 'Clients', {
      vpcId: network.vpcId,
      description: 'Lets everybody reach the load balancer',
      from: [
        { cidrIp: '0.0.0.0/0', port: 443 },
        { cidrIp: '0.0.0.0/0', port: 80 },
      ],
      to: [{ cidrIp: network.cidr, port: service.port }],
    });
    Validations.of(group).acknowledge({
      id: 'AwsSolutions-EC23',
      reason: 'Players come from anywhere; only HTTPS and its redirect are open.',
    });
    return group;
  }

  private balancer(props: LoadBalancerProps): elb.CfnLoadBalancer {
    const { network, accessLogBucketName, protect } = props;
    const attributes: Readonly<Record<string, string>> = {
      'idle_timeout.timeout_seconds': String(idleSeconds),
      'routing.http.drop_invalid_header_fields.enabled': 'true',
      'deletion_protection.enabled': String(protect),
      ...(accessLogBucketName && {
        'access_logs.s3.enabled': 'true',
        'access_logs.s3.bucket': accessLogBucketName,
      }),
    };
    const balancer = new elb.CfnLoadBalancer(this, 'Balancer', {
      type: 'application',
      scheme: 'internet-facing',
      subnets: [...network.publicSubnetIds],
      securityGroups: [this.securityGroupId],
      loadBalancerAttributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
    });
    if (!accessLogBucketName) {
      Validations.of(balancer).acknowledge({
        id: 'AwsSolutions-ELB2',
        reason: 'Services log their requests; accessLogBucketName adds the log of the balancer.',
      });
    }
    return balancer;
  }

  private targets({ network, service }: LoadBalancerProps): elb.CfnTargetGroup {
    return new elb.CfnTargetGroup(this, 'Targets', {
      vpcId: network.vpcId,
      targetType: 'ip',
      protocol: 'HTTP',
      port: service.port,
      healthCheckEnabled: true,
      healthCheckPath: service.ready ?? service.health,
      healthCheckIntervalSeconds: 10,
      healthCheckTimeoutSeconds: 5,
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 3,
      matcher: { httpCode: '200' },
      targetGroupAttributes: [
        { key: 'deregistration_delay.timeout_seconds', value: String(deregistrationSeconds) },
        // A client of Socket.IO starts with several requests, which have to reach one task.
        { key: 'stickiness.enabled', value: 'true' },
        { key: 'stickiness.type', value: 'lb_cookie' },
      ],
    });
  }
}
