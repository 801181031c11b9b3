import { type LifecycleVerdict } from '@typerush/image-registry';
import { grid, type Report } from '@typerush/terminal-output';
import pc from 'picocolors';
import { shortDigest } from '../remote-registry';
import { type PolicyPreview } from './preview-policy';

/**
 * The previews, with the names of actions from ECR's own preview:
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_LifecyclePolicyPreviewResult.html
 */
export function describePreviews(previews: readonly PolicyPreview[]): Report {
  return {
    data: previews.flatMap(({ repository, verdicts }) =>
      verdicts.map((verdict) => ({
        ...(repository !== undefined && { repositoryName: repository }),
        imageDigest: verdict.image.digest,
        imageTags: [...verdict.image.tags],
        action: ecrAction(verdict),
        appliedRulePriority: verdict.rulePriority,
      })),
    ),
    text:
      previews.length > 0
        ? previews.map(describe).join('\n')
        : 'No repository has a lifecycle policy.\n',
  };
}

function ecrAction({ action }: LifecycleVerdict) {
  return action.type === 'expire'
    ? { type: 'EXPIRE' }
    : { type: 'TRANSITION', targetStorageClass: 'ARCHIVE' };
}

function describe(preview: PolicyPreview): string {
  const { repository, images, verdicts, at } = preview;
  const expiring = verdicts.filter(({ action }) => action.type === 'expire').length;
  const archived = verdicts.length - expiring;
  const title =
    `${repository ? `${repository}: ` : ''}of ${images} ${images === 1 ? 'image' : 'images'} ${expiring} would expire` +
    `${archived > 0 ? ` and ${archived} be archived` : ''} on ${at.toISOString()}`;
  if (verdicts.length === 0) return `${pc.bold(title)}\n`;
  const rows = verdicts.map((verdict) => [
    shortDigest(verdict.image.digest),
    tagsOf(verdict),
    verdict.image.pushedAt.toISOString().slice(0, 10),
    verdict.action.type === 'expire' ? 'expire' : 'archive',
    String(verdict.rulePriority),
    reasonOf(verdict, at),
  ]);
  return grid(title, ['image', 'tags', 'pushed', 'action', 'rule', 'why'], rows);
}

const day = 24 * 60 * 60 * 1000;

function reasonOf({ reason }: LifecycleVerdict, at: Date): string {
  if ('place' in reason) return `number ${reason.place} by push date, ${reason.kept} are kept`;
  if ('follows' in reason) return `refers to ${shortDigest(reason.follows)}`;
  const days = Math.floor((at.getTime() - reason.since.getTime()) / day);
  return `${days} days old, ${reason.days} are allowed`;
}

const maxTags = 3;

function tagsOf({ image: { tags } }: LifecycleVerdict): string {
  if (tags.length === 0) return '-';
  const more = tags.length - maxTags;
  return tags.slice(0, maxTags).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
