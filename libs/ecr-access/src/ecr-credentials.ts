import { type RegistryCredentials } from '@typerush/oci';
import { ecrAddress, explainEcrFailure } from './ecr-failure';

/** The registry of an account in a region. https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
const ecrHost = /^\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/**
 * The credentials of the AWS configuration for a registry of ECR; undefined for any other registry.
 *
 * @throws PipelineError
 */
export async function ecrCredentials(
  host: string,
  repository: string,
): Promise<RegistryCredentials | undefined> {
  const region = ecrHost.exec(host)?.[1];
  if (region === undefined) return undefined;
  // Most base images are not in ECR.
  const { ECRClient, GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr');
  const ecr = new ECRClient({ region });
  try {
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
    return decodeToken(authorizationData?.[0]?.authorizationToken ?? '');
  } catch (error) {
    const where = await ecrAddress(ecr);
    throw explainEcrFailure(error, { where, repository, project: 'the image', environment: '' });
  }
}

/** `base64("AWS:<password>")` https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_AuthorizationData.html */
export function decodeToken(token: string): RegistryCredentials {
  const text = Buffer.from(token, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
