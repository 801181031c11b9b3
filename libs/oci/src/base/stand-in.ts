import { type Digest } from '../digest';
import { type BaseSource } from './base-source';

export interface StandInOptions {
  /** @default process.execPath */
  readonly nodeBinary?: string;
}

export interface StandInTar {
  readonly path: string;
  /** Digest of the tar file: the same as long as the host's Node and its libraries are. */
  readonly digest: Digest;
  /** `linux/amd64`: the host's own. */
  readonly platform: string;
  readonly nodeVersion: string;
  /** For `docker import --change`: environment, command and the labels that tell it is a stand-in. */
  readonly changes: readonly string[];
}

/**
 * A base image made of the host's own Node: its binary, the libraries it needs, CA certificates, npm, busybox
 * where the host has it, and a user `node` (1000).
 * @throws OciError `STAND_IN_UNSUPPORTED` on a host without ELF binaries
 */
export function standInBase(_options: StandInOptions & { readonly cacheDir: string }): BaseSource {
  throw new Error('not yet');
}

/** The stand-in's root file system as a tar file, for `docker import`. @throws as standInBase */
export async function writeStandInTar(
  _path: string,
  _options: StandInOptions = {},
): Promise<StandInTar> {
  throw new Error('not yet');
}
