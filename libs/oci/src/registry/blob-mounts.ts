import { type Digest } from '../digest';
import { RegistryError } from './registry-error';
import { type UploadPort, type UploadSession } from './upload-session';

/** Repositories of the same registry that may have a blob. */
export interface MountSources {
  readonly to: string;
  readonly from: readonly string[];
  readonly has: (repository: string, digest: Digest) => Promise<boolean>;
}

/** Cross-repository mounts. Remembers which repositories cannot be mounted from. */
export class BlobMounts {
  /** `<to> <from>`: not readable, or not mounted from although it has the blob. */
  private readonly unusable = new Set<string>();
  /** The repository that was mounted from last: tried first. */
  private preferred: string | undefined;

  /** The first repository that has the blob. */
  async find(digest: Digest, { to, from, has }: MountSources): Promise<string | undefined> {
    for (const repository of this.candidates(to, from)) {
      const found = await has(repository, digest).catch((error: unknown) => {
        requireRefusal(error);
        this.unusable.add(`${to} ${repository}`);
        return false;
      });
      if (found) return repository;
    }
    return undefined;
  }

  /** A registry that does not mount starts an upload instead, which is returned. */
  async mount(
    port: UploadPort,
    digest: Digest,
    sources: MountSources,
  ): Promise<'mounted' | UploadSession | undefined> {
    const candidates = this.candidates(sources.to, sources.from);
    const only = candidates.length === 1 ? candidates[0] : undefined;
    const repository = only ?? (await this.find(digest, sources));
    if (repository === undefined) return undefined;
    const key = `${sources.to} ${repository}`;
    try {
      const session = await port.mount(digest, repository);
      if (!session) this.preferred = repository;
      else if (!only) this.unusable.add(key);
      return session ?? 'mounted';
    } catch (error) {
      requireRefusal(error);
      this.unusable.add(key);
      return undefined;
    }
  }

  private candidates(to: string, from: readonly string[]): string[] {
    const usable = from.filter((name) => name !== to && !this.unusable.has(`${to} ${name}`));
    const rank = (name: string) => (name === this.preferred ? 0 : 1);
    return [...new Set(usable)].sort((a, b) => rank(a) - rank(b));
  }
}

/** A repository that is unknown or not readable does not fail the push. @throws any other error */
function requireRefusal(error: unknown): void {
  const { status = 0, code } =
    error instanceof RegistryError ? error : ({} as Partial<RegistryError>);
  if (status < 400 || status >= 500 || status === 429 || code === 'TOKEN_EXPIRED') throw error;
}
