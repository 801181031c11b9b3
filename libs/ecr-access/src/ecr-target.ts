import { type Destination, type Environment } from '@typerush/image-registry';
import { type PipelineEnvironment } from '@typerush/pipeline-context';

/** The ECR to connect to. The AWS SDK reads missing fields from its own configuration. */
export interface EcrTarget {
  readonly endpoint?: string;
  readonly region?: string;
  /** A profile of the AWS configuration. */
  readonly profile?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** An environment, and its destinations in registry.json; empty if it has none. */
export interface EnvironmentDestinations {
  readonly environment: Environment;
  readonly destinations: readonly Destination[];
}

/**
 * The ECR of an environment, which deployments read from. Its region is that of the first such destination in registry.json;
 * AWS_REGION selects another one of them, and is the region of an environment without destinations.
 * `local` is ecr-local, which accepts any credentials; other environments use AWS, or AWS_ENDPOINT_URL.
 */
export function ecrTarget(
  { environment, destinations }: EnvironmentDestinations,
  { ecrLocalPort, region: configured }: Pick<PipelineEnvironment, 'ecrLocalPort' | 'region'>,
  profile?: string,
): EcrTarget {
  const regions = destinations.flatMap(({ region }) => region ?? []);
  const region = regions.find((one) => one === configured) ?? regions[0] ?? configured;
  if (environment !== 'local') return { region, ...(profile && { profile }) };
  return {
    endpoint: `http://127.0.0.1:${ecrLocalPort}`,
    region: region ?? 'ap-southeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}
