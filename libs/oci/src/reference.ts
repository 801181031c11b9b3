import { type Digest, isDigest } from './digest';
import { OciError } from './errors';

/** The host of Docker Hub's registry. */
const HUB = 'registry-1.docker.io';
/** The names of Docker Hub in references and configuration files. */
export const HUB_NAMES: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', HUB]);

/** `[host/]repository[:tag][@digest]`, with Docker Hub's defaults filled in. */
export interface ImageReference {
  readonly host: string;
  readonly repository: string;
  /** `latest` if neither tag nor digest is given. */
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
      `Invalid image reference "${text}". Expected [host/]repository[:tag][@digest], for example registry.example.com/team/app:tag.`,
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

/** Addresses that replace the hosts of references. */
export type Mirrors = Readonly<Record<string, string>>;

/** The reference to the same image at the mirror of its registry, if there is one. @throws OciError `REFERENCE_INVALID` */
export function atMirror(reference: string, mirrors: Mirrors = {}): string {
  const { host, repository, tag, digest } = parseReference(reference);
  const names = host === HUB ? [...HUB_NAMES] : [host];
  const mirror = names.map((name) => mirrors[name]).find((address) => address !== undefined);
  if (mirror === undefined) return reference;
  return `${mirror}/${repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
}

/** Whether `host` or `host:port` is this machine, so that plain HTTP is safe. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}
