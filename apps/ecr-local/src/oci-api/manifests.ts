import { isTag, isTagImmutable } from '@typerush/image-registry';
import { type Request, type RequestHandler } from 'express';
import { OciError } from '../errors/oci-error';
import { afterPush } from '../registry/after-push';
import { deleteImages } from '../registry/delete-images';
import { pushManifest } from '../registry/push-manifest';
import { damagedManifest, readManifest } from '../registry/read-manifest';
import { recordPull } from '../registry/record-pull';
import { type Registry } from '../registry/registry';
import { manifestBucket } from '../registry/repository';
import { archivedImage, imageStatus } from '../registry/storage-class';
import { identityOf, type MayPerform } from './permissions';
import { type ProtocolSettings } from './protocol';
import { checkedDigest, digestHeader, pathPart, requestedRepository } from './requested-repository';

type Reference = { readonly digest: string } | { readonly tag: string };

function reference(request: Request): Reference {
  const text = pathPart(request, 'reference');
  return text.includes(':') ? { digest: checkedDigest(text) } : { tag: text };
}

/** What is pulled or deleted may have any name: no image has a malformed one. */
function pushedReference(request: Request): Reference {
  const wanted = reference(request);
  if (!('tag' in wanted) || isTag(wanted.tag)) return wanted;
  throw new OciError('TAG_INVALID', `'${wanted.tag}' cannot be a tag.`);
}

/**
 * GET and HEAD /v2/<name>/manifests/<reference>
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-manifests
 */
export const pullManifest =
  (registry: Registry, mayPerform: MayPerform): RequestHandler =>
  async (request, response) => {
    const wanted = reference(request);
    const name = pathPart(request, 'name');
    await registry.pullThrough.refresh(registry, name, wanted, {
      via: request.get('via'),
      may: (action) => mayPerform(request, response, action, name),
    });
    const repository = requestedRepository(registry, request);
    const image =
      'tag' in wanted ? repository.images.tagged(wanted.tag) : repository.images.get(wanted.digest);
    if (!image) throw registry.refusals.imageNotFound(repository.name, imageId(wanted));
    if (imageStatus(image, registry.clock()) !== 'ACTIVE') {
      throw new OciError('MANIFEST_UNKNOWN', archivedImage);
    }
    const isHead = request.method === 'HEAD';
    const found = isHead
      ? await registry.blobs.stat(manifestBucket(repository), image.digest)
      : await readManifest(registry, repository, image);
    if (!found) throw new OciError('MANIFEST_UNKNOWN', damagedManifest);
    response.setHeader('content-type', image.mediaType);
    response.setHeader('content-length', image.manifestSize);
    response.setHeader(digestHeader, image.digest);
    if (!isHead) recordPull(registry, repository, image.digest, identityOf(response));
    response.end(isHead ? undefined : (found as Buffer));
  };

const imageId = (wanted: Reference) =>
  'tag' in wanted ? { imageTag: wanted.tag } : { imageDigest: wanted.digest };

/**
 * PUT /v2/<name>/manifests/<reference>. The body is read whole before (`manifestLimitBytes`).
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-manifests
 */
export const putManifest =
  (registry: Registry, { immutableRepush }: ProtocolSettings): RequestHandler =>
  async (request, response) => {
    const { name } = requestedRepository(registry, request);
    const body: unknown = request.body;
    const reference = pushedReference(request);
    const pushed = await pushManifest(registry, name, {
      bytes: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
      mediaType: request.get('content-type')?.split(';', 1)[0]?.trim(),
      ...reference,
    });
    const { image } = pushed;
    if (immutableRepush === 'reject' && 'tag' in reference && pushed.outcome === 'unchanged') {
      requireMutable(registry, name, reference.tag);
    }
    await afterPush(registry, name, pushed, 'tag' in reference ? reference.tag : undefined);
    response.setHeader('location', `/v2/${name}/manifests/${image.digest}`);
    response.setHeader(digestHeader, image.digest);
    if (image.subject !== undefined) response.setHeader('OCI-Subject', image.subject);
    response.status(201).end();
  };

/** Nothing has changed yet: the image had the tag. */
function requireMutable({ repositories, refusals }: Registry, name: string, tag: string): void {
  const { imageTagMutability, imageTagMutabilityExclusionFilters = [] } = repositories.get(name);
  if (isTagImmutable(imageTagMutability, imageTagMutabilityExclusionFilters, tag)) {
    throw refusals.tagTaken(name, tag);
  }
}

/**
 * DELETE /v2/<name>/manifests/<reference>. As in the API, a digest takes its tags along, and an image goes with its last tag.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#deleting-manifests
 */
export const deleteManifest =
  (registry: Registry): RequestHandler =>
  async (request, response) => {
    const { name } = requestedRepository(registry, request);
    const wanted = imageId(reference(request));
    await registry.repositories.changeImages(name, (draft) => {
      const { failures } = deleteImages(draft, [wanted]);
      if (failures.some(({ failureCode }) => failureCode === 'ImageReferencedByManifestList')) {
        throw new OciError('DENIED', failures.map(({ failureReason }) => failureReason).join());
      }
      if (failures.length > 0) throw registry.refusals.imageNotFound(name, wanted);
    });
    response.status(202).end();
  };
