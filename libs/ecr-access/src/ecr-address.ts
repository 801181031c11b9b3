import { type ECRClient } from '@aws-sdk/client-ecr';

/** The address that a client's requests go to, as well as it can be told without one. */
export async function ecrAddress({ config }: ECRClient): Promise<string> {
  try {
    const { endpoint, region } = config;
    if (endpoint) {
      const { hostname, port } = await endpoint();
      return port ? `${hostname}:${port}` : hostname;
    }
    return `Amazon ECR in ${await region()}`;
  } catch {
    return 'Amazon ECR';
  }
}
