import { type LifecycleVerdict } from '@typerush/image-registry';
import { EcrError } from '../../errors/ecr-error';
import { addressed, refOf } from '../addressed';
import { type ImageIdentifier } from '../ecr-service';
import { dayMs, lifecycleVerdicts, readPolicy } from '../lifecycle';
import { pageOf } from '../page';
import { type Registry } from '../registry';
import { modelled } from './modelled';
import { refuseBadLifecycle } from './policies';
import { refusePaging } from './repositories';

interface StartRequest {
  readonly registryId?: string;
  readonly repositoryName: string;
  readonly lifecyclePolicyText?: string;
}

interface GetRequest {
  readonly registryId?: string;
  readonly repositoryName: string;
  readonly imageIds?: readonly ImageIdentifier[];
  readonly filter?: { readonly tagStatus?: 'TAGGED' | 'UNTAGGED' | 'ANY' };
  readonly nextToken?: string;
  readonly maxResults?: number;
}

interface Preview {
  readonly policyText: string;
  readonly verdicts: readonly LifecycleVerdict[];
  readonly expiring: number;
  readonly archiving: number;
  readonly at: Date;
}

/**
 * Previews are evaluated when they are started, and are kept for a day, in memory.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lpp_creation.html
 */
export function lifecyclePreviewOperations(registry: Registry) {
  const { clock, refusals } = registry;
  /** By the id of the repository. */
  const previews = new Map<string, Preview>();
  return {
    startLifecyclePolicyPreview: modelled(
      'StartLifecyclePolicyPreview',
      (request: StartRequest) => {
        const repository = addressed(registry, request);
        const policyText = request.lifecyclePolicyText ?? repository.lifecyclePolicy;
        if (policyText === undefined) throw refusals.lifecyclePolicyNotFound(repository.name);
        refuseBadLifecycle(policyText);
        const at = clock();
        const verdicts = lifecycleVerdicts(repository.images, readPolicy(policyText), at);
        const expiring = verdicts.filter(({ action }) => action.type === 'expire').length;
        const archiving = verdicts.length - expiring;
        previews.set(repository.id, { policyText, verdicts, expiring, archiving, at });
        return {
          ...refOf(registry, repository),
          lifecyclePolicyText: policyText,
          status: 'IN_PROGRESS',
        };
      },
    ),
    getLifecyclePolicyPreview: modelled('GetLifecyclePolicyPreview', (request: GetRequest) => {
      const repository = addressed(registry, request);
      const preview = previews.get(repository.id);
      if (!preview) {
        throw new EcrError(
          'LifecyclePolicyPreviewNotFoundException',
          `Lifecycle policy preview does not exist for ${refusals.inRegistry(repository.name)}`,
        );
      }
      const answer = {
        ...refOf(registry, repository),
        lifecyclePolicyText: preview.policyText,
      };
      if (clock().getTime() >= preview.at.getTime() + dayMs) {
        return { ...answer, status: 'EXPIRED', previewResults: [] };
      }
      const { items, nextToken } = selected(preview, request);
      return {
        ...answer,
        status: 'COMPLETE',
        ...(nextToken !== undefined && { nextToken }),
        previewResults: items.map(describe),
        summary: {
          expiringImageTotalCount: preview.expiring,
          ...(preview.archiving > 0 && {
            transitioningImageTotalCounts: [
              { targetStorageClass: 'ARCHIVE', imageTotalCount: preview.archiving },
            ],
          }),
        },
      };
    }),
  };
}

function selected(
  { verdicts }: Preview,
  { imageIds, filter: { tagStatus = 'ANY' } = {}, ...page }: GetRequest,
) {
  const matching = verdicts.filter(
    ({ image: { tags } }) => tagStatus === 'ANY' || (tagStatus === 'TAGGED') === tags.length > 0,
  );
  if (imageIds) {
    refusePaging(page, 'imageIds');
    const isAsked = ({ image }: LifecycleVerdict) =>
      imageIds.some(
        ({ imageDigest, imageTag }) =>
          (imageDigest === undefined || imageDigest === image.digest) &&
          (imageTag === undefined || image.tags.includes(imageTag)),
      );
    return { items: matching.filter(isAsked), nextToken: undefined };
  }
  // In the order in which the rules act.
  const places = new Map(matching.map((verdict, nth) => [verdict, String(nth).padStart(9, '0')]));
  return pageOf(matching, (verdict) => places.get(verdict) ?? '', page);
}

const describe = ({ image, action, rulePriority }: LifecycleVerdict) => ({
  imageTags: image.tags,
  imageDigest: image.digest,
  imagePushedAt: image.pushedAt,
  action:
    action.type === 'expire'
      ? { type: 'EXPIRE' }
      : { type: 'TRANSITION', targetStorageClass: 'ARCHIVE' },
  appliedRulePriority: rulePriority,
  storageClass: image.storageClass === 'archive' ? 'ARCHIVE' : 'STANDARD',
});
