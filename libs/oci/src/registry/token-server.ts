import * as z from 'zod';
import { isLoopback } from '../reference';
import { type Connection } from './connection';
import { basicHeader, type RegistryCredentials } from './credentials';
import { errorFromResponse, RegistryError } from './registry-error';

export interface BearerChallenge {
  readonly scheme: 'bearer';
  readonly realm: string;
  readonly service?: string;
  readonly scope?: string;
}

/** One challenge of `WWW-Authenticate`; https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1 */
export type Challenge = { readonly scheme: 'basic' } | BearerChallenge;

/** undefined for a scheme that is neither Basic nor Bearer. */
export function parseChallenge(header: string | null): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(header ?? '') ?? [];
  if (scheme.toLowerCase() === 'basic') return { scheme: 'basic' };
  if (scheme.toLowerCase() !== 'bearer') return undefined;
  const values = new Map<string, string>();
  for (const [, name = '', value = ''] of rest.matchAll(/(\w+)="([^"]*)"/g)) {
    values.set(name.toLowerCase(), value);
  }
  const realm = values.get('realm');
  if (realm === undefined) return undefined;
  return { scheme: 'bearer', realm, service: values.get('service'), scope: values.get('scope') };
}

const CLIENT = 'typerush-oci';

const tokenSchema = z
  .looseObject({ token: z.string().optional(), access_token: z.string().optional() })
  .transform(({ token, access_token }) => token ?? access_token)
  .pipe(z.string().min(1));

/**
 * A token of the server that a challenge names: by GET with a password or without one
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
    : await request(connection, url, challenge, credentials);
  if (!response.ok) throw await errorFromResponse(response, { ...where, host: url.host });
  const token = tokenSchema.safeParse(await response.json().catch(() => undefined));
  if (token.success) return token.data;
  throw new RegistryError('UNAUTHORIZED', `the response of ${url.host} has no token.`, where);
}

function request(
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

/** Passwords are only sent over HTTPS or to this machine. */
function safeRealm(text: string, host: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'https:' || isLoopback(url.host))) return url;
  throw new RegistryError(
    'UNAUTHORIZED',
    `the token server "${text}" is not safe: it needs HTTPS.`,
    {
      host,
    },
  );
}
