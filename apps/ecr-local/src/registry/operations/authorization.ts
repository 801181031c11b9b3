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

/** A token is for one registry, since all have the same address here, and for the identity that requested it. */
export const tokenPurpose = (location: RegistryLocation, identity: string): string =>
  `registry ${homeOf(location)}${identity === '' ? '' : ` ${identity}`}`;

/** The registry that a token is for, and the reference of its identity. */
export function readTokenPurpose(
  purpose: string,
): { readonly location: RegistryLocation; readonly identity: string | undefined } | undefined {
  const [, account, region, identity] =
    /^registry (\d{12})\/([a-z0-9-]+)(?: (.+))?$/s.exec(purpose) ?? [];
  if (account === undefined || region === undefined) return undefined;
  return { location: { account, region }, identity };
}

export function authorizationOperations(
  registry: Registry,
): Pick<EcrService, 'getAuthorizationToken'> {
  return {
    getAuthorizationToken: (input, identity) =>
      tokensFor(registry, identity?.reference ?? '')(input),
  };
}

/** Who has an identity may log in to the registry of another account: the policies there decide what may be done with it. */
const tokensFor = (registry: Registry, identity: string) =>
  operation(
    z.strictObject({ registryIds: batchOf(registryIdField).max(10).optional() }),
    ({ registryIds }) => {
      if (identity === '') {
        registryIds?.forEach((id) => requireOwnRegistry(registry, id, 'registryIds'));
      }
      const expiresAt = new Date(registry.clock().getTime() + tokenLifeMs);
      return {
        authorizationData: (registryIds ?? [registry.account]).map((account = registry.account) => {
          const purpose = tokenPurpose({ account, region: registry.region }, identity);
          const password = registry.tokens.sign(purpose, expiresAt);
          return {
            authorizationToken: Buffer.from(`${tokenUser}:${password}`).toString('base64'),
            expiresAt,
            proxyEndpoint: `${registry.scheme}://${registry.host()}`,
          };
        }),
      };
    },
  );
