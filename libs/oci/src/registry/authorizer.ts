import { type Connection } from './connection';
import {
  basicHeader,
  type CredentialSource,
  Credentials,
  type RegistryCredentials,
} from './credentials';
import { RegistryError } from './registry-error';
import { type BearerChallenge, type Challenge, fetchToken, parseChallenge } from './token-server';

/** The authorization for a repository. */
export interface Grant {
  readonly header: string;
  readonly challenge: Challenge;
  readonly credentials?: RegistryCredentials;
  /** A request was authorized with it. If it is refused later, it has expired. */
  proven: boolean;
}

/**
 * Answers a registry's challenges: Basic, or Bearer through its token server. Remembers what was accepted, and renews it once
 * for all concurrent requests after it has expired.
 */
export class Authorizer {
  /** By repository. */
  private readonly grants = new Map<string, Grant>();
  private readonly renewals = new Map<string, Promise<Grant | undefined>>();
  private readonly credentials: Credentials;

  constructor(
    private readonly host: string,
    private readonly connection: Connection,
    source?: CredentialSource,
  ) {
    this.credentials = new Credentials(source);
  }

  grantFor(repository: string): Grant | undefined {
    return this.grants.get(repository);
  }

  /**
   * A grant other than the refused one; undefined if there is none.
   * @param refusal A 401, or a response with the code TOKEN_EXPIRED.
   * @param tried The grant that the request was sent with: another request may have renewed it meanwhile.
   */
  async renew(refusal: Response, repository: string, tried?: Grant): Promise<Grant | undefined> {
    const challenge = parseChallenge(refusal.headers.get('www-authenticate')) ?? tried?.challenge;
    if (!challenge) return undefined;
    const current = this.grants.get(repository);
    if (current && current !== tried && isSame(current.challenge, challenge)) return current;
    const key = [repository, scopeOf(challenge)].join(' ');
    const running = this.renewals.get(key);
    if (running) return running;
    const renewal = this.login(challenge, repository, tried).finally(() =>
      this.renewals.delete(key),
    );
    this.renewals.set(key, renewal);
    return renewal;
  }

  private async login(challenge: Challenge, repository: string, tried?: Grant) {
    const credentials = await this.credentials.current();
    const grant =
      challenge.scheme === 'basic'
        ? await this.loginWithPassword(challenge, tried, credentials)
        : await this.loginWithToken(challenge, repository, tried, credentials);
    if (grant) this.grants.set(repository, grant);
    return grant;
  }

  private async loginWithPassword(
    challenge: Challenge,
    tried: Grant | undefined,
    known: RegistryCredentials | undefined,
  ): Promise<Grant | undefined> {
    const refused = known !== undefined && tried?.credentials === known;
    // The password is wrong, unless it was accepted before.
    if (refused && !tried?.proven) return undefined;
    const credentials = refused ? await this.credentials.replace(known) : known;
    if (!credentials || (refused && credentials === known)) return undefined;
    return { header: basicHeader(credentials), challenge, credentials, proven: false };
  }

  private async loginWithToken(
    challenge: BearerChallenge,
    repository: string,
    tried: Grant | undefined,
    known: RegistryCredentials | undefined,
  ): Promise<Grant | undefined> {
    // Another token for the same challenge would be refused too.
    if (tried && !tried.proven && isSame(tried.challenge, challenge)) return undefined;
    const tokenFor = async (credentials: RegistryCredentials | undefined): Promise<Grant> => {
      const where = { host: this.host, repository };
      const token = await fetchToken(this.connection, challenge, credentials, where);
      if (credentials) this.credentials.accept(credentials);
      return { header: `Bearer ${token}`, challenge, credentials, proven: false };
    };
    try {
      return await tokenFor(known);
    } catch (error) {
      if (!known || !isRefusal(error) || !this.credentials.wereAccepted(known)) throw error;
      const credentials = await this.credentials.replace(known);
      if (!credentials || credentials === known) throw error;
      return tokenFor(credentials);
    }
  }
}

const scopeOf = (challenge: Challenge) =>
  challenge.scheme === 'bearer' ? challenge.scope : undefined;

function isSame(one: Challenge, other: Challenge): boolean {
  return one.scheme === other.scheme && scopeOf(one) === scopeOf(other);
}

function isRefusal(error: unknown): boolean {
  return error instanceof RegistryError && (error.status === 401 || error.status === 403);
}
