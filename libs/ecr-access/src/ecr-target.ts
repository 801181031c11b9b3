import { type Environment } from '@typerush/image-registry';
import { type PipelineEnvironment } from '@typerush/pipeline-context';

/** Which ECR is spoken to. What is left out, the AWS SDK takes from its own configuration. */
export interface EcrTarget {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const localRegion = 'ap-southeast-1';

/** `local` is ecr-local, which takes any credentials; elsewhere AWS, or what AWS_ENDPOINT_URL names. */
export function ecrTarget(
  environment: Environment,
  { ecrLocalPort, region }: Pick<PipelineEnvironment, 'ecrLocalPort' | 'region'>,
): EcrTarget {
  if (environment !== 'local') return { region };
  return {
    endpoint: `http://127.0.0.1:${ecrLocalPort}`,
    region: region ?? localRegion,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}
