import pc from 'picocolors';
import { grid, type Report } from '@typerush/terminal-output';
import {
  type ImageAction,
  type PlannedImage,
  type PlannedTag,
  type TagAction,
} from './plan-restore';
import { type RestoredRepository, type RestoreResult } from './restore-registry';

/** Whether all that the backup names stands now, or would. */
export const isWhole = ({ repositories }: RestoreResult): boolean =>
  repositories.every(({ images }) =>
    images.every(({ tags, action }) => action !== 'missing' && tags.every(isSettled)),
  );

const isSettled = ({ action }: PlannedTag) =>
  action === 'create' || action === 'move' || action === 'stands';

/** What a restoration did, or would do: a row for each repository, and for each image that was touched or was not brought back. */
export function describeRestore(result: RestoreResult): Report {
  const { environment, dryRun, repositories } = result;
  const title = `${environment}: ${dryRun ? 'would be restored' : 'restored'}`;
  const summary = grid(
    title,
    ['repository', 'pushed', 'stood', 'missing', 'tags set', 'stood', 'left'],
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
      imagesThat('stands'),
      imagesThat('missing'),
      tagsThat('create', 'move'),
      tagsThat('stands'),
      tagsThat('conflict', 'immutable', 'missing'),
    ].map(String),
  ];
}

const isNoteworthy = ({ action, tags }: PlannedImage) =>
  action !== 'stands' || tags.some((tag) => tag.action !== 'stands');

const imageStates = { push: 'pushed', stands: 'there', missing: 'missing' } as const;

function imageRow(repository: string, { image, action, tags }: PlannedImage): string[] {
  const words = tags.map(tagWords).join(', ');
  return [repository, short(image.digest), imageStates[action], words || '-'];
}

function tagWords({ tag, action, standsOn }: PlannedTag): string {
  switch (action) {
    case 'create':
    case 'stands':
    case 'missing':
      return tag;
    case 'move':
      return `${tag} (moved from ${short(standsOn)})`;
    case 'conflict':
      return `${tag} (stays on ${short(standsOn)})`;
    case 'immutable':
      return `${tag} (immutable on ${short(standsOn)})`;
  }
}

const short = (digest = '') => digest.slice(0, 'sha256:'.length + 12);

function verdict(result: RestoreResult): string {
  if (isWhole(result)) {
    return result.dryRun ? 'Nothing has been changed.' : pc.green('All of the backup stands.');
  }
  const tags = result.repositories.flatMap(({ images }) => images.flatMap((each) => each.tags));
  const has = (action: TagAction) => tags.some((tag) => tag.action === action);
  return [
    ...(has('conflict')
      ? ['A tag that stands on another image stays there: --force moves it.']
      : []),
    ...(has('immutable') ? ['An immutable tag stays where it is, whatever is asked for.'] : []),
    ...(result.repositories.some(({ images }) => images.some(({ action }) => action === 'missing'))
      ? [
          'An image is missing that the backup only writes down: it was taken without --images, or the image was archived.',
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
