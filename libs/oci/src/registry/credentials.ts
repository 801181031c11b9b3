import { type RegistryCredentials } from './registry-credentials';

/** Credentials, or how to get ones that are good now. */
export type CredentialSource =
  RegistryCredentials | (() => Promise<RegistryCredentials | undefined>);

/** The credentials in use. A provider is asked when they are needed first, and again once they have expired. */
export class Credentials {
  private latest: Promise<RegistryCredentials | undefined> | undefined;
  private good: RegistryCredentials | undefined;

  constructor(private readonly source?: CredentialSource) {}

  async current(): Promise<RegistryCredentials | undefined> {
    return this.latest ?? this.renew();
  }

  /** The next ones, when these have expired. Whoever comes second gets what the first one asked for. */
  async after(expired: RegistryCredentials): Promise<RegistryCredentials | undefined> {
    const latest = this.latest;
    const known = await this.current();
    // Nobody has asked since these expired.
    if (known === expired && latest === this.latest) return this.renew();
    return this.current();
  }

  accepted(credentials: RegistryCredentials): void {
    this.good = credentials;
  }

  wereGood(credentials: RegistryCredentials): boolean {
    return this.good === credentials;
  }

  private renew(): Promise<RegistryCredentials | undefined> {
    const asked = this.ask();
    this.latest = asked;
    asked.catch(() => {
      // A provider that failed may do better the next time.
      if (this.latest === asked) this.latest = undefined;
    });
    return asked;
  }

  private async ask(): Promise<RegistryCredentials | undefined> {
    if (typeof this.source !== 'function') return this.source;
    const found = await this.source();
    // A copy, so that a provider that gives the same object again is not taken for one that gives nothing new.
    return found && { ...found };
  }
}
