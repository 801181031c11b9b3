import { Fn, Validations } from 'aws-cdk-lib/core';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { type NewNetwork } from './run-settings';

/** Elastic Load Balancing needs subnets in two zones. */
const zones = 2;

/** A VPC with a public and a private subnet in each of two zones. Nothing leaves the private ones: there is no NAT gateway. */
export class NewVpc extends Construct {
  readonly vpcId: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  readonly privateRouteTableId: string;

  constructor(scope: Construct, id: string, { cidr }: NewNetwork) {
    super(scope, id);
    const vpc = new ec2.CfnVPC(this, 'Vpc', {
      cidrBlock: cidr,
      // Both are needed for the private names of endpoints and services.
      enableDnsSupport: true,
      enableDnsHostnames: true,
    });
    Validations.of(vpc).acknowledge({
      id: 'AwsSolutions-VPC7',
      reason:
        'Tasks have no way out but the endpoints, whose policies are closed; CloudTrail records what passes them.',
    });
    this.vpcId = vpc.attrVpcId;
    const gateway = new ec2.CfnInternetGateway(this, 'Internet');
    const attachment = new ec2.CfnVPCGatewayAttachment(this, 'Attachment', {
      vpcId: this.vpcId,
      internetGatewayId: gateway.attrInternetGatewayId,
    });
    const open = new ec2.CfnRouteTable(this, 'PublicRoutes', { vpcId: this.vpcId });
    new ec2.CfnRoute(this, 'WayOut', {
      routeTableId: open.attrRouteTableId,
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: gateway.attrInternetGatewayId,
    }).addResourceDependency(attachment);
    const closed = new ec2.CfnRouteTable(this, 'PrivateRoutes', { vpcId: this.vpcId });
    this.privateRouteTableId = closed.attrRouteTableId;
    const blocks = subnetRanges(cidr, 2 * zones);
    this.publicSubnetIds = this.subnets('Public', blocks.slice(0, zones), open);
    this.privateSubnetIds = this.subnets('Private', blocks.slice(zones), closed);
  }

  private subnets(kind: string, ranges: readonly string[], routes: ec2.CfnRouteTable): string[] {
    return ranges.map((cidrBlock, zone) => {
      const subnet = new ec2.CfnSubnet(this, `${kind}${zone + 1}`, {
        vpcId: this.vpcId,
        cidrBlock,
        availabilityZone: Fn.select(zone, Fn.getAzs()),
        mapPublicIpOnLaunch: false,
      });
      new ec2.CfnSubnetRouteTableAssociation(this, `${kind}${zone + 1}Routes`, {
        subnetId: subnet.attrSubnetId,
        routeTableId: routes.attrRouteTableId,
      });
      return subnet.attrSubnetId;
    });
  }
}

/** The first ranges of a quarter of the VPC each. */
export function subnetRanges(cidr: string, count: number): string[] {
  const [address = '', bits = ''] = cidr.split('/');
  const size = Number(bits) + 2;
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const start = first - (first % 2 ** (32 - Number(bits)));
  return Array.from({ length: count }, (_, nth) => {
    const at = start + nth * 2 ** (32 - size);
    const parts = [24, 16, 8, 0].map((shift) => Math.floor(at / 2 ** shift) % 256);
    return `${parts.join('.')}/${size}`;
  });
}
