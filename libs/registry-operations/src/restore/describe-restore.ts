import pc from 'picocolors';
import { grid, type Report } from '@typerush/terminal-output';
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

/** What a restoration did, or would do: a row for each repository, and for each image that was touched or was not brought back. */
export function describeRestore(result: RestoreResult): Report {
  const { environment, dryRun, repositories } = result;
  const title = `${environment}: ${dryRun ? 'would be restored' : 'restored'}`;
  const summary = grid(
    title,
    ['repository', 'pushed', 'present', 'missing', 'tags set', 'present', 'left'],
    repositories.map(summaryRow),
    ['left', ...Array.from({ length: 6 }, () => 'right' as const)],
  );
  const rows = repositories.flatMap(({ repository, images }) =>
    images.filter(isNoteworthy).map((each) => imageRow(repository, each)),
  );
  const images =
    rows.length > 0 ? `\n${grid('images', ['repository', 'image', 'is', 'tags'], rows)}` : '';
  return { data: dataOf(result), text: `${summary}${images}\n${verdict(result)}\n` };
}

function summaryRow({ repository, images }: RestoredRepository): string[] {
  const imagesThat = (action: ImageAction) =>
    images.filter((each) => each.action === action).length;
  const tags = images.flatMap((each) => each.tags);
  const tagsThat = (...actions: TagAction[]) =>
    tags.filter(({ action }) => actions.includes(action)).length;
  return [
    repository,
    ...[
      imagesThat('push'),
      imagesThat('present'),
      imagesThat('missing'),
      tagsThat('create', 'move'),
      tagsThat('present'),
      tagsThat('conflict', 'immutable', 'missing'),
    ].map(String),
  ];
}

const isNoteworthy = ({ action, tags }: PlannedImage) =>
  action !== 'present' || tags.some((tag) => tag.action !== 'present');

const imageStates = { push: 'pushed', present: 'present', missing: 'missing' } as const;

function imageRow(repository: string, { image, action, tags }: PlannedImage): string[] {
  const words = tags.map(tagWords).join(', ');
  return [repository, short(image.digest), imageStates[action], words || '-'];
}

function tagWords({ tag, action, currentDigest }: PlannedTag): string {
  switch (action) {
    case 'create':
    case 'present':
    case 'missing':
      return tag;
    case 'move':
      return `${tag} (moved from ${short(currentDigest)})`;
    case 'conflict':
      return `${tag} (not moved from ${short(currentDigest)})`;
    case 'immutable':
      return `${tag} (immutable, on ${short(currentDigest)})`;
  }
}

const short = (digest = '') => digest.slice(0, 'sha256:'.length + 12);

function verdict(result: RestoreResult): string {
  if (isRestored(result)) {
    return result.dryRun
      ? 'Nothing has been changed.'
      : pc.green('All images and tags of the backup are present.');
  }
  const tags = result.repositories.flatMap(({ images }) => images.flatMap((each) => each.tags));
  const has = (action: TagAction) => tags.some((tag) => tag.action === action);
  return [
    ...(has('conflict')
      ? ['Tags that point to another image are not changed; --force moves them.']
      : []),
    ...(has('immutable') ? ['Immutable tags cannot be moved, even with --force.'] : []),
    ...(result.repositories.some(({ images }) => images.some(({ action }) => action === 'missing'))
      ? [
          'The backup has only metadata for some missing images: it was created without --images, or they were archived.',
        ]
      : []),
  ]
    .map((line) => pc.yellow(line))
    .join('\n');
}

function dataOf({ environment, dryRun, repositories }: RestoreResult) {
  return {
    environment,
    dryRun,
    repositories: repositories.map(({ repository, images }) => ({
      repository,
      images: images.map(({ image, action, tags }) => ({
        imageDigest: image.digest,
        action,
        tags,
      })),
    })),
  };
}
