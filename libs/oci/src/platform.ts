import { OciError } from './errors';

export interface Platform {
  readonly os: string;
  /** Go's name: `amd64`, `arm64`. */
  readonly architecture: string;
  readonly variant?: string;
}

/** What an image is built for unless the caller names platforms: as many of these as the base has. */
export const DEFAULT_PLATFORMS: readonly string[] = ['linux/amd64', 'linux/arm64'];

/** @throws OciError `PLATFORM_INVALID` unless `text` is `os/architecture` or `os/architecture/variant` */
export function parsePlatform(text: string): Platform {
  const match = /^([a-z0-9]+)\/([a-z0-9]+)(?:\/([a-z0-9]+))?$/.exec(text);
  if (!match) {
    throw new OciError('PLATFORM_INVALID', `"${text}" is no platform: write it like linux/amd64.`);
  }
  const [, os = '', architecture = '', variant] = match;
  return variant ? { os, architecture, variant } : { os, architecture };
}

/** The inverse of parsePlatform. arm64/v8 is what arm64 means, so its variant is left out. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  const redundant = architecture === 'arm64' && variant === 'v8';
  return [os, architecture, ...(variant && !redundant ? [variant] : [])].join('/');
}

/** The platform that a config or a descriptor names. */
export function platformOf({ os, architecture, variant }: Platform): Platform {
  return variant ? { os, architecture, variant } : { os, architecture };
}

/** `process.arch` as a container platform calls it. */
export function hostArchitecture(arch: string): string {
  return { x64: 'amd64', ia32: '386' }[arch] ?? arch;
}
