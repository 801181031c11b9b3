import { type Digest, isDigest } from './digest';
import { OciError } from './errors';

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
  return {
    host: hasHost ? first : 'registry-1.docker.io',
    repository: hasHost || repository.includes('/') ? repository : `library/${repository}`,
    tag: tag ?? (digest ? undefined : 'latest'),
    digest: digest as Digest | undefined,
  };
}
