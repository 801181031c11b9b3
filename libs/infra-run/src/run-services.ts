import { taskFamily } from '@typerush/image-registry';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as discovery from 'aws-cdk-lib/aws-servicediscovery';
import { Construct } from 'constructs';
import { assertRunSettings } from './assert-run-settings';
import { deploymentStatements } from './deployment-statements';
import { FargateService } from './fargate-service';
import { LoadBalancer } from './load-balancer';
import { RunNetwork } from './run-network';
import { type RunService, type RunSettings } from './run-settings';

export interface RunServicesProps extends Omit<RunSettings, 'services'> {
  /** Names the cluster and prefixes task definitions and log groups, such as `typerush-dev`. */
  readonly project: string;
  /** Whether the load balancer is protected against deletion. */
  readonly protect: boolean;
  readonly services: readonly RunService[];
}

/** A cluster with services that reach each other by name, one of them through a load balancer. */
export class RunServices extends Construct {
  /** The host name of the load balancer. */
  readonly dnsName: string;
  /** The families of the task definitions. */
  readonly families: readonly string[];
  /** What a deployment of the services needs. */
  readonly deploymentStatements: readonly iam.PolicyStatement[];

  /** @throws RunDefinitionError */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: RunServicesProps,
  ) {
    super(scope, id);
    const { project, services } = props;
    assertRunSettings({ ...props, services: {} }, services);
    const network = new RunNetwork(this, 'Network', props);
    const cluster = new ecs.CfnCluster(this, 'Cluster', {
      clusterName: project,
      clusterSettings: [{ name: 'containerInsights', value: 'enabled' }],
    });
    const namespace = new discovery.CfnPrivateDnsNamespace(this, 'Names', {
      name: domainOf(project),
      vpc: network.vpcId,
    });
    const open = services.find((each) => each.public) as RunService;
    const balancer = new LoadBalancer(this, 'Balancer', { ...props, network, service: open });
    this.dnsName = balancer.dnsName;
    const created = new Map(
      services.map((service) => [
        service.name,
        new FargateService(this, service.name, {
          service,
          project,
          cluster,
          network,
          namespace,
          addresses: this.addresses(service),
          balancer: service === open ? balancer : undefined,
        }),
      ]),
    );
    for (const { name, calls = {} } of services) {
      const caller = created.get(name)?.securityGroupId ?? '';
      for (const called of new Set(Object.values(calls))) created.get(called)?.allow(name, caller);
    }
    for (const each of created.values()) this.openStores(each);
    this.families = services.map(({ name }) => taskFamily(project, name));
    this.deploymentStatements = deploymentStatements(this, {
      project,
      services,
      executionRoles: [...created.values()].map(({ executionRole }) => executionRole),
    });
  }

  private addresses({ calls = {} }: RunService): Record<string, string> {
    const portOf = (name: string) => this.props.services.find((each) => each.name === name)?.port;
    return Object.fromEntries(
      Object.entries(calls).map(([variable, name]) => [
        variable,
        `http://${name}.${domainOf(this.props.project)}:${portOf(name)}`,
      ]),
    );
  }

  private openStores(service: FargateService): void {
    for (const [nth, { securityGroupId, port }] of (this.props.dataStores ?? []).entries()) {
      new ec2.CfnSecurityGroupIngress(service, `Store${nth + 1}`, {
        groupId: securityGroupId,
        sourceSecurityGroupId: service.securityGroupId,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        description: 'Tasks reach the data store',
      });
    }
  }
}

const domainOf = (project: string) => `${project}.internal`;
