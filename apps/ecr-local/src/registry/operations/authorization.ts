import { z } from 'zod';
import { requireOwnRegistry } from '../addressed';
import { type EcrService } from '../ecr-service';
import { type Registry } from '../registry';
import { batchOf, operation, registryIdField } from '../requests';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html */
const tokenLifeMs = 12 * 60 * 60 * 1000;

/** The user of every token, as in `docker login -u AWS`. */
export const tokenUser = 'AWS';
export const tokenPurpose = 'registry';

export function authorizationOperations(
  registry: Registry,
): Pick<EcrService, 'getAuthorizationToken'> {
  return {
    getAuthorizationToken: operation(
      z.strictObject({ registryIds: batchOf(registryIdField).max(10).optional() }),
      ({ registryIds }) => {
        registryIds?.forEach((id) => requireOwnRegistry(registry, id, 'registryIds'));
        const expiresAt = new Date(registry.clock().getTime() + tokenLifeMs);
        const password = registry.tokens.sign(tokenPurpose, expiresAt);
        return {
          authorizationData: [
            {
              authorizationToken: Buffer.from(`${tokenUser}:${password}`).toString('base64'),
              expiresAt,
              proxyEndpoint: `http://${registry.host()}`,
            },
          ],
        };
      },
    ),
  };
}
