import { type TagMutabilitySetting } from '@typerush/image-registry';
import { type RegistryClientOptions } from '@typerush/oci';

/** A repository that exists, with the credentials for it. */
export interface Repository {
  /** The name in ECR's API; in other registries, that in the registry protocol. */
  readonly name: string;
  /** `host/path`, without a tag. */
  readonly uri: string;
  readonly host: string;
  /** @default the registry client's own rule */
  readonly scheme?: 'http' | 'https';
  /** The part of the URI after the host: the name in the registry protocol. */
  readonly path: string;
  /** Queried again when they have expired. */
  readonly credentials: RegistryClientOptions['credentials'];
  readonly mutability: TagMutabilitySetting;
}

export interface RepositoryFinder {
  /** @throws PipelineError */
  find(name: string): Promise<Repository>;
}
