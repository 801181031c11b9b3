import { Aws } from 'aws-cdk-lib/core';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { assertNothingWrong, wrongId, wrongIds } from './network-ids';
import { cachedRepositories } from './pull-through-cache';
import {
  importActions,
  logInAction,
  operationActions,
  pullActions,
  pushActions,
} from './repository-actions';

export interface RegistryEndpointsProps {
  readonly vpcId: string;
  /** The VPC's address range, such as `10.0.0.0/16`: the endpoints are reachable only from there. */
  readonly cidr: string;
  /** The subnets that get an address of each endpoint, at most one in each availability zone. */
  readonly subnetIds: readonly string[];
  /** The route tables of the subnets that push and pull: layers come from S3, by a route. */
  readonly routeTableIds: readonly string[];
  /**
   * Other buckets that are reached by the same route, by name. All S3 requests from these route tables take the
   * endpoint, and its policy refuses any bucket that it does not name.
   *
   * @default - none but the one with ECR's layers
   */
  readonly otherBuckets?: readonly string[];
  /**
   * The prefixes of a pull-through cache, whose images may be imported through the endpoints.
   *
   * @default - none
   */
  readonly cachePrefixes?: readonly string[];
}

/**
 * The way to the registry that does not leave the VPC: one endpoint for ECR's API, one for what `docker` speaks, one for
 * the logs of tasks, and a route to the bucket that layers are in. Each lets through what pushing, pulling and operating
 * needs, of this account's repositories, and pulls from others, for this account's principals.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export class RegistryEndpoints extends Construct {
  /** @throws RegistryDefinitionError VPC if an id or a range is invalid. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: RegistryEndpointsProps,
  ) {
    super(scope, id);
    assertNetwork(props);
    const securityGroupId = this.securityGroup();
    const policyDocument = registryPolicy(props.cachePrefixes ?? []);
    this.interface('Api', { service: 'ecr.api', securityGroupId, policyDocument });
    this.interface('Docker', { service: 'ecr.dkr', securityGroupId, policyDocument });
    this.interface('Logs', { service: 'logs', securityGroupId, policyDocument: logsPolicy() });
    new ec2.CfnVPCEndpoint(this, 'Layers', {
      vpcEndpointType: 'Gateway',
      serviceName: serviceName('s3'),
      vpcId: props.vpcId,
      routeTableIds: [...props.routeTableIds],
      policyDocument: layersPolicy(props.otherBuckets ?? []),
    });
  }

  private securityGroup(): string {
    const group = new ec2.CfnSecurityGroup(this, 'Clients', {
      vpcId: this.props.vpcId,
      groupDescription: 'Lets the VPC reach the endpoints of ECR',
      securityGroupIngress: [
        {
          cidrIp: this.props.cidr,
          ipProtocol: 'tcp',
          fromPort: 443,
          toPort: 443,
          description: 'HTTPS from within the VPC',
        },
      ],
      // An empty list would allow all outgoing traffic; an endpoint only answers.
      securityGroupEgress: [
        {
          cidrIp: '255.255.255.255/32',
          ipProtocol: 'icmp',
          fromPort: 252,
          toPort: 86,
          description: 'Nothing goes out',
        },
      ],
    });
    return group.attrGroupId;
  }

  private interface(
    id: string,
    of: { service: string; securityGroupId: string; policyDocument: iam.PolicyDocument },
  ): void {
    new ec2.CfnVPCEndpoint(this, id, {
      vpcEndpointType: 'Interface',
      serviceName: serviceName(of.service),
      vpcId: this.props.vpcId,
      subnetIds: [...this.props.subnetIds],
      securityGroupIds: [of.securityGroupId],
      // ECR's own host names then resolve to the endpoint: clients need no configuration.
      privateDnsEnabled: true,
      policyDocument: of.policyDocument,
    });
  }
}

const ownAccount = { StringEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } };

const serviceName = (service: string): string => `com.amazonaws.${Aws.REGION}.${service}`;

/** The policy of an endpoint knows principals only as conditions: an account in its place means only its root user. */
function registryPolicy(cachePrefixes: readonly string[]): iam.PolicyDocument {
  const conditions = ownAccount;
  const repositories = (account: string, names = '*') =>
    `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:${account}:repository/${names}`;
  const document = new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        sid: 'LogIn',
        principals: [new iam.AnyPrincipal()],
        actions: [logInAction],
        resources: ['*'],
        conditions,
      }),
      new iam.PolicyStatement({
        sid: 'OwnRepositories',
        principals: [new iam.AnyPrincipal()],
        actions: [...new Set([...pushActions, ...pullActions, ...operationActions])].sort(),
        resources: [repositories(Aws.ACCOUNT_ID)],
        conditions,
      }),
      // Such as bases and sidecars of AWS: reading brings nothing out of the network.
      new iam.PolicyStatement({
        sid: 'PullFromOthers',
        principals: [new iam.AnyPrincipal()],
        actions: pullActions,
        resources: [repositories('*')],
        conditions,
      }),
    ],
  });
  if (cachePrefixes.length === 0) return document;
  document.addStatements(
    new iam.PolicyStatement({
      sid: 'PullThroughCache',
      principals: [new iam.AnyPrincipal()],
      actions: importActions,
      resources: cachePrefixes.map((prefix) =>
        repositories(Aws.ACCOUNT_ID, cachedRepositories(prefix)),
      ),
      conditions,
    }),
  );
  return document;
}

/** What the logs of tasks and builds need. */
function logsPolicy(): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        sid: 'WriteLogs',
        principals: [new iam.AnyPrincipal()],
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [`arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:*`],
        conditions: ownAccount,
      }),
    ],
  });
}

/**
 * Layers are fetched by addresses that ECR itself has signed: a condition on the principal would refuse them.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
 */
function layersPolicy(otherBuckets: readonly string[]): iam.PolicyDocument {
  const layers = `arn:${Aws.PARTITION}:s3:::prod-${Aws.REGION}-starport-layer-bucket/*`;
  const document = new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        sid: 'GetLayers',
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:GetObject'],
        resources: [layers],
      }),
    ],
  });
  if (otherBuckets.length === 0) return document;
  document.addStatements(
    new iam.PolicyStatement({
      sid: 'OtherBuckets',
      principals: [new iam.AnyPrincipal()],
      actions: ['s3:*'],
      resources: otherBuckets.flatMap((bucket) => {
        const arn = `arn:${Aws.PARTITION}:s3:::${bucket}`;
        return [arn, `${arn}/*`];
      }),
      conditions: ownAccount,
    }),
  );
  return document;
}

function assertNetwork({ vpcId, cidr, subnetIds, routeTableIds }: RegistryEndpointsProps): void {
  assertNothingWrong('The VPC endpoints', [
    ...wrongId('vpcId', vpcId, 'vpc'),
    ...(/^\d+(\.\d+){3}\/(?!0$)\d+$/.test(cidr)
      ? []
      : [`invalid cidr "${cidr}", expected the range of a VPC, like 10.0.0.0/16`]),
    ...wrongIds('subnetIds', subnetIds, 'subnet'),
    ...wrongIds('routeTableIds', routeTableIds, 'rtb'),
  ]);
}
