import { z } from 'zod';
import { type Challenge, parseChallenge } from './challenge';
import { isLoopback } from './loopback';
import { errorFromResponse, RegistryError } from './registry-error';

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

const tokenSchema = z
  .looseObject({ token: z.string().optional(), access_token: z.string().optional() })
  .transform(({ token, access_token }) => token ?? access_token)
  .pipe(z.string());

/** Answers a registry's challenges: Basic, or Bearer by way of its token server; keeps what worked. */
export class Authorizer {
  /** By repository: what the registry asked for last. */
  private readonly headers = new Map<string, string>();

  constructor(
    private readonly host: string,
    private readonly fetch: typeof globalThis.fetch,
    private readonly credentials?: RegistryCredentials,
  ) {}

  headerFor(repository: string): string | undefined {
    return this.headers.get(repository);
  }

  /**
   * Whether it is worth asking again, now that the challenge of a 401 has been answered.
   * @param tried The header of the request that was refused: another request may have logged in meanwhile.
   */
  async answer(response: Response, repository: string, tried?: string): Promise<boolean> {
    const challenge = parseChallenge(response.headers.get('www-authenticate'));
    if (!challenge) return false;
    const header = await this.headerOf(challenge, repository);
    if (header === undefined || header === tried) return false;
    this.headers.set(repository, header);
    return true;
  }

  private async headerOf(challenge: Challenge, repository: string): Promise<string | undefined> {
    if (challenge.scheme === 'basic') return this.credentials && basic(this.credentials);
    const url = this.realm(challenge.realm);
    if (challenge.service) url.searchParams.set('service', challenge.service);
    if (challenge.scope) url.searchParams.set('scope', challenge.scope);
    const response = await this.fetch(url, {
      headers: this.credentials ? { authorization: basic(this.credentials) } : {},
    });
    if (!response.ok) throw await errorFromResponse(response, { host: url.host, repository });
    const token = tokenSchema.safeParse(await response.json().catch(() => undefined));
    if (token.success) return `Bearer ${token.data}`;
    throw new RegistryError('UNAUTHORIZED', `${url.host} gives no token.`, {
      host: this.host,
      repository,
    });
  }

  /** A token server that would see the password in the clear is not asked. */
  private realm(text: string): URL {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url && (url.protocol === 'https:' || isLoopback(url.host))) return url;
    throw new RegistryError('UNAUTHORIZED', `it asks to log in at "${text}", which is not safe.`, {
      host: this.host,
    });
  }
}

function basic({ username, password }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
