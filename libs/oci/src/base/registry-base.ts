import { type BaseSource } from './base-source';

export interface RegistryBaseOptions {
  /** Layers are kept here, once per machine; see defaultCacheDir. */
  readonly cacheDir: string;
  /** Time for a connection to stand, in ms. @default 3000 */
  readonly connectTimeoutMs?: number;
  /** By registry host; anonymous otherwise. */
  readonly credentials?: Readonly<Record<string, { username: string; password: string }>>;
  readonly fetch?: typeof fetch;
}

/** Base images out of the registry that their reference names. */
export function registryBase(_options: RegistryBaseOptions): BaseSource {
  throw new Error('not yet');
}
