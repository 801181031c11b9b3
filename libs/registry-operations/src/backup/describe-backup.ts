import pc from 'picocolors';
import { grid, megabytes, type Report } from '@typerush/terminal-output';
import { type BackupResult } from './back-up';

/** What a backup holds, and what to do with it. */
export function describeBackup(result: BackupResult): Report {
  const { environment, dir, withImages, repositories } = result;
  const archived = repositories.reduce((sum, each) => sum + each.archived, 0);
  const heading = ['repository', 'images', 'tags'];
  const text = grid(
    `${environment}: backed up to ${dir}${withImages ? '' : ' (without the images themselves)'}`,
    withImages ? [...heading, 'fetched', 'present'] : heading,
    repositories.map(({ repository, images, tags, fetchedBytes, presentBytes }) => [
      repository,
      String(images),
      String(tags),
      ...(withImages ? [megabytes(fetchedBytes), megabytes(presentBytes)] : []),
    ]),
    ['left', 'right', 'right', 'right', 'right'],
  );
  const notes = [
    ...(archived > 0
      ? [
          pc.yellow(
            `${archived} archived images: only metadata was backed up. Activate them first to back them up.`,
          ),
        ]
      : []),
    `Bring it back: nx run infra:restore -c ${environment} --from=${dir}`,
  ];
  return { data: result, text: `${text}\n${notes.join('\n')}\n` };
}
