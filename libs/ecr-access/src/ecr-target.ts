import { type Environment } from '@typerush/image-registry';
import { type PipelineEnvironment } from '@typerush/pipeline-context';

/** The ECR to connect to. The AWS SDK reads missing fields from its own configuration. */
export interface EcrTarget {
  readonly endpoint?: string;
  readonly region?: string;
  /** A profile of the AWS configuration. */
  readonly profile?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** `local` is ecr-local, which accepts any credentials; other environments use AWS, or AWS_ENDPOINT_URL. */
export function ecrTarget(
  environment: Environment,
  { ecrLocalPort, region }: Pick<PipelineEnvironment, 'ecrLocalPort' | 'region'>,
  profile?: string,
): EcrTarget {
  if (environment !== 'local') return { region, ...(profile && { profile }) };
  return {
    endpoint: `http://127.0.0.1:${ecrLocalPort}`,
    region: region ?? 'ap-southeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}
