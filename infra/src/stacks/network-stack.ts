import { RegistryEndpoints, type RegistryEndpointsProps } from '@typerush/infra-ecr';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';
import { type EnvironmentSettings } from '../environments';
import { type RegistryContext } from '../registry-context';
import { cachePrefixes } from './pull-through-cache-stack';

export interface NetworkStackProps extends StackProps {
  readonly endpoints: RegistryEndpointsProps;
}

/** The way from a VPC to the registry that does not leave it. */
export class NetworkStack extends Stack {
  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props);
    new RegistryEndpoints(this, 'Endpoints', props.endpoints);
  }
}

/** None unless `vpc` is set. */
export function addNetworkStack(
  scope: Construct,
  { names, environment, settings }: RegistryContext,
): NetworkStack | undefined {
  if (!settings.vpc) return undefined;
  return new NetworkStack(scope, names.supportingStack('network'), {
    description: `The endpoints of ECR in ${settings.vpc.vpcId} (${environment})`,
    endpoints: {
      ...settings.vpc,
      cachePrefixes: cachePrefixes(settings),
      otherBuckets: [...new Set([...(settings.vpc.otherBuckets ?? []), ...buildBuckets(settings)])],
    },
  });
}

/** The buckets of a build in the same VPC: the route to S3 leads to none that is not named. */
function buildBuckets({ vpc, delivery }: EnvironmentSettings): string[] {
  const { network, artifactBucketName, cacheBucketName } = delivery?.build ?? {};
  if (!vpc || network?.vpcId !== vpc.vpcId) return [];
  return [artifactBucketName, cacheBucketName].filter((bucket) => bucket !== undefined);
}
