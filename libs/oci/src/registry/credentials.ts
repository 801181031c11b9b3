export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
  /** A refresh token, sent to the registry's token server instead of the password; `identitytoken` in config.json of Docker. */
  readonly identityToken?: string;
}

export function basicHeader({ username, password }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Credentials, or a provider that returns ones that are valid now. */
export type CredentialSource =
  RegistryCredentials | (() => Promise<RegistryCredentials | undefined>);

/** The credentials in use. A provider is called when they are first needed, and again after they have expired. */
export class Credentials {
  private latest: Promise<RegistryCredentials | undefined> | undefined;
  private accepted: RegistryCredentials | undefined;

  constructor(private readonly source?: CredentialSource) {}

  async current(): Promise<RegistryCredentials | undefined> {
    return this.latest ?? this.renew();
  }

  /** New credentials in place of expired ones. Concurrent callers get the same. */
  async replace(expired: RegistryCredentials): Promise<RegistryCredentials | undefined> {
    const latest = this.latest;
    const known = await this.current();
    if (known === expired && latest === this.latest) return this.renew();
    return this.current();
  }

  accept(credentials: RegistryCredentials): void {
    this.accepted = credentials;
  }

  wereAccepted(credentials: RegistryCredentials): boolean {
    return this.accepted === credentials;
  }

  private renew(): Promise<RegistryCredentials | undefined> {
    const renewal = this.load();
    this.latest = renewal;
    renewal.catch(() => {
      // The next request calls the provider again.
      if (this.latest === renewal) this.latest = undefined;
    });
    return renewal;
  }

  private async load(): Promise<RegistryCredentials | undefined> {
    if (typeof this.source !== 'function') return this.source;
    const found = await this.source();
    // A copy: credentials are compared by identity, and a provider may return the same object with new values.
    return found && { ...found };
  }
}
