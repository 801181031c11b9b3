import { type RemoteImage } from '@typerush/ecr-access';
import { type SizedImage, type TagMutabilitySetting } from '@typerush/image-registry';
import { type Digest, parseManifest, type RemoteRepository } from '@typerush/oci';

/** What ECR's DescribeRepositories returns. `RemoteRepository` of `oci` gives access to the content. */
export interface RepositoryDescription {
  readonly name: string;
  readonly arn: string;
  /** `host/path`, without a tag. */
  readonly uri: string;
  /** The account. */
  readonly registryId: string;
  readonly mutability: TagMutabilitySetting;
  readonly scanOnPush: boolean;
  readonly encryption: { readonly type: string; readonly kmsKey?: string };
}

/** A repository with everything that a template can declare about it. */
export interface ActualRepository extends RepositoryDescription {
  readonly lifecyclePolicy?: string;
  readonly repositoryPolicy?: string;
  /** By key. */
  readonly resourceTags: Readonly<Record<string, string>>;
}

/** The repositories and images of a registry. Every method may throw a PipelineError. */
export interface RemoteRegistry {
  /** All repositories, by name. */
  repositories(): Promise<readonly RepositoryDescription[]>;
  /** All images of a repository, archived ones included, oldest push first. */
  images(repository: string): Promise<readonly RemoteImage[]>;
  /**
   * The manifests of images, as they were pushed. An image that does not exist is left out.
   * ECR counts it as a pull: it sets the last recorded pull time of the images.
   */
  manifests(repository: string, digests: readonly Digest[]): Promise<ReadonlyMap<Digest, string>>;
  /** The text of the policy; undefined if there is none. */
  lifecyclePolicy(repository: string): Promise<string | undefined>;
  /** The policies and tags of a repository. */
  readRepository(repository: RepositoryDescription): Promise<ActualRepository>;
  /** Access to the content of a repository through the registry protocol. */
  open(repository: string): Promise<RemoteRepository>;
}

/** An image with the sizes in its manifest. Without a manifest it counts as one blob of the size that ECR returns. */
export function sizedImage(image: RemoteImage, manifest: string | undefined): SizedImage {
  const content = manifest === undefined ? undefined : parseManifest(manifest);
  return {
    ...image,
    children: content?.children.map(({ digest }) => digest) ?? [],
    blobs: content?.blobs ?? [image],
  };
}

/** How many repositories are queried at once: ECR throttles an account that sends more requests. */
const batchSize = 8;

/** Maps `items` in order, a few at once; the first error ends it. */
export async function inBatches<T, R>(
  items: readonly T[],
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += batchSize) {
    results.push(...(await Promise.all(items.slice(from, from + batchSize).map(map))));
  }
  return results;
}
