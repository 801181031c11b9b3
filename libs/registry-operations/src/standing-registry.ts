import { type StorageClass, type TagMutabilitySetting } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';

/** A repository as ECR describes it. */
export interface StandingRepository {
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

/** An image as ECR describes it: a manifest, or a list or index of them. */
export interface StandingImage {
  readonly digest: Digest;
  readonly tags: readonly string[];
  readonly pushedAt: Date;
  /** Bytes of its layers, compressed; of a list, those of its largest image. */
  readonly size: number;
  readonly mediaType: string;
  readonly artifactType?: string;
  /** The last recorded pull, if there was one. */
  readonly pulledAt?: Date;
  /** An archived image can be neither pulled nor read before it has been activated. */
  readonly storageClass: StorageClass;
  readonly archivedAt?: Date;
  /** The image that this signature or SBOM refers to. */
  readonly subject?: Digest;
}

/**
 * What stands in a registry. Every method may throw a PipelineError.
 */
export interface StandingRegistry {
  /** All repositories, by name. */
  repositories(): Promise<readonly StandingRepository[]>;
  /** All images of a repository, archived ones included, oldest push first. */
  images(repository: string): Promise<readonly StandingImage[]>;
  /**
   * The manifests of images, each as it was pushed. An image that is gone is left out.
   * ECR takes it for a pull: it sets the images' last recorded pull time.
   */
  manifests(repository: string, digests: readonly Digest[]): Promise<ReadonlyMap<Digest, string>>;
  /** The text of the policy, undefined where there is none. */
  lifecyclePolicy(repository: string): Promise<string | undefined>;
  /** The text of the policy, undefined where there is none. */
  repositoryPolicy(repository: string): Promise<string | undefined>;
  /** The tags of the repository itself, by key. */
  resourceTags(arn: string): Promise<Readonly<Record<string, string>>>;
}
