import { RegistryEndpoints } from '@typerush/infra-ecr';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Aws } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { NewVpc } from './new-vpc';
import { type RunSettings } from './run-settings';

/** Where the load balancer and the tasks are. */
export class RunNetwork extends Construct {
  readonly vpcId: string;
  readonly cidr: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];

  constructor(scope: Construct, id: string, { network }: Pick<RunSettings, 'network'>) {
    super(scope, id);
    this.cidr = network.cidr;
    if ('vpcId' in network) {
      this.vpcId = network.vpcId;
      this.publicSubnetIds = network.publicSubnetIds;
      this.privateSubnetIds = network.privateSubnetIds;
      if (network.secretsEndpoint) this.addSecretsEndpoint();
      return;
    }
    const vpc = new NewVpc(this, 'Vpc', network);
    this.vpcId = vpc.vpcId;
    this.publicSubnetIds = vpc.publicSubnetIds;
    this.privateSubnetIds = vpc.privateSubnetIds;
    new RegistryEndpoints(this, 'Registry', {
      vpcId: vpc.vpcId,
      cidr: network.cidr,
      subnetIds: vpc.privateSubnetIds,
      routeTableIds: [vpc.privateRouteTableId],
    });
    this.addSecretsEndpoint();
  }

  /** ECS reads the secrets of a task through the network of the task. */
  private addSecretsEndpoint(): void {
    const group = securityGroup(this, 'SecretsClients', {
      vpcId: this.vpcId,
      description: 'Lets the VPC reach the endpoint of Secrets Manager',
      from: [{ cidrIp: this.cidr, port: 443 }],
      to: [],
    });
    new ec2.CfnVPCEndpoint(this, 'Secrets', {
      vpcEndpointType: 'Interface',
      serviceName: `com.amazonaws.${Aws.REGION}.secretsmanager`,
      vpcId: this.vpcId,
      subnetIds: [...this.privateSubnetIds],
      securityGroupIds: [group.attrGroupId],
      privateDnsEnabled: true,
      policyDocument: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            sid: 'ReadSecrets',
            principals: [new iam.AnyPrincipal()],
            actions: ['secretsmanager:GetSecretValue'],
            resources: [
              `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:*`,
            ],
            conditions: { StringEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } },
          }),
        ],
      }),
    });
  }
}

interface Reach {
  readonly cidrIp: string;
  /** @default - all ports */
  readonly port?: number;
}

/** A security group that lets in and out only what is listed. */
export function securityGroup(
  scope: Construct,
  id: string,
  of: {
    readonly vpcId: string;
    readonly description: string;
    readonly from: readonly Reach[];
    readonly to: readonly Reach[];
  },
): ec2.CfnSecurityGroup {
  const rule = ({ cidrIp, port }: Reach) => ({
    cidrIp,
    ipProtocol: 'tcp',
    fromPort: port ?? 0,
    toPort: port ?? 65535,
    description: port ? `Port ${port}` : 'Within the VPC',
  });
  // An empty list would allow all outgoing traffic.
  const nothing = {
    cidrIp: '255.255.255.255/32',
    ipProtocol: 'icmp',
    fromPort: 252,
    toPort: 86,
    description: 'Nothing goes out',
  };
  return new ec2.CfnSecurityGroup(scope, id, {
    vpcId: of.vpcId,
    groupDescription: of.description,
    securityGroupIngress: of.from.map(rule),
    securityGroupEgress: of.to.length > 0 ? of.to.map(rule) : [nothing],
  });
}
