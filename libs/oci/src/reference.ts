import { type Digest, isDigest } from './digest';
import { OciError } from './errors';

/** Docker Hub by the names that people write, and by the one where its registry answers. */
const HUB_NAMES = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);
const HUB = 'registry-1.docker.io';

/** `[host/]repository[:tag][@digest]`, with Docker Hub's defaults filled in. */
export interface ImageReference {
  readonly host: string;
  readonly repository: string;
  /** `latest` when neither tag nor digest is given. */
  readonly tag?: string;
  readonly digest?: Digest;
}

const REPOSITORY =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;

/** @throws OciError `REFERENCE_INVALID` */
export function parseReference(text: string): ImageReference {
  const [name = '', digest, ...more] = text.split('@');
  const first = name.split('/', 1)[0] ?? '';
  const hasHost = name.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const rest = hasHost ? name.slice(first.length + 1) : name;
  const [repository = '', tag, ...tags] = rest.split(':');
  const valid =
    more.length === 0 &&
    tags.length === 0 &&
    REPOSITORY.test(repository) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || isDigest(digest));
  if (!valid) {
    throw new OciError(
      'REFERENCE_INVALID',
      `"${text}" names no image. Write it like registry.example.com/team/app:tag.`,
    );
  }
  const host = !hasHost || HUB_NAMES.has(first) ? HUB : first;
  return {
    host,
    repository: host !== HUB || repository.includes('/') ? repository : `library/${repository}`,
    tag: tag ?? (digest ? undefined : 'latest'),
    digest: digest as Digest | undefined,
  };
}
