import { type Digest } from '../digest';
import { RegistryError } from './registry-error';
import { type UploadPort, type UploadSession } from './upload-session';

/** Repositories of the same registry to take blobs from. */
export interface MountSources {
  readonly to: string;
  readonly from: readonly string[];
  readonly has: (repository: string, digest: Digest) => Promise<boolean>;
}

/** Finds blobs in sibling repositories, so that they need not be sent; remembers siblings that are of no use. */
export class BlobMounts {
  /** `<to> <from>`: not readable, or not mounted from though it has the blob. */
  private readonly useless = new Set<string>();
  /** Has given before: is asked first. */
  private favourite: string | undefined;

  /** The first sibling that has the blob. */
  async find(digest: Digest, { to, from, has }: MountSources): Promise<string | undefined> {
    for (const sibling of this.candidates(to, from)) {
      const found = await has(sibling, digest).catch((error: unknown) => {
        requireRefusal(error);
        this.useless.add(`${to} ${sibling}`);
        return false;
      });
      if (found) return sibling;
    }
    return undefined;
  }

  /** An upload is what a registry begins that does not mount. */
  async mount(
    port: UploadPort,
    digest: Digest,
    sources: MountSources,
  ): Promise<'mounted' | UploadSession | undefined> {
    const candidates = this.candidates(sources.to, sources.from);
    const only = candidates.length === 1 ? candidates[0] : undefined;
    const sibling = only ?? (await this.find(digest, sources));
    if (sibling === undefined) return undefined;
    const key = `${sources.to} ${sibling}`;
    try {
      const session = await port.mount(digest, sibling);
      if (!session) this.favourite = sibling;
      else if (!only) this.useless.add(key);
      return session ?? 'mounted';
    } catch (error) {
      requireRefusal(error);
      this.useless.add(key);
      return undefined;
    }
  }

  private candidates(to: string, from: readonly string[]): string[] {
    const usable = from.filter((name) => name !== to && !this.useless.has(`${to} ${name}`));
    const rank = (name: string) => (name === this.favourite ? 0 : 1);
    return [...new Set(usable)].sort((a, b) => rank(a) - rank(b));
  }
}

/** A sibling that is closed to us, or unknown, is no reason not to push. */
function requireRefusal(error: unknown): void {
  const { status = 0, code } =
    error instanceof RegistryError ? error : ({} as Partial<RegistryError>);
  if (status < 400 || status >= 500 || status === 429 || code === 'TOKEN_EXPIRED') throw error;
}
