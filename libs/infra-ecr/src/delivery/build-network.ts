import { Stack, Validations } from 'aws-cdk-lib/core';
import type * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import { assertNothingWrong, wrongId, wrongIds } from '../network-ids';

/** The network that a build runs in, by its ids, so that nothing has to be looked up. */
export interface BuildNetwork {
  readonly vpcId: string;
  /** Private subnets with a way out, such as a NAT gateway: `npm ci` and base images come from the internet. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** @throws RegistryDefinitionError VPC if an id is invalid. */
export function assertNetwork({ vpcId, subnetIds, securityGroupIds }: BuildNetwork): void {
  assertNothingWrong('The network of the build project', [
    ...wrongId('vpcId', vpcId, 'vpc'),
    ...wrongIds('subnetIds', subnetIds, 'subnet'),
    ...wrongIds('securityGroupIds', securityGroupIds, 'sg'),
  ]);
}

export function joinNetwork(project: codebuild.CfnProject, network: BuildNetwork): void {
  project.vpcConfig = {
    vpcId: network.vpcId,
    subnets: [...network.subnetIds],
    securityGroupIds: [...network.securityGroupIds],
  };
}

/**
 * Lets a build have a network interface.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
 */
export function allowNetwork(policy: iam.Policy, { subnetIds }: BuildNetwork): void {
  const arnOf = (resource: string, resourceName: string) =>
    Stack.of(policy).formatArn({ service: 'ec2', resource, resourceName });
  policy.addStatements(
    new iam.PolicyStatement({
      sid: 'Network',
      actions: [
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeDhcpOptions',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      resources: ['*'],
    }),
    new iam.PolicyStatement({
      sid: 'NetworkOfCodeBuild',
      actions: ['ec2:CreateNetworkInterfacePermission'],
      resources: [arnOf('network-interface', '*')],
      conditions: {
        StringEquals: {
          'ec2:AuthorizedService': 'codebuild.amazonaws.com',
          'ec2:Subnet': subnetIds.map((id) => arnOf('subnet', id)),
        },
      },
    }),
  );
  Validations.of(policy).acknowledge(
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'CodeBuild creates, finds and removes interfaces whose names are not known in advance.',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:network-interface/*]',
      reason:
        'CodeBuild makes up the names of its interfaces; the condition narrows them to it and its subnets.',
    },
  );
}
