import { z } from 'zod';
import { requireOwnRegistry } from '../addressed';
import { type EcrService } from '../ecr-service';
import { type RegistryLocation } from '../registries';
import { homeOf, type Registry } from '../registry';
import { batchOf, operation, registryIdField } from '../requests';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html */
const tokenLifeMs = 12 * 60 * 60 * 1000;

/** The user of every token, as in `docker login -u AWS`. */
export const tokenUser = 'AWS';

/** A token is for one registry, since all have the same address here. */
export const tokenPurpose = (registry: Registry): string => `registry ${homeOf(registry)}`;

/** The registry that a token is for. */
export function registryOfToken(purpose: string): RegistryLocation | undefined {
  const [, account, region] = /^registry (\d{12})\/([a-z0-9-]+)$/.exec(purpose) ?? [];
  return account !== undefined && region !== undefined ? { account, region } : undefined;
}

export function authorizationOperations(
  registry: Registry,
): Pick<EcrService, 'getAuthorizationToken'> {
  return {
    getAuthorizationToken: operation(
      z.strictObject({ registryIds: batchOf(registryIdField).max(10).optional() }),
      ({ registryIds }) => {
        registryIds?.forEach((id) => requireOwnRegistry(registry, id, 'registryIds'));
        const expiresAt = new Date(registry.clock().getTime() + tokenLifeMs);
        const password = registry.tokens.sign(tokenPurpose(registry), expiresAt);
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
