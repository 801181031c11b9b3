import { type Challenge, parseChallenge } from './challenge';
import { type Connection } from './connection';
import { type CredentialSource, Credentials } from './credentials';
import { basicHeader, type RegistryCredentials } from './registry-credentials';
import { RegistryError } from './registry-error';
import { fetchToken } from './token-server';

/** A way into a repository: the header that opens it, and what it was made of. */
interface Grant {
  readonly header: string;
  readonly challenge: Challenge;
  readonly credentials?: RegistryCredentials;
  /** A request was let in with it. What is refused later has expired. */
  proven: boolean;
}

/**
 * Answers a registry's challenges: Basic, or Bearer by way of its token server; keeps what worked. What has expired is made
 * anew, once for all the requests that meet it.
 */
export class Authorizer {
  /** By repository: what the registry asked for last. */
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
   * A grant other than the refused one, if there can be one.
   * @param refusal A 401, or an answer that says that the token has expired.
   * @param tried What the request was sent with: another request may have logged in meanwhile.
   */
  async renew(refusal: Response, repository: string, tried?: Grant): Promise<Grant | undefined> {
    const challenge = parseChallenge(refusal.headers.get('www-authenticate')) ?? tried?.challenge;
    if (!challenge) return undefined;
    const current = this.grants.get(repository);
    if (current && current !== tried && asksTheSame(current.challenge, challenge)) return current;
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
    const fresh =
      challenge.scheme === 'basic'
        ? await this.loginWithPassword(challenge, tried, credentials)
        : await this.loginWithToken(challenge, repository, tried, credentials);
    if (fresh) this.grants.set(repository, fresh);
    return fresh;
  }

  private async loginWithPassword(
    challenge: Challenge,
    tried: Grant | undefined,
    known: RegistryCredentials | undefined,
  ): Promise<Grant | undefined> {
    // The password is wrong, unless it was good before.
    const refused = known !== undefined && tried?.credentials === known;
    if (refused && !tried?.proven) return undefined;
    const credentials = refused ? await this.credentials.after(known) : known;
    if (!credentials || (refused && credentials === known)) return undefined;
    return { header: basicHeader(credentials), challenge, credentials, proven: false };
  }

  private async loginWithToken(
    challenge: Extract<Challenge, { scheme: 'bearer' }>,
    repository: string,
    tried: Grant | undefined,
    known: RegistryCredentials | undefined,
  ): Promise<Grant | undefined> {
    // A token that was made for this very challenge, and was never good, is refused for good.
    if (tried && !tried.proven && asksTheSame(tried.challenge, challenge)) return undefined;
    const tokenFor = async (credentials: RegistryCredentials | undefined): Promise<Grant> => {
      const where = { host: this.host, repository };
      const token = await fetchToken(this.connection, challenge, credentials, where);
      if (credentials) this.credentials.accepted(credentials);
      return { header: `Bearer ${token}`, challenge, credentials, proven: false };
    };
    try {
      return await tokenFor(known);
    } catch (error) {
      if (!known || !isRefusal(error) || !this.credentials.wereGood(known)) throw error;
      const credentials = await this.credentials.after(known);
      if (!credentials || credentials === known) throw error;
      return tokenFor(credentials);
    }
  }
}

const scopeOf = (challenge: Challenge) =>
  challenge.scheme === 'bearer' ? challenge.scope : undefined;

function asksTheSame(one: Challenge, other: Challenge): boolean {
  return one.scheme === other.scheme && scopeOf(one) === scopeOf(other);
}

function isRefusal(error: unknown): boolean {
  return error instanceof RegistryError && (error.status === 401 || error.status === 403);
}
