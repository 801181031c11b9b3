import { type TagMutabilitySetting } from '@typerush/image-registry';
import { type RegistryClientOptions } from '@typerush/oci';

/** A repository that stands, and the way into it. */
export interface Repository {
  /** As ECR's API names it; elsewhere as the registry protocol does. */
  readonly name: string;
  /** `host/path`, without a tag. */
  readonly uri: string;
  readonly host: string;
  /** That of the registry client's own rule unless given. */
  readonly scheme?: 'http' | 'https';
  /** The part of the URI after the host: the name in the registry protocol. */
  readonly path: string;
  /** Asked again when they have expired. */
  readonly credentials: RegistryClientOptions['credentials'];
  readonly mutability: TagMutabilitySetting;
}

/** Finds repositories and what it takes to push to them. */
export interface RepositoryFinder {
  /** @throws PipelineError */
  find(name: string): Promise<Repository>;
}
