import { type LifecycleVerdict } from '@typerush/image-registry';
import { grid, type Report } from '@typerush/terminal-output';
import pc from 'picocolors';
import { shortDigest } from '@typerush/oci';
import { type EndangeredImage } from '../in-use/endangered-images';
import { type PolicyPreview } from './preview-policy';

/**
 * The previews, with the names of actions from ECR's own preview; they fail if an image in use would expire or be archived.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_LifecyclePolicyPreviewResult.html
 */
export function describePreviews(previews: readonly PolicyPreview[]): Report {
  return {
    data: previews.flatMap(({ repository, verdicts, endangered }) =>
      verdicts.map((verdict) => ({
        ...(repository !== undefined && { repositoryName: repository }),
        imageDigest: verdict.image.digest,
        imageTags: [...verdict.image.tags],
        action: ecrAction(verdict),
        appliedRulePriority: verdict.rulePriority,
        ...(endangered && { usedBy: usersOf(verdict, endangered) }),
      })),
    ),
    text:
      previews.length > 0
        ? [...previews.map(describe), ...previews.flatMap(describeEndangered)].join('\n')
        : 'No repository has a lifecycle policy.\n',
    passed: previews.every(({ endangered = [] }) => endangered.length === 0),
  };
}

const usersOf = (verdict: LifecycleVerdict, endangered: readonly EndangeredImage[]) =>
  endangered.find((each) => each.verdict === verdict)?.users ?? [];

function describeEndangered({ repository, policy, endangered = [] }: PolicyPreview): string[] {
  if (endangered.length === 0) return [];
  const lines = endangered.map(({ verdict, users }) => {
    const { image, action, rulePriority } = verdict;
    const rule = policy.rules.find((each) => each.rulePriority === rulePriority);
    const name = `${repository}@${image.digest}${image.tags.length > 0 ? ` (${tagsOf(verdict)})` : ''}`;
    return (
      `  ${name} would ${action.type === 'expire' ? 'expire' : 'be archived'}` +
      ` by rule ${rulePriority}${rule?.description ? ` "${rule.description}"` : ''}.\n` +
      users.map((user) => `    used by ${user}\n`).join('')
    );
  });
  const count = `${endangered.length} ${endangered.length === 1 ? 'image' : 'images'} in use`;
  return [
    `${pc.bold(`${count} of ${repository} could no longer be pulled:`)}\n${lines.join('')}` +
      'Fix: raise the numbers of the rule (keep in image.json), give the image a tag that is kept,\n' +
      '     or end the use: deploy a newer image, or run aws ecs deregister-task-definition.\n',
  ];
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
