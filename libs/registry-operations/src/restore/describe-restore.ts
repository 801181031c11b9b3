import { grid, type Report } from '@typerush/terminal-output';
import pc from 'picocolors';
import { shortDigest } from '@typerush/oci';
import {
  type ImageAction,
  type PlannedImage,
  type PlannedTag,
  type TagAction,
} from './plan-restore';
import { type RestoredRepository, type RestoreResult } from './restore-registry';

/** Whether all images and tags of the backup are present, or would be. */
export const isRestored = ({ repositories }: RestoreResult): boolean =>
  repositories.every(({ images }) =>
    images.every(({ tags, action }) => action !== 'missing' && tags.every(isSettled)),
  );

const isSettled = ({ action }: PlannedTag) =>
  action === 'create' || action === 'move' || action === 'present';

/** What was or would be restored: a row for each repository, and for each image that was changed or not restored. */
export function describeRestore(result: RestoreResult): Report {
  const { environment, dryRun, repositories } = result;
  const summary = grid(
    `${environment}: ${dryRun ? 'would be restored' : 'restored'}`,
    ['repository', 'pushed', 'present', 'missing', 'tags set', 'present', 'not set'],
    repositories.map(summaryRow),
    ['left', ...Array.from({ length: 6 }, () => 'right' as const)],
  );
  const rows = repositories.flatMap(({ repository, images }) =>
    images.filter(isNoteworthy).map((each) => imageRow(repository, each)),
  );
  const images =
    rows.length > 0 ? `\n${grid('images', ['repository', 'image', 'state', 'tags'], rows)}` : '';
  return {
    data: {
      environment,
      dryRun,
      repositories: repositories.map(({ repository, images }) => ({
        repository,
        images: images.map(({ image, ...rest }) => ({ imageDigest: image.digest, ...rest })),
      })),
    },
    text: `${summary}${images}\n${verdict(result)}\n`,
    passed: isRestored(result),
  };
}

function summaryRow({ repository, images }: RestoredRepository): string[] {
  const countImages = (action: ImageAction) =>
    images.filter((each) => each.action === action).length;
  const tags = images.flatMap((each) => each.tags);
  const countTags = (...actions: TagAction[]) =>
    tags.filter(({ action }) => actions.includes(action)).length;
  const counts = [
    countImages('push'),
    countImages('present'),
    countImages('missing'),
    countTags('create', 'move'),
    countTags('present'),
    countTags('conflict', 'immutable', 'missing'),
  ];
  return [repository, ...counts.map(String)];
}

const isNoteworthy = ({ action, tags }: PlannedImage) =>
  action !== 'present' || tags.some((tag) => tag.action !== 'present');

function imageRow(repository: string, { image, action, tags }: PlannedImage): string[] {
  const state = action === 'push' ? 'pushed' : action;
  return [repository, shortDigest(image.digest), state, tags.map(describeTag).join(', ') || '-'];
}

function describeTag({ tag, action, currentDigest }: PlannedTag): string {
  const current = shortDigest(currentDigest ?? '');
  switch (action) {
    case 'create':
    case 'present':
    case 'missing':
      return tag;
    case 'move':
      return `${tag} (moved from ${current})`;
    case 'conflict':
      return `${tag} (not moved from ${current})`;
    case 'immutable':
      return `${tag} (immutable, points to ${current})`;
  }
}

function verdict(result: RestoreResult): string {
  if (isRestored(result)) {
    return result.dryRun
      ? 'Nothing was changed.'
      : pc.green('All images and tags of the backup are present.');
  }
  const images = result.repositories.flatMap((each) => each.images);
  const has = (action: TagAction) =>
    images.some(({ tags }) => tags.some((tag) => tag.action === action));
  return [
    has('conflict') && 'Tags that point to another image are not changed; --force moves them.',
    has('immutable') && 'Immutable tags cannot be moved, even with --force.',
    images.some(({ action }) => action === 'missing') &&
      'The backup has only metadata for some missing images: it was created without --images, or they were archived.',
  ]
    .filter((line) => line !== false)
    .map((line) => pc.yellow(line))
    .join('\n');
}
