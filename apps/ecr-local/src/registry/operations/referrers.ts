import { addressed } from '../addressed';
import { pageOf } from '../page';
import { type Registry } from '../registry';
import { imageStatus } from '../storage-class';
import { modelled } from './modelled';

interface ListRequest {
  readonly registryId?: string;
  readonly repositoryName: string;
  readonly subjectId: { readonly imageDigest: string };
  readonly filter?: {
    readonly artifactTypes?: readonly string[];
    readonly artifactStatus?: string;
  };
  readonly nextToken?: string;
  readonly maxResults?: number;
}

const defaultPageSize = 50;

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImageReferrers.html */
export function referrerOperations(registry: Registry) {
  return {
    listImageReferrers: modelled('ListImageReferrers', (request: ListRequest) => {
      const { images } = addressed(registry, request);
      const { artifactTypes = [], artifactStatus = 'ANY' } = request.filter ?? {};
      const found = images
        .referrersOf(request.subjectId.imageDigest)
        .map((image) => ({
          digest: image.digest,
          mediaType: image.mediaType,
          ...(image.artifactType !== undefined && { artifactType: image.artifactType }),
          size: image.manifestSize,
          ...(image.annotations && { annotations: image.annotations }),
          artifactStatus: imageStatus(image, registry.clock()),
        }))
        .filter(
          (each) =>
            (artifactTypes.length === 0 || artifactTypes.includes(each.artifactType ?? '')) &&
            (artifactStatus === 'ANY' || artifactStatus === each.artifactStatus),
        );
      const { items, nextToken } = pageOf(found, ({ digest }) => digest, {
        ...request,
        maxResults: request.maxResults ?? defaultPageSize,
      });
      return { referrers: items, ...(nextToken !== undefined && { nextToken }) };
    }),
  };
}
