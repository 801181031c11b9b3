import { OciError } from './errors';

export interface Platform {
  readonly os: string;
  /** Go's name: `amd64`, `arm64`. */
  readonly architecture: string;
  readonly variant?: string;
}

/** The platforms of an image unless the caller names others: those of them that the base image has. */
export const DEFAULT_PLATFORMS: readonly string[] = ['linux/amd64', 'linux/arm64'];

/** @throws OciError `PLATFORM_INVALID` unless `text` is `os/architecture` or `os/architecture/variant` */
export function parsePlatform(text: string): Platform {
  const match = /^([a-z0-9]+)\/([a-z0-9]+)(?:\/([a-z0-9]+))?$/.exec(text);
  if (!match) {
    throw new OciError(
      'PLATFORM_INVALID',
      `Invalid platform "${text}". Expected os/architecture, for example linux/amd64.`,
    );
  }
  const [, os = '', architecture = '', variant] = match;
  return variant ? { os, architecture, variant } : { os, architecture };
}

/** The inverse of parsePlatform. arm64 means arm64/v8, so that variant is left out. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  const redundant = architecture === 'arm64' && variant === 'v8';
  return [os, architecture, ...(variant && !redundant ? [variant] : [])].join('/');
}

/** The platform of an image config or a descriptor. */
export function platformOf({ os, architecture, variant }: Platform): Platform {
  return variant ? { os, architecture, variant } : { os, architecture };
}

/** Go's name of a value of `process.arch`. */
export function hostArchitecture(arch: string): string {
  return { x64: 'amd64', ia32: '386' }[arch] ?? arch;
}
