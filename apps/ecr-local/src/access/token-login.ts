import { readTokenPurpose, tokenUser } from '../registry/operations/authorization';
import { type RegistryLocation } from '../registry/registries';
import { type TokenSigner } from '../registry/token-signer';
import { type AccessControl } from './access-control';
import { type Identity } from './identity';

/** A login with a token of GetAuthorizationToken. */
export interface TokenLogin {
  /** The registry that the token is for. */
  readonly location: RegistryLocation;
  readonly identity: Identity;
  readonly isExpired: boolean;
}

/**
 * Reads a header of HTTP Basic with the user AWS and a token as password.
 *
 * @returns `none` for another scheme or no header; `invalid` for another user, a token that was not made here, or one of an
 *   identity that exists no more
 */
export function readTokenLogin(
  authorization: string | undefined,
  { tokens, access }: { readonly tokens: TokenSigner; readonly access: AccessControl },
): TokenLogin | 'none' | 'invalid' {
  const [scheme = '', credentials = ''] = (authorization ?? '').split(' ');
  if (scheme.toLowerCase() !== 'basic') return 'none';
  const [user, password = ''] = Buffer.from(credentials, 'base64').toString().split(':');
  if (user !== tokenUser) return 'invalid';
  const { purpose, verdict } = tokens.read(password);
  const named = readTokenPurpose(purpose);
  const identity = named && access.identify(named.identity, named.location.account);
  if (!named || !identity) return 'invalid';
  return { location: named.location, identity, isExpired: verdict === 'expired' };
}
