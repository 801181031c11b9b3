import { z } from 'zod';
import { type Challenge } from './challenge';
import { type Connection } from './connection';
import { errorFromResponse } from './error-response';
import { isLoopback } from './loopback';
import { basicHeader, type RegistryCredentials } from './registry-credentials';
import { RegistryError } from './registry-error';

type BearerChallenge = Extract<Challenge, { scheme: 'bearer' }>;

const CLIENT = 'typerush-oci';

const tokenSchema = z
  .looseObject({ token: z.string().optional(), access_token: z.string().optional() })
  .transform(({ token, access_token }) => token ?? access_token)
  .pipe(z.string().min(1));

/**
 * A token of the server that a registry names in its challenge: by GET with a password or without one
 * (https://distribution.github.io/distribution/spec/auth/token/), by POST with a refresh token
 * (https://distribution.github.io/distribution/spec/auth/oauth/).
 */
export async function fetchToken(
  connection: Connection,
  challenge: BearerChallenge,
  credentials: RegistryCredentials | undefined,
  where: { readonly host: string; readonly repository: string },
): Promise<string> {
  const url = safeRealm(challenge.realm, where.host);
  const response = credentials?.identityToken
    ? await exchange(connection, url, challenge, credentials.identityToken)
    : await ask(connection, url, challenge, credentials);
  if (!response.ok) throw await errorFromResponse(response, { ...where, host: url.host });
  const token = tokenSchema.safeParse(await response.json().catch(() => undefined));
  if (token.success) return token.data;
  throw new RegistryError('UNAUTHORIZED', `${url.host} gives no token.`, where);
}

function ask(
  connection: Connection,
  url: URL,
  { service, scope }: BearerChallenge,
  credentials: RegistryCredentials | undefined,
): Promise<Response> {
  if (service) url.searchParams.set('service', service);
  for (const one of scope?.split(' ') ?? []) url.searchParams.append('scope', one);
  const headers = new Headers({ 'user-agent': CLIENT });
  if (credentials) headers.set('authorization', basicHeader(credentials));
  return connection.send(url, { method: 'GET', headers });
}

function exchange(
  connection: Connection,
  url: URL,
  { service = '', scope = '' }: BearerChallenge,
  identityToken: string,
): Promise<Response> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    service,
    scope,
    client_id: CLIENT,
    refresh_token: identityToken,
  });
  const headers = new Headers({
    'user-agent': CLIENT,
    'content-type': 'application/x-www-form-urlencoded',
  });
  return connection.send(url, { method: 'POST', headers, body: Buffer.from(form.toString()) });
}

/** A token server that would see the password in the clear is not asked. */
function safeRealm(text: string, host: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'https:' || isLoopback(url.host))) return url;
  throw new RegistryError('UNAUTHORIZED', `it asks to log in at "${text}", which is not safe.`, {
    host,
  });
}
