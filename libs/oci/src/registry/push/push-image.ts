import { type Digest } from '../../digest';
import { type PushedTag } from './push-event';
import { pushContent, type PushContentRequest, type PushedContent } from './push-content';
import { setTags } from './set-tags';

export interface PushImageRequest extends Omit<PushContentRequest, 'tags'> {
  /** Moving tags are set once all the fixed ones stand. */
  readonly tags: { readonly fixed: readonly string[]; readonly moving: readonly string[] };
}

export interface PushedImage extends Omit<PushedContent, 'manifest'> {
  readonly digest: Digest;
  /** Fixed ones first, in the order given. */
  readonly tags: readonly PushedTag[];
}

/**
 * Puts an image into a repository, in this order: blobs, manifests (children first), fixed tags, moving tags. For several
 * repositories use its parts: `pushContent` with the fixed tags everywhere, then `setTags` with the moving ones.
 * @throws RegistryError; a fixed tag that the registry refuses (`TAG_INVALID`) leaves the moving tags where they were.
 *   OciError `IMAGE_MISSING`, `BLOB_MISSING`, `DIGEST_MISMATCH` when the layout lacks a part
 */
export async function pushImage(request: PushImageRequest): Promise<PushedImage> {
  const { client, repository, onProgress, digest } = request;
  const { fixed, moving } = request.tags;
  const { manifest, tags, ...bytes } = await pushContent({ ...request, tags: fixed });
  const rest = moving.filter((tag) => !fixed.includes(tag));
  const moved = await setTags({ client, repository, manifest, tags: rest, onProgress });
  return { digest, ...bytes, tags: [...tags, ...moved] };
}
