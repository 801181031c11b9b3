import { type Request, type RequestHandler } from 'express';
import { OciError } from '../errors/oci-error';
import { type Registry } from '../registry/registry';
import { type StoredImage } from '../registry/images';
import { type Protocol, tagsPerPage } from './protocol';
import { checkedDigest, pathPart, requestedRepository } from './requested-repository';

/**
 * GET /v2/<name>/tags/list?n=<number>&last=<tag>
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-tags
 */
export const listTags =
  (registry: Registry, protocol: Protocol): RequestHandler =>
  (request, response) => {
    const { name, images } = requestedRepository(registry, request);
    const { last } = request.query;
    const all = images.tags().sort();
    const rest = typeof last === 'string' ? all.filter((tag) => tag > last) : all;
    const tags = rest.slice(0, pageSize(request, protocol));
    const lastTag = tags.at(-1);
    if (tags.length < rest.length && lastTag !== undefined) {
      const next = `/v2/${name}/tags/list?n=${tags.length}&last=${encodeURIComponent(lastTag)}`;
      response.setHeader('link', `<${next}>; rel="next"`);
    }
    response.json({ name, tags });
  };

function pageSize(request: Request, protocol: Protocol): number | undefined {
  const { n } = request.query;
  if (n === undefined) return protocol === 'ecr' ? tagsPerPage.default : undefined;
  if (typeof n === 'string' && /^\d{1,9}$/.test(n)) {
    if (protocol === 'oci' || Number(n) <= tagsPerPage.max) return Number(n);
    throw new OciError('PAGINATION_NUMBER_INVALID', `n must be at most ${tagsPerPage.max}.`);
  }
  throw new OciError('PAGINATION_NUMBER_INVALID', 'n must be a whole number.');
}

/**
 * GET /v2/<name>/referrers/<digest>?artifactType=<type>
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers
 */
export const listReferrers =
  (registry: Registry): RequestHandler =>
  (request, response) => {
    const { images } = requestedRepository(registry, request);
    const subject = checkedDigest(pathPart(request, 'digest'));
    const { artifactType } = request.query;
    const manifests = images
      .referrersOf(subject)
      .filter((image) => artifactType === undefined || image.artifactType === artifactType)
      .map(describeReferrer);
    if (artifactType !== undefined) response.setHeader('OCI-Filters-Applied', 'artifactType');
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    response.setHeader('content-type', mediaType);
    response.end(JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
  };

const describeReferrer = (image: StoredImage) => ({
  mediaType: image.mediaType,
  digest: image.digest,
  size: image.manifestSize,
  artifactType: image.artifactType,
  annotations: image.annotations,
});
